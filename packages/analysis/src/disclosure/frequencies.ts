import {
  type AlleleCounts,
  type DisclosurePolicy,
  NO_ALLELES,
  type PopulationFrequency,
} from '@federome/core';

/** What a group of people carries of one allele, before disclosure control. */
export interface GroupCounts {
  /** `Total`, `EE`, `EE_F`. */
  readonly population: string;
  readonly counts: AlleleCounts;
  /** People of whom at least one allele was called. */
  readonly people: number;
  /** Genotypes that can occur there at all: a man has no second X, nobody a third copy of chromosome 1. */
  readonly possible: Readonly<Record<Genotype, boolean>>;
}

export type Genotype = 'hom' | 'het' | 'hemi';
const GENOTYPES: readonly Genotype[] = ['hom', 'het', 'hemi'];

export interface DisclosedFrequencies {
  readonly shown: readonly PopulationFrequency[];
  /** Populations whose frequency is withheld. */
  readonly withheld: readonly string[];
}

/**
 * Allele frequencies of a whole and of its parts, as they may leave a node.
 * - A group is shown if both alleles occur at least `frequencyMinorCount` times among at least `frequencyMinPeople`.
 * - If one part may not be shown, no part is: it would be the whole less the others. Whoever of the whole is in none of
 *   the parts counts as one more part. A part without a single call hides nothing and is left out.
 * - One level down, `hom`, `het` and `hemi` follow from each other and from AC, so they are shown together, where each
 *   reaches `countThreshold` (zero is not exempt, unless that genotype cannot occur); of parts, only if all parts can.
 */
export function discloseFrequencies(
  whole: GroupCounts,
  parts: readonly GroupCounts[],
  policy: DisclosurePolicy,
): DisclosedFrequencies {
  if (!frequencyAllowed(whole, policy)) {
    return { shown: [], withheld: [whole, ...parts].map(({ population }) => population) };
  }
  const siblings = [...parts, rest(whole, parts)].filter(({ people, counts }) => people > 0 || counts.an > 0);
  const withGenotypes = genotypesAllowed(whole, policy);
  const shown = [row(whole, withGenotypes)];
  if (!siblings.every((part) => frequencyAllowed(part, policy))) {
    return { shown, withheld: parts.map(({ population }) => population) };
  }
  const partsWithGenotypes = withGenotypes && siblings.every((part) => genotypesAllowed(part, policy));
  const named = parts.filter((part) => siblings.includes(part));
  return { shown: [...shown, ...named.map((part) => row(part, partsWithGenotypes))], withheld: [] };
}

function frequencyAllowed({ counts, people }: GroupCounts, policy: DisclosurePolicy): boolean {
  const minor = Math.min(counts.ac, counts.an - counts.ac);
  return minor >= policy.frequencyMinorCount && people >= policy.frequencyMinPeople;
}

function genotypesAllowed({ counts, possible }: GroupCounts, policy: DisclosurePolicy): boolean {
  return GENOTYPES.every(
    (genotype) =>
      counts[genotype] >= policy.countThreshold || (counts[genotype] === 0 && !possible[genotype]),
  );
}

function row({ population, counts }: GroupCounts, withGenotypes: boolean): PopulationFrequency {
  const { ac, an, hom, het, hemi } = counts;
  return { population, counts: withGenotypes ? { ac, an, hom, het, hemi } : { ac, an } };
}

function rest(whole: GroupCounts, parts: readonly GroupCounts[]): GroupCounts {
  const named = parts.reduce(
    (sum, { counts, people }) => ({ counts: add(sum.counts, counts, 1), people: sum.people + people }),
    { counts: NO_ALLELES, people: 0 },
  );
  return {
    population: '',
    counts: add(whole.counts, named.counts, -1),
    people: whole.people - named.people,
    possible: whole.possible,
  };
}

function add(a: AlleleCounts, b: AlleleCounts, sign: 1 | -1): AlleleCounts {
  return {
    ac: a.ac + sign * b.ac,
    an: a.an + sign * b.an,
    hom: a.hom + sign * b.hom,
    het: a.het + sign * b.het,
    hemi: a.hemi + sign * b.hemi,
    missing: a.missing + sign * b.missing,
  };
}
