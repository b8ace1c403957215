import { TlogError } from '../errors.ts';

/**
 * Locks a file (made where absent) until the returned function is called. The lock is the kernel's, taken through
 * SQLite, as Node has no call of its own for it: it ends with its process, also by `kill -9`, and holds between
 * containers that share the volume. Throws `tlog/locked` while another holds it, in this process too.
 */
export async function lockFile(path: string): Promise<() => void> {
  const { DatabaseSync } = await import('node:sqlite');
  const database = new DatabaseSync(path, { timeout: 0 });
  try {
    database.exec('PRAGMA locking_mode = EXCLUSIVE; BEGIN EXCLUSIVE');
  } catch (error) {
    database.close();
    throw new TlogError('tlog/locked', `the log has a writer already: ${path} is locked`, { cause: error });
  }
  return () => database.close();
}
