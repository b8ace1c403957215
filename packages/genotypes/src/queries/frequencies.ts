import type { AlleleCounts, Interval, PeopleSet } from '@federome/core';
import type { SiteCounts } from '../api.ts';
import type { Kernels } from '../kernels/kernels.ts';
import { absentCounts } from './absent.ts';
import { type Lane, type LaneRow, mergeLanes, windows } from './merge.ts';
import {
  type AbsentCounts,
  COUNTS,
  MAX_COHORTS,
  SegmentCounter,
  type SegmentRows,
} from './segment-counter.ts';
import type { Snapshot } from './snapshot.ts';

/** Counts of every site of an interval in genome order, over all blocks with genotypes on its contig. */
export async function* countInterval(
  snapshot: Snapshot,
  kernels: readonly Kernels[],
  cohorts: readonly PeopleSet[],
  interval: Interval,
): AsyncGenerator<SiteCounts> {
  const passes = kernels.map(
    (own, pass) =>
      new Pass(snapshot, own, cohorts.slice(pass * MAX_COHORTS, (pass + 1) * MAX_COHORTS), interval.contig),
  );
  for await (const lanes of windows(snapshot, interval)) {
    for (const pass of passes) await pass.open(lanes);
    for (const rows of mergeLanes(lanes)) {
      const { lane, row } = rows[0]!;
      const { table } = lanes[lane]!;
      const counts: AlleleCounts[] = [];
      for (const pass of passes) pass.count(rows, counts);
      // Sites that end before the interval still say who has one copy in what follows.
      const position = table.positions[row]!;
      if (position < interval.start && position + table.variant(row).ref.length <= interval.start) continue;
      yield { site: table.site(row), counts };
    }
  }
}

/** Counters needed for that many cohorts. */
export function passesFor(cohorts: readonly PeopleSet[]): number {
  return Math.max(1, Math.ceil(cohorts.length / MAX_COHORTS));
}

/** The counts of up to `MAX_COHORTS` cohorts, while a contig passes by. */
class Pass {
  readonly #snapshot: Snapshot;
  readonly #counter: SegmentCounter;
  readonly #blocks: readonly number[];
  /** What an absent site counts as in each block, and over all blocks. */
  readonly #absent = new Map<number, AbsentCounts>();
  readonly #total: Uint32Array;
  #lanes: readonly Lane[] = [];
  #rows: readonly SegmentRows[] = [];

  constructor(snapshot: Snapshot, kernels: Kernels, cohorts: readonly PeopleSet[], contig: string) {
    this.#snapshot = snapshot;
    this.#counter = new SegmentCounter(kernels, cohorts);
    this.#blocks = snapshot.blocksOn(contig);
    this.#total = new Uint32Array(2 * cohorts.length);
  }

  async open(lanes: readonly Lane[]): Promise<void> {
    if (this.#absent.size === 0) await this.#begin(lanes);
    this.#lanes = lanes;
    const rows: SegmentRows[] = [];
    for (const { segment, from, to } of lanes) rows.push(await this.#counter.rows(segment, from, to));
    this.#rows = rows;
  }

  async #begin(lanes: readonly Lane[]): Promise<void> {
    const first = mergeLanes(lanes).next().value?.[0];
    if (first === undefined) return;
    const variant = lanes[first.lane]!.table.variant(first.row);
    for (const block of this.#blocks) {
      const counts = await absentCounts(this.#snapshot, this.#counter, block, variant);
      this.#absent.set(block, counts);
      addTo(this.#total, counts, 1);
    }
  }

  /** Appends the counts of the variant that these rows list, one for each cohort. */
  count(listed: readonly LaneRow[], into: AlleleCounts[]): void {
    const an = this.#total.slice();
    for (const { lane } of listed) {
      const { firstBlock, blocks } = this.#lanes[lane]!.segment.entry;
      for (let block = firstBlock; block < firstBlock + blocks; block += 1)
        addTo(an, this.#absent.get(block)!, -1);
    }
    for (let cohort = 0; cohort < this.#counter.cohorts.length; cohort += 1) {
      into.push(this.#countCohort(listed, cohort, an[2 * cohort]!, an[2 * cohort + 1]!));
    }
    if (this.#snapshot.manifest.absent === 'reference') for (const row of listed) this.#remember(row);
  }

  #countCohort(listed: readonly LaneRow[], cohort: number, an: number, missing: number): AlleleCounts {
    let ac = 0;
    let hom = 0;
    let hemi = 0;
    for (const { lane, row } of listed) {
      const { counts } = this.#rows[lane]!;
      const at = ((row - this.#lanes[lane]!.from) * this.#counter.cohorts.length + cohort) * COUNTS;
      ac += counts[at]!;
      an += counts[at + 1]!;
      hom += counts[at + 2]!;
      hemi += counts[at + 3]!;
      missing += counts[at + 4]!;
    }
    return { ac, an, hom, het: ac - 2 * hom - hemi, hemi, missing };
  }

  /** The next sites that these blocks do not list are read with the ploidy of this one. */
  #remember({ lane, row }: LaneRow): void {
    const { segment, from } = this.#lanes[lane]!;
    const { absent } = this.#rows[lane]!;
    for (let place = 0; place < segment.entry.blocks; place += 1) {
      const block = segment.entry.firstBlock + place;
      const before = this.#absent.get(block)!;
      const now = absent[row - from]![place]!;
      if (now === before) continue;
      addTo(this.#total, before, -1);
      addTo(this.#total, now, 1);
      this.#absent.set(block, now);
    }
  }
}

function addTo(total: Uint32Array, counts: AbsentCounts, sign: 1 | -1): void {
  for (let at = 0; at < total.length; at += 1) total[at] = total[at]! + sign * counts[at]!;
}
