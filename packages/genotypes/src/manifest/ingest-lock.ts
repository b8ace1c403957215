import { DatabaseSync } from 'node:sqlite';
import { GenotypeError } from '../errors.ts';

/**
 * Lets one process at a time change a store. The lock is SQLite's exclusive lock on an empty file: the kernel holds it
 * for the process and lets go when the process ends, however it ends, so that there is no stale lock to judge.
 * Returns what releases it; throws `genotypes/locked` at once where another ingest runs.
 */
export function takeIngestLock(path: string): () => void {
  const database = new DatabaseSync(path, { timeout: 0 });
  try {
    database.exec('BEGIN EXCLUSIVE');
  } catch (cause) {
    database.close();
    throw new GenotypeError('genotypes/locked', 'another ingest into this store is running', {
      cause,
      location: { file: path },
    });
  }
  return () => database.close();
}
