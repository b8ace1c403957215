// AssemblyScript. Same contracts as ../scalar-scan.ts: see ../scan-kernels.ts for the preconditions. All pointers are
// byte offsets into the exported memory; nothing is allocated here.

const TAB: u32 = 9;
const NEWLINE: u32 = 10;
const RETURN: u32 = 13;
const POINT: u32 = 46;
const SLASH: u32 = 47;
const COLON: u32 = 58;
const BAR: u32 = 124;
/** `0|0` and a tab, `0/0` and a tab, as little-endian words. */
const PHASED_REFERENCE: u32 = 0x09307c30;
const UNPHASED_REFERENCE: u32 = 0x09302f30;
/** What XOR with the reference leaves of the other separator and of a missing allele. */
const OTHER_SEPARATOR: u32 = 0x53;
const NOT_CALLED: u32 = 0x1e;
/** The low five bytes of a word: a tab, a diploid genotype of one-digit alleles and what follows it. */
const GENOTYPE_BYTES: u64 = 0xff_ffff_ffff;
const MOST_ALLELES: u32 = 32_767;
/** What XOR with a reference leaves of allele 1, in either place. */
const ONES: u32 = 0x010001;

// Where the next of each list goes; `ones` is passed along where it is hot.
let onesEnd: usize = 0;
let othersEnd: usize = 0;
let allelesEnd: usize = 0;
let missingEnd: usize = 0;
let absentEnd: usize = 0;
let phasesEnd: usize = 0;
/** What may end a genotype besides a tab and the line's end. */
let fieldEnd: u32 = TAB;

export function newlineAt(start: usize, end: usize): usize {
  const newline = i8x16.splat(<i8>NEWLINE);
  let at = start;
  while (at < end) {
    const a = i8x16.eq(v128.load(at), newline);
    const b = i8x16.eq(v128.load(at, 16), newline);
    const c = i8x16.eq(v128.load(at, 32), newline);
    const d = i8x16.eq(v128.load(at, 48), newline);
    if (v128.any_true(v128.or(v128.or(a, b), v128.or(c, d)))) {
      const found = at + <usize>ctz<u64>(bits(a, b, c, d));
      return found < end ? found : end;
    }
    at += 64;
  }
  return end;
}

function bits(a: v128, b: v128, c: v128, d: v128): u64 {
  return (
    <u64>(<u32>i8x16.bitmask(a) | ((<u32>i8x16.bitmask(b)) << 16)) |
    ((<u64>(<u32>i8x16.bitmask(c) | ((<u32>i8x16.bitmask(d)) << 16))) << 32)
  );
}

export function scanFixed(start: usize, samples: i32, highest: i32, lists: usize): i32 {
  open(lists);
  const last = start + ((<usize>samples) << 2) - 1;
  const ending = load<u8>(last);
  store<u8>(last, <u8>TAB);
  const basePhased = load<u8>(start, 1) === <u8>BAR;
  const read = fixedColumns(start, samples, <u32>highest, basePhased ? PHASED_REFERENCE : UNPHASED_REFERENCE);
  store<u8>(last, ending);
  close(lists, basePhased);
  return read ? 1 : 0;
}

function fixedColumns(start: usize, samples: i32, highest: u32, reference: u32): bool {
  const pattern = i32x4.splat(reference);
  const wide = samples & ~15;
  let sample = 0;
  for (; sample < wide; sample += 16) {
    const at = start + ((<usize>sample) << 2);
    const a = v128.xor(v128.load(at), pattern);
    const b = v128.xor(v128.load(at, 16), pattern);
    const c = v128.xor(v128.load(at, 32), pattern);
    const d = v128.xor(v128.load(at, 48), pattern);
    if (!v128.any_true(v128.or(v128.or(a, b), v128.or(c, d)))) continue;
    if (!sixteenColumns(at, sample, highest, a, b, c, d)) return false;
  }
  for (; sample < samples; sample += 1) {
    const difference = load<u32>(start + ((<usize>sample) << 2)) ^ reference;
    if (difference === 0) continue;
    if (difference >> 24 !== 0) return false;
    const separator = (difference >> 8) & 0xff;
    if (separator === OTHER_SEPARATOR) otherPhase(sample);
    else if (separator !== 0) return false;
    const haplotype = sample << 1;
    if (!oneAllele(haplotype, difference & 0xff, highest)) return false;
    if (!oneAllele(haplotype + 1, (difference >> 16) & 0xff, highest)) return false;
  }
  return true;
}

function sixteenColumns(at: usize, sample: i32, highest: u32, a: v128, b: v128, c: v128, d: v128): bool {
  const low = v128.shuffle<u8>(a, b, 0, 2, 4, 6, 8, 10, 12, 14, 16, 18, 20, 22, 24, 26, 28, 30);
  const high = v128.shuffle<u8>(c, d, 0, 2, 4, 6, 8, 10, 12, 14, 16, 18, 20, 22, 24, 26, 28, 30);
  const lowBetween = v128.shuffle<u8>(a, b, 1, 3, 5, 7, 9, 11, 13, 15, 17, 19, 21, 23, 25, 27, 29, 31);
  const highBetween = v128.shuffle<u8>(c, d, 1, 3, 5, 7, 9, 11, 13, 15, 17, 19, 21, 23, 25, 27, 29, 31);
  const first = (<u32>sample) << 1;
  if (v128.any_true(v128.or(lowBetween, highBetween))) {
    // Separators stand in even places and may be the other one; tabs stand in odd places.
    const other = i16x8.splat(<i16>OTHER_SEPARATOR);
    const lowOther = i8x16.eq(lowBetween, other);
    const highOther = i8x16.eq(highBetween, other);
    if (v128.any_true(v128.or(v128.andnot(lowBetween, lowOther), v128.andnot(highBetween, highOther))))
      return false;
    let mask = (<u32>i8x16.bitmask(lowOther) | ((<u32>i8x16.bitmask(highOther)) << 16)) & 0x5555_5555;
    for (; mask !== 0; mask &= mask - 1) otherPhase(sample + <i32>(ctz<u32>(mask) >> 1));
  }
  const one = i8x16.splat(1);
  const zero = i8x16.splat(0);
  let ones = <u32>i8x16.bitmask(i8x16.eq(low, one)) | ((<u32>i8x16.bitmask(i8x16.eq(high, one))) << 16);
  let others =
    (<u32>i8x16.bitmask(i8x16.ne(low, zero)) | ((<u32>i8x16.bitmask(i8x16.ne(high, zero))) << 16)) ^ ones;
  if (ones !== 0) {
    if (highest === 0) return false;
    let to = onesEnd;
    for (; ones !== 0; ones &= ones - 1) {
      store<u32>(to, first + ctz<u32>(ones));
      to += 4;
    }
    onesEnd = to;
  }
  for (; others !== 0; others &= others - 1) {
    const place = ctz<u32>(others);
    const value = <u32>load<u8>(at + ((<usize>place) << 1)) ^ 48;
    if (!oneAllele(<i32>(first + place), value, highest)) return false;
  }
  return true;
}

/** Takes an allele of one character, given as its difference from `0`. */
function oneAllele(haplotype: i32, value: u32, highest: u32): bool {
  if (value === 0) return true;
  if (value === NOT_CALLED) {
    notCalled(haplotype);
    return true;
  }
  if (value > highest || value > 9) return false;
  carried(haplotype, value);
  return true;
}

function carried(haplotype: i32, allele: u32): void {
  if (allele === 1) {
    store<u32>(onesEnd, haplotype);
    onesEnd += 4;
  } else {
    store<u32>(othersEnd, haplotype);
    othersEnd += 4;
    store<u16>(allelesEnd, <u16>allele);
    allelesEnd += 2;
  }
}

function notCalled(haplotype: i32): void {
  store<u32>(missingEnd, haplotype);
  missingEnd += 4;
}

function otherPhase(sample: i32): void {
  store<u32>(phasesEnd, sample);
  phasesEnd += 4;
}

export function scanColumns(
  start: usize,
  end: usize,
  samples: i32,
  highest: i32,
  more: i32,
  lists: usize,
): usize {
  open(lists);
  fieldEnd = more !== 0 ? COLON : TAB;
  const basePhased = load<u8>(start, 1) !== <u8>SLASH;
  const newline = anyColumns(start, end, samples, <u32>highest, basePhased);
  close(lists, basePhased);
  return newline;
}

/** The newline behind the last column, or 0. */
function anyColumns(start: usize, end: usize, samples: i32, highest: u32, basePhased: bool): usize {
  // The genotype that columns are compared with first: a homozygous reference that was met in the line.
  let reference: u64 = 0;
  let otherwisePhased = false;
  const separated: u32 = basePhased ? PHASED_REFERENCE & 0xff_ffff : UNPHASED_REFERENCE & 0xff_ffff;
  const control = i8x16.splat(14);
  let sample = 0;
  let before = genotype(start, sample, highest, basePhased);
  if (before < 0) return 0;
  if (before > 0) {
    reference = load<u64>(start - 1) & GENOTYPE_BYTES;
    otherwisePhased = before === 2;
  }
  for (let at = start; at < end; at += 64) {
    let mask = bits(
      i8x16.lt_s(v128.load(at), control),
      i8x16.lt_s(v128.load(at, 16), control),
      i8x16.lt_s(v128.load(at, 32), control),
      i8x16.lt_s(v128.load(at, 48), control),
    );
    for (; mask !== 0; mask &= mask - 1) {
      const behind = at + <usize>ctz<u64>(mask);
      const word = load<u64>(behind) & GENOTYPE_BYTES;
      if (word === reference) {
        sample += 1;
        if (sample >= samples) return 0;
        if (otherwisePhased) otherPhase(sample);
        continue;
      }
      const byte = <u32>word & 0xff;
      if (byte === TAB) {
        sample += 1;
        if (sample >= samples) return 0;
        // Two of the first two alleles, with the separator of the line: written without a jump that depends on them.
        const first = (<u32>word >> 8) ^ separated;
        const end = <u32>(word >> 32);
        if ((first & ~ONES) === 0 && (end === TAB || end === fieldEnd) && highest !== 0) {
          store<u32>(onesEnd, sample << 1);
          onesEnd += (<usize>(first & 1)) << 2;
          store<u32>(onesEnd, (sample << 1) + 1);
          onesEnd += (<usize>(first >> 16)) << 2;
          continue;
        }
        before = genotype(behind + 1, sample, highest, basePhased);
        if (before < 0) return 0;
        if (before > 0) {
          reference = word;
          otherwisePhased = before === 2;
        }
      } else if (byte === NEWLINE) {
        return sample + 1 === samples ? behind : 0;
      } else if (byte === RETURN && load<u8>(behind, 1) !== <u8>NEWLINE) {
        return 0;
      }
    }
  }
  return 0;
}

/**
 * Reads the genotype at the start of a column. -1 where it is not known here; 1 for a homozygous reference of one-digit
 * alleles, 2 for one whose phase is not the line's, else 0.
 */
function genotype(start: usize, sample: i32, highest: u32, basePhased: bool): i32 {
  const haplotype = sample << 1;
  let at = start;
  let byte = <u32>load<u8>(at);
  let first: u32 = 0;
  if (byte === POINT) at += 1;
  else {
    for (; byte - 48 < 10; byte = <u32>load<u8>(at)) {
      first = first * 10 + byte - 48;
      if (first > MOST_ALLELES) return -1;
      at += 1;
    }
    if (at === start || first > highest) return -1;
    if (first !== 0) carried(haplotype, first);
  }
  if (load<u8>(start) === <u8>POINT) notCalled(haplotype);
  const separator = <u32>load<u8>(at);
  if (separator !== BAR && separator !== SLASH) {
    if (!ends(at, separator)) return -1;
    store<u32>(absentEnd, haplotype + 1);
    absentEnd += 4;
    if (!basePhased) otherPhase(sample);
    return 0;
  }
  const other = (separator === BAR) !== basePhased;
  if (other) otherPhase(sample);
  at += 1;
  const secondStart = at;
  let second: u32 = 0;
  byte = <u32>load<u8>(at);
  if (byte === POINT) at += 1;
  else {
    for (; byte - 48 < 10; byte = <u32>load<u8>(at)) {
      second = second * 10 + byte - 48;
      if (second > MOST_ALLELES) return -1;
      at += 1;
    }
    if (at === secondStart || second > highest) return -1;
    if (second !== 0) carried(haplotype + 1, second);
  }
  if (load<u8>(secondStart) === <u8>POINT) notCalled(haplotype + 1);
  if (!ends(at, <u32>load<u8>(at))) return -1;
  const word = load<u32>(start) & 0x00ff_00ff;
  return word === 0x0030_0030 && at - start === 3 ? (other ? 2 : 1) : 0;
}

/** Whether a genotype may end before that byte. */
function ends(at: usize, byte: u32): bool {
  return (
    byte === fieldEnd ||
    byte === TAB ||
    byte === NEWLINE ||
    (byte === RETURN && load<u8>(at, 1) === <u8>NEWLINE)
  );
}

/** `lists` starts with the counts that `close` writes and the places of the lists: see `ScanLists`. */
function open(lists: usize): void {
  onesEnd = <usize>load<u32>(lists, 32);
  othersEnd = <usize>load<u32>(lists, 36);
  allelesEnd = <usize>load<u32>(lists, 40);
  missingEnd = <usize>load<u32>(lists, 44);
  absentEnd = <usize>load<u32>(lists, 48);
  phasesEnd = <usize>load<u32>(lists, 52);
}

function close(lists: usize, basePhased: bool): void {
  store<u32>(lists, <u32>(onesEnd - <usize>load<u32>(lists, 32)) >> 2);
  store<u32>(lists, <u32>(othersEnd - <usize>load<u32>(lists, 36)) >> 2, 4);
  store<u32>(lists, <u32>(missingEnd - <usize>load<u32>(lists, 44)) >> 2, 8);
  store<u32>(lists, <u32>(absentEnd - <usize>load<u32>(lists, 48)) >> 2, 12);
  store<u32>(lists, <u32>(phasesEnd - <usize>load<u32>(lists, 52)) >> 2, 16);
  store<u32>(lists, basePhased ? 1 : 0, 20);
}
