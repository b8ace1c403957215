// CRC-32 of gzip (RFC 1952, 8) over text that mostly is genotypes. A CRC is linear: over n bytes it is its start,
// multiplied by x^8n modulo the polynomial, xor the CRC of those bytes from zero, which in turn is the xor of the CRCs of
// what they are the xor of. Three ways, the fastest first:
// - a run that repeats within 8 bytes: 4,096, 256 and 32 bytes at once, by the multiplication and what a pattern gives;
// - 64 bytes that repeat within 4 but for the lowest bits (`0|1\t1|0\t`): as such a run, xor what their 64 bits give;
// - anything else: 16 bytes at a time by tables.

const POLYNOMIAL: u32 = 0xedb88320;
// Within `work`: 16 tables of 256 words, three multiplications of 4 x 256 words, and known patterns.
const BY_32: usize = 16_384;
const BY_256: usize = 20_480;
const BY_4096: usize = 24_576;
const PATTERNS: usize = 28_672;
const PATTERN_BYTES: usize = 24;
const PATTERN_COUNT: usize = 64;
const BY_64: usize = 30_720;
/** Eight tables of 256 words: what the lowest bits of eight bytes give, by their place among 64. */
const LOWEST_BITS: usize = 34_816;

/** Fills `work`, 42 KiB, as `checksum` wants it. */
export function prepareChecksum(work: usize): void {
  for (let byte: u32 = 0; byte < 256; byte += 1) {
    let value = byte;
    for (let bit = 0; bit < 8; bit += 1) value = (value >> 1) ^ (POLYNOMIAL & (0 - (value & 1)));
    store<u32>(work + (byte << 2), value);
  }
  for (let at: usize = 0; at < 15 * 1024; at += 4) {
    const value = load<u32>(work + at);
    store<u32>(work + at + 1024, (value >> 8) ^ load<u32>(work + ((<usize>(value & 255)) << 2)));
  }
  for (let bit: u32 = 0; bit < 32; bit += 1) {
    let value = (<u32>1) << bit;
    for (let step = 0; step < 32; step += 1)
      value = (value >> 8) ^ load<u32>(work + ((<usize>(value & 255)) << 2));
    spread(work + BY_32, bit, value);
  }
  power(work + BY_32, work + BY_64, 2);
  power(work + BY_32, work + BY_256, 8);
  power(work + BY_256, work + BY_4096, 16);
  for (let byte: u32 = 0; byte < 64; byte += 1) {
    let value = load<u32>(work + 4);
    for (let step = byte + 1; step < 64; step += 1)
      value = (value >> 8) ^ load<u32>(work + ((<usize>(value & 255)) << 2));
    spread(work + LOWEST_BITS, byte, value);
  }
  // Zero bytes are a pattern that is known from the start, and wherever another is not known yet.
  for (let index: usize = 0; index < PATTERN_COUNT; index += 1)
    learn(work, 0, work + PATTERNS + index * PATTERN_BYTES);
}

/** Enters what becomes of one bit into the four tables of a multiplication; bits must come in ascending order. */
function spread(table: usize, bit: u32, value: u32): void {
  const own = table + ((bit >> 3) << 10);
  const place = (<u32>1) << (bit & 7);
  if (place === 1) store<u32>(own, 0);
  for (let low: u32 = 0; low < place; low += 1)
    store<u32>(own + ((place + low) << 2), load<u32>(own + (low << 2)) ^ value);
}

/** The multiplication that is another `times` times over. */
function power(table: usize, target: usize, times: u32): void {
  for (let bit: u32 = 0; bit < 32; bit += 1) {
    let value = (<u32>1) << bit;
    for (let step: u32 = 0; step < times; step += 1) value = multiply(table, value);
    spread(target, bit, value);
  }
}

function multiply(table: usize, value: u32): u32 {
  return (
    load<u32>(table + ((<usize>(value & 255)) << 2)) ^
    load<u32>(table + ((<usize>((value >> 8) & 255)) << 2), 1024) ^
    load<u32>(table + ((<usize>((value >> 16) & 255)) << 2), 2048) ^
    load<u32>(table + ((<usize>(value >> 24)) << 2), 3072)
  );
}

/** Where the CRCs of 32, 256 and 4,096 bytes of a pattern stand. */
function patternAt(work: usize, pattern: u64): usize {
  const place = <usize>((<u32>pattern * 0x9e3779b1 + <u32>(pattern >> 32) * 0x85ebca6b) >> 26);
  const at = work + PATTERNS + place * PATTERN_BYTES;
  if (load<u64>(at) !== pattern) learn(work, pattern, at);
  return at;
}

function learn(work: usize, pattern: u64, at: usize): void {
  const first = work + PATTERNS + PATTERN_COUNT * PATTERN_BYTES;
  for (let word: usize = 0; word < 32; word += 8) store<u64>(first + word, pattern);
  const of32 = byTables(work, 0, first, first + 32);
  let of256 = of32;
  for (let step = 1; step < 8; step += 1) of256 = multiply(work + BY_32, of256) ^ of32;
  let of4096 = of256;
  for (let step = 1; step < 16; step += 1) of4096 = multiply(work + BY_256, of4096) ^ of256;
  store<u64>(at, pattern);
  store<u32>(at, of32, 8);
  store<u32>(at, of256, 12);
  store<u32>(at, of4096, 16);
}

function byTables(work: usize, start: u32, from: usize, end: usize): u32 {
  let crc = start;
  let at = from;
  for (; at + 16 <= end; at += 16) {
    const low = load<u64>(at) ^ crc;
    const high = load<u64>(at, 8);
    const a =
      load<u32>(work + ((<usize>(low & 255)) << 2), 15 * 1024) ^
      load<u32>(work + ((<usize>((low >> 8) & 255)) << 2), 14 * 1024) ^
      load<u32>(work + ((<usize>((low >> 16) & 255)) << 2), 13 * 1024) ^
      load<u32>(work + ((<usize>((low >> 24) & 255)) << 2), 12 * 1024);
    const b =
      load<u32>(work + ((<usize>((low >> 32) & 255)) << 2), 11 * 1024) ^
      load<u32>(work + ((<usize>((low >> 40) & 255)) << 2), 10 * 1024) ^
      load<u32>(work + ((<usize>((low >> 48) & 255)) << 2), 9 * 1024) ^
      load<u32>(work + ((<usize>(low >> 56)) << 2), 8 * 1024);
    const c =
      load<u32>(work + ((<usize>(high & 255)) << 2), 7 * 1024) ^
      load<u32>(work + ((<usize>((high >> 8) & 255)) << 2), 6 * 1024) ^
      load<u32>(work + ((<usize>((high >> 16) & 255)) << 2), 5 * 1024) ^
      load<u32>(work + ((<usize>((high >> 24) & 255)) << 2), 4 * 1024);
    const d =
      load<u32>(work + ((<usize>((high >> 32) & 255)) << 2), 3 * 1024) ^
      load<u32>(work + ((<usize>((high >> 40) & 255)) << 2), 2 * 1024) ^
      load<u32>(work + ((<usize>((high >> 48) & 255)) << 2), 1024) ^
      load<u32>(work + ((<usize>(high >> 56)) << 2));
    crc = a ^ b ^ (c ^ d);
  }
  for (; at < end; at += 1) crc = (crc >> 8) ^ load<u32>(work + ((<usize>((crc ^ load<u8>(at)) & 255)) << 2));
  return crc;
}

/** Whether 64 bytes repeat the first four of them but for their lowest bits. */
export function repeatsButForLowestBits(at: usize): bool {
  const base = i32x4.splat(load<i32>(at));
  const differing = v128.or(
    v128.or(v128.xor(v128.load(at), base), v128.xor(v128.load(at, 16), base)),
    v128.or(v128.xor(v128.load(at, 32), base), v128.xor(v128.load(at, 48), base)),
  );
  return !v128.any_true(v128.and(differing, i8x16.splat(-2)));
}

function update(work: usize, start: u32, from: usize, end: usize): u32 {
  let crc = start;
  let at = from;
  let known: u32 = 0;
  let of64: u32 = 0;
  const table = work + LOWEST_BITS;
  for (; at + 64 <= end; at += 64) {
    if (!repeatsButForLowestBits(at)) {
      crc = byTables(work, crc, at, at + 64);
      continue;
    }
    const base = load<u32>(at) & 0xfefefefe;
    if (base !== known) {
      const of32 = load<u32>(patternAt(work, ((<u64>base) << 32) | base), 8);
      of64 = multiply(work + BY_32, of32) ^ of32;
      known = base;
    }
    const a = i8x16.bitmask(i8x16.shl(v128.load(at), 7));
    const b = i8x16.bitmask(i8x16.shl(v128.load(at, 16), 7));
    const c = i8x16.bitmask(i8x16.shl(v128.load(at, 32), 7));
    const d = i8x16.bitmask(i8x16.shl(v128.load(at, 48), 7));
    crc =
      multiply(work + BY_64, crc) ^
      of64 ^
      load<u32>(table + ((<usize>(a & 255)) << 2)) ^
      load<u32>(table + ((<usize>(a >> 8)) << 2), 1024) ^
      load<u32>(table + ((<usize>(b & 255)) << 2), 2048) ^
      load<u32>(table + ((<usize>(b >> 8)) << 2), 3072) ^
      load<u32>(table + ((<usize>(c & 255)) << 2), 4096) ^
      load<u32>(table + ((<usize>(c >> 8)) << 2), 5120) ^
      load<u32>(table + ((<usize>(d & 255)) << 2), 6144) ^
      load<u32>(table + ((<usize>(d >> 8)) << 2), 7168);
  }
  return byTables(work, crc, at, end);
}

/**
 * CRC-32 of [start, end). At `runs` lie `runCount` pairs of offsets, ascending and apart: from the first to the second
 * of each the text repeats every 8 bytes, for at least 32.
 */
export function checksum(start: usize, end: usize, runs: usize, runCount: u32, work: usize): u32 {
  let crc: u32 = 0xffffffff;
  let done = start;
  for (let run: u32 = 0; run < runCount; run += 1) {
    const from = <usize>load<u32>(runs + (run << 3));
    let left = <usize>load<u32>(runs + (run << 3), 4) - from;
    crc = update(work, crc, done, from);
    done = from + (left & ~31);
    const known = patternAt(work, load<u64>(from));
    for (; left >= 4096; left -= 4096) crc = multiply(work + BY_4096, crc) ^ load<u32>(known, 16);
    for (; left >= 256; left -= 256) crc = multiply(work + BY_256, crc) ^ load<u32>(known, 12);
    for (; left >= 32; left -= 32) crc = multiply(work + BY_32, crc) ^ load<u32>(known, 8);
  }
  return update(work, crc, done, end) ^ 0xffffffff;
}
