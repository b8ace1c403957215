import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { setTimeout as pause } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { DemoError } from './errors.ts';

const TETHERED = fileURLToPath(new URL('./tethered.ts', import.meta.url));
const HEALTHY_WITHIN_MS = 30_000;
const HEALTH_POLL_MS = 50;
const STOP_WITHIN_MS = 5_000;
const KEPT_COMPLAINT = 4_000;

/** A process that serves a node or hub. */
export interface Served {
  readonly name: string;
  readonly url: string;
}

/**
 * The processes of a demonstration: commands that end by themselves, and servers. Each is a process group of its own, so
 * that Ctrl-C reaches only the demonstration, which then stops them in order; and each ends when the demonstration is
 * gone, however that happened.
 */
export class Processes {
  readonly #running = new Set<ChildProcess>();
  readonly #deaths = Promise.withResolvers<never>();
  #stopping = false;
  #onLoss: ((loss: DemoError) => void) | undefined;

  constructor() {
    this.#deaths.promise.catch(() => undefined);
  }

  /** Rejects with `cli/child-died` and the name as soon as a server ends by itself whose end is not borne. */
  get death(): Promise<never> {
    return this.#deaths.promise;
  }

  /** From now on the end of a server that is not `essential` is told, and the others go on. */
  goOnWithout(onLoss: (loss: DemoError) => void): void {
    this.#onLoss = onLoss;
  }

  /** Runs `federome` commands in one process, in their order, up to the first that fails: `cli/command-failed`. */
  async run(name: string, ...commands: readonly (readonly string[])[]): Promise<void> {
    const child = this.#start(
      commands.flatMap((command, index) => (index === 0 ? command : [';', ...command])),
    );
    child.stdout?.resume();
    const complaint = lastWords(child);
    const [code, signal]: unknown[] = await once(child, 'close');
    if (this.#stopping) throw interrupted();
    if (code === 0) return;
    const why = complaint() || `federome ended with ${signal ?? code}`;
    throw new DemoError('cli/command-failed', `${name} was not set up: ${why}`);
  }

  /** Serves a home on a free port of loopback; resolves when it answers. Throws `cli/child-not-healthy`. */
  async serve(name: string, home: string, { essential = false } = {}): Promise<Served> {
    const child = this.#start(['serve', home, '--port', '0', '--quiet']);
    const complaint = lastWords(child);
    child.once('close', (code, signal) => {
      if (this.#stopping) return;
      const why = complaint() || `it ended with ${signal ?? code}`;
      const message = `${name} (process ${child.pid}) ended unexpectedly: ${why}`;
      const death = new DemoError('cli/child-died', message);
      if (essential || this.#onLoss === undefined) this.#deaths.reject(death);
      else this.#onLoss(death);
    });
    const url = await Promise.race([addressOf(child), this.death, this.#tooLate(name)]);
    await Promise.race([this.#healthy(url), this.death, this.#tooLate(name)]);
    return { name, url };
  }

  /** Stops whatever runs, and waits until it has ended; what does not end within five seconds is killed. */
  async stop(): Promise<void> {
    this.#stopping = true;
    await Promise.all(
      [...this.#running].map(async (child) => {
        const closed = once(child, 'close');
        child.kill('SIGTERM');
        const killing = setTimeout(() => child.kill('SIGKILL'), STOP_WITHIN_MS);
        await closed;
        clearTimeout(killing);
      }),
    );
  }

  #start(args: readonly string[]): ChildProcess {
    if (this.#stopping) throw interrupted();
    const child = spawn(process.execPath, [TETHERED, ...args], {
      stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
      detached: true,
    });
    this.#running.add(child);
    child.once('close', () => this.#running.delete(child));
    return child;
  }

  async #healthy(url: string): Promise<void> {
    for (;;) {
      if (this.#stopping) throw interrupted();
      const answer = await fetch(`${url}/health`).catch(() => undefined);
      if (answer?.ok === true) return;
      await pause(HEALTH_POLL_MS);
    }
  }

  async #tooLate(name: string): Promise<never> {
    await pause(HEALTHY_WITHIN_MS, undefined, { ref: false });
    throw new DemoError(
      'cli/child-not-healthy',
      `${name} did not answer within ${HEALTHY_WITHIN_MS / 1000} s`,
    );
  }
}

/** The address that a server prints once it listens. */
async function addressOf(child: ChildProcess): Promise<string> {
  const { promise, resolve } = Promise.withResolvers<string>();
  let printed = '';
  child.stdout?.setEncoding('utf8').on('data', (text: string) => {
    printed += text;
    const [address] = /http:\/\/[^\s/]+(?=\s)/.exec(printed) ?? [];
    if (address !== undefined) resolve(address);
  });
  return await promise;
}

function interrupted(): DemoError {
  return new DemoError('cli/interrupted', 'the demonstration was interrupted');
}

/** What a process wrote to standard error, in so far as it fits. */
function lastWords(child: ChildProcess): () => string {
  let text = '';
  child.stderr?.setEncoding('utf8').on('data', (more: string) => {
    text = (text + more).slice(-KEPT_COMPLAINT);
  });
  return () => text.trim();
}
