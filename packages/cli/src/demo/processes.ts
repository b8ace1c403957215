import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:net';
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

  constructor() {
    this.#deaths.promise.catch(() => undefined);
  }

  /** Rejects with `cli/child-died` and the name as soon as a server ends by itself. */
  get death(): Promise<never> {
    return this.#deaths.promise;
  }

  /** Runs a `federome` command to its end; gives its standard output. Throws `cli/command-failed` with its reason. */
  async run(name: string, args: readonly string[]): Promise<string> {
    const child = this.#start(args);
    const output: string[] = [];
    child.stdout?.setEncoding('utf8').on('data', (text: string) => output.push(text));
    const complaint = lastWords(child);
    const [code, signal]: unknown[] = await once(child, 'close');
    if (this.#stopping) throw interrupted();
    if (code === 0) return output.join('');
    const why = complaint() || `it ended with ${signal ?? code}`;
    throw new DemoError(
      'cli/command-failed',
      `${name}: federome ${args.slice(0, 2).join(' ')} failed: ${why}`,
    );
  }

  /** Serves a home on a free port of loopback; resolves when it answers. Throws `cli/child-not-healthy`. */
  async serve(name: string, home: string): Promise<Served> {
    const port = await freePort();
    const url = `http://127.0.0.1:${port}`;
    const child = this.#start(['serve', home, '--port', String(port)]);
    child.stdout?.resume();
    const complaint = lastWords(child);
    const ended = once(child, 'close').then(([code, signal]: unknown[]) => {
      if (this.#stopping) return;
      const why = complaint() || `it ended with ${signal ?? code}`;
      this.#deaths.reject(
        new DemoError('cli/child-died', `${name} (process ${child.pid}) ended unexpectedly: ${why}`),
      );
    });
    ended.catch(() => undefined);
    await Promise.race([this.#healthy(name, url), this.death]);
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

  async #healthy(name: string, url: string): Promise<void> {
    const deadline = performance.now() + HEALTHY_WITHIN_MS;
    while (performance.now() < deadline) {
      if (this.#stopping) throw interrupted();
      const answer = await fetch(`${url}/health`).catch(() => undefined);
      if (answer?.ok === true) return;
      await pause(HEALTH_POLL_MS);
    }
    throw new DemoError(
      'cli/child-not-healthy',
      `${name} did not answer within ${HEALTHY_WITHIN_MS / 1000} s`,
    );
  }
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

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  server.close();
  await once(server, 'close');
  if (address === null || typeof address === 'string') throw new RangeError('no port');
  return address.port;
}
