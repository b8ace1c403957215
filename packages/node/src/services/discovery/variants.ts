import { countGroups, discloseFrequencies } from '@federome/analysis';
import { carrierCount, type DisclosurePolicy, type PeopleSet, type VariantRecord } from '@federome/core';
import { countsAt, type GenotypeQueries, type Site } from '@federome/genotypes';
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
  for await (const batch of breathing(genotypes.countBatches([cohort], search?.interval), 1)) {
    for (let at = 0; at < batch.size; at += 1) {
      if (carrierCount(countsAt(batch, at, 0)) < threshold) continue;
      const site = batch.site(at);
      if (search?.matches(site) ?? true) yield site;
    }
  }
}

/** A whole population and its women and men, whose frequencies are shown apart. */
export interface FrequencyCohorts {
  /** ISO 3166-1 alpha-2; with `_F` and `_M` it names the populations, as the European portal reads them. */
  readonly country: string;
  readonly everyone: PeopleSet;
  readonly women: PeopleSet;
  readonly men: PeopleSet;
}

function populationsOf(country: string): readonly [everyone: string, women: string, men: string] {
  return [country, `${country}_F`, `${country}_M`];
}

/** One variant within a selection of people: nothing that depends on who is selected but that it is there. */
export function recordWithin(
  genotypes: GenotypeQueries,
  { variant, ids }: Site,
  { country, source }: { readonly country: string; readonly source: string },
): VariantRecord {
  const withheld = populationsOf(country);
  return { assembly: genotypes.assembly, variant, frequencies: [], withheld, ids, source };
}

/** One variant with the frequencies of it that may be shown. */
export async function variantRecord(
  genotypes: GenotypeQueries,
  site: Site,
  cohorts: FrequencyCohorts,
  options: { readonly source: string; readonly policy: DisclosurePolicy },
): Promise<VariantRecord> {
  const { variant } = site;
  const [everyone, women, men] = populationsOf(cohorts.country);
  const [whole, ...sexes] = await countGroups(genotypes, variant, [
    { population: everyone, people: cohorts.everyone },
    { population: women, people: cohorts.women, sex: 'female' },
    { population: men, people: cohorts.men, sex: 'male' },
  ]);
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
