import { randomBytes } from 'node:crypto';
import { type FileHandle, open, rename, rm, stat } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { NodeError } from '../errors.ts';

/**
 * Makes or replaces a file as a whole: what `write` puts into the handle appears under `path`, synced, when it has
 * returned, or not at all when it throws. A device or pipe is written to as it is: a file in its place would take
 * `/dev/null` from everybody. Throws `node/cannot-write`, and what `write` throws.
 */
export async function replaceFile(
  path: string,
  write: (file: FileHandle) => Promise<void>,
  mode = 0o644,
): Promise<void> {
  if (await isStream(path)) return await writeThrough(path, write);
  const directory = dirname(path);
  const temporary = join(directory, `.${basename(path)}.${randomBytes(6).toString('hex')}.tmp`);
  const file = await open(temporary, 'wx', mode).catch((cause: unknown) => {
    throw cannotWrite(path, cause);
  });
  try {
    await write(file);
    await file.sync();
    await file.close();
    await rename(temporary, path);
    await syncDirectory(directory);
  } catch (cause) {
    await file.close().catch(() => {});
    await rm(temporary, { force: true });
    throw cannotWrite(path, cause);
  }
}

async function isStream(path: string): Promise<boolean> {
  const found = await stat(path).catch(() => undefined);
  return found !== undefined && !found.isFile() && !found.isDirectory();
}

async function writeThrough(path: string, write: (file: FileHandle) => Promise<void>): Promise<void> {
  try {
    const file = await open(path, 'w');
    try {
      await write(file);
    } finally {
      await file.close();
    }
  } catch (cause) {
    throw cannotWrite(path, cause);
  }
}

const REASONS: Readonly<Record<string, string>> = {
  ENOENT: 'there is no such directory',
  ENOTDIR: 'its directory is a file',
  EISDIR: 'it is a directory',
  EEXIST: 'it is a file',
  EACCES: 'permission denied',
  EPERM: 'permission denied',
  EROFS: 'the disk is read-only',
  ENOSPC: 'the disk is full',
  EDQUOT: 'the quota of the disk is used up',
};

/** What the operating system refuses becomes `node/cannot-write`; anything else stays what it is. */
export function cannotWrite(file: string, cause: unknown): unknown {
  const code = cause instanceof Error && 'code' in cause ? String(cause.code) : '';
  const reason = REASONS[code];
  if (reason === undefined) return cause;
  return new NodeError('node/cannot-write', `cannot be written: ${reason}`, {
    publicMessage: 'a file cannot be written',
    location: { file },
    cause,
  });
}

/** Makes the names in a directory durable. */
export async function syncDirectory(path: string): Promise<void> {
  const directory = await open(path, 'r');
  try {
    await directory.sync();
  } finally {
    await directory.close();
  }
}
