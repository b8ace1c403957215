// Decoding tables of DEFLATE's prefix codes (RFC 1951, 3.2), after libdeflate's layout. An entry is 32 bits:
//   literal   bit 31; the byte in 16-23; bits to consume in 0-7
//   length    base in 16-24; bits to consume (extra ones included) in 0-7; those of the code alone in 8-11
//   distance  base in 16-30; the rest as for lengths
//   other     bit 15, with bit 14: pointer to a second table (its first entry in 16-30, its bits in 8-11, bits to
//             consume in 0-7), with bit 13: end of block, with bit 12: a code that means nothing

export const LITERAL: u32 = 0x80000000;
export const OTHER: u32 = 0x8000;
export const POINTER: u32 = 0x4000;
export const END: u32 = 0x2000;
const INVALID: u32 = 0x1000;

/** Base and number of extra bits of 256 (the end of a block) and the lengths' symbols 257 to 287. */
const LENGTHS: usize = memory.data<u32>([
  0xa000, 0x30000, 0x40000, 0x50000, 0x60000, 0x70000, 0x80000, 0x90000, 0xa0000, 0xb0001, 0xd0001, 0xf0001,
  0x110001, 0x130002, 0x170002, 0x1b0002, 0x1f0002, 0x230003, 0x2b0003, 0x330003, 0x3b0003, 0x430004,
  0x530004, 0x630004, 0x730004, 0x830005, 0xa30005, 0xc30005, 0xe30005, 0x1020000, 0x9000, 0x9000,
]);
/** The same of the distances' symbols. */
const DISTANCES: usize = memory.data<u32>([
  0x10000, 0x20000, 0x30000, 0x40000, 0x50001, 0x70001, 0x90002, 0xd0002, 0x110003, 0x190003, 0x210004,
  0x310004, 0x410005, 0x610005, 0x810006, 0xc10006, 0x1010007, 0x1810007, 0x2010008, 0x3010008, 0x4010009,
  0x6010009, 0x801000a, 0xc01000a, 0x1001000b, 0x1801000b, 0x2001000c, 0x3001000c, 0x4001000d, 0x6001000d,
  0x9000, 0x9000,
]);

export const LITERALS_AND_LENGTHS: i32 = 0;
export const DISTANCES_ONLY: i32 = 1;
export const CODE_LENGTHS: i32 = 2;

function meaningOf(alphabet: i32, symbol: u32): u32 {
  if (alphabet === CODE_LENGTHS) return symbol << 16;
  if (alphabet === DISTANCES_ONLY) return load<u32>(DISTANCES + (symbol << 2));
  return symbol < 256 ? LITERAL | (symbol << 16) : load<u32>(LENGTHS + ((symbol - 256) << 2));
}

/** The code that follows among those of `length` bits, both with their first bit lowest; not of the last, all ones. */
function following(code: u32, length: u32): u32 {
  const bit = (<u32>1) << (31 - clz<u32>(code ^ (((<u32>1) << length) - 1)));
  return (code & (bit - 1)) | bit;
}

/**
 * Builds the table of a code at `table` from the lengths (a byte each, 0 to 15) of its symbols, with a first table of
 * at most `bits` bits. `work` has room for 128 + 2 x `symbols` bytes. Returns the bits of the first table, or -1 where
 * the lengths are no complete code: but one symbol, or none at all, will do.
 */
export function buildTable(
  table: usize,
  alphabet: i32,
  lengths: usize,
  symbols: u32,
  bits: u32,
  work: usize,
): i32 {
  const counts = work;
  const offsets = work + 64;
  const sorted = work + 128;
  memory.fill(counts, 0, 64);
  for (let symbol: u32 = 0; symbol < symbols; symbol += 1) {
    const at = counts + ((<usize>load<u8>(lengths + symbol)) << 2);
    store<u32>(at, load<u32>(at) + 1);
  }
  let longest: u32 = 15;
  while (longest > 0 && load<u32>(counts + (longest << 2)) === 0) longest -= 1;
  let space: u32 = 0;
  let offset: u32 = 0;
  store<u32>(counts, 0);
  for (let length: u32 = 1; length <= longest; length += 1) {
    store<u32>(offsets + (length << 2), offset);
    const count = load<u32>(counts + (length << 2));
    offset += count;
    space = (space << 1) + count;
  }
  for (let symbol: u32 = 0; symbol < symbols; symbol += 1) {
    const length = <u32>load<u8>(lengths + symbol);
    if (length === 0) continue;
    const at = offsets + (length << 2);
    const place = load<u32>(at);
    store<u16>(sorted + (place << 1), <u16>symbol);
    store<u32>(at, place + 1);
  }
  if (longest < bits) bits = max(longest, 1);
  if (space !== (<u32>1) << longest || longest === 0) {
    if (alphabet === CODE_LENGTHS || longest > 1 || space > 1) return -1;
    const only = longest === 0 ? OTHER | INVALID : meaningOf(alphabet, load<u16>(sorted)) + 0x101;
    store<u32>(table, only);
    store<u32>(table, OTHER | INVALID, 4);
    return 1;
  }
  fill(table, alphabet, bits, counts, sorted);
  return <i32>bits;
}

/** Entries of a complete code, shortest first: the table doubles whenever the length grows. */
function fill(table: usize, alphabet: i32, bits: u32, counts: usize, sorted: usize): void {
  let length: u32 = 1;
  let count = load<u32>(counts, 4);
  let end: u32 = 2;
  let code: u32 = 0;
  while (count === 0) {
    length += 1;
    end <<= 1;
    count = load<u32>(counts + (length << 2));
  }
  if (end > (<u32>1) << bits) end = (<u32>1) << bits;
  while (length <= bits) {
    for (; count > 0; count -= 1, sorted += 2) {
      store<u32>(table + (code << 2), meaningOf(alphabet, load<u16>(sorted)) + length * 0x101);
      if (code === ((<u32>1) << length) - 1) {
        for (; length < bits; length += 1, end <<= 1) memory.copy(table + (end << 2), table, end << 2);
        return;
      }
      code = following(code, length);
    }
    do {
      length += 1;
      if (length <= bits) {
        memory.copy(table + (end << 2), table, end << 2);
        end <<= 1;
      }
      count = load<u32>(counts + (length << 2));
    } while (count === 0);
  }
  fillSecond(table, alphabet, bits, counts, sorted, length, count, code);
}

/** Entries of codes longer than the first table's bits, in second tables behind it. */
function fillSecond(
  table: usize,
  alphabet: i32,
  bits: u32,
  counts: usize,
  sorted: usize,
  length: u32,
  count: u32,
  code: u32,
): void {
  const mask = ((<u32>1) << bits) - 1;
  let prefix: u32 = 0xffffffff;
  let start: u32 = 0;
  let end: u32 = mask + 1;
  for (;;) {
    if ((code & mask) !== prefix) {
      prefix = code & mask;
      start = end;
      let own = length - bits;
      let space = count;
      while (space < (<u32>1) << own) {
        own += 1;
        space = (space << 1) + load<u32>(counts + ((bits + own) << 2));
      }
      end = start + ((<u32>1) << own);
      store<u32>(table + (prefix << 2), (start << 16) | OTHER | POINTER | (own << 8) | bits);
    }
    const entry = meaningOf(alphabet, load<u16>(sorted)) + (length - bits) * 0x101;
    sorted += 2;
    const stride = (<u32>1) << (length - bits);
    for (let at = start + (code >> bits); at < end; at += stride) store<u32>(table + (at << 2), entry);
    if (code === ((<u32>1) << length) - 1) return;
    code = following(code, length);
    count -= 1;
    while (count === 0) {
      length += 1;
      count = load<u32>(counts + (length << 2));
    }
  }
}
