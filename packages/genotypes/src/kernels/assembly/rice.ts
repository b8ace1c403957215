// Reading and writing of Rice codes: see ../../segments/rice.ts.

// Where the reader of Rice codes is: bits from `base`, of which `endBit` are there, and the number that comes next.
let base: usize = 0;
let bit: u32 = 0;
let endBit: u32 = 0;
let next: u64 = 0;

export function openRice(from: usize, bytes: i32): void {
  base = from;
  bit = 0;
  endBit = (<u32>bytes) << 3;
  next = 0;
}

/** The next number below `limit`; −1 where the code is damaged. Reads at most 8 bytes beyond the payload. */
export function readRice(k: i32, limit: u32): i64 {
  let high: u64 = 0;
  if (bit >= endBit) return -1;
  let word = load<u64>(base + (bit >> 3)) >> (bit & 7);
  // Of a word of 64 bits, the low 57 are there wherever it begins.
  while (word << 7 === 0) {
    high += 57;
    bit += 57;
    if (bit >= endBit) return -1;
    word = load<u64>(base + (bit >> 3)) >> (bit & 7);
  }
  const zeros = <u32>ctz<u64>(word);
  high += zeros;
  bit += zeros + 1;
  if (zeros + 1 + <u32>k > 57) {
    if (bit >= endBit + 1) return -1;
    word = load<u64>(base + (bit >> 3)) >> (bit & 7);
  } else word >>= zeros + 1;
  bit += <u32>k;
  if (bit > endBit) return -1;
  const number = next + (high << (<u64>k)) + (word & (((<u64>1) << (<u64>k)) - 1));
  if (number >= <u64>limit) return -1;
  next = number + 1;
  return <i64>number;
}

/**
 * Writes the next `count` numbers (32 bits each) to `out`; false where the code is damaged. Codes are taken from a word
 * of 57 bits while it holds a whole one, so that most need no read.
 */
export function readMany(out: usize, count: i32, k: i32, limit: u32): bool {
  const from = base;
  const last = endBit;
  const mask = ((<u64>1) << (<u64>k)) - 1;
  const rest = <u64>k + 1;
  let at = bit;
  let number = next;
  let word: u64 = 0;
  let left: u64 = 0;
  const end = out + ((<usize>count) << 2);
  for (let to = out; to < end; to += 4) {
    let zeros = ctz<u64>(word);
    let length = zeros + rest;
    if (length > left) {
      if (at >= last) return false;
      word = load<u64>(from + (at >> 3)) >> (at & 7);
      left = 57;
      zeros = ctz<u64>(word);
      length = zeros + rest;
    }
    if (length <= left) {
      number += (zeros << (<u64>k)) + ((word >> (zeros + 1)) & mask);
      word >>= length;
      left -= length;
      at += <u32>length;
      if (number >= <u64>limit) return false;
    } else {
      bit = at;
      next = number;
      const rare = readRice(k, limit);
      if (rare < 0) return false;
      at = bit;
      left = 0;
      number = <u64>rare;
    }
    store<u32>(to, <u32>number);
    number += 1;
  }
  bit = at;
  next = number;
  return at <= last;
}

/** Whether what is left is the padding of the last byte. */
export function closedRice(): bool {
  if (endBit - bit >= 8) return false;
  return bit === endBit || load<u8>(base + (bit >> 3)) >> <u8>(bit & 7) === 0;
}
