import type { Interval } from '@federome/core';
import { BIN_BITS } from '../ingest/bins.ts';
import type { Segment } from '../segments/segment.ts';
import type { SiteTable } from '../segments/site-table.ts';
import type { Snapshot } from './snapshot.ts';

/** Rows of one segment that belong to a window of positions. */
export interface Lane {
  readonly segment: Segment;
  readonly table: SiteTable;
  readonly from: number;
  readonly to: number;
}

/** A row of a lane. */
export interface LaneRow {
  readonly lane: number;
  readonly row: number;
}

/** Rows a window may hold, over all segments: what bounds the memory of a pass over the store. */
const MAX_WINDOW_ROWS = 1 << 19;

/**
 * The segments of a contig, window by window in genome order: every variant that starts in a window is in its lanes
 * and in no other window's. Begins early enough for sites that start before the interval and reach into it.
 */
export async function* windows(snapshot: Snapshot, interval: Interval): AsyncGenerator<readonly Lane[]> {
  const ofContig = snapshot.segmentsOf(interval.contig);
  const start = await firstStart(ofContig, interval.start);
  const segments = ofContig.filter(({ entry }) => entry.last >= start && entry.first < interval.end);
  const bins = [...new Set(segments.map(({ entry }) => entry.bin))].sort((a, b) => a - b);
  for (const bin of bins) {
    const inBin = segments.filter(({ entry }) => entry.bin === bin);
    const siteCount = inBin.reduce((sum, { entry }) => sum + entry.sites, 0);
    const pieces = 2 ** Math.max(0, Math.ceil(Math.log2(siteCount / MAX_WINDOW_ROWS)));
    const width = Math.ceil(2 ** BIN_BITS / pieces);
    for (let piece = 0; piece < pieces; piece += 1) {
      const from = bin * 2 ** BIN_BITS + piece * width;
      const rows = { start: Math.max(start, from), end: Math.min(from + width, interval.end) };
      const lanes: Lane[] = [];
      for (const segment of inBin) {
        const table = await segment.sites();
        const lane = { segment, table, from: rowAt(table, rows.start), to: rowAt(table, rows.end) };
        if (lane.from < lane.to) lanes.push(lane);
      }
      if (lanes.length > 0) yield* apart(lanes);
    }
  }
}

/** Lanes that lie one after the other come one after the other: then there is nothing to merge. */
function* apart(lanes: readonly Lane[]): Generator<readonly Lane[]> {
  const inOrder = [...lanes].sort((a, b) => firstOf(a) - firstOf(b));
  let together: Lane[] = [];
  let last = Number.NEGATIVE_INFINITY;
  for (const lane of inOrder) {
    if (together.length > 0 && firstOf(lane) > last) {
      yield together;
      together = [];
    }
    together.push(lane);
    last = Math.max(last, lane.table.positions[lane.to - 1]!);
  }
  yield together;
}

function firstOf({ table, from }: Lane): number {
  return table.positions[from]!;
}

/** Where sites may start that reach into an interval: before its start by as much as a `ref` there is long. */
async function firstStart(segments: readonly Segment[], start: number): Promise<number> {
  let longest = 1;
  for (const segment of segments) {
    if (segment.entry.first >= start || segment.entry.end <= start) continue;
    longest = Math.max(longest, (await segment.sites()).longestRef);
  }
  return start - longest + 1;
}

/** Each distinct variant of the lanes in order, as the rows that list it. The yielded array is used again. */
export function* mergeLanes(lanes: readonly Lane[]): Generator<readonly LaneRow[]> {
  const next = lanes.map(({ from }) => from);
  const rows: LaneRow[] = [];
  for (;;) {
    rows.length = 0;
    for (let lane = 0; lane < lanes.length; lane += 1) {
      const { table, to } = lanes[lane]!;
      const row = next[lane]!;
      if (row === to) continue;
      const order = rows.length === 0 ? -1 : compareRows(table, row, lanes, rows[0]!);
      if (order > 0) continue;
      if (order < 0) rows.length = 0;
      rows.push({ lane, row });
    }
    if (rows.length === 0) return;
    for (const { lane, row } of rows) next[lane] = row + 1;
    yield rows;
  }
}

function compareRows(table: SiteTable, row: number, lanes: readonly Lane[], other: LaneRow): number {
  const otherTable = lanes[other.lane]!.table;
  const distance = table.positions[row]! - otherTable.positions[other.row]!;
  return distance !== 0 ? distance : table.compare(row, otherTable.variant(other.row));
}

/** The first row that starts at that position or after it. */
function rowAt(table: SiteTable, position: number): number {
  let low = 0;
  let high = table.size;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (table.positions[middle]! < position) low = middle + 1;
    else high = middle;
  }
  return low;
}
