// Inflates raw DEFLATE (RFC 1951). The bit buffer is refilled without a branch, as in libdeflate: `bits` counts in its
// low six bits only, and bytes that are in the buffer already are or-ed in again.
import { checksum, prepareChecksum, repeatsButForLowestBits } from './crc';
import {
  buildTable,
  CODE_LENGTHS,
  DISTANCES_ONLY,
  END,
  LITERAL,
  LITERALS_AND_LENGTHS,
  OTHER,
  POINTER,
} from './huffman';

const FIRST_BITS: u32 = 11;
const DISTANCE_BITS: u32 = 8;
// Room in `tables`: 2,342 and 402 entries are the most that such codes need; 128 of the code of code lengths.
const DISTANCE_TABLE: usize = 9_728;
const LENGTH_TABLE: usize = 11_648;
const LENGTHS: usize = 12_160;
const WORK: usize = 12_800;
const RUNS: usize = 13_568;
const CHECKSUM: usize = 22_528;
/** Runs that are noted at most, and the shortest: a run saves time where its CRC need not be computed byte by byte. */
const MOST_RUNS: u32 = 1_024;
const LEAST_RUN: usize = 32;
/** What a match may write beyond its end, and the longest match. */
const OVERSHOOT: usize = 64 + 258;

/** Order in which the code of code lengths states its own (RFC 1951, 3.2.7). */
const ORDER: usize = memory.data<u8>([16, 17, 18, 0, 8, 7, 9, 6, 10, 5, 11, 4, 12, 3, 13, 2, 14, 1, 15]);
/** For a distance d below 16: the 16 bytes of a repeated pattern of d, by their place in it. */
const REPEATS: usize = memory.data<u8>([
  0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1, 0, 1,
  0, 1, 0, 1, 0, 1, 0, 1, 0, 1, 0, 1, 0, 1, 2, 0, 1, 2, 0, 1, 2, 0, 1, 2, 0, 1, 2, 0, 0, 1, 2, 3, 0, 1, 2, 3,
  0, 1, 2, 3, 0, 1, 2, 3, 0, 1, 2, 3, 4, 0, 1, 2, 3, 4, 0, 1, 2, 3, 4, 0, 0, 1, 2, 3, 4, 5, 0, 1, 2, 3, 4, 5,
  0, 1, 2, 3, 0, 1, 2, 3, 4, 5, 6, 0, 1, 2, 3, 4, 5, 6, 0, 1, 0, 1, 2, 3, 4, 5, 6, 7, 0, 1, 2, 3, 4, 5, 6, 7,
  0, 1, 2, 3, 4, 5, 6, 7, 8, 0, 1, 2, 3, 4, 5, 6, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 0, 1, 2, 3, 4, 5, 0, 1, 2, 3,
  4, 5, 6, 7, 8, 9, 10, 0, 1, 2, 3, 4, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 0, 1, 2, 3, 0, 1, 2, 3, 4, 5, 6,
  7, 8, 9, 10, 11, 12, 0, 1, 2, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 0, 1, 0, 1, 2, 3, 4, 5, 6, 7, 8,
  9, 10, 11, 12, 13, 14, 0,
]);
/** For a distance below 16: its largest multiple up to 16. */
const STRIDES: usize = memory.data<u8>([0, 16, 16, 15, 16, 15, 12, 14, 16, 9, 10, 11, 12, 13, 14, 15]);

// The state of the stream between its blocks.
let from: usize = 0;
let to: usize = 0;
let buffer: u64 = 0;
let bits: u32 = 0;
let firstBits: u32 = 0;
let distanceBits: u32 = 0;
let runCount: u32 = 0;
let runBytes: usize = 0;

function refill(): void {
  buffer |= load<u64>(from) << (<u64>bits);
  from += 7 - ((bits >> 3) & 7);
  bits |= 56;
}

function take(count: u32): u32 {
  const value = <u32>(buffer & (((<u64>1) << count) - 1));
  buffer >>= <u64>count;
  bits -= count;
  return value;
}

/**
 * Inflates `source` to exactly `targetBytes` bytes at `target`, at most 64 KiB. Returns 1 where `checksumOfInflated` is
 * faster than zlib's, 0 where it is not, and -1 where the source does not hold just that. What lies behind the
 * target, up to `limit` (at or behind the target's end), may be overwritten; nothing else is, whatever the source.
 * 64 bytes behind the source may be read. `tables` are 64 KiB, prepared, which no other thread uses meanwhile.
 */
export function inflate(
  source: usize,
  sourceBytes: usize,
  target: usize,
  targetBytes: usize,
  limit: usize,
  tables: usize,
): i32 {
  const sourceEnd = source + sourceBytes;
  const targetEnd = target + targetBytes;
  from = source;
  to = target;
  buffer = 0;
  bits = 0;
  runCount = 0;
  runBytes = 0;
  let last: u32 = 0;
  while (last === 0) {
    if (from > sourceEnd + 8) return -1;
    refill();
    last = take(1);
    const kind = take(2);
    if (kind === 0) {
      if (copyStored(sourceEnd, targetEnd) === 0) return -1;
      continue;
    }
    if (kind === 3) return -1;
    if ((kind === 1 ? fixedTables(tables) : dynamicTables(tables, sourceEnd)) === 0) return -1;
    const fast = limit >= target + OVERSHOOT ? min(targetEnd, limit - OVERSHOOT) : target;
    let state = decodeFast(tables, target, fast, sourceEnd);
    if (state === 0) state = decodeExact(tables, target, targetEnd, sourceEnd);
    if (state !== 1) return -1;
  }
  if (to !== targetEnd || from - ((bits & 63) >> 3) !== sourceEnd) return -1;
  return runBytes * 5 >= targetBytes * 3 || mostlyGenotypes(target, targetBytes) ? 1 : 0;
}

/** Whether three of four samples of a text are what the checksum is fast at: it takes a third of the time of zlib's. */
function mostlyGenotypes(target: usize, targetBytes: usize): bool {
  if (targetBytes < 2_048) return false;
  let fit = 0;
  for (let sample: usize = 0; sample < 16; sample += 1)
    fit += <i32>repeatsButForLowestBits(target + (((targetBytes - 64) * sample) >> 4));
  return fit >= 12;
}

/** CRC-32 of the text that the last call of `inflate` gave, with the same `tables`. */
export function checksumOfInflated(target: usize, targetBytes: usize, tables: usize): u32 {
  return checksum(target, target + targetBytes, tables + RUNS, runCount, tables + CHECKSUM);
}

/** Makes `tables`, 64 KiB of zeros, ready for the two functions above. */
export function prepareInflate(tables: usize): void {
  prepareChecksum(tables + CHECKSUM);
}

function noteRun(tables: usize, start: usize, end: usize): void {
  if (end - start < LEAST_RUN || runCount === MOST_RUNS) return;
  const at = tables + RUNS + (runCount << 3);
  store<u32>(at, <u32>start);
  store<u32>(at, <u32>end, 4);
  runCount += 1;
  runBytes += end - start;
}

function copyStored(sourceEnd: usize, targetEnd: usize): i32 {
  from -= (bits & 63) >> 3;
  buffer = 0;
  bits = 0;
  if (from + 4 > sourceEnd) return 0;
  const length = <usize>load<u16>(from);
  if (length !== <usize>(load<u16>(from, 2) ^ 0xffff)) return 0;
  from += 4;
  if (from + length > sourceEnd || to + length > targetEnd) return 0;
  memory.copy(to, from, length);
  from += length;
  to += length;
  return 1;
}

function fixedTables(tables: usize): i32 {
  const lengths = tables + LENGTHS;
  memory.fill(lengths, 8, 144);
  memory.fill(lengths + 144, 9, 112);
  memory.fill(lengths + 256, 7, 24);
  memory.fill(lengths + 280, 8, 8);
  memory.fill(lengths + 288, 5, 32);
  return buildBoth(tables, 288, 32);
}

function buildBoth(tables: usize, literals: u32, distances: u32): i32 {
  const lengths = tables + LENGTHS;
  const work = tables + WORK;
  const first = buildTable(tables, LITERALS_AND_LENGTHS, lengths, literals, FIRST_BITS, work);
  if (first < 0) return 0;
  const at = tables + DISTANCE_TABLE;
  const second = buildTable(at, DISTANCES_ONLY, lengths + literals, distances, DISTANCE_BITS, work);
  if (second < 0) return 0;
  firstBits = <u32>first;
  distanceBits = <u32>second;
  return 1;
}

function dynamicTables(tables: usize, sourceEnd: usize): i32 {
  const lengths = tables + LENGTHS;
  const literals = take(5) + 257;
  const distances = take(5) + 1;
  const codes = take(4) + 4;
  if (literals > 286 || distances > 30) return 0;
  memory.fill(lengths, 0, 19);
  for (let index: u32 = 0; index < codes; index += 1) {
    if ((index & 15) === 0) refill();
    store<u8>(lengths + load<u8>(ORDER + index), <u8>take(3));
  }
  const table = tables + LENGTH_TABLE;
  const own = buildTable(table, CODE_LENGTHS, lengths, 19, 7, tables + WORK);
  if (own < 0) return 0;
  const mask = ((<u64>1) << own) - 1;
  const total = literals + distances;
  let filled: u32 = 0;
  while (filled < total) {
    if (from > sourceEnd + 8) return 0;
    refill();
    const entry = load<u32>(table + ((<usize>(buffer & mask)) << 2));
    take(entry & 0xff);
    const symbol = entry >> 16;
    if (symbol < 16) {
      store<u8>(lengths + filled, <u8>symbol);
      filled += 1;
      continue;
    }
    if (symbol === 16 && filled === 0) return 0;
    const value = symbol === 16 ? load<u8>(lengths + filled - 1) : 0;
    const count = symbol === 16 ? 3 + take(2) : symbol === 17 ? 3 + take(3) : 11 + take(7);
    if (filled + count > total) return 0;
    memory.fill(lengths + filled, value, count);
    filled += count;
  }
  // A block that cannot end is none.
  if (load<u8>(lengths + 256) === 0) return 0;
  return buildBoth(tables, literals, distances);
}

/** 1 at the block's end, 0 where `fast` is reached, -1 on damage. Writes up to OVERSHOOT bytes behind `fast`. */
function decodeFast(tables: usize, target: usize, fast: usize, sourceEnd: usize): i32 {
  const guard = sourceEnd + 8;
  const mask = ((<u64>1) << firstBits) - 1;
  const distanceMask = ((<u64>1) << distanceBits) - 1;
  const distanceTable = tables + DISTANCE_TABLE;
  let at = from;
  let out = to;
  let held = buffer;
  let count = bits;
  let runStart = out;
  let runEnd = out;
  let period: u32 = 8;
  let state = 0;
  while (out < fast) {
    if (at > guard) {
      state = -1;
      break;
    }
    held |= load<u64>(at) << (<u64>count);
    at += 7 - ((count >> 3) & 7);
    count |= 56;
    let entry = load<u32>(tables + ((<usize>(held & mask)) << 2));
    let saved = held;
    held >>= <u64>entry;
    count -= entry;
    if ((entry & LITERAL) !== 0) {
      store<u8>(out, <u8>(entry >> 16));
      out += 1;
      entry = load<u32>(tables + ((<usize>(held & mask)) << 2));
      saved = held;
      held >>= <u64>entry;
      count -= entry;
      if ((entry & LITERAL) !== 0) {
        store<u8>(out, <u8>(entry >> 16));
        out += 1;
        entry = load<u32>(tables + ((<usize>(held & mask)) << 2));
        saved = held;
        held >>= <u64>entry;
        count -= entry;
        if ((entry & LITERAL) !== 0) {
          store<u8>(out, <u8>(entry >> 16));
          out += 1;
          continue;
        }
      }
    }
    if ((entry & OTHER) !== 0) {
      if ((entry & POINTER) !== 0) {
        const second = held & (((<u64>1) << ((entry >> 8) & 15)) - 1);
        entry = load<u32>(tables + ((<usize>(entry >> 16) + <usize>second) << 2));
        saved = held;
        held >>= <u64>entry;
        count -= entry;
        if ((entry & LITERAL) !== 0) {
          store<u8>(out, <u8>(entry >> 16));
          out += 1;
          continue;
        }
      }
      if ((entry & OTHER) !== 0) {
        state = (entry & END) !== 0 ? 1 : -1;
        break;
      }
    }
    const length = (entry >> 16) + <u32>((saved & (((<u64>1) << (<u64>entry)) - 1)) >> ((entry >> 8) & 15));
    held |= load<u64>(at) << (<u64>count);
    at += 7 - ((count >> 3) & 7);
    count |= 56;
    entry = load<u32>(distanceTable + ((<usize>(held & distanceMask)) << 2));
    if ((entry & OTHER) !== 0) {
      if ((entry & POINTER) === 0) {
        state = -1;
        break;
      }
      held >>= DISTANCE_BITS;
      count -= DISTANCE_BITS;
      const second = held & (((<u64>1) << ((entry >> 8) & 15)) - 1);
      entry = load<u32>(distanceTable + ((<usize>(entry >> 16) + <usize>second) << 2));
      if ((entry & OTHER) !== 0) {
        state = -1;
        break;
      }
    }
    const distance = (entry >> 16) + <u32>((held & (((<u64>1) << (<u64>entry)) - 1)) >> ((entry >> 8) & 15));
    held >>= <u64>entry;
    count -= entry;
    if (<usize>distance > out - target) {
      state = -1;
      break;
    }
    const end = out + length;
    let copy = out - distance;
    if (distance >= 16) {
      do {
        v128.store(out, v128.load(copy));
        v128.store(out, v128.load(copy, 16), 16);
        v128.store(out, v128.load(copy, 32), 32);
        v128.store(out, v128.load(copy, 48), 48);
        out += 64;
        copy += 64;
      } while (out < end);
    } else {
      const pattern = i8x16.swizzle(v128.load(copy), v128.load(REPEATS + (distance << 4)));
      const stride = <usize>load<u8>(STRIDES + distance);
      if (distance <= 8 && stride === 16) {
        if (out !== runEnd || distance < period || runEnd - runStart < 8) {
          noteRun(tables, runStart, runEnd);
          runStart = out;
          period = distance;
        }
        runEnd = end;
      }
      do {
        v128.store(out, pattern);
        v128.store(out + stride, pattern);
        out += stride << 1;
      } while (out < end);
    }
    out = end;
  }
  noteRun(tables, runStart, runEnd);
  from = at;
  to = out;
  buffer = held;
  bits = count;
  return state;
}

/** As `decodeFast`, but writes nothing behind `targetEnd`; 0 where the text is longer. */
function decodeExact(tables: usize, target: usize, targetEnd: usize, sourceEnd: usize): i32 {
  const distanceTable = tables + DISTANCE_TABLE;
  while (from <= sourceEnd + 8) {
    refill();
    const first = symbolAt(tables, firstBits);
    if ((first & LITERAL) !== 0) {
      if (to >= targetEnd) return 0;
      store<u8>(to, <u8>(first >> 16));
      to += 1;
      continue;
    }
    if ((first & OTHER) !== 0) return (first & END) !== 0 ? 1 : -1;
    const end = to + withExtraBits(first);
    refill();
    const second = symbolAt(distanceTable, distanceBits);
    if ((second & OTHER) !== 0) return -1;
    const distance = <usize>withExtraBits(second);
    if (distance > to - target) return -1;
    if (end > targetEnd) return 0;
    for (; to < end; to += 1) store<u8>(to, load<u8>(to - distance));
  }
  return -1;
}

/** The entry of the next symbol, with only its code's own bits taken where extra ones follow. */
function symbolAt(table: usize, tableBits: u32): u32 {
  let entry = load<u32>(table + ((<usize>(buffer & (((<u64>1) << tableBits) - 1))) << 2));
  if ((entry & POINTER) !== 0 && (entry & LITERAL) === 0 && (entry & OTHER) !== 0) {
    take(tableBits);
    const second = <usize>(buffer & (((<u64>1) << ((entry >> 8) & 15)) - 1));
    entry = load<u32>(table + ((<usize>(entry >> 16) + second) << 2));
  }
  take((entry & (LITERAL | OTHER)) !== 0 ? entry & 0xff : (entry >> 8) & 15);
  return entry;
}

/** A length or distance, its extra bits taken. */
function withExtraBits(entry: u32): u32 {
  return (entry >> 16) + take((entry & 0xff) - ((entry >> 8) & 15));
}
