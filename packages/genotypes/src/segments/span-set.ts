import { isComplement, isList, SET_KIND } from '../kernels/kernels.ts';
import { readRice } from './rice.ts';

/** Numbers of a complement. */
let scratch = new Uint32Array(1_024);

/** Ascending numbers below `limit` that are not among these; valid until the next call. */
export function complementOf(numbers: Uint32Array, limit: number): Uint32Array {
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
