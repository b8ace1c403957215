import type { PeopleSet } from '@federome/core';
import { GenotypeError, type GenotypeStore } from '@federome/genotypes';

export interface StoredCountServiceOptions {
  readonly genotypes: (dataset: string) => Promise<Pick<GenotypeStore, 'storeCounts' | 'variantCount'>>;
  readonly groups: (
    dataset: string,
    by: readonly string[],
  ) => Promise<readonly { readonly name: string; readonly people: PeopleSet }[]>;
}

/** The groups that are asked for most: an operator's other groups are counted when they are asked for. */
const KEPT = ['population', 'sex'];

/**
 * Keeps the allele counts of everyone, every population and every sex beside a dataset's genotypes, so that questions
 * about them, or about those of them who consent, need few people's genotypes or nobody's.
 */
export class StoredCountService {
  readonly #options: StoredCountServiceOptions;

  constructor(options: StoredCountServiceOptions) {
    this.#options = options;
  }

  /** Brings the counts up to date after people or genotypes came. Only speed hangs on it: where an ingest runs, that does it. */
  async update(dataset: string): Promise<void> {
    const genotypes = await this.#options.genotypes(dataset);
    if (genotypes.variantCount() === 0) return;
    const groups = [];
    for (const by of KEPT) groups.push(...(await this.#options.groups(dataset, [by])));
    try {
      await genotypes.storeCounts(groups);
    } catch (error) {
      if (!(error instanceof GenotypeError) || error.code !== 'genotypes/locked') throw error;
    }
  }
}
