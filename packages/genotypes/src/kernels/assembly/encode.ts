// Sets of a block to the smallest of their encodings: the same as ../../segments/cells.ts, to the byte.
import { COMPLEMENT, EMPTY, LIST, MAX_PARAMETER, PLANES, RUNS } from './kinds';

const PLANE_BYTES: usize = 4096;
/** Numbers that a scratch has room for: members of a block, or ends of runs. */
const NUMBERS: usize = 65_538 * 4;

/** Bits of the code with the parameter that `parameterOf` returned. */
let bestBits: u32 = 0;

/** Sets the bits of ascending numbers in planes block by block; returns pairs of copies, or −1 where numbers are not ascending below the limit. */
export function scatter(list: usize, count: i32, shift: u32, limit: u32, planes: usize): i32 {
  let pairs: i32 = 0;
  let expected: u32 = 0;
  const end = list + ((<usize>count) << 2);
  for (let at = list; at < end; at += 4) {
    const number = load<u32>(at);
    if (number < expected || number >= limit) return -1;
    pairs += <i32>(number & shift) & <i32>(number === expected);
    expected = number + 1;
    const person = number >> shift;
    const byte =
      planes +
      (<usize>(person >> 15) * 2 + <usize>(number & shift)) * PLANE_BYTES +
      <usize>((person >> 3) & 4095);
    store<u8>(byte, load<u8>(byte) | ((<u8>1) << (<u8>(person & 7))));
  }
  return pairs;
}

/**
 * Writes the set to `out` as its units and bytes (32 bits each) and then the payload; returns its kind. `scratch` has
 * room for twice `NUMBERS`; `out` for the planes and 16 bytes more.
 */
export function encodeCell(
  planes: usize,
  people: i32,
  shift: u32,
  planeBytes: i32,
  scratch: usize,
  out: usize,
): i32 {
  const limit = people << (<i32>shift);
  const copies = <i32>shift + 1;
  const boundaries = scratch + NUMBERS;
  const payload = out + 8;
  const bytesOfPlanes = planeBytes * copies;
  store<i32>(out, 0);
  store<i32>(out, 0, 4);
  let members: i32 = 0;
  for (let copy = 0; copy < copies; copy += 1) {
    const plane = planes + <usize>copy * PLANE_BYTES;
    for (let i: usize = 0; i < <usize>planeBytes; i += 8) members += <i32>popcnt<u64>(load<u64>(plane + i));
  }
  if (members === 0) return EMPTY;
  const others = 2 * members > limit;
  const listed = fillNumbers(planes, people, shift, others, scratch);
  const parameter = listed === 0 ? 0 : parameterOf(scratch, listed, 0, 1);
  const listBytes = listed === 0 ? 0 : <i32>((bestBits + 7) >> 3);
  const runs = runsOf(planes, planeBytes, shift);
  let runBytes = runsAtLeast(runs, members, endOf(planes, planeBytes, shift));
  let gaps: i32 = 0;
  let lengths: i32 = 0;
  if (runBytes < listBytes) {
    fillBoundaries(scratch, listed, others, limit, boundaries);
    gaps = parameterOf(boundaries, 2 * runs, 0, 2);
    const gapBits = bestBits;
    lengths = parameterOf(boundaries, 2 * runs, 1, 2);
    runBytes = 2 + <i32>((gapBits + bestBits + 7) >> 3);
  }
  if (8 * min(listBytes, runBytes) > 7 * bytesOfPlanes) {
    memory.copy(payload, planes, <usize>planeBytes);
    if (shift !== 0) memory.copy(payload + <usize>planeBytes, planes + PLANE_BYTES, <usize>planeBytes);
    store<i32>(out, bytesOfPlanes, 4);
    return PLANES;
  }
  if (listBytes <= runBytes) {
    memory.fill(payload, 0, <usize>(listBytes + 8));
    writeRice(scratch, listed, parameter, parameter, payload);
    store<i32>(out, listed);
    store<i32>(out, listBytes, 4);
    return (others ? COMPLEMENT : LIST) + parameter;
  }
  memory.fill(payload, 0, <usize>(runBytes + 8));
  store<u8>(payload, <u8>gaps);
  store<u8>(payload, <u8>lengths, 1);
  writeRice(boundaries, 2 * runs, gaps, lengths, payload + 2);
  store<i32>(out, runs);
  store<i32>(out, runBytes, 4);
  return RUNS;
}

/**
 * Writes ascending numbers as a list to `out` as `encodeCell` does, unless it would take more than `most` bytes; returns
 * the Rice parameter, or −1.
 */
export function encodeList(list: usize, count: i32, most: i32, out: usize): i32 {
  const parameter = parameterOf(list, count, 0, 1);
  const bytes = <i32>((bestBits + 7) >> 3);
  if (bytes > most) return -1;
  memory.fill(out + 8, 0, <usize>(bytes + 8));
  writeRice(list, count, parameter, parameter, out + 8);
  store<i32>(out, count);
  store<i32>(out, bytes, 4);
  return parameter;
}

/** Members, or the others below the limit, in ascending order; returns how many. */
function fillNumbers(planes: usize, people: i32, shift: u32, others: bool, out: usize): i32 {
  const flip: u32 = others ? 0xffff_ffff : 0;
  let to = out;
  for (let first = 0; first < people; first += 32) {
    const there: u32 = people - first >= 32 ? 0xffff_ffff : ((<u32>1) << (<u32>(people - first))) - 1;
    const at = planes + <usize>(first >> 3);
    const a = (load<u32>(at) ^ flip) & there;
    if (shift === 0) {
      for (let any = a; any !== 0; any &= any - 1) {
        store<u32>(to, <u32>first + ctz<u32>(any));
        to += 4;
      }
      continue;
    }
    const b = (load<u32>(at + PLANE_BYTES) ^ flip) & there;
    for (let any = a | b; any !== 0; any &= any - 1) {
      const place = ctz<u32>(any);
      const haplotype = 2 * (<u32>first + place);
      store<u32>(to, haplotype);
      to += ((a >> place) & 1) << 2;
      store<u32>(to, haplotype + 1);
      to += ((b >> place) & 1) << 2;
    }
  }
  return <i32>((to - out) >> 2);
}

/** Runs of members: places where a member follows one that is none. */
function runsOf(planes: usize, planeBytes: i32, shift: u32): i32 {
  let runs: i32 = 0;
  let before: u64 = 0;
  for (let i: usize = 0; i < <usize>planeBytes; i += 8) {
    const a = load<u64>(planes + i);
    const last = shift === 0 ? a : load<u64>(planes + PLANE_BYTES + i);
    runs += <i32>popcnt<u64>(a & ~((last << 1) | before));
    if (shift !== 0) runs += <i32>popcnt<u64>(last & ~a);
    before = last >> 63;
  }
  return runs;
}

/** One more than the last member. */
function endOf(planes: usize, planeBytes: i32, shift: u32): i32 {
  for (let i = planeBytes - 8; i >= 0; i -= 8) {
    const a = load<u64>(planes + <usize>i);
    const b = shift === 0 ? 0 : load<u64>(planes + PLANE_BYTES + <usize>i);
    if ((a | b) === 0) continue;
    const person = 63 - <i32>clz<u64>(a | b);
    const second = <i32>((b >> <u64>person) & 1);
    return ((8 * i + person) << (<i32>shift)) + 1 + second;
  }
  return 0;
}

/** Start and end of every run of members. */
function fillBoundaries(numbers: usize, listed: i32, others: bool, limit: i32, out: usize): void {
  let to = out;
  if (others) {
    store<u32>(to, 0);
    to += 4;
  }
  for (let i = 0; i < listed; i += 1) {
    const number = load<u32>(numbers + ((<usize>i) << 2));
    if (to > out && load<u32>(to - 4) === number) to -= 4;
    else {
      store<u32>(to, number);
      to += 4;
    }
    store<u32>(to, number + 1);
    to += 4;
  }
  if (others) {
    if (to > out && load<u32>(to - 4) === <u32>limit) to -= 4;
    else {
      store<u32>(to, limit);
      to += 4;
    }
  }
}

/** Runs of so many members, of which the last ends there, cannot take fewer bytes. */
function runsAtLeast(runs: i32, members: i32, end: i32): i32 {
  const bits = codeAtLeast(runs, end - members - runs + 1) + codeAtLeast(runs, members - runs);
  return 2 + <i32>(bits / 8.0);
}

/** Bits that the codes of so many gaps with that sum take at least: `gap >> k` is more than `gap / 2^k − 1`. */
function codeAtLeast(gaps: i32, sum: i32): f64 {
  let least = Infinity;
  let scale: f64 = 1;
  for (let k = 0; k <= MAX_PARAMETER; k += 1) {
    least = min(least, <f64>gaps * <f64>k + (<f64>sum + <f64>gaps) / scale);
    scale *= 2;
  }
  return least;
}

/** The parameter with the shortest code of every `step`th gap from the place `first` on. */
function parameterOf(numbers: usize, count: i32, first: i32, step: i32): i32 {
  const gaps = (count - first + step - 1) / step;
  let sum: u32 = 0;
  if (step === 1) sum = load<u32>(numbers + ((<usize>(count - 1)) << 2)) + 1 - <u32>count;
  else {
    for (let i = first; i < count; i += step) sum += gapAt(numbers, i);
  }
  const mean = sum / <u32>gaps;
  let k: i32 = mean === 0 ? 0 : min(MAX_PARAMETER, 31 - <i32>clz<u32>(mean));
  let settled = false;
  while (!settled) {
    const lower = <u32>max(0, k - 1);
    let below: u32 = 0;
    let here: u32 = 0;
    let above: u32 = 0;
    for (let i = first; i < count; i += step) {
      const gap = gapAt(numbers, i) >> lower;
      below += gap;
      here += gap >> (<u32>k - lower);
      above += gap >> (<u32>k - lower + 1);
    }
    if (k < MAX_PARAMETER && above + <u32>gaps < here) k += 1;
    else if (k > 0 && below < here + <u32>gaps) k -= 1;
    else {
      bestBits = here + <u32>gaps * <u32>(k + 1);
      settled = true;
    }
  }
  return k;
}

function gapAt(numbers: usize, i: i32): u32 {
  const at = numbers + ((<usize>i) << 2);
  return i === 0 ? load<u32>(at) : load<u32>(at) - load<u32>(at - 4) - 1;
}

/** `out` is zero as far as the code reaches and 8 bytes more. */
function writeRice(numbers: usize, count: i32, even: i32, odd: i32, out: usize): void {
  let bit: u32 = 0;
  for (let i = 0; i < count; i += 1) {
    const k = <u32>((i & 1) === 0 ? even : odd);
    const gap = gapAt(numbers, i);
    bit += gap >> k;
    const at = out + <usize>(bit >> 3);
    const low = ((gap & (((<u32>1) << k) - 1)) << 1) | 1;
    store<u64>(at, load<u64>(at) | ((<u64>low) << (<u64>(bit & 7))));
    bit += k + 1;
  }
}
