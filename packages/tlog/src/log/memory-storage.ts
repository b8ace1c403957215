import { TlogError } from '../errors.ts';
import type { LogFile, LogStorage } from './storage.ts';

/** A log's files in memory: for tests, and for logs that need not outlive their process. */
export class MemoryStorage implements LogStorage {
  readonly #files = new Map<string, Uint8Array>();
  #locked = false;

  async read(path: string): Promise<Uint8Array | undefined> {
    return this.#files.get(path)?.slice();
  }

  async put(files: readonly LogFile[]): Promise<void> {
    for (const { path, bytes } of files) this.#files.set(path, new Uint8Array(bytes));
  }

  async append(path: string, bytes: Uint8Array): Promise<void> {
    const before = this.#files.get(path);
    if (before === undefined) throw new TlogError('tlog/not-durable', `${path} does not exist`);
    this.#files.set(path, new Uint8Array(Buffer.concat([before, bytes])));
  }

  async lock(): Promise<() => Promise<void>> {
    if (this.#locked) throw new TlogError('tlog/locked', 'the log has a writer already');
    this.#locked = true;
    return async () => {
      this.#locked = false;
    };
  }
}
