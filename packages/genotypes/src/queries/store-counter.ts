import type { AlleleCounts, Interval, PeopleSet, Variant } from '@federome/core';
import type { CountBatch } from '../api.ts';
import { createKernels } from '../kernels/wasm.ts';
import { ThreadSource, threadsFor } from '../tasks/counting-threads.ts';
import { countVariant } from './count-variant.ts';
import { countAll } from './frequencies.ts';
import type { KernelPool } from './kernel-pool.ts';
import type { StoreOptions } from './load-snapshot.ts';
import { ResidentCounter } from './resident-counter.ts';
import type { Snapshot } from './snapshot.ts';

/** Memory for what was asked for before, unless given. */
const RESIDENT_BYTES = 256 << 20;

/** Counts for the questions of one store: from memory, by kernels that are lent, or by threads. */
export class StoreCounter {
  readonly #kernels: KernelPool;
  readonly #resident: ResidentCounter;
  readonly #threads: number | undefined;

  constructor(kernels: KernelPool, options: StoreOptions) {
    this.#kernels = kernels;
    this.#resident = new ResidentCounter(createKernels, options.residentBytes ?? RESIDENT_BYTES);
    this.#threads = options.threads;
  }

  /** Counts of one variant in each cohort; see `GenotypeQueries.count`. */
  async count(
    snapshot: Snapshot,
    variant: Variant,
    cohorts: readonly PeopleSet[],
  ): Promise<readonly AlleleCounts[]> {
    const counts = await this.#resident.count(snapshot, variant, cohorts);
    if (counts !== undefined) return counts;
    return await this.#kernels.with((kernels) => countVariant(snapshot, kernels, variant, cohorts));
  }

  /** Counts of every site of an interval, or of everything; see `GenotypeQueries.countBatches`. */
  async *batches(
    snapshot: Snapshot,
    cohorts: readonly PeopleSet[],
    interval: Interval | undefined,
  ): AsyncGenerator<CountBatch> {
    const lease = this.#kernels.lease();
    const threads = interval === undefined ? this.#threadsFor(snapshot) : undefined;
    try {
      const { borrow } = lease;
      const { stored } = snapshot;
      const resident = this.#resident;
      yield* countAll({ snapshot, cohorts, stored, borrow, resident, threads }, interval);
    } finally {
      lease.end();
      await threads?.close();
    }
  }

  #threadsFor({ directory, manifest, seal }: Snapshot): ThreadSource | undefined {
    const threads = threadsFor(manifest.segments, this.#threads);
    if (threads < 2) return undefined;
    return new ThreadSource({ directory, seal: seal?.share() }, threads);
  }
}
