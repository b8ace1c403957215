import type { AlleleCounts, ConsentScope, Interval, PeopleSet, Variant } from '@federome/core';
import type { GenotypeQueries } from '@federome/genotypes';

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
    const genotypes = await this.#options.genotypes(dataset);
    const consented = await this.#options.consented(dataset, 'allele-frequency');
    const groups = await this.#options.groups(dataset, options.by ?? []);
    const names = ['all', ...groups.map((group) => group.name)];
    const cohorts = [consented, ...groups.map((group) => group.people.and(consented))];
    const sites =
      options.variants === undefined
        ? frequencies(genotypes, cohorts, options.interval)
        : countsOf(genotypes, cohorts, options.variants);
    for await (const { variant, counts } of sites) {
      for (let at = 0; at < names.length; at += 1) {
        yield { variant, group: names[at]!, counts: counts[at]! };
      }
    }
  }
}

interface VariantCounts {
  readonly variant: Variant;
  readonly counts: readonly AlleleCounts[];
}

async function* frequencies(
  genotypes: GenotypeQueries,
  cohorts: readonly PeopleSet[],
  interval: Interval | undefined,
): AsyncIterable<VariantCounts> {
  for await (const { site, counts } of genotypes.frequencies(cohorts, interval)) {
    yield { variant: site.variant, counts };
  }
}

async function* countsOf(
  genotypes: GenotypeQueries,
  cohorts: readonly PeopleSet[],
  variants: Iterable<Variant>,
): AsyncIterable<VariantCounts> {
  for (const variant of variants) yield { variant, counts: await genotypes.count(variant, cohorts) };
}
