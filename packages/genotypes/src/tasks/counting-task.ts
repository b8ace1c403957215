import type { PeopleSet } from '@federome/core';
import type { SharedSeal } from '../at-rest/store-seal.ts';
import type { SegmentEntry } from '../segments/segment.ts';

/** What a thread counts with. */
export interface CountingPlan {
  readonly directory: string;
  readonly seal: SharedSeal | undefined;
  /** `PeopleSet.toBytes` of each cohort. */
  readonly cohorts: readonly Uint8Array[];
}

/** Rows of a segment, the blocks of one bin: what one thread counts at a time. */
export interface CountingTask {
  readonly number: number;
  readonly entry: SegmentEntry;
  readonly from: number;
  readonly to: number;
}

/** The answer to a task: `COUNTS` numbers a cohort and row, or why there is none. */
export type CountingResult =
  | { readonly number: number; readonly counts: Uint32Array }
  | { readonly number: number; readonly fault: ThreadFault };

/** A refusal that crosses threads; what is no `GenotypeError` has no code. */
export interface ThreadFault {
  readonly code: string | undefined;
  readonly message: string;
  readonly file: string | undefined;
}

export function bytesOf(cohorts: readonly PeopleSet[]): readonly Uint8Array[] {
  return cohorts.map((cohort) => cohort.toBytes());
}
