// AssemblyScript. Same contract as ../scalar-pairs.ts: see ../pair-kernels.ts for the preconditions.

/** `(allele + 1) << 1` of an int8 genotype, phase apart. */
const REFERENCE: i8 = 2;
const ONE: i8 = 4;
const ALLELE_BITS: i8 = -2;
const END_OF_VECTOR: u32 = 0x81;
const SECOND_COPIES: u32 = 0xaaaa;

let onesEnd: usize = 0;
let othersEnd: usize = 0;
let allelesEnd: usize = 0;
let missingEnd: usize = 0;
let absentEnd: usize = 0;
let phasesEnd: usize = 0;

export function scanPairs(start: usize, samples: i32, highest: i32, lists: usize): i32 {
  onesEnd = <usize>load<u32>(lists, 32);
  othersEnd = <usize>load<u32>(lists, 36);
  allelesEnd = <usize>load<u32>(lists, 40);
  missingEnd = <usize>load<u32>(lists, 44);
  absentEnd = <usize>load<u32>(lists, 48);
  phasesEnd = <usize>load<u32>(lists, 52);
  const phase = <u32>load<u8>(start, 1) & 1;
  const read = pairs(start, samples << 1, <u32>highest, phase);
  store<u32>(lists, <u32>(onesEnd - <usize>load<u32>(lists, 32)) >> 2);
  store<u32>(lists, <u32>(othersEnd - <usize>load<u32>(lists, 36)) >> 2, 4);
  store<u32>(lists, <u32>(missingEnd - <usize>load<u32>(lists, 44)) >> 2, 8);
  store<u32>(lists, <u32>(absentEnd - <usize>load<u32>(lists, 48)) >> 2, 12);
  store<u32>(lists, <u32>(phasesEnd - <usize>load<u32>(lists, 52)) >> 2, 16);
  store<u32>(lists, phase, 20);
  return read ? 1 : 0;
}

function pairs(start: usize, haplotypes: i32, highest: u32, phase: u32): bool {
  const reference = i16x8.splat(<i16>(0x0202 | (phase << 8)));
  let haplotype = 0;
  for (const wide = haplotypes & ~63; haplotype < wide; haplotype += 64) {
    const at = start + <usize>haplotype;
    const a = v128.xor(v128.load(at), reference);
    const b = v128.xor(v128.load(at, 16), reference);
    const c = v128.xor(v128.load(at, 32), reference);
    const d = v128.xor(v128.load(at, 48), reference);
    if (!v128.any_true(v128.or(v128.or(a, b), v128.or(c, d)))) continue;
    if (v128.any_true(a) && !sixteen(at, haplotype, 0xffff, highest, phase)) return false;
    if (v128.any_true(b) && !sixteen(at + 16, haplotype + 16, 0xffff, highest, phase)) return false;
    if (v128.any_true(c) && !sixteen(at + 32, haplotype + 32, 0xffff, highest, phase)) return false;
    if (v128.any_true(d) && !sixteen(at + 48, haplotype + 48, 0xffff, highest, phase)) return false;
  }
  for (; haplotype < haplotypes; haplotype += 16) {
    const left = haplotypes - haplotype;
    const lanes = left >= 16 ? 0xffff : (1 << left) - 1;
    if (!sixteen(start + <usize>haplotype, haplotype, lanes, highest, phase)) return false;
  }
  return true;
}

/** Reads those of the sixteen haplotypes whose bits are set in `lanes`. */
function sixteen(at: usize, haplotype: u32, lanes: u32, highest: u32, phase: u32): bool {
  const values = v128.load(at);
  const alleles = v128.and(values, i8x16.splat(ALLELE_BITS));
  // The end of a vector has the bit too: a call of one copy counts as phased.
  let phases = <u32>i8x16.bitmask(i8x16.shl(values, 7)) ^ (phase === 1 ? 0xffff : 0);
  for (phases &= SECOND_COPIES & lanes; phases !== 0; phases &= phases - 1) {
    store<u32>(phasesEnd, (haplotype + ctz<u32>(phases)) >> 1);
    phasesEnd += 4;
  }
  let ones = <u32>i8x16.bitmask(i8x16.eq(alleles, i8x16.splat(ONE)));
  let others = (<u32>i8x16.bitmask(i8x16.ne(alleles, i8x16.splat(REFERENCE))) ^ ones) & lanes;
  ones &= lanes;
  if (ones !== 0) {
    if (highest === 0) return false;
    let to = onesEnd;
    for (; ones !== 0; ones &= ones - 1) {
      store<u32>(to, haplotype + ctz<u32>(ones));
      to += 4;
    }
    onesEnd = to;
  }
  for (; others !== 0; others &= others - 1) {
    const place = ctz<u32>(others);
    if (!other(haplotype + place, <u32>load<u8>(at + place), highest)) return false;
  }
  return true;
}

/** Takes a haplotype that carries neither the reference nor the first allele. */
function other(haplotype: u32, value: u32, highest: u32): bool {
  if (value === END_OF_VECTOR && (haplotype & 1) === 1) {
    store<u32>(absentEnd, haplotype);
    absentEnd += 4;
    return true;
  }
  const allele = (value >> 1) - 1;
  if (value < 2) {
    store<u32>(missingEnd, haplotype);
    missingEnd += 4;
    return true;
  }
  if (value >= 128 || allele > highest) return false;
  store<u32>(othersEnd, haplotype);
  othersEnd += 4;
  store<u16>(allelesEnd, <u16>allele);
  allelesEnd += 2;
  return true;
}
