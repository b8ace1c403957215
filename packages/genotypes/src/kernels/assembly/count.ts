// Counting of sets in cohorts, and reading them into planes.
import { COMPLEMENT, EMPTY, LIST, MAX_PARAMETER, PLANES, RUNS } from './kinds';
import { closedRice, openRice, readMany, readRice } from './rice';

/** Numbers decoded at a time, and the room for them. */
const CHUNK: i32 = 256;
const chunk: usize = memory.data(256 * 4, 16);
/** People below this share a word with the flags of `countLists`. */
const PERSON: u32 = (1 << 28) - 1;

/** The Rice parameter of a list or complement; −1 of any other kind. */
function parameterOf(kind: i32): i32 {
  if (kind >= LIST && kind <= LIST + MAX_PARAMETER) return kind - LIST;
  return kind >= COMPLEMENT && kind <= COMPLEMENT + MAX_PARAMETER ? kind - COMPLEMENT : -1;
}

function memberOf(bitmap: usize, person: u32): u32 {
  return (<u32>load<u8>(bitmap + <usize>(person >> 3)) >> (person & 7)) & 1;
}

function addTo(at: usize, value: i32): void {
  store<i32>(at, load<i32>(at) + value);
}

/**
 * What a listed haplotype adds to those with one copy whose other is uncalled. Of carriers (`how` 0) one whose partner is
 * uncalled; of those who do not carry (1) an uncalled one, unless its partner is listed too: then (2) what the first of
 * the pair has added goes again.
 */
function partners(haplotype: u32, uncalled: usize, stride: usize, how: i32): i32 {
  const own = uncalled + <usize>(haplotype & 1) * stride;
  const other = uncalled + <usize>((haplotype & 1) ^ 1) * stride;
  if (how === 0) return <i32>memberOf(other, haplotype >> 1);
  return how === 1 ? <i32>memberOf(own, haplotype >> 1) : -(<i32>memberOf(other, haplotype >> 1));
}

/**
 * Counts the listed numbers: copies, pairs, and what the uncalled planes make of them. A number goes to the chunk as
 * its person with flags: bit 31, it is the second of a pair; bits 29 and 30, what `partners` says plus one.
 */
function countListed(
  units: i32,
  k: i32,
  limit: u32,
  others: bool,
  shift: u32,
  cohorts: usize,
  stride: usize,
  cohortCount: i32,
  uncalled: usize,
  out: usize,
): bool {
  let previous: u32 = 0xffff_fffe;
  for (let done = 0; done < units; ) {
    const size = min(units - done, CHUNK);
    const end = chunk + ((<usize>size) << 2);
    if (!readMany(chunk, size, k, limit)) return false;
    let pairs: u32 = 0;
    if (shift !== 0) {
      for (let at = chunk; at < end; at += 4) {
        const haplotype = load<u32>(at);
        const pair = haplotype & <u32>(haplotype === previous + 1) & 1;
        pairs |= pair;
        previous = haplotype;
        const hemi =
          uncalled === 0 ? 0 : partners(haplotype, uncalled, stride, others ? (pair !== 0 ? 2 : 1) : 0);
        store<u32>(at, (haplotype >> 1) | (pair << 31) | ((<u32>(hemi + 1)) << 29));
      }
    }
    done += size;
    const plain = shift === 0 || (uncalled === 0 && pairs === 0);
    for (let cohort = 0; cohort < cohortCount; cohort += 1) {
      const bitmap = cohorts + <usize>cohort * stride;
      const to = out + <usize>(cohort * 12);
      let copies: i32 = 0;
      let both: i32 = 0;
      let hemis: i32 = 0;
      if (plain) {
        for (let at = chunk; at < end; at += 4) copies += memberOf(bitmap, load<u32>(at) & PERSON);
      } else {
        for (let at = chunk; at < end; at += 4) {
          const entry = load<u32>(at);
          const member = <i32>memberOf(bitmap, entry & PERSON);
          copies += member;
          both += member & <i32>(entry >> 31);
          hemis += member * (<i32>((entry >> 29) & 3) - 1);
        }
      }
      addTo(to, copies);
      store<i32>(to, load<i32>(to, 4) + both, 4);
      store<i32>(to, load<i32>(to, 8) + hemis, 8);
    }
  }
  return closedRice();
}

export function countLists(
  sets: i32,
  kinds: usize,
  counts: usize,
  offsets: usize,
  lengths: usize,
  payload: usize,
  limit: u32,
  shift: u32,
  cohorts: usize,
  stride: usize,
  cohortCount: i32,
  members: usize,
  uncalled: usize,
  out: usize,
): bool {
  let to = out;
  memory.fill(out, 0, <usize>(sets * cohortCount * 12));
  for (let set = 0; set < sets; set += 1) {
    const kind = <i32>load<u8>(kinds + <usize>set);
    const units = load<i32>(counts + ((<usize>set) << 2));
    const k = parameterOf(kind);
    const others = kind >= COMPLEMENT;
    if (kind !== EMPTY) {
      if (k < 0 || units < 0) return false;
      openRice(
        payload + <usize>load<u32>(offsets + ((<usize>set) << 2)),
        load<i32>(lengths + ((<usize>set) << 2)),
      );
      if (!countListed(units, k, limit, others, shift, cohorts, stride, cohortCount, uncalled, to))
        return false;
    }
    for (let cohort = 0; cohort < cohortCount; cohort += 1) {
      if (others) {
        const size = load<i32>(members + ((<usize>cohort) << 2));
        const copies = load<i32>(to);
        store<i32>(to, (size << (<i32>shift)) - copies);
        if (shift !== 0) store<i32>(to, size - (copies - load<i32>(to, 4)), 4);
      }
      to += 12;
    }
  }
  return true;
}

/** Flips the numbers of the chunk. */
function flipChunk(size: i32, planes: usize, stride: usize, shift: u32): void {
  const end = chunk + ((<usize>size) << 2);
  for (let from = chunk; from < end; from += 4) {
    const number = load<u32>(from);
    const person = number >> shift;
    const mask = (<u8>1) << (<u8>(person & 7));
    const at = planes + <usize>(number & shift) * stride + <usize>(person >> 3);
    store<u8>(at, load<u8>(at) ^ mask);
    if (shift === 0) store<u8>(at + stride, load<u8>(at + stride) ^ mask);
  }
}

/** Flips bits `[from, to)` of a plane. */
function flipRange(plane: usize, from: u32, to: u32): void {
  while (from < to && (from & 7) !== 0) {
    const at = plane + <usize>(from >> 3);
    store<u8>(at, load<u8>(at) ^ ((<u8>1) << (<u8>(from & 7))));
    from += 1;
  }
  while (to - from >= 64 && from < to) {
    const at = plane + <usize>(from >> 3);
    store<u64>(at, ~load<u64>(at));
    from += 64;
  }
  while (from < to) {
    const at = plane + <usize>(from >> 3);
    store<u8>(at, load<u8>(at) ^ ((<u8>1) << (<u8>(from & 7))));
    from += 1;
  }
}

/** Flips the numbers `[from, to)`. */
function flipNumbers(planes: usize, stride: usize, from: u32, to: u32, shift: u32): void {
  flipRange(planes, (from + shift) >> shift, (to + shift) >> shift);
  flipRange(planes + stride, from >> shift, to >> shift);
}

export function flipList(
  kind: i32,
  units: i32,
  payload: usize,
  bytes: i32,
  shift: u32,
  limit: u32,
  planes: usize,
  stride: usize,
): bool {
  if (kind === EMPTY) return true;
  const k = parameterOf(kind);
  if (k < 0 || units < 0) return false;
  if (kind >= COMPLEMENT) flipNumbers(planes, stride, 0, limit, shift);
  openRice(payload, bytes);
  for (let done = 0; done < units; done += CHUNK) {
    const size = min(units - done, CHUNK);
    if (!readMany(chunk, size, k, limit)) return false;
    flipChunk(size, planes, stride, shift);
  }
  return closedRice();
}

export function loadCell(
  kind: i32,
  units: i32,
  payload: usize,
  bytes: i32,
  shift: u32,
  people: u32,
  planeBytes: i32,
  first: usize,
  second: usize,
): bool {
  if (kind === PLANES) {
    if (bytes !== planeBytes << (<i32>shift)) return false;
    memory.copy(first, payload, <usize>planeBytes);
    memory.copy(second, payload + <usize>(bytes - planeBytes), <usize>planeBytes);
    return true;
  }
  memory.fill(first, 0, <usize>planeBytes);
  memory.fill(second, 0, <usize>planeBytes);
  return flipCell(kind, units, payload, bytes, shift, people, first, second);
}

export function flipCell(
  kind: i32,
  units: i32,
  payload: usize,
  bytes: i32,
  shift: u32,
  people: u32,
  first: usize,
  second: usize,
): bool {
  const limit = people << shift;
  if (kind !== RUNS) return flipList(kind, units, payload, bytes, shift, limit, first, second - first);
  if (bytes < 2 || units < 0) return false;
  const gaps = <i32>load<u8>(payload);
  const lengths = <i32>load<u8>(payload, 1);
  if (gaps > MAX_PARAMETER || lengths > MAX_PARAMETER) return false;
  openRice(payload + 2, bytes - 2);
  for (let run = 0; run < units; run += 1) {
    const from = readRice(gaps, limit + 1);
    if (from < 0) return false;
    const to = readRice(lengths, limit + 1);
    if (to < 0) return false;
    flipNumbers(first, second - first, <u32>from, <u32>to, shift);
  }
  return closedRice();
}

export function countDifferences(
  set: usize,
  others: usize,
  count: i32,
  planeBytes: i32,
  step: i32,
  out: usize,
): void {
  for (let index = 0; index < count; index += 1) {
    const other = others + ((<usize>index) << 13);
    let sums = i16x8.splat(0);
    for (let i: usize = 0; i < <usize>planeBytes; i += <usize>step) {
      const a = v128.xor(v128.load(set + i), v128.load(other + i));
      const b = v128.xor(v128.load(set + i, 4096), v128.load(other + i, 4096));
      sums = i16x8.add(sums, i16x8.extadd_pairwise_i8x16_u(i8x16.add(i8x16.popcnt(a), i8x16.popcnt(b))));
    }
    store<i32>(out + ((<usize>index) << 2), total(sums));
  }
}

function total(sums: v128): i32 {
  const pairs = i32x4.extadd_pairwise_i16x8_u(sums);
  return (
    i32x4.extract_lane(pairs, 0) +
    i32x4.extract_lane(pairs, 1) +
    i32x4.extract_lane(pairs, 2) +
    i32x4.extract_lane(pairs, 3)
  );
}

export function countPlanes(
  first: usize,
  second: usize,
  planeBytes: i32,
  cohorts: usize,
  stride: usize,
  cohortCount: i32,
  uncalled: usize,
  out: usize,
): void {
  for (let cohort = 0; cohort < cohortCount; cohort += 1) {
    const bitmap = cohorts + <usize>cohort * stride;
    const to = out + <usize>(cohort * 12);
    let copies = i16x8.splat(0);
    let homs = i16x8.splat(0);
    let hemis = i16x8.splat(0);
    for (let i: usize = 0; i < <usize>planeBytes; i += 16) {
      const members = v128.load(bitmap + i);
      const a = v128.and(v128.load(first + i), members);
      const b = v128.and(v128.load(second + i), members);
      copies = i16x8.add(copies, i16x8.extadd_pairwise_i8x16_u(i8x16.add(i8x16.popcnt(a), i8x16.popcnt(b))));
      homs = i16x8.add(homs, i16x8.extadd_pairwise_i8x16_u(i8x16.popcnt(v128.and(a, b))));
      if (uncalled !== 0) {
        const x = v128.and(a, v128.load(uncalled + stride + i));
        const y = v128.and(b, v128.load(uncalled + i));
        hemis = i16x8.add(hemis, i16x8.extadd_pairwise_i8x16_u(i8x16.add(i8x16.popcnt(x), i8x16.popcnt(y))));
      }
    }
    addTo(to, total(copies));
    store<i32>(to, load<i32>(to, 4) + total(homs), 4);
    store<i32>(to, load<i32>(to, 8) + total(hemis), 8);
  }
}
