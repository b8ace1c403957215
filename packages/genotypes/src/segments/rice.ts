/** Golomb codes with a power of two (Rice 1979): the gaps between ascending numbers, near the entropy of scattered ones. */

/** No parameter above this is ever of use: numbers are below 2^32, and gaps of that size are few. */
export const MAX_RICE_PARAMETER = 24;

let bestBits = 0;

/** Bits of the code of the first `count` of `numbers` with the best parameter, which `riceParameter` has just returned. */
export function riceBits(): number {
  return bestBits;
}

/**
 * The parameter with the shortest code. `n (1 + k) + Σ gap >> k` is convex in `k`, so that going downhill from an
 * estimate ends at the optimum; the logarithm of the mean is right, or next to it, where members are scattered.
 */
export function riceParameter(numbers: Uint32Array, count = numbers.length): number {
  if (count === 1) return riceOfOne(numbers[0]!);
  return parameterOf(numbers, count, 0, 1, numbers[count - 1]! + 1 - count);
}

/** The same for every second gap, from the first (0) or the second (1) on: of runs, what lies between them, and their lengths. */
export function riceParameterOfHalf(numbers: Uint32Array, count: number, first: 0 | 1): number {
  let sum = 0;
  for (let i = first; i < count; i += 2) sum += numbers[i]! - (i === 0 ? -1 : numbers[i - 1]!) - 1;
  return parameterOf(numbers, count, first, 2, sum);
}

function parameterOf(numbers: Uint32Array, count: number, first: number, step: number, sum: number): number {
  const gaps = Math.ceil((count - first) / step);
  const mean = Math.floor(sum / gaps);
  let k = mean === 0 ? 0 : Math.min(MAX_RICE_PARAMETER, 31 - Math.clz32(mean));
  for (;;) {
    let below = 0;
    let here = 0;
    let above = 0;
    const lower = k === 0 ? 0 : k - 1;
    for (let i = first; i < count; i += step) {
      const gap = (numbers[i]! - (i === 0 ? -1 : numbers[i - 1]!) - 1) >>> lower;
      below += gap;
      here += gap >>> (k - lower);
      above += gap >>> (k - lower + 1);
    }
    if (k < MAX_RICE_PARAMETER && above + gaps < here) k += 1;
    else if (k > 0 && below < here + gaps) k -= 1;
    else {
      bestBits = here + gaps * (k + 1);
      return k;
    }
  }
}

function riceOfOne(gap: number): number {
  const k = gap === 0 ? 0 : Math.min(MAX_RICE_PARAMETER, 31 - Math.clz32(gap));
  bestBits = 1 + k + (gap >>> k);
  return k;
}

/**
 * Writes the gaps of the first `count` ascending numbers, every second one with the parameter `odd`: each as `gap >> k` zeros, a one, and the `k` low bits of the
 * gap; least significant bits first. `out` is zero from `at` on as far as `riceBits` reach. Returns the place after.
 */
export function writeRice(
  numbers: Uint32Array,
  count: number,
  even: number,
  odd: number,
  out: Uint8Array,
  at: number,
): number {
  let to = at;
  let bits = 0;
  let filled = 0;
  let previous = -1;
  for (let i = 0; i < count; i += 1) {
    const number = numbers[i]!;
    const gap = number - previous - 1;
    const k = (i & 1) === 0 ? even : odd;
    previous = number;
    for (filled += gap >>> k; filled >= 8; filled -= 8) {
      out[to++] = bits;
      bits = 0;
    }
    // At most 7 + 1 + 24 bits are in hand: the sign bit does no harm to `>>>`.
    bits |= (((gap & ((1 << k) - 1)) << 1) | 1) << filled;
    for (filled += k + 1; filled >= 8; filled -= 8) {
      out[to++] = bits;
      bits >>>= 8;
    }
  }
  if (filled > 0) out[to++] = bits;
  return to;
}

/**
 * Reads `count` ascending numbers below `limit` into `out`; the bytes `[from, end)` hold exactly their code. Returns
 * false where they do not.
 */
export function readRice(
  bytes: Uint8Array,
  from: number,
  end: number,
  count: number,
  even: number,
  odd: number,
  limit: number,
  out: Uint32Array,
): boolean {
  let at = from;
  let byte = 0;
  let left = 0;
  let next = 0;
  for (let i = 0; i < count; i += 1) {
    const k = (i & 1) === 0 ? even : odd;
    let high = 0;
    for (;;) {
      if (left === 0) {
        if (at >= end) return false;
        byte = bytes[at++]!;
        left = 8;
      }
      if (byte !== 0) break;
      high += left;
      left = 0;
    }
    const zeros = 31 - Math.clz32(byte & -byte);
    high += zeros;
    byte >>>= zeros + 1;
    left -= zeros + 1;
    let low = 0;
    for (let got = 0; got < k; ) {
      if (left === 0) {
        if (at >= end) return false;
        byte = bytes[at++]!;
        left = 8;
      }
      const take = Math.min(left, k - got);
      low |= (byte & ((1 << take) - 1)) << got;
      byte >>>= take;
      left -= take;
      got += take;
    }
    const number = next + high * 2 ** k + low;
    if (number >= limit) return false;
    out[i] = number;
    next = number + 1;
  }
  return at === end && byte === 0;
}
