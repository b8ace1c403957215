import { hash } from 'node:crypto';
import type { EdgeTiles } from '../merkle/edge.ts';
import { HASH_SIZE } from '../merkle/hash.ts';
import { decodeEntries, encodeEntries } from '../tiles/bundle.ts';

/** The file of entries that are not in full bundles yet. Append-only; replaced whole as bundles become full. */
export const JOURNAL_PATH = 'journal';

const LENGTH_SIZE = 4;
const CHECKSUM_SIZE = 8;
const FRAME_HEAD = LENGTH_SIZE + CHECKSUM_SIZE;

/** Where a journal begins: at a multiple of 256 entries, with the partial tiles of that tree, level 0 first. */
export interface JournalStart {
  readonly size: number;
  readonly tiles: EdgeTiles;
}

export interface Journal {
  readonly start: JournalStart;
  readonly entries: readonly Uint8Array[];
}

/** A new journal: its start, and entries behind it. */
export function encodeJournal({ start, entries }: Journal): Uint8Array {
  const head = new Uint8Array(8 + start.tiles.reduce((sum, tile) => sum + 2 + tile.length, 0));
  const view = new DataView(head.buffer);
  view.setBigUint64(0, BigInt(start.size));
  let at = 8;
  for (const tile of start.tiles) {
    view.setUint16(at, tile.length / HASH_SIZE);
    head.set(tile, at + 2);
    at += 2 + tile.length;
  }
  return Buffer.concat([frame(head), ...(entries.length > 0 ? [encodeFrame(entries)] : [])]);
}

/** Entries as they are added to a journal: one frame, read back as a whole or not at all. */
export function encodeFrame(entries: readonly Uint8Array[]): Uint8Array {
  return frame(encodeEntries(entries));
}

/** The file of signed checkpoints, append-only as the journal is: the last one that is whole counts. */
export const CHECKPOINTS_PATH = 'checkpoints';

/** A signed checkpoint as it is added to the file of checkpoints. */
export function encodeCheckpoint(note: string): Uint8Array {
  return frame(Buffer.from(note));
}

/** The last signed checkpoint of that file; undefined where it has none. */
export function lastCheckpoint(bytes: Uint8Array): string | undefined {
  const last = [...payloads(bytes)].at(-1);
  return last === undefined ? undefined : Buffer.from(last).toString();
}

/** What a journal holds up to the first frame that is cut or damaged; undefined where its start is. */
export function decodeJournal(bytes: Uint8Array): Journal | undefined {
  const [head, ...frames] = payloads(bytes);
  const start = head === undefined ? undefined : decodeStart(head);
  return start === undefined ? undefined : { start, entries: frames.flatMap(decodeEntries) };
}

function decodeStart(head: Uint8Array): JournalStart {
  const view = new DataView(head.buffer, head.byteOffset, head.length);
  const tiles: Uint8Array[] = [];
  for (let at = 8; at < head.length; ) {
    const end = at + 2 + view.getUint16(at) * HASH_SIZE;
    tiles.push(head.slice(at + 2, end));
    at = end;
  }
  return { size: Number(view.getBigUint64(0)), tiles };
}

/** A payload after its length (32 bits) and the first 8 bytes of its SHA-256. */
function frame(payload: Uint8Array): Uint8Array {
  const head = new Uint8Array(FRAME_HEAD);
  new DataView(head.buffer).setUint32(0, payload.length);
  head.set(checksum(payload), LENGTH_SIZE);
  return Buffer.concat([head, payload]);
}

function* payloads(bytes: Uint8Array): Generator<Uint8Array> {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  for (let at = 0; at + FRAME_HEAD <= bytes.length; ) {
    const end = at + FRAME_HEAD + view.getUint32(at);
    const payload = bytes.subarray(at + FRAME_HEAD, end);
    const expected = bytes.subarray(at + LENGTH_SIZE, at + FRAME_HEAD);
    if (end > bytes.length || Buffer.compare(checksum(payload), expected) !== 0) return;
    yield payload;
    at = end;
  }
}

function checksum(payload: Uint8Array): Uint8Array {
  return hash('sha256', payload, 'buffer').subarray(0, CHECKSUM_SIZE);
}
