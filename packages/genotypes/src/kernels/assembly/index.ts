// AssemblyScript, compiled by build.mjs to build/kernels.wasm. Same contracts as scalar.ts: see kernels.ts for the
// preconditions. All pointers are byte offsets into the exported memory; nothing is allocated here.

const EMPTY: i32 = 0;
const LIST: i32 = 1;
const COMPLEMENT: i32 = 2;
const RUNS: i32 = 3;

export function collect(calls: usize, count: i32, value: i32, out: usize): i32 {
  const wanted = i16x8.splat(<i16>value);
  let to = out;
  let index = 0;
  const wide = count & ~31;
  while (index < wide) {
    const from = calls + ((<usize>index) << 1);
    const a = i16x8.eq(v128.load(from), wanted);
    const b = i16x8.eq(v128.load(from, 16), wanted);
    const c = i16x8.eq(v128.load(from, 32), wanted);
    const d = i16x8.eq(v128.load(from, 48), wanted);
    if (v128.any_true(v128.or(v128.or(a, b), v128.or(c, d)))) {
      let mask: u32 =
        <u32>i8x16.bitmask(i8x16.narrow_i16x8_s(a, b)) |
        ((<u32>i8x16.bitmask(i8x16.narrow_i16x8_s(c, d))) << 16);
      while (mask !== 0) {
        store<u16>(to, <u16>(index + <i32>ctz<u32>(mask)));
        to += 2;
        mask &= mask - 1;
      }
    }
    index += 32;
  }
  for (; index < count; index += 1) {
    if (<i32>load<i16>(calls + ((<usize>index) << 1)) === value) {
      store<u16>(to, <u16>index);
      to += 2;
    }
  }
  return <i32>((to - out) >> 1);
}

export function lowestCall(calls: usize, count: i32): i32 {
  let lows = i16x8.splat(0);
  let index = 0;
  const wide = count & ~7;
  for (; index < wide; index += 8) lows = i16x8.min_s(lows, v128.load(calls + ((<usize>index) << 1)));
  let lowest = 0;
  for (; index < count; index += 1) lowest = min(lowest, <i32>load<i16>(calls + ((<usize>index) << 1)));
  lowest = min(lowest, <i32>i16x8.extract_lane_s(lows, 0));
  lowest = min(lowest, <i32>i16x8.extract_lane_s(lows, 1));
  lowest = min(lowest, <i32>i16x8.extract_lane_s(lows, 2));
  lowest = min(lowest, <i32>i16x8.extract_lane_s(lows, 3));
  lowest = min(lowest, <i32>i16x8.extract_lane_s(lows, 4));
  lowest = min(lowest, <i32>i16x8.extract_lane_s(lows, 5));
  lowest = min(lowest, <i32>i16x8.extract_lane_s(lows, 6));
  return min(lowest, <i32>i16x8.extract_lane_s(lows, 7));
}

function setBit(planes: usize, planeBytes: i32, haplotype: i32): void {
  const at = planes + <usize>((haplotype & 1) * planeBytes + (haplotype >> 4));
  store<u8>(at, load<u8>(at) | ((<u8>1) << (<u8>((haplotype >> 1) & 7))));
}

function clearBit(planes: usize, planeBytes: i32, haplotype: i32): void {
  const at = planes + <usize>((haplotype & 1) * planeBytes + (haplotype >> 4));
  store<u8>(at, load<u8>(at) & ~((<u8>1) << (<u8>((haplotype >> 1) & 7))));
}

function setEveryone(planes: usize, planeBytes: i32, people: i32): void {
  const whole = people >> 3;
  const rest = ((<u8>1) << (<u8>(people & 7))) - 1;
  memory.fill(planes, 0xff, <usize>whole);
  memory.fill(planes + <usize>planeBytes, 0xff, <usize>whole);
  if (rest !== 0) {
    store<u8>(planes + <usize>whole, rest);
    store<u8>(planes + <usize>(planeBytes + whole), rest);
  }
}

export function addSet(
  kind: i32,
  units: i32,
  payload: usize,
  planes: usize,
  planeBytes: i32,
  people: i32,
): void {
  if (kind === EMPTY) return;
  if (kind === LIST) {
    for (let i = 0; i < units; i += 1) {
      setBit(planes, planeBytes, <i32>load<u16>(payload + ((<usize>i) << 1)));
    }
  } else if (kind === COMPLEMENT) {
    setEveryone(planes, planeBytes, people);
    for (let i = 0; i < units; i += 1) {
      clearBit(planes, planeBytes, <i32>load<u16>(payload + ((<usize>i) << 1)));
    }
  } else if (kind === RUNS) {
    for (let i = 0; i < units; i += 1) {
      const start = <i32>load<u16>(payload + ((<usize>i) << 2));
      const last = start + <i32>load<u16>(payload + ((<usize>i) << 2), 2);
      for (let haplotype = start; haplotype <= last; haplotype += 1) setBit(planes, planeBytes, haplotype);
    }
  } else {
    const bytes = planeBytes << 1;
    for (let i = 0; i < bytes; i += 16) {
      const at = planes + <usize>i;
      v128.store(at, v128.or(v128.load(at), v128.load(payload + <usize>i)));
    }
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

function countPlanes(planes: usize, planeBytes: i32, cohort: usize, uncalled: usize, out: usize): void {
  let copies = i16x8.splat(0);
  let homs = i16x8.splat(0);
  let hemis = i16x8.splat(0);
  const second = <usize>planeBytes;
  for (let i: usize = 0; i < second; i += 16) {
    const members = v128.load(cohort + i);
    const a = v128.and(v128.load(planes + i), members);
    const b = v128.and(v128.load(planes + second + i), members);
    copies = i16x8.add(copies, i16x8.extadd_pairwise_i8x16_u(i8x16.add(i8x16.popcnt(a), i8x16.popcnt(b))));
    homs = i16x8.add(homs, i16x8.extadd_pairwise_i8x16_u(i8x16.popcnt(v128.and(a, b))));
    if (uncalled !== 0) {
      const x = v128.and(a, v128.load(uncalled + second + i));
      const y = v128.and(b, v128.load(uncalled + i));
      hemis = i16x8.add(hemis, i16x8.extadd_pairwise_i8x16_u(i8x16.add(i8x16.popcnt(x), i8x16.popcnt(y))));
    }
  }
  store<u32>(out, total(copies));
  store<u32>(out, total(homs), 4);
  store<u32>(out, total(hemis), 8);
}

function countList(
  list: usize,
  units: i32,
  cohort: usize,
  uncalled: usize,
  planeBytes: i32,
  out: usize,
): void {
  let copies: i32 = 0;
  let homs: i32 = 0;
  let hemis: i32 = 0;
  for (let i = 0; i < units; i += 1) {
    const haplotype = <i32>load<u16>(list + ((<usize>i) << 1));
    const person = haplotype >> 1;
    const member = (<i32>load<u8>(cohort + <usize>(person >> 3)) >> (person & 7)) & 1;
    copies += member;
    if ((haplotype & 1) === 0 && i + 1 < units) {
      homs += member & <i32>(<i32>load<u16>(list + ((<usize>i) << 1), 2) === haplotype + 1);
    }
    if (uncalled !== 0) {
      const partner = <usize>((1 - (haplotype & 1)) * planeBytes + (person >> 3));
      hemis += member & (<i32>load<u8>(uncalled + partner) >> (person & 7));
    }
  }
  store<u32>(out, copies);
  store<u32>(out, homs, 4);
  store<u32>(out, hemis, 8);
}

export function countCarriers(
  sites: i32,
  kinds: usize,
  units: usize,
  offsets: usize,
  payload: usize,
  planeBytes: i32,
  people: i32,
  cohorts: usize,
  cohortStride: i32,
  cohortCount: i32,
  uncalled: usize,
  scratch: usize,
  out: usize,
): void {
  let to = out;
  for (let site = 0; site < sites; site += 1) {
    const kind = <i32>load<u8>(kinds + <usize>site);
    const size = load<i32>(units + ((<usize>site) << 2));
    const from = payload + <usize>load<u32>(offsets + ((<usize>site) << 2));
    let planes = from;
    if (kind === COMPLEMENT || kind === RUNS) {
      memory.fill(scratch, 0, <usize>(planeBytes << 1));
      addSet(kind, size, from, scratch, planeBytes, people);
      planes = scratch;
    }
    for (let index = 0; index < cohortCount; index += 1) {
      const cohort = cohorts + <usize>(index * cohortStride);
      if (kind <= LIST) countList(from, size, cohort, uncalled, planeBytes, to);
      else countPlanes(planes, planeBytes, cohort, uncalled, to);
      to += 12;
    }
  }
}

export function countUncalled(
  planes: usize,
  planeBytes: i32,
  cohorts: usize,
  cohortStride: i32,
  cohortCount: i32,
  out: usize,
): void {
  const second = <usize>planeBytes;
  for (let index = 0; index < cohortCount; index += 1) {
    const cohort = cohorts + <usize>(index * cohortStride);
    let copies = i16x8.splat(0);
    let both = i16x8.splat(0);
    for (let i: usize = 0; i < second; i += 16) {
      const members = v128.load(cohort + i);
      const a = v128.and(v128.load(planes + i), members);
      const b = v128.and(v128.load(planes + second + i), members);
      copies = i16x8.add(copies, i16x8.extadd_pairwise_i8x16_u(i8x16.add(i8x16.popcnt(a), i8x16.popcnt(b))));
      both = i16x8.add(both, i16x8.extadd_pairwise_i8x16_u(i8x16.popcnt(v128.and(a, b))));
    }
    store<u32>(out + <usize>(index << 3), total(copies));
    store<u32>(out + <usize>(index << 3), total(both), 4);
  }
}
