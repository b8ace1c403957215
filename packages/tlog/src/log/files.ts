import { TlogError } from '../errors.ts';
import { TILE_WIDTH } from '../merkle/edge.ts';
import { HASH_SIZE } from '../merkle/hash.ts';
import { firstEntries } from '../tiles/bundle.ts';
import { CHECKPOINT_PATH, parseTilePath, type TileRef, tilePath } from '../tiles/path.ts';
import type { ReadPath } from '../tiles/reader.ts';
import { CHECKPOINTS_PATH, decodeJournal, JOURNAL_PATH, lastCheckpoint } from './journal.ts';
import type { LogStorage } from './storage.ts';
import { Tail } from './tail.ts';

/** Reads any path that a log serves: partial tiles are cut from the full tile, or from the tail. */
export async function readServed(
  path: string,
  tail: Tail,
  storage: LogStorage,
): Promise<Uint8Array | undefined> {
  if (!path.startsWith('tile/')) return storage.read(path);
  const ref = parseTilePath(path);
  const full = tilePath({ ...ref, width: TILE_WIDTH });
  const stored = tail.read(ref) ?? (await storage.read(full));
  if (stored !== undefined) return cut(stored, ref);
  return path === full ? undefined : storage.read(path);
}

/**
 * A view of the log in a storage, without becoming its writer: all that was acknowledged when this was called can be
 * read. A copy that has no journal, as a mirror makes it from what a log serves, is read as it is.
 */
export async function readLog(storage: LogStorage): Promise<ReadPath> {
  // The checkpoint first: whatever it promises is in the journal, or in full tiles, that are read after it.
  const note = await loadCheckpoint(storage);
  const checkpoint = note === undefined ? undefined : Buffer.from(note);
  const tail = await loadTail(storage);
  return async (path) => (path === CHECKPOINT_PATH ? checkpoint : readServed(path, tail, storage));
}

/** The latest checkpoint, a signed note: of the file of all since it began, or, in a mirror, the one that is served. */
export async function loadCheckpoint(storage: LogStorage): Promise<string | undefined> {
  const all = await storage.read(CHECKPOINTS_PATH);
  const last = all === undefined ? undefined : lastCheckpoint(all);
  if (last !== undefined) return last;
  const served = await storage.read(CHECKPOINT_PATH);
  return served === undefined ? undefined : Buffer.from(served).toString();
}

/** The tail that the journal holds; throws `tlog/inconsistent` where its start is damaged. */
export async function loadTail(storage: LogStorage): Promise<Tail> {
  const bytes = await storage.read(JOURNAL_PATH);
  if (bytes === undefined) return new Tail();
  const journal = decodeJournal(bytes);
  if (journal === undefined) throw new TlogError('tlog/inconsistent', 'the start of the journal is damaged');
  return new Tail(journal);
}

function cut(bytes: Uint8Array, ref: TileRef): Uint8Array {
  return ref.level === 'entries' ? firstEntries(bytes, ref.width) : bytes.subarray(0, ref.width * HASH_SIZE);
}
