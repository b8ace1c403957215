import { SET_KIND } from '../kernels/kernels.ts';
import { encodeList } from './cell-encoder.ts';
import type { PayloadBuffer } from './payload.ts';
import { riceBits, riceParameter, writeRice } from './rice.ts';
import { complementOf } from './span-set.ts';

/** A list longer than this is written block by block: it would not leave much of a page. */
const MAX_LIST_BYTES = 32_768;
/** Numbers from which on a kernel is faster, though they are copied for it. */
const WORTH_A_CALL = 24;

/** A set that is written as one list of a whole span. */
export interface WrittenList {
  readonly kind: number;
  readonly offset: number;
  readonly bytes: number;
}

/**
 * Whether members are scattered thinly enough over the span to be one list of them, or of all others: less than a part
 * in `share`. Empty and full sets always are.
 */
export function isThin(count: number, limit: number, share: number): boolean {
  return Math.min(count, limit - count) * share <= limit;
}

/**
 * Appends a set of ascending numbers below `limit` as the smaller of list and complement. `undefined`, and nothing
 * written, where that takes more than 32 KiB.
 */
export function writeList(
  numbers: Uint32Array,
  limit: number,
  payload: PayloadBuffer,
): WrittenList | undefined {
  const count = numbers.length;
  if (count === 0) return { kind: SET_KIND.empty, offset: payload.length, bytes: 0 };
  const others = 2 * count > limit;
  const listed = others ? complementOf(numbers, limit) : numbers;
  const size = others ? limit - count : count;
  const first = others ? SET_KIND.complement : SET_KIND.list;
  if (size === 0) return { kind: first, offset: payload.length, bytes: 0 };
  if (size >= WORTH_A_CALL) {
    const list = encodeList(listed, size, MAX_LIST_BYTES);
    if (list === undefined) return undefined;
    const bytes = list.bytes.length;
    const offset = payload.take(bytes);
    payload.bytes.set(list.bytes, offset);
    return { kind: first + list.parameter, offset, bytes };
  }
  const parameter = riceParameter(listed, size);
  const bytes = (riceBits() + 7) >>> 3;
  const offset = payload.take(bytes);
  writeRice(listed, size, parameter, parameter, payload.bytes, offset);
  return { kind: first + parameter, offset, bytes };
}
