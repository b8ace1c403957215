import type { SubjectRecord } from '@federome/core';
import type { PlantedGenotypes } from '../genomes/planting.ts';
import { type Cohort, subjectId } from '../people/cohort.ts';
import { Random } from '../random/random.ts';
import { diagnose } from './diagnoses.ts';
import { measure } from './measurements.ts';

/** The health record of one person of a country; the same whoever asks, in whatever order. */
export function subjectOf(
  seed: number,
  cohort: Cohort,
  person: number,
  genotypes: PlantedGenotypes,
): SubjectRecord {
  const random = new Random(seed, 'health', cohort.country.code, person);
  const observations = diagnose(cohort, person, genotypes, random);
  return {
    id: subjectId(cohort, person),
    sex: cohort.male[person] === 1 ? 'male' : 'female',
    dateOfBirth: new Date(cohort.birthDay[person]! * 86_400_000).toISOString().slice(0, 10),
    vitalStatus: 'alive',
    population: cohort.country.code,
    observations,
    measurements: measure(cohort, person, genotypes, observations, random),
  };
}
