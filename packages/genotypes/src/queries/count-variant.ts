import { type AlleleCounts, NO_ALLELES, PEOPLE_PER_BLOCK, PeopleSet, type Variant } from '@federome/core';
import type { Site } from '../api.ts';
import type { Kernels } from '../kernels/kernels.ts';
import { membersOf } from '../segments/members.ts';
import type { Segment } from '../segments/segment.ts';
import { absentCounts } from './absent.ts';
import { COUNTS, MAX_COHORTS, SegmentCounter } from './segment-counter.ts';
import { holdsBlock, type Snapshot } from './snapshot.ts';

export interface Listing {
  readonly segment: Segment;
  readonly row: number;
}

/** The segments that list a variant, at most one for each block. */
export async function listingsOf(snapshot: Snapshot, variant: Variant): Promise<readonly Listing[]> {
  const listings: Listing[] = [];
  for (const segment of snapshot.segmentsAt(variant.contig, variant.position)) {
    const table = await segment.sites();
    const row = table.lowerBound(variant);
    if (row < table.size && table.compare(row, variant) === 0) listings.push({ segment, row });
  }
  return listings;
}

export async function siteOf(snapshot: Snapshot, variant: Variant): Promise<Site | undefined> {
  const first = (await listingsOf(snapshot, variant))[0];
  return first?.segment.site(first.row);
}

/** Counts of one variant for each cohort; see `GenotypeQueries.count`. */
export async function countVariant(
  snapshot: Snapshot,
  kernels: Kernels,
  variant: Variant,
  cohorts: readonly PeopleSet[],
): Promise<readonly AlleleCounts[]> {
  const listings = await listingsOf(snapshot, variant);
  const counts: AlleleCounts[] = [];
  for (let start = 0; start < cohorts.length; start += MAX_COHORTS) {
    const counter = new SegmentCounter(kernels, cohorts.slice(start, start + MAX_COHORTS));
    counts.push(...(await countWith(counter, snapshot, variant, listings)));
  }
  return counts;
}

async function countWith(
  counter: SegmentCounter,
  snapshot: Snapshot,
  variant: Variant,
  listings: readonly Listing[],
): Promise<readonly AlleleCounts[]> {
  const totals = counter.cohorts.map(() => ({ ...NO_ALLELES }));
  for (const { segment, row } of listings) {
    const { counts } = await counter.rows(segment, row, row + 1);
    totals.forEach((total, cohort) => {
      const at = cohort * COUNTS;
      total.ac += counts[at]!;
      total.an += counts[at + 1]!;
      total.hom += counts[at + 2]!;
      total.hemi += counts[at + 3]!;
      total.missing += counts[at + 4]!;
    });
  }
  for (const block of snapshot.blocksOn(variant.contig)) {
    if (listings.some(({ segment }) => holdsBlock(segment, block))) continue;
    const absent = await absentCounts(snapshot, counter, block, variant);
    totals.forEach((total, cohort) => {
      total.an += absent[2 * cohort]!;
      total.missing += absent[2 * cohort + 1]!;
    });
  }
  return totals.map((total) => ({ ...total, het: total.ac - 2 * total.hom - total.hemi }));
}

/** Everyone with at least one copy. */
export async function carriersOf(snapshot: Snapshot, variant: Variant): Promise<PeopleSet> {
  const blocks: (Uint32Array | undefined)[] = [];
  for (const { segment, row } of await listingsOf(snapshot, variant)) {
    const index = await segment.index();
    for (const haplotype of await membersOf(segment, index.carriers(row))) {
      const block = segment.entry.firstBlock + Math.floor(haplotype / (2 * PEOPLE_PER_BLOCK));
      const person = (haplotype >>> 1) % PEOPLE_PER_BLOCK;
      const words = blocks[block] ?? new Uint32Array(PEOPLE_PER_BLOCK / 32);
      blocks[block] = words;
      words[person >>> 5] = words[person >>> 5]! | (1 << (person & 31));
    }
  }
  return PeopleSet.fromBlocks(Array.from(blocks));
}
