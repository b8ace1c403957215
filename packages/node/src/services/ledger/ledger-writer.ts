import { TILE_WIDTH, type TileLog } from '@federome/tlog';
import { NodeError } from '../../errors.ts';
import type { LedgerStore, PendingRecord } from '../../stores/ledger/ledger-store.ts';
import { entryOf, hexOf } from './commitments.ts';

/** Records of one commit. */
const BATCH = 4_096;

/**
 * Brings records and log together after whatever happened: entries that are in the log already give pending records
 * their places. Throws `node/ledger-unavailable` where one has what the other lacks and no crash explains it: either was
 * put back to an older copy, or changed.
 */
export async function reconcile(log: TileLog, store: LedgerStore): Promise<void> {
  const known = await store.size();
  if (log.size < known)
    throw apart(`the log has ${log.size} entries and its records tell of ${known}: it lost what it had`);
  await requireSameLast(log, store, known);
  if (log.size === known) return;
  const pending = new Map<string, PendingRecord>();
  for (const record of await store.pending(Number.MAX_SAFE_INTEGER))
    pending.set(hexOf(entryOf(record)), record);
  const places: { sequence: number; index: number }[] = [];
  for await (const { index, entry } of entriesFrom(log, known)) {
    const record = pending.get(hexOf(entry));
    if (record === undefined)
      throw apart(`no record belongs to entry ${index} of the log: the database is older than the log`);
    places.push({ sequence: record.sequence, index });
  }
  await store.place(places);
}

/** Appends every pending record, of whichever process, and gives the places of all by their salts. */
export async function appendPending(log: TileLog, store: LedgerStore): Promise<ReadonlyMap<string, number>> {
  const placed = new Map<string, number>();
  for (;;) {
    const records = await store.pending(BATCH);
    if (records.length === 0) return placed;
    const { index } = await log.append(records.map(entryOf));
    await store.place(records.map(({ sequence }, at) => ({ sequence, index: index + at })));
    for (const [at, { salt }] of records.entries()) placed.set(salt, index + at);
  }
}

async function requireSameLast(log: TileLog, store: LedgerStore, known: number): Promise<void> {
  if (known === 0) return;
  const content = (await store.record(known - 1))?.content;
  if (content === undefined) return;
  if (hexOf(entryOf(content)) !== hexOf(await log.tree().entry(known - 1)))
    throw apart(`entry ${known - 1} of the log is not that of its record: one of them was changed`);
}

async function* entriesFrom(
  log: TileLog,
  from: number,
): AsyncIterable<{ readonly index: number; readonly entry: Uint8Array }> {
  const tree = log.tree();
  for (let bundle = Math.floor(from / TILE_WIDTH); bundle * TILE_WIDTH < log.size; bundle++) {
    for (const [at, entry] of (await tree.entries(bundle)).entries()) {
      const index = bundle * TILE_WIDTH + at;
      if (index >= from) yield { index, entry };
    }
  }
}

function apart(why: string): NodeError {
  return new NodeError('node/ledger-unavailable', `ledger and records do not agree: ${why}`, {
    publicMessage: 'the ledger is not available',
  });
}
