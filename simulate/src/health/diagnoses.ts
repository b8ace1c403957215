import type { Observation } from '@federome/core';
import type { PlantedGenotypes } from '../genomes/planting.ts';
import { ageYears, type Cohort } from '../people/cohort.ts';
import type { Random } from '../random/random.ts';
import { COMMON_DISEASES } from './common-diseases.ts';
import { CONDITIONS, type Condition } from './conditions.ts';
import { term } from './terms.ts';

/** Probability that a clinic records a feature that it looked for and did not find. */
const EXCLUSION_RECORDED = 0.45;
const APOE_E4 = 'rs429358';
const ALZHEIMER = 'HP:0002511';
const ALZHEIMER_FACTOR_PER_COPY = 2.8;

/** What a person has, in the order of diagnosis by kind; each term once. */
export function diagnose(
  cohort: Cohort,
  person: number,
  genotypes: PlantedGenotypes,
  random: Random,
): readonly Observation[] {
  const observed = new Map<string, Observation>();
  for (const [index, condition] of CONDITIONS.entries()) {
    if (!hasGenotype(condition, cohort, person, genotypes)) continue;
    const penetrance = cohort.male[person] === 1 ? condition.penetrance.male : condition.penetrance.female;
    if (!genotypes.recruited[index]!.has(person) && !random.chance(penetrance)) continue;
    manifest(condition, ageYears(cohort, person), observed, random);
  }
  for (const disease of COMMON_DISEASES) {
    const sex = cohort.male[person] === 1 ? disease.male : disease.female;
    let prevalence = sex;
    for (const [before, factor] of Object.entries(disease.afterwards)) {
      if (observed.get(before)?.excluded === false) prevalence *= factor;
    }
    if (disease.term === ALZHEIMER)
      prevalence *= ALZHEIMER_FACTOR_PER_COPY ** dosage(genotypes, APOE_E4, person);
    const onset = random.between(disease.onset[0], disease.onset[1]);
    if (!random.chance(prevalence) || onset > ageYears(cohort, person)) continue;
    observe(observed, disease.term, onset);
  }
  return [...observed.values()];
}

/** Copies of a planted variant that a person has. */
export function dosage(genotypes: PlantedGenotypes, id: string, person: number): number {
  const copies = genotypes.copies.get(id)!;
  return copies[2 * person]! + copies[2 * person + 1]!;
}

/** Whether a person's genotype causes a condition, given penetrance. */
export function hasGenotype(
  condition: Condition,
  cohort: Cohort,
  person: number,
  genotypes: PlantedGenotypes,
): boolean {
  const ids = Object.keys(condition.variants);
  const affected = (copy: number): boolean => ids.some((id) => genotypes.copies.get(id)![copy] === 1);
  const [maternal, paternal] = [affected(2 * person), affected(2 * person + 1)];
  switch (condition.mode) {
    case 'dominant':
      return maternal || paternal;
    case 'recessive':
      return maternal && paternal;
    case 'x-linked':
      return maternal && cohort.male[person] === 1;
    case 'recessive-reference':
      return !maternal && !paternal;
  }
}

function manifest(
  condition: Condition,
  age: number,
  observed: Map<string, Observation>,
  random: Random,
): void {
  const onset = random.between(condition.onset[0], condition.onset[1]);
  if (onset > age) return;
  observe(observed, condition.term, onset);
  for (const feature of condition.features) {
    if (random.chance(feature.probability)) {
      observe(observed, feature.term, Math.min(age, onset + random.below(4)));
    } else if (random.chance(EXCLUSION_RECORDED) && !observed.has(feature.term)) {
      observed.set(feature.term, { kind: 'phenotypicFeature', term: term(feature.term), excluded: true });
    }
  }
}

function observe(observed: Map<string, Observation>, id: string, onsetYears: number): void {
  if (observed.get(id)?.excluded === false) return;
  observed.set(id, {
    kind: id.startsWith('ORDO:') ? 'disease' : 'phenotypicFeature',
    term: term(id),
    excluded: false,
    ageOfOnset: `P${onsetYears}Y`,
  });
}
