import type { AlleleCounts, Interval } from '@federome/core';
import type { CountBatch, SiteCounts } from '../api.ts';
import { type CountRequest, countBatches } from './count-batches.ts';
import { COUNTS } from './segment-counter.ts';

/** Genes are asked for again and again: 99 in 100 are shorter. */
const RESIDENT_SPAN_BP = 1_000_000;

/** Counts of every site of an interval, or of all contigs one after the other. */
export async function* countAll(
  request: Omit<CountRequest, 'interval'>,
  interval: Interval | undefined,
): AsyncGenerator<CountBatch> {
  if (interval !== undefined) {
    const isShort = interval.end - interval.start <= RESIDENT_SPAN_BP;
    const resident = isShort ? request.resident : undefined;
    return yield* countBatches({ ...request, interval, resident, threads: undefined });
  }
  for (const contig of request.snapshot.contigs) {
    const whole = { contig, start: Number.MIN_SAFE_INTEGER, end: Number.MAX_SAFE_INTEGER };
    yield* countBatches({ ...request, interval: whole, resident: undefined });
  }
}

/** Each site of the batches with its counts. */
export async function* sitesOf(batches: AsyncIterable<CountBatch>): AsyncGenerator<SiteCounts> {
  for await (const batch of batches) {
    for (let at = 0; at < batch.size; at += 1) {
      const counts = Array.from({ length: batch.cohorts }, (_, cohort) => countsAt(batch, at, cohort));
      yield { site: batch.site(at), counts };
    }
  }
}

/** The counts of one cohort at one site of a batch. */
export function countsAt({ counts }: Pick<CountBatch, 'counts'>, at: number, cohort: number): AlleleCounts {
  const first = cohort * COUNTS;
  const ac = counts[first]![at]!;
  const an = counts[first + 1]![at]!;
  const hom = counts[first + 2]![at]!;
  const hemi = counts[first + 3]![at]!;
  return { ac, an, hom, het: ac - 2 * hom - hemi, hemi, missing: counts[first + 4]![at]! };
}
