/** Something that a serving node does by itself, again and again. */
export interface BackgroundTask {
  /** For the log; says nothing of people. */
  readonly name: string;
  readonly everyMs: number;
  /** One run; the signal aborts it when the node stops. What it throws is logged, and the next run comes all the same. */
  run(signal: AbortSignal): Promise<void>;
}

/** Told of every run that failed. */
export type BackgroundFailure = (task: string, error: unknown) => void;

/**
 * Runs the tasks of a serving node: each at once and then in its own rhythm, never two runs of one at a time. A run that
 * was late is followed at once by the next. Stopping aborts what runs, and waits for it.
 */
export class Background {
  readonly #tasks: BackgroundTask[] = [];
  #running: { readonly abort: AbortController; readonly loops: readonly Promise<void>[] } | undefined;

  /** Before `start` only. */
  add(task: BackgroundTask): void {
    this.#tasks.push(task);
  }

  start(onFailure: BackgroundFailure): void {
    if (this.#running !== undefined) return;
    const abort = new AbortController();
    const loops = this.#tasks.map((task) => loop(task, abort.signal, onFailure));
    this.#running = { abort, loops };
  }

  async stop(): Promise<void> {
    this.#running?.abort.abort();
    await Promise.all(this.#running?.loops ?? []);
    this.#running = undefined;
  }
}

async function loop(task: BackgroundTask, signal: AbortSignal, onFailure: BackgroundFailure): Promise<void> {
  while (!signal.aborted) {
    const startedMs = performance.now();
    try {
      await task.run(signal);
    } catch (error) {
      if (!signal.aborted) onFailure(task.name, error);
    }
    await pause(Math.max(0, task.everyMs - (performance.now() - startedMs)), signal);
  }
}

function pause(ms: number, signal: AbortSignal): Promise<void> {
  if (signal.aborted) return Promise.resolve();
  return new Promise((resolve) => {
    const finish = () => {
      clearTimeout(timer);
      signal.removeEventListener('abort', finish);
      resolve();
    };
    const timer = setTimeout(finish, ms);
    signal.addEventListener('abort', finish, { once: true });
  });
}
