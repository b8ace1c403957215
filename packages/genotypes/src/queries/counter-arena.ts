import { PEOPLE_PER_BLOCK, type PeopleSet } from '@federome/core';
import { ARENA_START, COHORT_BYTES, type Kernels } from '../kernels/kernels.ts';
import type { Span } from '../segments/span.ts';

/** Sets that one call of a kernel counts. */
export const MAX_SETS = 1_024;
/** What the kernels may read beyond a payload. */
const SPARE_BYTES = 16;
const WORDS = PEOPLE_PER_BLOCK / 32;

/** Where everything lies that is needed to count sets of a span in some cohorts. */
export class CounterArena {
  readonly kernels: Kernels;
  readonly cohortCount: number;
  readonly stride: number;
  readonly cohorts: number;
  readonly members: number;
  /** Two planes of the span. */
  readonly uncalled: number;
  /** Two planes of a block. */
  readonly planes: number;
  readonly kinds: number;
  readonly counts: number;
  readonly offsets: number;
  readonly lengths: number;
  readonly out: number;
  readonly payload: number;
  /** Blocks of the span in which some cohort has anyone. */
  readonly #peopled = new Set<number>();

  constructor(kernels: Kernels, span: Span, cohortCount: number) {
    let at = ARENA_START;
    const take = (bytes: number): number => {
      at += Math.ceil(bytes / 16) * 16;
      return at - Math.ceil(bytes / 16) * 16;
    };
    this.kernels = kernels;
    this.cohortCount = cohortCount;
    this.stride = span.people.length * COHORT_BYTES;
    this.cohorts = take(cohortCount * this.stride);
    this.members = take(4 * cohortCount);
    this.uncalled = take(2 * this.stride);
    this.planes = take(2 * COHORT_BYTES);
    this.kinds = take(MAX_SETS);
    this.counts = take(4 * MAX_SETS);
    this.offsets = take(4 * MAX_SETS);
    this.lengths = take(4 * MAX_SETS);
    this.out = take(12 * MAX_SETS * cohortCount);
    this.payload = take(SPARE_BYTES);
  }

  get buffer(): ArrayBuffer {
    return this.kernels.reserve(this.payload + SPARE_BYTES);
  }

  /** Puts the cohorts' people of a span into the arena; returns how many of each there are. */
  select(cohorts: readonly PeopleSet[], firstBlock: number, span: Span): Uint32Array {
    const sizes = new Uint32Array(cohorts.length);
    this.#peopled.clear();
    const words = new Uint32Array(this.buffer, this.cohorts, (cohorts.length * this.stride) / 4).fill(0);
    cohorts.forEach((cohort, index) => {
      span.people.forEach((people, place) => {
        const members = cohort.block(firstBlock + place);
        if (members === undefined) return;
        const start = (index * this.stride) / 4 + place * WORDS;
        const found = copyMembers(members, people, words.subarray(start, start + WORDS));
        if (found > 0) this.#peopled.add(place);
        sizes[index] = sizes[index]! + found;
      });
    });
    new Uint32Array(this.buffer, this.members, cohorts.length).set(sizes);
    new Uint8Array(this.buffer, this.uncalled, 2 * this.stride).fill(0);
    return sizes;
  }

  /** Whether the block at that place of the span has anyone of the cohorts that were put in last. */
  isPeopled(place: number): boolean {
    return this.#peopled.has(place);
  }

  /** Puts a payload where kernels find it. */
  load(bytes: Uint8Array): void {
    new Uint8Array(this.kernels.reserve(this.payload + bytes.length + SPARE_BYTES), this.payload).set(bytes);
  }
}

/** Copies the members among the first people of a block; returns how many. */
export function copyMembers(members: Uint32Array, people: number, target: Uint32Array): number {
  let size = 0;
  for (let word = 0; 32 * word < people; word += 1) {
    const there = people - 32 * word >= 32 ? -1 : (1 << (people - 32 * word)) - 1;
    const own = members[word]! & there;
    target[word] = own;
    size += popcount(own);
  }
  return size;
}

function popcount(word: number): number {
  const pairs = word - ((word >>> 1) & 0x55555555);
  const nibbles = (pairs & 0x33333333) + ((pairs >>> 2) & 0x33333333);
  return Math.imul((nibbles + (nibbles >>> 4)) & 0x0f0f0f0f, 0x01010101) >>> 24;
}
