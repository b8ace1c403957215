import { randomBytes } from 'node:crypto';
import { type FileHandle, open, rename, rm } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';

/**
 * Makes or replaces a file as a whole: what `write` puts into the handle appears under `path`, synced, when it has
 * returned, or not at all when it throws.
 */
export async function replaceFile(
  path: string,
  write: (file: FileHandle) => Promise<void>,
  mode = 0o644,
): Promise<void> {
  const directory = dirname(path);
  const temporary = join(directory, `.${basename(path)}.${randomBytes(6).toString('hex')}.tmp`);
  const file = await open(temporary, 'wx', mode);
  try {
    await write(file);
    await file.sync();
    await file.close();
    await rename(temporary, path);
    await syncDirectory(directory);
  } catch (cause) {
    await file.close().catch(() => {});
    await rm(temporary, { force: true });
    throw cause;
  }
}

/** Makes the names in a directory durable. */
async function syncDirectory(path: string): Promise<void> {
  const directory = await open(path, 'r');
  try {
    await directory.sync();
  } finally {
    await directory.close();
  }
}
