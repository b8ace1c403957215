import type { PeopleSet } from '@federome/core';
import type { Kernels } from '../kernels/kernels.ts';
import type { ResidentCounter } from '../queries/resident-counter.ts';
import { type AbsentCounts, COUNTS, SegmentCounter, type SegmentRows } from '../queries/segment-counter.ts';
import type { Segment } from '../segments/segment.ts';
import type { ThreadSource } from '../tasks/counting-threads.ts';
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

  readonly #resident: ResidentCounter | undefined;
  /** Threads that count, and the counter in whose place. */
  readonly #threads: ThreadSource | undefined;
  readonly #threaded: SegmentCounter;
  /** Counters of this thread count one after the other: they share what they work in. */
  #last: Promise<unknown> = Promise.resolve();

  /**
   * `borrow` gives kernels whose arena nobody else uses meanwhile. With a resident counter, what is counted stays in
   * memory for the next question; with threads, these count where what absent sites count as is not needed.
   */
  constructor(
    borrow: () => Kernels,
    cohorts: readonly PeopleSet[],
    stored: StoredCounts | undefined,
    resident?: ResidentCounter,
    threads?: ThreadSource,
  ) {
    this.direct = new SegmentCounter(borrow(), cohorts);
    this.#resident = resident;
    const corrections =
      stored === undefined ? [] : cohorts.map((cohort) => nearestGroup(cohort, stored.groups, stored.sizes));
    const isNear = corrections.some(({ base }) => base >= 0);
    this.#stored = isNear ? stored : undefined;
    this.#corrections = isNear ? corrections : [];
    this.#differences = this.#corrections.flatMap((own) =>
      [own.without, own.with].filter((people) => people !== undefined),
    );
    this.#counter =
      this.#differences.length === 0 ? this.direct : new SegmentCounter(borrow(), this.#differences);
    this.#threaded = isNear ? this.#counter : this.direct;
    this.#threads = threads;
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
      return await this.#count(this.direct, segment, from, to, absent);
    const counts = this.#ofBases(await stored.of(segment), from, to);
    if (this.#anyIn(segment))
      this.#correct(counts, (await this.#count(this.#counter, segment, from, to, false)).counts);
    const plain = absent ? new Array<readonly AbsentCounts[]>(to - from).fill(this.#plain(segment)) : [];
    return { counts, absent: plain };
  }

  async #count(
    counter: SegmentCounter,
    segment: Segment,
    from: number,
    to: number,
    absent: boolean,
  ): Promise<SegmentRows> {
    if (!absent && this.#threads !== undefined && counter === this.#threaded) {
      const threads = this.#threads.countersOf(counter.cohorts);
      return { counts: await threads.count(segment.entry, from, to), absent: [] };
    }
    const counts = absent ? undefined : await this.#resident?.rows(segment, from, to, counter.cohorts);
    if (counts !== undefined) return { counts, absent: [] };
    const rows = this.#last.then(() => counter.rows(segment, from, to));
    this.#last = rows.catch(() => {});
    return await rows;
  }

  /** As `rows`, in columns: `COUNTS` a cohort. Not to be written to. */
  async columns(segment: Segment, from: number, to: number): Promise<readonly Uint32Array[]> {
    const stored = this.#stored;
    if (stored?.has(segment) === true && !this.#anyIn(segment)) {
      const columns = await stored.of(segment);
      const nobody = new Uint32Array(this.#corrections.some(({ base }) => base < 0) ? to - from : 0);
      return this.#corrections.flatMap(({ base }) =>
        Array.from({ length: COUNTS }, (_, place) =>
          base < 0 ? nobody : columns[base * COUNTS + place]!.subarray(from, to),
        ),
      );
    }
    return columnsOf((await this.rows(segment, from, to, false)).counts, this.direct.cohorts.length);
  }

  #ofBases(columns: readonly Uint32Array[], from: number, to: number): Uint32Array {
    const width = this.#corrections.length * COUNTS;
    const counts = new Uint32Array((to - from) * width);
    this.#corrections.forEach(({ base }, cohort) => {
      if (base < 0) return;
      for (let place = 0; place < COUNTS; place += 1) {
        const column = columns[base * COUNTS + place]!;
        let at = cohort * COUNTS + place;
        for (let row = from; row < to; row += 1, at += width) counts[at] = column[row]!;
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

/** Counts row by row turned into columns, `COUNTS` a cohort. */
export function columnsOf(counts: Uint32Array, cohorts: number): readonly Uint32Array[] {
  const width = cohorts * COUNTS;
  const rows = width === 0 ? 0 : counts.length / width;
  return Array.from({ length: width }, (_, place) => {
    const column = new Uint32Array(rows);
    for (let row = 0, at = place; row < rows; row += 1, at += width) column[row] = counts[at]!;
    return column;
  });
}
