import { discloseFrequencies, type GroupCounts } from '@federome/analysis';
import {
  type AlleleCounts,
  carrierCount,
  type DisclosurePolicy,
  expectedPloidy,
  type PeopleSet,
  type Sex,
  type Variant,
  type VariantRecord,
} from '@federome/core';
import type { GenotypeQueries, Site } from '@federome/genotypes';
import { breathing } from './breathing.ts';
import type { Search } from './places.ts';

/**
 * The sites that a search means and that at least `threshold` people of the cohort carry, in genome order: others do
 * not exist for whoever asks. Without a search, every site.
 */
export async function* sitesCarried(
  genotypes: GenotypeQueries,
  search: Search | undefined,
  cohort: PeopleSet,
  threshold: number,
): AsyncIterable<Site> {
  if (cohort.size < threshold) return;
  if (search?.few === true) {
    for await (const site of breathing(genotypes.sites(search.interval))) {
      if (!search.matches(site)) continue;
      const [counts] = await genotypes.count(site.variant, [cohort]);
      if (counts !== undefined && carrierCount(counts) >= threshold) yield site;
    }
    return;
  }
  for await (const { site, counts } of breathing(genotypes.frequencies([cohort], search?.interval))) {
    const [own] = counts;
    if (own !== undefined && carrierCount(own) >= threshold && (search?.matches(site) ?? true)) yield site;
  }
}

/** A whole cohort and its women and men, whose frequencies are shown apart. */
export interface FrequencyCohorts {
  /** ISO 3166-1 alpha-2; with `_F` and `_M` it names the populations, as the European portal reads them. */
  readonly country: string;
  readonly everyone: PeopleSet;
  readonly women: PeopleSet;
  readonly men: PeopleSet;
}

/** One variant with the frequencies of it that may be shown. */
export async function variantRecord(
  genotypes: GenotypeQueries,
  site: Site,
  cohorts: FrequencyCohorts,
  options: { readonly source: string; readonly policy: DisclosurePolicy },
): Promise<VariantRecord> {
  const { variant } = site;
  const { country, everyone, women, men } = cohorts;
  const parts = [
    { population: country, people: everyone, sex: undefined },
    { population: `${country}_F`, people: women, sex: 'female' },
    { population: `${country}_M`, people: men, sex: 'male' },
  ] as const;
  const counts = await genotypes.count(
    variant,
    parts.map(({ people }) => people),
  );
  const [whole, ...sexes] = parts.map(
    ({ population, people, sex }, index): GroupCounts => ({
      population,
      counts: counts[index]!,
      people: calledPeople(genotypes, variant, people, counts[index]!),
      possible: possibleGenotypes(genotypes, variant, sex),
    }),
  );
  const { shown, withheld } = discloseFrequencies(whole!, sexes, options.policy);
  return {
    assembly: genotypes.assembly,
    variant,
    frequencies: shown,
    withheld,
    ids: site.ids,
    source: options.source,
  };
}

/** People of whom an allele was called there. */
function calledPeople(
  genotypes: GenotypeQueries,
  variant: Variant,
  people: PeopleSet,
  { missing, an }: AlleleCounts,
): number {
  const genotyped = people.intersectionSize(genotypes.genotyped(variant.contig));
  return Math.min(an, Math.max(0, genotyped - missing));
}

function possibleGenotypes(
  { assembly }: GenotypeQueries,
  { contig, position }: Variant,
  sex: Extract<Sex, 'female' | 'male'> | undefined,
): GroupCounts['possible'] {
  const sexes = sex === undefined ? (['female', 'male'] as const) : [sex];
  const ploidies = sexes.map((each) => expectedPloidy(assembly, contig, position, each));
  const diploid = ploidies.includes(2);
  return { hom: diploid, het: diploid, hemi: ploidies.includes(1) };
}
