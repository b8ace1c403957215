import { constants } from 'node:fs';
import { type FileHandle, mkdir, open, readFile, rename } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { lockFile } from './lock.ts';
import type { LogFile, LogStorage } from './storage.ts';

const LOCK_FILE = 'lock';
/** Files written at a time: more keep the disk no busier, as Node has four threads for them. */
const PARALLEL = 8;
const O_APPEND_ONLY = constants.O_WRONLY | constants.O_APPEND;

/** A log's files in a directory, at their paths. Everything is synced; files appear by being renamed. */
export class DirectoryStorage implements LogStorage {
  readonly directory: string;
  readonly #made = new Set<string>();
  readonly #appending = new Map<string, FileHandle>();

  constructor(directory: string) {
    this.directory = directory;
  }

  async read(path: string): Promise<Uint8Array | undefined> {
    try {
      return await readFile(join(this.directory, path));
    } catch (error) {
      if (isAbsent(error)) return undefined;
      throw error;
    }
  }

  async put(files: readonly LogFile[]): Promise<void> {
    const directories = new Set<string>();
    for (const { path } of files) {
      const parent = dirname(join(this.directory, path));
      await this.#make(parent);
      directories.add(parent);
      await this.#stopAppending(path);
    }
    await inParallel(files, (file) => writeWhole(join(this.directory, file.path), file.bytes));
    await inParallel([...directories], syncDirectory);
  }

  async append(path: string, bytes: Uint8Array): Promise<void> {
    // Without O_CREAT: only `put` makes files, and with them their directory's durable entry.
    const file = this.#appending.get(path) ?? (await open(join(this.directory, path), O_APPEND_ONLY));
    this.#appending.set(path, file);
    await file.appendFile(bytes);
    await file.datasync();
  }

  async lock(): Promise<() => Promise<void>> {
    await this.#make(this.directory);
    const unlock = await lockFile(join(this.directory, LOCK_FILE));
    return async () => {
      for (const path of this.#appending.keys()) await this.#stopAppending(path);
      unlock();
    };
  }

  async #stopAppending(path: string): Promise<void> {
    const file = this.#appending.get(path);
    this.#appending.delete(path);
    await file?.close();
  }

  /** Makes a directory and those above it, each entered durably in its parent. */
  async #make(directory: string): Promise<void> {
    if (this.#made.has(directory)) return;
    const first = await mkdir(directory, { recursive: true });
    if (first !== undefined)
      for (let each = directory; each.length >= first.length; each = dirname(each))
        await syncDirectory(dirname(each));
    this.#made.add(directory);
  }
}

async function writeWhole(path: string, bytes: Uint8Array): Promise<void> {
  const temporary = `${path}.tmp`;
  const file = await open(temporary, 'w');
  try {
    await file.writeFile(bytes);
    await file.datasync();
  } finally {
    await file.close();
  }
  await rename(temporary, path);
}

async function syncDirectory(directory: string): Promise<void> {
  const handle = await open(directory, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}

async function inParallel<T>(items: readonly T[], work: (item: T) => Promise<void>): Promise<void> {
  let next = 0;
  const worker = async () => {
    for (let item = items[next++]; item !== undefined; item = items[next++]) await work(item);
  };
  await Promise.all(Array.from({ length: Math.min(PARALLEL, items.length) }, worker));
}

function isAbsent(error: unknown): boolean {
  return error instanceof Error && 'code' in error && (error.code === 'ENOENT' || error.code === 'ENOTDIR');
}
