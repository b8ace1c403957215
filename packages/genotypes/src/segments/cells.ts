import { PEOPLE_PER_BLOCK } from '@federome/core';
import { COHORT_BYTES, isComplement, planeBytesOf, SET_KIND, type SetUnit } from '../kernels/kernels.ts';
import {
  MAX_RICE_PARAMETER,
  readRice,
  riceBits,
  riceParameter,
  riceParameterOfHalf,
  writeRice,
} from './rice.ts';
import { readList } from './span-set.ts';

/** Sets of one block that are encoded together: those of consecutive dense sets of the span. */
export interface CellGroup {
  readonly people: number;
  /** What each set's numbers are. */
  readonly units: readonly SetUnit[];
  /**
   * Set by set two planes of `COHORT_BYTES`, zero beyond the people: bit `p` of the first is copy 0 of person `p`, of
   * the second copy 1. Of a set of people only the first is used.
   */
  readonly planes: Uint8Array;
}

/** A set of a block as it is written: see `SET_KIND` of blocks. */
export interface EncodedCell {
  readonly kind: number;
  /** Numbers in the list, or runs; 0 of other kinds. */
  readonly units: number;
  readonly bytes: Uint8Array;
}

/** Encodes the sets of a block, a group at a time. */
export interface GroupEncoder {
  encode(group: CellGroup): readonly EncodedCell[];
}

/** Planes count faster than lists, by more than an order: a list must save an eighth of them. */
const LIST_SHARE = 7 / 8;
const numbers = new Uint32Array(2 * PEOPLE_PER_BLOCK);
const boundaries = new Uint32Array(2 * PEOPLE_PER_BLOCK + 2);

/** A set of a block by itself; the planes are those of `CellGroup`. */
export function encodeCell(people: number, unit: SetUnit, planes: Uint8Array): EncodedCell {
  const limit = unit === 'people' ? people : 2 * people;
  const planeBytes = planeBytesOf(people);
  const members = popcount(planes);
  if (members === 0) return { kind: SET_KIND.empty, units: 0, bytes: new Uint8Array(0) };
  const others = 2 * members > limit;
  const listed = fillNumbers(people, unit, planes, others);
  const list = listSize(listed);
  const runs = runSize(listed, others, limit);
  const bytesOfPlanes = unit === 'people' ? planeBytes : 2 * planeBytes;
  if (Math.min(list.bytes, runs.bytes) > LIST_SHARE * bytesOfPlanes) {
    return { kind: SET_KIND.planes, units: 0, bytes: packedPlanes(planes, planeBytes, unit) };
  }
  if (list.bytes <= runs.bytes) {
    const bytes = new Uint8Array(list.bytes);
    writeRice(numbers, listed, list.parameter, list.parameter, bytes, 0);
    return { kind: (others ? SET_KIND.complement : SET_KIND.list) + list.parameter, units: listed, bytes };
  }
  const bytes = new Uint8Array(runs.bytes);
  bytes.set([runs.gaps, runs.lengths]);
  writeRice(boundaries, 2 * runs.count, runs.gaps, runs.lengths, bytes, 2);
  return { kind: SET_KIND.runs, units: runs.count, bytes };
}

function listSize(listed: number) {
  if (listed === 0) return { parameter: 0, bytes: 0 };
  const parameter = riceParameter(numbers, listed);
  return { parameter, bytes: (riceBits() + 7) >>> 3 };
}

/** Fills `boundaries` with the start and end of every run of members. */
function runSize(listed: number, others: boolean, limit: number) {
  let to = 0;
  const turn = (at: number): void => {
    if (to > 0 && boundaries[to - 1] === at) to -= 1;
    else boundaries[to++] = at;
  };
  if (others) turn(0);
  for (let i = 0; i < listed; i += 1) {
    const number = numbers[i]!;
    turn(number);
    turn(number + 1);
  }
  if (others) turn(limit);
  const gaps = riceParameterOfHalf(boundaries, to, 0);
  const gapBits = riceBits();
  const lengths = riceParameterOfHalf(boundaries, to, 1);
  return { gaps, lengths, count: to / 2, bytes: 2 + ((gapBits + riceBits() + 7) >>> 3) };
}

/** Fills `numbers` with the members, or with the others below the limit, in ascending order; returns how many. */
function fillNumbers(people: number, unit: SetUnit, planes: Uint8Array, others: boolean): number {
  const words = new Uint32Array(planes.buffer, planes.byteOffset, planes.length / 4);
  const second = unit === 'people' ? 0 : COHORT_BYTES / 4;
  const flip = others ? -1 : 0;
  let to = 0;
  for (let word = 0; 32 * word < people; word += 1) {
    const there = people - 32 * word >= 32 ? -1 : (1 << (people - 32 * word)) - 1;
    const a = (words[word]! ^ flip) & there;
    const b = (words[second + word]! ^ flip) & there;
    for (let any = a | b; any !== 0; any &= any - 1) {
      const place = 31 - Math.clz32(any & -any);
      const person = 32 * word + place;
      if (unit === 'people') numbers[to++] = person;
      else {
        if ((a >>> place) & 1) numbers[to++] = 2 * person;
        if ((b >>> place) & 1) numbers[to++] = 2 * person + 1;
      }
    }
  }
  return to;
}

function packedPlanes(planes: Uint8Array, planeBytes: number, unit: SetUnit): Uint8Array {
  const first = planes.subarray(0, planeBytes);
  if (unit === 'people') return first.slice();
  const bytes = new Uint8Array(2 * planeBytes);
  bytes.set(first);
  bytes.set(planes.subarray(COHORT_BYTES, COHORT_BYTES + planeBytes), planeBytes);
  return bytes;
}

function popcount(planes: Uint8Array): number {
  const words = new Uint32Array(planes.buffer, planes.byteOffset, planes.length / 4);
  let count = 0;
  for (let i = 0; i < words.length; i += 1) {
    const word = words[i]!;
    const pairs = word - ((word >>> 1) & 0x55555555);
    const nibbles = (pairs & 0x33333333) + ((pairs >>> 2) & 0x33333333);
    count += Math.imul((nibbles + (nibbles >>> 4)) & 0x0f0f0f0f, 0x01010101) >>> 24;
  }
  return count;
}

/** Ascending members of a cell, within its block; `undefined` where the bytes are not what an encoder wrote. */
export function readCell(
  { kind, units, bytes }: EncodedCell,
  people: number,
  unit: SetUnit,
): Uint32Array | undefined {
  const limit = unit === 'people' ? people : 2 * people;
  if (kind === SET_KIND.planes) return readPlanes(bytes, people, unit);
  if (kind === SET_KIND.runs) return readRuns(units, bytes, limit);
  if (units > limit) return undefined;
  return readList(kind, isComplement(kind) ? limit - units : units, limit, bytes);
}

function readPlanes(bytes: Uint8Array, people: number, unit: SetUnit): Uint32Array | undefined {
  const planeBytes = planeBytesOf(people);
  if (bytes.length !== (unit === 'people' ? 1 : 2) * planeBytes) return undefined;
  const planes = new Uint8Array(2 * COHORT_BYTES);
  planes.set(bytes.subarray(0, planeBytes));
  if (unit === 'haplotypes') planes.set(bytes.subarray(planeBytes), COHORT_BYTES);
  return numbers.slice(0, fillNumbers(people, unit, planes, false));
}

function readRuns(units: number, bytes: Uint8Array, limit: number): Uint32Array | undefined {
  const [gaps, lengths] = [bytes[0] ?? 255, bytes[1] ?? 255];
  if (Math.max(gaps, lengths) > MAX_RICE_PARAMETER || 2 * units > boundaries.length) return undefined;
  if (!readRice(bytes, 2, bytes.length, 2 * units, gaps, lengths, limit + 1, boundaries)) return undefined;
  let to = 0;
  for (let run = 0; run < units; run += 1) {
    for (let number = boundaries[2 * run]!; number < boundaries[2 * run + 1]!; number += 1)
      numbers[to++] = number;
  }
  return numbers.slice(0, to);
}
