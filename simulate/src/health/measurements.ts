import type { Measurement, Observation, OntologyTerm } from '@federome/core';
import type { PlantedGenotypes } from '../genomes/planting.ts';
import { ageYears, type Cohort } from '../people/cohort.ts';
import type { Random } from '../random/random.ts';
import { dosage } from './diagnoses.ts';

export const HEIGHT: OntologyTerm = { id: 'LOINC:8302-2', label: 'Body height' };
export const WEIGHT: OntologyTerm = { id: 'LOINC:29463-7', label: 'Body weight' };
export const BMI: OntologyTerm = { id: 'LOINC:39156-5', label: 'Body mass index (BMI) [Ratio]' };
export const LDL: OntologyTerm = {
  id: 'LOINC:22748-8',
  label: 'Cholesterol in LDL [Moles/volume] in Serum or Plasma',
};

/** UCUM codes of the units that the measurements come in. */
const CENTIMETRE: OntologyTerm = { id: 'cm', label: 'centimeter' };
const KILOGRAM: OntologyTerm = { id: 'kg', label: 'kilogram' };
const KILOGRAM_PER_SQUARE_METRE: OntologyTerm = { id: 'kg/m2', label: 'kilogram per square meter' };
const MILLIMOLE_PER_LITRE: OntologyTerm = { id: 'mmol/L', label: 'millimole per liter' };

const LDLR = ['rs557344672', 'rs730882102'];
const PCSK9_R46L = 'rs11591147';
const APOE_E4 = 'rs429358';
const APOE_E2 = 'rs7412';
const MARFAN = 'ORDO:558';
const OBESITY = 'HP:0001513';
const ADULT_YEARS = 18;

/**
 * Height, weight, body mass index and LDL cholesterol of an adult, each of most people; nothing of children.
 * LDL rises by 3.2 mmol/L with a pathogenic LDLR variant and by 0.25 a copy of APOE ε4, and falls by 0.6 a copy of
 * PCSK9 R46L and by 0.45 a copy of APOE ε2.
 */
export function measure(
  cohort: Cohort,
  person: number,
  genotypes: PlantedGenotypes,
  observations: readonly Observation[],
  random: Random,
): readonly Measurement[] {
  if (ageYears(cohort, person) < ADULT_YEARS) return [];
  const has = (id: string): boolean => observations.some(({ term, excluded }) => term.id === id && !excluded);
  const male = cohort.male[person] === 1;
  const heightCm = (male ? 178 : 165) + 6.5 * random.normal() + (has(MARFAN) ? 14 : 0);
  const bmi = has(OBESITY)
    ? 30.5 + 3.5 * random.exponential()
    : Math.min(29.9, Math.max(17, 24.6 + 2.7 * random.normal()));
  const weightKg = bmi * (heightCm / 100) ** 2;
  const ldl = Math.max(
    0.6,
    3.1 +
      0.75 * random.normal() +
      (LDLR.some((id) => dosage(genotypes, id, person) > 0) ? 3.2 : 0) +
      0.25 * dosage(genotypes, APOE_E4, person) -
      0.45 * dosage(genotypes, APOE_E2, person) -
      0.6 * dosage(genotypes, PCSK9_R46L, person),
  );
  const date = `2025-${String(random.between(1, 12)).padStart(2, '0')}-${String(random.between(1, 28)).padStart(2, '0')}`;
  const taken: Measurement[] = [];
  if (random.chance(0.95)) {
    taken.push({ assay: HEIGHT, value: tenths(heightCm), unit: CENTIMETRE, date });
    taken.push({ assay: WEIGHT, value: tenths(weightKg), unit: KILOGRAM, date });
    taken.push({ assay: BMI, value: tenths(bmi), unit: KILOGRAM_PER_SQUARE_METRE, date });
  }
  if (random.chance(0.7)) {
    taken.push({ assay: LDL, value: Math.round(ldl * 100) / 100, unit: MILLIMOLE_PER_LITRE, date });
  }
  return taken;
}

function tenths(value: number): number {
  return Math.round(value * 10) / 10;
}
