import { type DisclosedFrequency, TOTAL_POPULATION, type VariantFrequencies } from '@federome/client';
import {
  type AlleleCounts,
  type Assembly,
  compareVariants,
  type DisclosurePolicy,
  mergeAlleleCounts,
  type PopulationFrequency,
  type Variant,
  type VariantRecord,
} from '@federome/core';
import type { MemberRow } from '../../stores/records/records.ts';

/** What one member listed of variants, a list for each of its datasets. */
export interface MemberVariants {
  readonly member: Pick<MemberRow, 'id' | 'country'>;
  /** See `followsPolicy`. */
  readonly followsPolicy: boolean;
  readonly datasets: readonly (readonly VariantRecord[])[];
}

type Shown = Extract<DisclosedFrequency, { kind: 'shown' }>;
type Row = VariantFrequencies['byMember'][number];

const SUPPRESSED: DisclosedFrequency = { kind: 'suppressed' };
const GENOTYPES = ['hom', 'het', 'hemi'] as const;

/** Whether a member says that it withholds frequencies at least as strictly as the hub would. */
export function followsPolicy(stated: DisclosurePolicy | undefined, policy: DisclosurePolicy): boolean {
  return (
    stated !== undefined &&
    stated.countThreshold >= policy.countThreshold &&
    stated.frequencyMinorCount >= policy.frequencyMinorCount &&
    stated.frequencyMinPeople >= policy.frequencyMinPeople
  );
}

/**
 * Merges variants over members, keyed by assembly, contig, position, ref and alt: each member's populations, and a
 * total over the members that show a frequency of all their people. Any order of members and datasets gives the same
 * numbers. Most frequent first, then in genome order.
 */
export function mergeVariants(
  parts: readonly MemberVariants[],
  policy: DisclosurePolicy,
): readonly VariantFrequencies[] {
  const sites = new Map<
    string,
    { assembly: Assembly; variant: Variant; rows: Row[]; wholes: DisclosedFrequency[] }
  >();
  for (const part of parts) {
    for (const [key, records] of recordsByVariant(part.datasets)) {
      const { assembly, variant } = records[0]!;
      const site = sites.get(key) ?? { assembly, variant, rows: [], wholes: [] };
      sites.set(key, site);
      const { rows, whole } = memberRows(part, records, policy);
      site.rows.push(...rows);
      if (whole !== undefined) site.wholes.push(whole);
    }
  }
  return [...sites.values()]
    .filter(({ rows }) => rows.length > 0)
    .map(
      ({ assembly, variant, rows, wholes }): VariantFrequencies => ({
        variant: { assembly, ...variant },
        byMember: rows.sort(compareRows),
        total: mergeFrequencies(wholes),
      }),
    )
    .sort(compareSites);
}

/** Sums what is shown; suppressed where nothing is. Genotypes are shown of a sum only if all its parts show them. */
export function mergeFrequencies(parts: readonly DisclosedFrequency[]): DisclosedFrequency {
  const shown = parts.filter((part) => part.kind === 'shown');
  if (shown.length === 0) return SUPPRESSED;
  const counts = shown.map((part) => part.counts).reduce(mergeAlleleCounts);
  return frequency(
    counts,
    shown.every((part) => part.withheld === undefined),
  );
}

/** A record as the hub passes it on: rows that the network's floor forbids become withheld. */
export function discloseRecord(
  record: VariantRecord,
  follows: boolean,
  policy: DisclosurePolicy,
): VariantRecord {
  const withheld = new Set(record.withheld);
  const frequencies = record.frequencies.flatMap((row) => {
    const disclosed = allowed(row, record.variant.contig, follows, policy);
    if (disclosed.kind === 'suppressed') {
      withheld.add(row.population);
      return [];
    }
    const { ac, an } = row.counts;
    return disclosed.withheld === undefined ? [row] : [{ ...row, counts: { ac, an } }];
  });
  return { ...record, frequencies, withheld: [...withheld] };
}

function recordsByVariant(
  datasets: readonly (readonly VariantRecord[])[],
): ReadonlyMap<string, readonly VariantRecord[]> {
  const all = new Map<string, VariantRecord[]>();
  for (const records of datasets) {
    const seen = new Set<string>();
    for (const record of records) {
      const { contig, position, ref, alt } = record.variant;
      const key = [record.assembly, contig, position, ref, alt].join('-');
      // A dataset that lists a variant twice is counted once.
      if (seen.has(key)) continue;
      seen.add(key);
      all.set(key, [...(all.get(key) ?? []), record]);
    }
  }
  return all;
}

function memberRows(
  { member, followsPolicy: follows }: MemberVariants,
  records: readonly VariantRecord[],
  policy: DisclosurePolicy,
): { rows: readonly Row[]; whole: DisclosedFrequency | undefined } {
  const byPopulation = new Map<string, DisclosedFrequency[]>();
  const wholes: DisclosedFrequency[] = [];
  for (const record of records) {
    const wholeName = wholePopulation(record, member.country);
    const add = (population: string, disclosed: DisclosedFrequency) => {
      byPopulation.set(population, [...(byPopulation.get(population) ?? []), disclosed]);
      if (population === wholeName) wholes.push(disclosed);
    };
    for (const population of new Set(record.withheld)) add(population, SUPPRESSED);
    for (const [population, row] of new Map(record.frequencies.map((row) => [row.population, row]))) {
      add(population, allowed(row, record.variant.contig, follows, policy));
    }
  }
  const rows = [...byPopulation].map(([population, disclosed]) => ({
    member: member.id,
    country: member.country,
    population,
    frequency: mergeFrequencies(disclosed),
  }));
  return { rows, whole: wholes.length > 0 ? mergeFrequencies(wholes) : undefined };
}

/** The row that is everyone: by its name, by the country's, or because it is the only one. */
function wholePopulation(record: VariantRecord, country: string): string | undefined {
  const names = [...record.frequencies.map((row) => row.population), ...record.withheld];
  return (
    [TOTAL_POPULATION, country].find((name) => names.includes(name)) ??
    (names.length === 1 ? names[0] : undefined)
  );
}

/** A row under the hub's policy, which a Beacon without one as strict has not applied. */
function allowed(
  { counts }: PopulationFrequency,
  contig: string,
  follows: boolean,
  policy: DisclosurePolicy,
): DisclosedFrequency {
  const { ac, an, hom, het } = counts;
  const people = ['X', 'Y', 'MT'].includes(contig) ? an : an / 2;
  const enough = follows || people >= policy.frequencyMinPeople;
  if (!enough || Math.min(ac, an - ac) < policy.frequencyMinorCount) return SUPPRESSED;
  const hemi = counts.hemi ?? ac - 2 * (hom ?? 0) - (het ?? 0);
  const known = hom !== undefined && het !== undefined && hemi >= 0;
  const all = { ac, an, hom: hom ?? 0, het: het ?? 0, hemi, missing: 0 };
  const genotypes = known && GENOTYPES.every((genotype) => isLarge(all[genotype], genotype, follows, policy));
  return frequency(all, genotypes);
}

function isLarge(
  people: number,
  genotype: (typeof GENOTYPES)[number],
  follows: boolean,
  policy: DisclosurePolicy,
): boolean {
  return people >= policy.countThreshold || (people === 0 && (follows || genotype === 'hemi'));
}

function frequency(counts: AlleleCounts, withGenotypes: boolean): Shown {
  const alleleFrequency = counts.ac / counts.an;
  if (withGenotypes) return { kind: 'shown', counts, alleleFrequency };
  return {
    kind: 'shown',
    counts: { ...counts, hom: 0, het: 0, hemi: 0 },
    alleleFrequency,
    withheld: GENOTYPES,
  };
}

function compareRows(a: Row, b: Row): number {
  return compareText(a.member, b.member) || compareText(a.population, b.population);
}

function compareSites(a: VariantFrequencies, b: VariantFrequencies): number {
  const frequencyOf = ({ total }: VariantFrequencies) =>
    total.kind === 'shown' ? total.alleleFrequency : -1;
  return (
    frequencyOf(b) - frequencyOf(a) ||
    compareText(a.variant.assembly, b.variant.assembly) ||
    compareVariants(a.variant, b.variant)
  );
}

function compareText(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
