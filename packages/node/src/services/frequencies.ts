import type { AlleleCounts, ConsentScope, Interval, PeopleSet, Variant } from '@federome/core';
import { type CountBatch, countsAt, type GenotypeQueries } from '@federome/genotypes';

/** Counts of sites that follow each other; cohorts are the groups. */
export type FrequencyBatch = Pick<
  CountBatch,
  'contig' | 'size' | 'cohorts' | 'positions' | 'counts' | 'alleles'
>;

/** Exact counts of one normalised biallelic variant in one group. */
export interface FrequencyRow {
  readonly variant: Variant;
  readonly group: string;
  readonly counts: AlleleCounts;
}

export interface FrequencyOptions {
  /** Groups beside `all`; see `GroupService`. */
  readonly by?: readonly string[] | undefined;
  readonly interval?: Interval | undefined;
  /** Only these, in their order, counted by the absent policy where the dataset does not list them. */
  readonly variants?: Iterable<Variant> | undefined;
}

export interface FrequencyServiceOptions {
  readonly genotypes: (dataset: string) => Promise<GenotypeQueries>;
  readonly consented: (dataset: string, scope: ConsentScope) => Promise<PeopleSet>;
  /** Records a use before anything of it is told. */
  readonly used?: ((dataset: string, people: number) => Promise<void>) | undefined;
  readonly groups: (
    dataset: string,
    by: readonly string[],
  ) => Promise<readonly { readonly name: string; readonly people: PeopleSet }[]>;
}

/** Allele counts of a dataset's groups, for the operator inside the node: exact, and only of those who permit it. */
export class FrequencyService {
  readonly #options: FrequencyServiceOptions;

  constructor(options: FrequencyServiceOptions) {
    this.#options = options;
  }

  /** In genome order (or that of `variants`); of a variant, group `all` and then the others in theirs. */
  async *rows(dataset: string, options: FrequencyOptions = {}): AsyncIterable<FrequencyRow> {
    const { groups, batches } = await this.batches(dataset, options);
    for await (const batch of batches) {
      for (let at = 0; at < batch.size; at += 1) {
        const variant = { contig: batch.contig, position: batch.positions[at]!, ...batch.alleles(at) };
        for (const [place, group] of groups.entries())
          yield { variant, group, counts: countsAt(batch, at, place) };
      }
    }
  }

  /** The same, thousands of variants at a time; `groups` names the cohorts. */
  async batches(
    dataset: string,
    options: FrequencyOptions = {},
  ): Promise<{ readonly groups: readonly string[]; readonly batches: AsyncIterable<FrequencyBatch> }> {
    const { genotypes, names, cohorts, people } = await this.#cohorts(dataset, options);
    await this.#options.used?.(dataset, people);
    const { interval, variants } = options;
    const batches: AsyncIterable<FrequencyBatch> =
      variants === undefined
        ? genotypes.countBatches(cohorts, interval)
        : countsOf(genotypes, cohorts, variants);
    return { groups: names, batches };
  }

  async #cohorts(dataset: string, { by }: FrequencyOptions) {
    const genotypes = await this.#options.genotypes(dataset);
    const consented = await this.#options.consented(dataset, 'allele-frequency');
    const groups = await this.#options.groups(dataset, by ?? []);
    return {
      genotypes,
      people: consented.size,
      names: ['all', ...groups.map((group) => group.name)],
      cohorts: [consented, ...groups.map((group) => group.people.and(consented))],
    };
  }
}

async function* countsOf(
  genotypes: GenotypeQueries,
  cohorts: readonly PeopleSet[],
  variants: Iterable<Variant>,
): AsyncIterable<FrequencyBatch> {
  for (const variant of variants) {
    const counts = await genotypes.count(variant, cohorts);
    yield {
      contig: variant.contig,
      size: 1,
      cohorts: cohorts.length,
      positions: Int32Array.of(variant.position),
      counts: counts.flatMap(({ ac, an, hom, hemi, missing }) =>
        [ac, an, hom, hemi, missing].map((count) => Uint32Array.of(count)),
      ),
      alleles: () => variant,
    };
  }
}
