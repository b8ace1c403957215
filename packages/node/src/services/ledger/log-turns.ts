import { TlogError } from '@federome/tlog';

/** What is held while it is used: the log, opened for writing. */
interface Closable {
  close(): Promise<void>;
}

export interface LogTurnsOptions {
  /** How long the log is kept open after the last use; 100 ms by default. Other processes wait for that long. */
  readonly lingerMs?: number | undefined;
  /** After this it is given back even under load, so that keys are read anew and others get their turn; 5 s by default. */
  readonly holdMs?: number | undefined;
  /** How long a process that finds the log held tries again; 10 s by default. */
  readonly patienceMs?: number | undefined;
}

const RETRY_MS = 10;

/**
 * Takes turns at a log that has one writer at a time, with other processes of the same home. The log is opened when there
 * is something to do and closed soon after the last use.
 */
export class LogTurns<Log extends Closable> {
  readonly #open: () => Promise<Log>;
  readonly #lingerMs: number;
  readonly #holdMs: number;
  readonly #patienceMs: number;
  #held: { readonly log: Log; readonly sinceMs: number } | undefined;
  #timer: NodeJS.Timeout | undefined;
  #turn: Promise<unknown> = Promise.resolve();

  /** `open` throws `tlog/locked` while another process is the writer. */
  constructor(open: () => Promise<Log>, options: LogTurnsOptions = {}) {
    this.#open = open;
    this.#lingerMs = options.lingerMs ?? 100;
    this.#holdMs = options.holdMs ?? 5_000;
    this.#patienceMs = options.patienceMs ?? 10_000;
  }

  /**
   * Does `work` with the log, one at a time. While another process holds the log, `meanwhile` may find that there is
   * nothing left to do. Throws what opening and `work` throw; after that the log is opened anew.
   */
  use<T>(work: (log: Log) => Promise<T>, meanwhile: () => Promise<T | undefined>): Promise<T> {
    const result = this.#turn.then(() => this.#use(work, meanwhile));
    this.#turn = result.catch(() => {});
    return result;
  }

  /** Gives the log back once what was asked for is done. */
  async close(): Promise<void> {
    const last = this.#turn.then(() => this.#release());
    this.#turn = last.catch(() => {});
    await last;
  }

  async #use<T>(work: (log: Log) => Promise<T>, meanwhile: () => Promise<T | undefined>): Promise<T> {
    clearTimeout(this.#timer);
    if (this.#held !== undefined && performance.now() - this.#held.sinceMs > this.#holdMs)
      await this.#release();
    const untilMs = performance.now() + this.#patienceMs;
    for (;;) {
      const log = await this.#take(untilMs);
      if (log !== undefined) return await this.#with(log, work);
      const done = await meanwhile();
      if (done !== undefined) return done;
      await new Promise((resolve) => setTimeout(resolve, RETRY_MS));
    }
  }

  async #with<T>(log: Log, work: (log: Log) => Promise<T>): Promise<T> {
    try {
      const done = await work(log);
      this.#timer = setTimeout(() => void this.close().catch(() => {}), this.#lingerMs);
      return done;
    } catch (error) {
      await this.#release().catch(() => {});
      throw error;
    }
  }

  async #take(untilMs: number): Promise<Log | undefined> {
    if (this.#held !== undefined) return this.#held.log;
    try {
      const log = await this.#open();
      this.#held = { log, sinceMs: performance.now() };
      return log;
    } catch (error) {
      const isLocked = error instanceof TlogError && error.code === 'tlog/locked';
      if (!isLocked || performance.now() > untilMs) throw error;
      return undefined;
    }
  }

  async #release(): Promise<void> {
    clearTimeout(this.#timer);
    const held = this.#held;
    this.#held = undefined;
    await held?.log.close();
  }
}
