import { type AlleleCounts, formatVariant, type SubjectRecord } from '@federome/core';
import type { Consents } from '../consent/decisions.ts';
import { PLANTED } from '../genome/planted.ts';
import type { PlantedGenotypes } from '../genomes/planting.ts';
import type { Cohort } from '../people/cohort.ts';
import type { GenotypeFiles } from './genotype-files.ts';

/** What is so in a country's files, to check answers by. */
export interface CountryTruth {
  readonly country: string;
  readonly people: number;
  readonly rows: number;
  readonly variants: number;
  readonly singletons: number;
  readonly planted: readonly PlantedTruth[];
  /** People with a term itself (excluded statements not counted), by its id. */
  readonly terms: Readonly<Record<string, number>>;
  readonly consent: { readonly permitted: Readonly<Record<string, number>>; readonly withdrawals: number };
}

/** A planted variant in a country: `counts` as the files call it, `carriers` including those whose call is missing. */
export interface PlantedTruth {
  readonly id: string;
  /** `6-26092913-G-A`, 1-based. */
  readonly variant: string;
  readonly gene: string;
  readonly name: string;
  readonly counts: AlleleCounts;
  readonly carriers: number;
}

export function truthOf(
  cohort: Cohort,
  files: GenotypeFiles,
  planted: PlantedGenotypes,
  subjects: Iterable<SubjectRecord>,
  consents: Consents,
): CountryTruth {
  const terms: Record<string, number> = {};
  for (const { observations } of subjects) {
    for (const { term, excluded } of observations) {
      if (!excluded) terms[term.id] = (terms[term.id] ?? 0) + 1;
    }
  }
  const permitted: Record<string, number> = {};
  for (const { scope, decision } of consents.given) {
    permitted[scope] = (permitted[scope] ?? 0) + (decision === 'permit' ? 1 : 0);
  }
  for (const { scope } of consents.withdrawn) permitted[scope]! -= 1;
  return {
    country: cohort.country.code,
    people: cohort.people,
    rows: files.rows,
    variants: files.variants,
    singletons: files.singletons,
    planted: PLANTED.map((variant) => ({
      id: variant.id,
      variant: formatVariant(variant),
      gene: variant.gene,
      name: variant.name,
      counts: files.planted.get(variant.id)!,
      carriers: carriersOf(planted.copies.get(variant.id)!),
    })),
    terms: Object.fromEntries(Object.entries(terms).sort(([a], [b]) => (a < b ? -1 : 1))),
    consent: { permitted, withdrawals: consents.withdrawn.length },
  };
}

function carriersOf(copies: Uint8Array): number {
  let carriers = 0;
  for (let person = 0; 2 * person < copies.length; person++)
    carriers += copies[2 * person]! | copies[2 * person + 1]!;
  return carriers;
}
