import type { PeopleSet } from '@federome/core';
import { PEOPLE_PER_BLOCK } from '@federome/core';
import type { Kernels } from '../kernels/kernels.ts';
import type { Segment } from '../segments/segment.ts';
import type { SpanIndex, StoredSet } from '../segments/span-index.ts';
import { copyMembers } from './counter-arena.ts';
import { SetCounter } from './set-counter.ts';

/** Numbers a cohort has in a row of counts: ac, an, hom, hemi, missing. */
export const COUNTS = 5;
/** Cohorts that are counted in one pass. */
export const MAX_COHORTS = 64;

/** For each cohort alleles called (an) and people without any (missing), were everyone whose copies are known homozygous reference. */
export type AbsentCounts = Uint32Array;

export interface SegmentRows {
  /** `COUNTS` numbers a cohort and row, summed over the blocks of the segment. */
  readonly counts: Uint32Array;
  /** By row and block of the segment: what a site that is absent after this row counts as. Rows that agree share theirs. */
  readonly absent: readonly (readonly AbsentCounts[])[];
}

/** Counts rows of segments for up to `MAX_COHORTS` cohorts. Holds kernels of its own: one query at a time. */
export class SegmentCounter {
  readonly cohorts: readonly PeopleSet[];
  readonly #kernels: Kernels;
  #counter: SetCounter | undefined;
  readonly #members = new Map<number, Uint32Array>();
  readonly #plain = new Map<number, AbsentCounts>();
  /** By segment and number of a set of haplotypes that do not exist. */
  readonly #absent = new Map<string, readonly AbsentCounts[]>();

  constructor(kernels: Kernels, cohorts: readonly PeopleSet[]) {
    this.#kernels = kernels;
    this.cohorts = cohorts;
  }

  /** Of each cohort, how many are in a block of that many people. */
  members(block: number, people: number): Uint32Array {
    let members = this.#members.get(block);
    if (members === undefined) {
      const scratch = new Uint32Array(PEOPLE_PER_BLOCK / 32);
      members = Uint32Array.from(this.cohorts, (cohort) => {
        const own = cohort.block(block);
        return own === undefined ? 0 : copyMembers(own, people, scratch);
      });
      this.#members.set(block, members);
    }
    return members;
  }

  /** Absent counts of a block all of whose people have two copies; the same object every time. */
  plainAbsent(block: number, people: number): AbsentCounts {
    let plain = this.#plain.get(block);
    if (plain === undefined) {
      plain = new Uint32Array(2 * this.cohorts.length);
      this.members(block, people).forEach((members, cohort) => {
        plain![2 * cohort] = 2 * members;
      });
      this.#plain.set(block, plain);
    }
    return plain;
  }

  async rows(segment: Segment, from: number, to: number): Promise<SegmentRows> {
    const counter = await this.#select(segment);
    const { index } = counter;
    const rows = Array.from({ length: to - from }, (_, place) => from + place);
    const carriers = await counter.count(rows.map((row) => index.carriers(row)));
    const people = await this.#distinct(counter, index.missingPeople.subarray(from, to));
    const missing = await this.#distinct(counter, index.missing.subarray(from, to));
    const gone = await this.#distinct(counter, index.absent.subarray(from, to));
    const cohorts = this.cohorts.length;
    const counts = new Uint32Array(rows.length * cohorts * COUNTS);
    const absent: (readonly AbsentCounts[])[] = [];
    for (const row of rows) {
      const halves = index.hemi[row]! + index.both[row]! === 0 ? undefined : await counter.countHalves(row);
      for (let cohort = 0; cohort < cohorts; cohort += 1) {
        const copies = ((row - from) * cohorts + cohort) * 3;
        const wholly = people(index.missingPeople[row]!, cohort);
        const single = missing(index.missing[row]!, cohort) + gone(index.absent[row]!, cohort);
        const at = ((row - from) * cohorts + cohort) * COUNTS;
        counts[at] = carriers[copies]!;
        counts[at + 1] = 2 * counter.members[cohort]! - 2 * wholly - single;
        counts[at + 2] = carriers[copies + 1]!;
        counts[at + 3] = halves?.hemi[cohort] ?? 0;
        counts[at + 4] = wholly + (halves?.both[cohort] ?? 0);
      }
      absent.push(await this.#absentOf(counter, index.absent[row]!));
    }
    return { counts, absent };
  }

  /** Absent counts after a row of a segment. */
  async absentAfter(segment: Segment, block: number, row: number): Promise<AbsentCounts> {
    const counter = await this.#select(segment);
    const counts = await this.#absentOf(counter, counter.index.absent[row]!);
    return counts[block - segment.entry.firstBlock]!;
  }

  async #select(segment: Segment): Promise<SetCounter> {
    if (this.#counter?.segment !== segment)
      this.#counter = new SetCounter(this.#kernels, segment, await segment.index(), this.cohorts);
    return this.#counter;
  }

  /** Counts each shared set once; returns what looks a set's count in a cohort up. */
  async #distinct(
    counter: SetCounter,
    numbers: Uint32Array,
  ): Promise<(number: number, cohort: number) => number> {
    const places = new Map<number, number>();
    const sets: StoredSet[] = [];
    for (const number of numbers) {
      if (number === 0 || places.has(number)) continue;
      places.set(number, sets.length);
      sets.push(counter.index.shared(number));
    }
    const counts = await counter.count(sets);
    return (number, cohort) =>
      number === 0 ? 0 : counts[(places.get(number)! * this.cohorts.length + cohort) * 3]!;
  }

  async #absentOf(counter: SetCounter, number: number): Promise<readonly AbsentCounts[]> {
    const { segment, index } = counter;
    const key =
      number === 0 ? `${segment.entry.firstBlock} ${segment.entry.blocks}` : `${segment.path} ${number}`;
    let counts = this.#absent.get(key);
    if (counts === undefined) {
      counts = number === 0 ? this.#plainOf(segment, index) : await this.#withoutCopies(counter, number);
      this.#absent.set(key, counts);
    }
    return counts;
  }

  #plainOf(segment: Segment, { span }: SpanIndex): readonly AbsentCounts[] {
    return span.people.map((people, place) => this.plainAbsent(segment.entry.firstBlock + place, people));
  }

  async #withoutCopies(counter: SetCounter, number: number): Promise<readonly AbsentCounts[]> {
    const { segment, index } = counter;
    const perBlock = await counter.countAbsent(number);
    return perBlock.map((found, place) => {
      const members = this.members(segment.entry.firstBlock + place, index.span.people[place]!);
      return Uint32Array.from(found, (count, at) => (at % 2 === 1 ? count : 2 * members[at >> 1]! - count));
    });
  }
}
