import type { PeopleSet } from '@federome/core';
import type { Kernels } from '../kernels/kernels.ts';
import { type AbsentCounts, COUNTS, SegmentCounter, type SegmentRows } from '../queries/segment-counter.ts';
import type { Segment } from '../segments/segment.ts';
import { type Correction, nearestGroup } from './base-group.ts';
import type { StoredCounts } from './stored-counts.ts';

/**
 * Counts rows of segments as `SegmentCounter` does, from stored counts where they are there: then only those people are
 * counted in whom a cohort differs from the nearest stored group, in the blocks in which they are.
 */
export class CorrectedCounter {
  /** Counts the cohorts themselves. */
  readonly direct: SegmentCounter;
  readonly #stored: StoredCounts | undefined;
  readonly #corrections: readonly Correction[];
  /** The distinct people to be taken away and added, and the counter of each of these sets. */
  readonly #differences: readonly PeopleSet[];
  readonly #counter: SegmentCounter;
  /** Blocks that hold any of them. */
  readonly #blocks: ReadonlySet<number>;

  /** `borrow` gives kernels whose arena nobody else uses meanwhile. */
  constructor(borrow: () => Kernels, cohorts: readonly PeopleSet[], stored: StoredCounts | undefined) {
    this.direct = new SegmentCounter(borrow(), cohorts);
    this.#stored = stored;
    this.#corrections =
      stored === undefined ? [] : cohorts.map((cohort) => nearestGroup(cohort, stored.groups));
    this.#differences = this.#corrections.flatMap((own) =>
      [own.without, own.with].filter((people) => people !== undefined),
    );
    this.#counter =
      this.#differences.length === 0 ? this.direct : new SegmentCounter(borrow(), this.#differences);
    this.#blocks = new Set(this.#differences.flatMap(blocksOf));
  }

  /** Whether the counts of a segment need nobody's genotypes. */
  isStored(segment: Segment): boolean {
    return this.#stored?.has(segment) === true && !this.#anyIn(segment);
  }

  /** `absent` says whether what absent sites count as is needed, too. */
  async rows(segment: Segment, from: number, to: number, absent: boolean): Promise<SegmentRows> {
    const stored = this.#stored;
    // Who has one copy only is not stored.
    if (stored === undefined || !stored.has(segment) || (absent && segment.entry.haploid))
      return await this.direct.rows(segment, from, to);
    const width = stored.groups.length * COUNTS;
    const base = (await stored.of(segment)).subarray(from * width, to * width);
    const counts = this.#isTheGroups(stored) ? base : this.#ofBases(base, width, to - from);
    if (this.#anyIn(segment)) this.#correct(counts, (await this.#counter.rows(segment, from, to)).counts);
    const plain = absent ? new Array<readonly AbsentCounts[]>(to - from).fill(this.#plain(segment)) : [];
    return { counts, absent: plain };
  }

  #isTheGroups({ groups }: StoredCounts): boolean {
    return (
      this.#corrections.length === groups.length &&
      this.#corrections.every(({ base, without, with: added }, place) => {
        return base === place && without === undefined && added === undefined;
      })
    );
  }

  #ofBases(base: Uint32Array, width: number, rows: number): Uint32Array {
    const counts = new Uint32Array(rows * this.#corrections.length * COUNTS);
    this.#corrections.forEach((own, cohort) => {
      if (own.base < 0) return;
      let to = cohort * COUNTS;
      for (
        let at = own.base * COUNTS;
        at < base.length;
        at += width, to += this.#corrections.length * COUNTS
      ) {
        for (let place = 0; place < COUNTS; place += 1) counts[to + place] = base[at + place]!;
      }
    });
    return counts;
  }

  #correct(counts: Uint32Array, differences: Uint32Array): void {
    const width = this.#differences.length * COUNTS;
    let difference = 0;
    const apply = (cohort: number, sign: number) => {
      let to = cohort * COUNTS;
      for (let at = difference * COUNTS; at < differences.length; at += width) {
        for (let place = 0; place < COUNTS; place += 1)
          counts[to + place] = counts[to + place]! + sign * differences[at + place]!;
        to += this.#corrections.length * COUNTS;
      }
      difference += 1;
    };
    this.#corrections.forEach((own, cohort) => {
      if (own.without !== undefined) apply(cohort, -1);
      if (own.with !== undefined) apply(cohort, 1);
    });
  }

  #anyIn({ entry }: Segment): boolean {
    for (let block = entry.firstBlock; block < entry.firstBlock + entry.blocks; block += 1)
      if (this.#blocks.has(block)) return true;
    return false;
  }

  #plain({ entry }: Segment): readonly AbsentCounts[] {
    return Array.from({ length: entry.blocks }, (_, place) => {
      const block = entry.firstBlock + place;
      return this.direct.plainAbsent(block, this.#stored!.peopleIn(block));
    });
  }
}

/** Numbers of the blocks in which anyone of a set is. */
function blocksOf(people: PeopleSet): readonly number[] {
  const blocks: number[] = [];
  for (let block = 0; block < people.blockCount; block += 1)
    if (people.block(block)?.some((word) => word !== 0)) blocks.push(block);
  return blocks;
}
