import type { Interval, PeopleSet } from '@federome/core';
import type { CountBatch, Site } from '../api.ts';
import { CoverageCounts } from '../callability/coverage-counts.ts';
import { CorrectedCounter, columnsOf } from '../counts/corrected-counter.ts';
import type { StoredCounts } from '../counts/stored-counts.ts';
import type { Kernels } from '../kernels/kernels.ts';
import type { Alleles } from '../segments/alleles.ts';
import type { ThreadSource } from '../tasks/counting-threads.ts';
import { inOrder } from '../tasks/in-order.ts';
import { absentCounts } from './absent.ts';
import { type Lane, type LaneRow, mergeLanes, windows } from './merge.ts';
import type { ResidentCounter } from './resident-counter.ts';
import { type AbsentCounts, COUNTS, MAX_COHORTS, type SegmentRows } from './segment-counter.ts';
import type { Snapshot } from './snapshot.ts';

/** What counts of an interval are made with. */
export interface CountRequest {
  readonly snapshot: Snapshot;
  readonly cohorts: readonly PeopleSet[];
  readonly interval: Interval;
  readonly stored: StoredCounts | undefined;
  /** Kernels whose arena nobody else uses until the last batch was taken. */
  readonly borrow: () => Kernels;
  /** Keeps what is counted in memory, for intervals that are asked for again. */
  readonly resident: ResidentCounter | undefined;
  /** Threads that count beside this one. */
  readonly threads: ThreadSource | undefined;
}

/** Counts of every site of an interval in genome order, over all blocks with genotypes on its contig. */
export async function* countBatches(request: CountRequest): AsyncGenerator<CountBatch> {
  const { snapshot, interval } = request;
  const passes = passesOf(request);
  // What is absent in a block depends on what came before it: then windows are counted one after the other.
  const isUniform = passes.every((pass) => pass.isUniform);
  const depth = isUniform && request.threads !== undefined ? 2 * request.threads.threads : 1;
  const batches = inOrder(windows(snapshot, interval), depth, (lanes) => batchOf(request, passes, lanes));
  for await (const batch of batches) if (batch.size > 0) yield batch;
}

/** A window's rows as they were counted. */
interface Rows {
  readonly lanes: readonly Lane[];
  readonly rows: readonly SegmentRows[];
}

interface Opened extends Rows {
  readonly pass: Pass;
}

async function batchOf(
  request: CountRequest,
  passes: readonly Pass[],
  lanes: readonly Lane[],
): Promise<CountBatch> {
  const [lane] = lanes;
  const { table, from } = lane!;
  const isPlain = lanes.length === 1 && table.positions[from]! >= request.interval.start;
  if (isPlain && passes.every(({ isUniform }) => isUniform)) {
    const columns: Uint32Array[] = [];
    for (const pass of passes) columns.push(...(await pass.columns(lane!)));
    return Batch.ofLane(lane!, columns, request.cohorts.length);
  }
  const opened: Opened[] = [];
  for (const pass of passes) opened.push({ pass, lanes, rows: await pass.open(lanes) });
  return merged(request, opened, lanes);
}

function passesOf({
  snapshot,
  cohorts,
  interval,
  stored,
  borrow,
  resident,
  threads,
}: CountRequest): readonly Pass[] {
  const passes: Pass[] = [];
  for (let from = 0; from < Math.max(1, cohorts.length); from += MAX_COHORTS) {
    const counter = new CorrectedCounter(
      borrow,
      cohorts.slice(from, from + MAX_COHORTS),
      stored,
      resident,
      threads,
    );
    passes.push(new Pass(snapshot, counter, interval.contig));
  }
  return passes;
}

/** Each distinct variant of the lanes, in order. Sites that end before the interval still say who has one copy in what follows. */
function merged(
  { cohorts, interval }: CountRequest,
  opened: readonly Opened[],
  lanes: readonly Lane[],
): Batch {
  const limit = lanes.reduce((sum, { from, to }) => sum + to - from, 0);
  const width = cohorts.length * COUNTS;
  const counts = new Uint32Array(limit * width);
  const laneOf = new Uint16Array(limit);
  const rowOf = new Uint32Array(limit);
  let size = 0;
  for (const rows of mergeLanes(lanes)) {
    const { lane, row } = rows[0]!;
    opened.forEach((own, place) => {
      own.pass.count(own, rows, counts, size * width + place * MAX_COHORTS * COUNTS);
    });
    const { table } = lanes[lane]!;
    const position = table.positions[row]!;
    if (position < interval.start && position + table.variant(row).ref.length <= interval.start) {
      counts.fill(0, size * width, (size + 1) * width);
      continue;
    }
    laneOf[size] = lane;
    rowOf[size] = row;
    size += 1;
  }
  const columns = columnsOf(counts.subarray(0, size * width), cohorts.length);
  return new Batch(lanes, laneOf.subarray(0, size), rowOf.subarray(0, size), columns, cohorts.length);
}

class Batch implements CountBatch {
  readonly contig: string;
  readonly size: number;
  readonly cohorts: number;
  readonly positions: Int32Array;
  readonly counts: readonly Uint32Array[];
  readonly #lanes: readonly Lane[];
  readonly #laneOf: Uint16Array;
  readonly #rowOf: Uint32Array;

  constructor(
    lanes: readonly Lane[],
    laneOf: Uint16Array,
    rowOf: Uint32Array,
    counts: readonly Uint32Array[],
    cohorts: number,
  ) {
    this.contig = lanes[0]!.table.contig;
    this.size = rowOf.length;
    this.cohorts = cohorts;
    this.positions = new Int32Array(this.size);
    for (let at = 0; at < this.size; at += 1)
      this.positions[at] = lanes[laneOf[at]!]!.table.positions[rowOf[at]!]!;
    this.counts = counts;
    this.#lanes = lanes;
    this.#laneOf = laneOf;
    this.#rowOf = rowOf;
  }

  static ofLane(lane: Lane, counts: readonly Uint32Array[], cohorts: number): Batch {
    const rows = new Uint32Array(lane.to - lane.from);
    for (let at = 0; at < rows.length; at += 1) rows[at] = lane.from + at;
    return new Batch([lane], new Uint16Array(rows.length), rows, counts, cohorts);
  }

  alleles(at: number): Alleles {
    return this.#lanes[this.#laneOf[at]!]!.table.alleles(this.#rowOf[at]!);
  }

  site(at: number): Site {
    return this.#lanes[this.#laneOf[at]!]!.table.site(this.#rowOf[at]!);
  }
}

/** The counts of up to `MAX_COHORTS` cohorts, while a contig passes by. */
class Pass {
  readonly #snapshot: Snapshot;
  readonly #counter: CorrectedCounter;
  readonly #blocks: readonly number[];
  /** Whether every segment of the contig holds all of its blocks: then no site is absent in any. */
  readonly isUniform: boolean;
  /** What an absent site counts as in each block, and over all blocks. */
  readonly #absent = new Map<number, AbsentCounts>();
  readonly #total: Uint32Array;
  /** Of blocks whose files say where they called. */
  readonly #covered = new Map<number, CoverageCounts>();

  constructor(snapshot: Snapshot, counter: CorrectedCounter, contig: string) {
    this.#snapshot = snapshot;
    this.#counter = counter;
    this.#blocks = snapshot.blocksOn(contig);
    this.isUniform = snapshot.segmentsOf(contig).every(({ entry }) => entry.blocks === this.#blocks.length);
    this.#total = new Uint32Array(2 * counter.direct.cohorts.length);
    for (const block of this.isUniform ? [] : this.#blocks) {
      const callability = snapshot.callabilityOf(block, contig);
      if (callability !== undefined)
        this.#covered.set(block, new CoverageCounts(callability, counter.direct.cohorts));
    }
  }

  get #cohorts(): number {
    return this.#counter.direct.cohorts.length;
  }

  async open(lanes: readonly Lane[]): Promise<readonly SegmentRows[]> {
    if (this.#absent.size === 0 && !this.isUniform) await this.#begin(lanes);
    if (this.#covered.size > 0) await this.#loadCoverage(lanes);
    const rows: SegmentRows[] = [];
    for (const { segment, from, to } of lanes)
      rows.push(await this.#counter.rows(segment, from, to, !this.isUniform));
    return rows;
  }

  async #loadCoverage(lanes: readonly Lane[]): Promise<void> {
    const listing = lanes.filter(({ from, to }) => from < to);
    if (listing.length === 0) return;
    const start = Math.min(...listing.map(({ table, from }) => table.positions[from]!));
    const end = Math.max(...listing.map(({ table, to }) => table.positions[to - 1]! + table.longestRef));
    for (const coverage of this.#covered.values()) await coverage.load(start, end);
  }

  async #begin(lanes: readonly Lane[]): Promise<void> {
    const first = mergeLanes(lanes).next().value?.[0];
    if (first === undefined) return;
    const variant = lanes[first.lane]!.table.variant(first.row);
    for (const block of this.#blocks) {
      const counts = await absentCounts(this.#snapshot, this.#counter.direct, block, variant);
      this.#absent.set(block, counts);
      addTo(this.#total, counts, 1);
    }
  }

  /** The counts of a lane as they are, in columns, where no block counts by its absence. */
  columns({ segment, from, to }: Lane): Promise<readonly Uint32Array[]> {
    return this.#counter.columns(segment, from, to);
  }

  /** Adds the counts of the variant that these rows list to zeros, `COUNTS` a cohort. */
  count({ lanes, rows }: Rows, listed: readonly LaneRow[], into: Uint32Array, start: number): void {
    const width = this.#cohorts * COUNTS;
    for (const { lane, row } of listed) {
      const { counts } = rows[lane]!;
      const from = (row - lanes[lane]!.from) * width;
      for (let place = 0; place < width; place += 1)
        into[start + place] = into[start + place]! + counts[from + place]!;
    }
    if (!this.isUniform) this.#countAbsent({ lanes, rows }, listed, into, start);
  }

  #countAbsent(opened: Rows, listed: readonly LaneRow[], into: Uint32Array, start: number): void {
    if (this.#covered.size > 0) this.#follow(opened, listed[0]!);
    const rest = this.#total.slice();
    for (const { lane } of listed) {
      const { firstBlock, blocks } = opened.lanes[lane]!.segment.entry;
      for (let block = firstBlock; block < firstBlock + blocks; block += 1)
        addTo(rest, this.#absent.get(block)!, -1);
    }
    for (let cohort = 0; cohort < this.#cohorts; cohort += 1) {
      const at = start + cohort * COUNTS;
      into[at + 1] = into[at + 1]! + rest[2 * cohort]!;
      into[at + 4] = into[at + 4]! + rest[2 * cohort + 1]!;
    }
    if (this.#snapshot.manifest.absent === 'reference') for (const row of listed) this.#remember(opened, row);
  }

  /** The next sites that these blocks do not list are read with the ploidy of this one. */
  #remember({ lanes, rows }: Rows, { lane, row }: LaneRow): void {
    const { segment, from } = lanes[lane]!;
    const absent = rows[lane]!.absent[row - from]!;
    for (let place = 0; place < segment.entry.blocks; place += 1) {
      const block = segment.entry.firstBlock + place;
      if (!this.#covered.has(block)) this.#replace(block, absent[place]!);
    }
  }

  /** In blocks whose files say where they called, those are called who were at this site. */
  #follow({ lanes }: Rows, { lane, row }: LaneRow): void {
    const { position, ref } = lanes[lane]!.table.variant(row);
    for (const [block, coverage] of this.#covered)
      this.#replace(block, coverage.at(position, position + ref.length));
  }

  #replace(block: number, now: AbsentCounts): void {
    const before = this.#absent.get(block)!;
    if (now === before) return;
    addTo(this.#total, before, -1);
    addTo(this.#total, now, 1);
    this.#absent.set(block, now);
  }
}

function addTo(total: Uint32Array, counts: AbsentCounts, sign: 1 | -1): void {
  for (let at = 0; at < total.length; at += 1) total[at] = total[at]! + sign * counts[at]!;
}
