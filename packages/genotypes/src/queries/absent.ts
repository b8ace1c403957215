import type { Variant } from '@federome/core';
import { countCalled } from '../callability/coverage-counts.ts';
import type { Segment } from '../segments/segment.ts';
import type { AbsentCounts, SegmentCounter } from './segment-counter.ts';
import { holdsBlock, type Snapshot } from './snapshot.ts';

/**
 * What a variant that a block does not list counts as, for each cohort: who was called throughout the site has the
 * reference where the block's files say where they called, else the dataset's absent policy holds.
 */
export async function absentCounts(
  snapshot: Snapshot,
  counter: SegmentCounter,
  block: number,
  variant: Variant,
): Promise<AbsentCounts> {
  const people = snapshot.roster.blocks[block]!.people;
  const callability = snapshot.callabilityOf(block, variant.contig);
  if (callability !== undefined) {
    const called = await callability.calledIn(variant.position, variant.position + variant.ref.length);
    return countCalled(called, block, people, counter.cohorts);
  }
  if (snapshot.manifest.absent === 'missing') return missingCounts(counter, block, people);
  const neighbour = await ploidyNeighbour(snapshot, block, variant);
  if (neighbour === undefined) return counter.plainAbsent(block, people);
  return counter.absentAfter(neighbour.segment, block, neighbour.row);
}

/** Nobody called. */
function missingCounts(counter: SegmentCounter, block: number, people: number): AbsentCounts {
  const counts = new Uint32Array(2 * counter.cohorts.length);
  counter.members(block, people).forEach((members, cohort) => {
    counts[2 * cohort + 1] = members;
  });
  return counts;
}

/**
 * The site of a block that says who has one copy around a variant: the nearest before it in genome order, else the first
 * of the contig. `undefined` where everyone of the block has two copies at every site of the contig.
 */
export async function ploidyNeighbour(
  snapshot: Snapshot,
  block: number,
  variant: Variant,
): Promise<{ readonly segment: Segment; readonly row: number } | undefined> {
  const segments = snapshot.segmentsOf(variant.contig).filter((segment) => holdsBlock(segment, block));
  if (!segments.some(({ entry }) => entry.haploid)) return undefined;
  return (await nearestBefore(segments, variant)) ?? (await first(segments));
}

async function nearestBefore(segments: readonly Segment[], variant: Variant) {
  const before = segments.filter(({ entry }) => entry.first <= variant.position);
  before.sort((a, b) => b.entry.last - a.entry.last);
  let best: { segment: Segment; row: number; at: Variant } | undefined;
  for (const segment of before) {
    if (best !== undefined && segment.entry.last < best.at.position) break;
    const table = await segment.sites();
    const row = table.lowerBound(variant) - 1;
    if (row >= 0 && (best === undefined || table.compare(row, best.at) > 0)) {
      best = { segment, row, at: table.variant(row) };
    }
  }
  return best;
}

async function first(segments: readonly Segment[]) {
  let best: { segment: Segment; row: number; at: Variant } | undefined;
  for (const segment of segments) {
    if (best !== undefined && segment.entry.first > best.at.position) continue;
    const table = await segment.sites();
    if (best === undefined || table.compare(0, best.at) < 0) best = { segment, row: 0, at: table.variant(0) };
  }
  return best;
}
