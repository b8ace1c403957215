import { isComplement, isList, SET_KIND } from '../kernels/kernels.ts';
import type { PayloadBuffer } from './payload.ts';
import { readRice, riceBits, riceParameter, writeRice } from './rice.ts';

/** A list longer than this is written block by block: it would not leave much of a page. */
const MAX_LIST_BYTES = 32_768;
/** Numbers of a complement, in the scratch below. */
let scratch = new Uint32Array(1_024);

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
  const parameter = riceParameter(listed, size);
  const bytes = (riceBits() + 7) >>> 3;
  if (bytes > MAX_LIST_BYTES) return undefined;
  const offset = payload.take(bytes);
  writeRice(listed, size, parameter, parameter, payload.bytes, offset);
  return { kind: first + parameter, offset, bytes };
}

/** Ascending numbers below `limit` that are not among these; valid until the next call. */
function complementOf(numbers: Uint32Array, limit: number): Uint32Array {
  const size = limit - numbers.length;
  if (scratch.length < size) scratch = new Uint32Array(2 * size);
  let to = 0;
  let expected = 0;
  for (let i = 0; i <= numbers.length; i += 1) {
    const number = i < numbers.length ? numbers[i]! : limit;
    while (expected < number) scratch[to++] = expected++;
    expected = number + 1;
  }
  return scratch;
}

/**
 * Ascending members of a list or complement of so many members; `undefined` where the bytes are not what `writeList`
 * wrote.
 */
export function readList(
  kind: number,
  members: number,
  limit: number,
  bytes: Uint8Array,
): Uint32Array | undefined {
  if (kind === SET_KIND.empty) return new Uint32Array(0);
  if (members > limit) return undefined;
  const others = isComplement(kind);
  if (!others && !isList(kind)) return undefined;
  const parameter = kind - (others ? SET_KIND.complement : SET_KIND.list);
  const count = others ? limit - members : members;
  if (count > 8 * bytes.length) return undefined;
  const numbers = new Uint32Array(count);
  if (!readRice(bytes, 0, bytes.length, count, parameter, parameter, limit, numbers)) return undefined;
  return others ? complementOf(numbers, limit).slice(0, members) : numbers;
}
