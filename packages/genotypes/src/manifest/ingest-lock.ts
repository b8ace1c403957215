import { DatabaseSync } from 'node:sqlite';
import { GenotypeError } from '../errors.ts';

/**
 * Lets one process at a time change a store. The lock is SQLite's exclusive lock on an empty file: the kernel holds it
 * for the process and lets go when the process ends, however it ends, so that there is no stale lock to judge.
 * Returns what releases it; throws `genotypes/locked` at once where another ingest runs, `genotypes/corrupt` where the file
 * is no longer what SQLite made of it: nothing is in it, and whoever knows that no ingest runs may remove it.
 */
export function takeIngestLock(path: string): () => void {
  const database = new DatabaseSync(path, { timeout: 0 });
  try {
    database.exec('BEGIN EXCLUSIVE');
  } catch (cause) {
    database.close();
    const location = { file: path };
    if (isBusy(cause)) {
      throw new GenotypeError('genotypes/locked', 'another ingest into this store is running', {
        cause,
        location,
      });
    }
    throw new GenotypeError(
      'genotypes/corrupt',
      'the lock is damaged: nothing is in it, remove it when no ingest runs',
      { cause, location, publicMessage: 'stored genotypes are damaged' },
    );
  }
  return () => database.close();
}

/** SQLITE_BUSY. */
function isBusy(cause: unknown): boolean {
  return cause instanceof Error && 'errcode' in cause && cause.errcode === 5;
}
