import { TlogError } from '../errors.ts';

/** Bytes that an entry may have: its length is written in 16 bits. */
export const MAX_ENTRY_SIZE = 0xffff;

/** Entries in the form of a bundle: each after its length, 16 bits big-endian (C2SP tlog-tiles, “Log entries”). */
export function encodeEntries(entries: readonly Uint8Array[]): Uint8Array {
  const bytes = new Uint8Array(entries.reduce((sum, entry) => sum + 2 + entry.length, 0));
  let at = 0;
  for (const entry of entries) {
    if (entry.length > MAX_ENTRY_SIZE)
      throw new TlogError(
        'tlog/entry-too-long',
        `an entry has ${entry.length} bytes, more than ${MAX_ENTRY_SIZE}`,
      );
    bytes[at] = entry.length >> 8;
    bytes[at + 1] = entry.length & 0xff;
    bytes.set(entry, at + 2);
    at += 2 + entry.length;
  }
  return bytes;
}

/** The entries of a bundle, as views of its bytes; throws `tlog/bad-tile` where the last one is cut. */
export function decodeEntries(bytes: Uint8Array): readonly Uint8Array[] {
  const entries: Uint8Array[] = [];
  for (let at = 0; at < bytes.length; ) {
    const end = endOfEntry(bytes, at);
    entries.push(bytes.subarray(at + 2, end));
    at = end;
  }
  return entries;
}

/** The bytes of the first `count` entries of a bundle; throws `tlog/bad-tile` where it has fewer. */
export function firstEntries(bytes: Uint8Array, count: number): Uint8Array {
  let at = 0;
  for (let each = 0; each < count; each++) at = endOfEntry(bytes, at);
  return bytes.subarray(0, at);
}

function endOfEntry(bytes: Uint8Array, at: number): number {
  const [high, low] = [bytes[at], bytes[at + 1]];
  const end = high === undefined || low === undefined ? Number.NaN : at + 2 + (high << 8) + low;
  if (!(end <= bytes.length))
    throw new TlogError('tlog/bad-tile', `a bundle of entries ends within the entry at byte ${at}`);
  return end;
}
