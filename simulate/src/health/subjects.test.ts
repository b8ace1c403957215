import type { SubjectRecord } from '@federome/core';
import { beforeAll, describe, expect, test } from 'vitest';
import { decide } from '../consent/decisions.ts';
import { type PlantedGenotypes, plant } from '../genomes/planting.ts';
import { ageYears, type Cohort, gatherCohort } from '../people/cohort.ts';
import { countryOf } from '../people/countries.ts';
import { CONDITIONS, type Condition } from './conditions.ts';
import { dosage, hasGenotype } from './diagnoses.ts';
import { BMI, HEIGHT, LDL, WEIGHT } from './measurements.ts';
import { subjectOf } from './subjects.ts';

const SEED = 4;
const PEOPLE = 20_000;

let cohort: Cohort;
let genotypes: PlantedGenotypes;
let subjects: readonly SubjectRecord[];

beforeAll(() => {
  cohort = gatherCohort(SEED, countryOf('EE'), PEOPLE);
  genotypes = plant(SEED, cohort);
  subjects = Array.from({ length: PEOPLE }, (_, person) => subjectOf(SEED, cohort, person, genotypes));
});

function has(person: number, term: string): boolean {
  return subjects[person]!.observations.some((each) => each.term.id === term && !each.excluded);
}

function people(of: (person: number) => boolean): readonly number[] {
  return subjects.flatMap((_, person) => (of(person) ? [person] : []));
}

function share(among: readonly number[], of: (person: number) => boolean): number {
  return among.filter(of).length / among.length;
}

/** Old enough to have shown the condition, and not recruited for having it. */
function atRisk(condition: Condition, years = condition.onset[1]): readonly number[] {
  const recruited = genotypes.recruited[CONDITIONS.indexOf(condition)]!;
  return people(
    (person) =>
      hasGenotype(condition, cohort, person, genotypes) &&
      !recruited.has(person) &&
      ageYears(cohort, person) >= years,
  );
}

function condition(term: string, variant: string): Condition {
  return CONDITIONS.find((each) => each.term === term && variant in each.variants)!;
}

describe('a condition with a planted cause', () => {
  test.each([
    ['HP:0004789', 'rs4988235'],
    ['ORDO:60', 'rs28929474'],
    ['ORDO:90636', 'rs80338939'],
  ])('%s shows in the stated share of whoever has the genotype', (term, variant) => {
    const wanted = condition(term, variant);
    const affected = atRisk(wanted);
    const expected = wanted.penetrance.female;
    const spread = 4 * Math.sqrt((expected * (1 - expected)) / affected.length) + 0.001;
    expect(affected.length).toBeGreaterThan(3);
    expect(Math.abs(share(affected, (person) => has(person, term)) - expected)).toBeLessThan(spread);
  });

  test('breast cancer follows CHEK2 1100delC in women, above what is usual, and hardly in men', () => {
    const carriers = atRisk(condition('HP:0003002', 'rs555607708'), 60);
    const [women, men] = [0, 1].map((sex) => carriers.filter((person) => cohort.male[person] === sex));
    const others = people((person) => cohort.male[person] === 0 && ageYears(cohort, person) >= 60);
    expect(women!.length).toBeGreaterThan(15);
    expect(share(women!, (person) => has(person, 'HP:0003002'))).toBeGreaterThan(
      1.4 * share(others, (person) => has(person, 'HP:0003002')),
    );
    expect(share(men!, (person) => has(person, 'HP:0003002'))).toBeLessThan(0.15);
  });

  test('an X-linked one shows in men only', () => {
    const patients = people((person) => has(person, 'ORDO:98896'));
    expect(patients.length).toBeGreaterThan(50);
    expect(patients.every((person) => cohort.male[person] === 1)).toBe(true);
  });

  test('everyone with a rare recessive disease has two copies of its variants', () => {
    for (const term of ['ORDO:586', 'ORDO:716', 'ORDO:905']) {
      const cause = CONDITIONS.find((each) => each.term === term)!;
      const patients = people((person) => has(person, term));
      expect(patients.length, term).toBeGreaterThan(40);
      expect(patients.every((person) => hasGenotype(cause, cohort, person, genotypes))).toBe(true);
    }
  });

  test('some of its features are recorded as looked for and absent', () => {
    const patients = people((person) => has(person, 'ORDO:586'));
    const excluded = patients.filter((person) =>
      subjects[person]!.observations.some((each) => each.excluded),
    );
    expect(excluded.length).toBeGreaterThan(patients.length / 10);
    expect(excluded.length).toBeLessThan(patients.length);
  });
});

describe('what people have', () => {
  test('no term is stated twice of a person, nor found and excluded at once', () => {
    for (const { observations } of subjects) {
      expect(new Set(observations.map(({ term }) => term.id)).size).toBe(observations.length);
    }
  });

  test('nothing began before birth or after the registers closed', () => {
    for (const [person, { observations }] of subjects.entries()) {
      for (const { ageOfOnset } of observations) {
        if (ageOfOnset === undefined) continue;
        const years = Number(/^P(\d+)Y$/.exec(ageOfOnset)![1]);
        expect(years).toBeLessThanOrEqual(ageYears(cohort, person));
      }
    }
  });

  test('type 2 diabetes comes with obesity, and Alzheimer disease with APOE ε4', () => {
    const old = people((person) => ageYears(cohort, person) > 80);
    const obese = old.filter((person) => has(person, 'HP:0001513'));
    const slim = old.filter((person) => !has(person, 'HP:0001513'));
    const diabetes = (person: number): boolean => has(person, 'HP:0005978');
    expect(share(obese, diabetes)).toBeGreaterThan(1.7 * share(slim, diabetes));
    const carriers = old.filter((person) => dosage(genotypes, 'rs429358', person) > 0);
    const others = old.filter((person) => dosage(genotypes, 'rs429358', person) === 0);
    const alzheimer = (person: number): boolean => has(person, 'HP:0002511');
    expect(share(carriers, alzheimer)).toBeGreaterThan(1.5 * share(others, alzheimer));
  });
});

describe('measurements', () => {
  function values(assay: string, among: readonly number[]): readonly number[] {
    return among.flatMap((person) =>
      subjects[person]!.measurements.filter((each) => each.assay.id === assay).map(({ value }) => value),
    );
  }
  const mean = (of: readonly number[]): number => of.reduce((sum, value) => sum + value, 0) / of.length;

  test('LDL cholesterol is high with LDLR variants and low with PCSK9 R46L', () => {
    const everyone = mean(
      values(
        LDL.id,
        people(() => true),
      ),
    );
    const carriers = people(
      (person) => dosage(genotypes, 'rs557344672', person) + dosage(genotypes, 'rs730882102', person) > 0,
    );
    expect(mean(values(LDL.id, carriers)) - everyone).toBeGreaterThan(2.5);
    const protectedPeople = people((person) => dosage(genotypes, 'rs11591147', person) > 0);
    expect(everyone - mean(values(LDL.id, protectedPeople))).toBeGreaterThan(0.4);
  });

  test('body mass index is weight by height squared, and at least 30 with obesity only', () => {
    for (const [person, { measurements }] of subjects.entries()) {
      const [height, weight, bmi] = [HEIGHT, WEIGHT, BMI].map(
        (assay) => measurements.find((each) => each.assay.id === assay.id)?.value,
      );
      if (bmi === undefined) continue;
      expect(Math.abs(weight! / (height! / 100) ** 2 - bmi)).toBeLessThan(0.15);
      expect(bmi >= 30).toBe(has(person, 'HP:0001513'));
    }
  });

  test('children are not measured', () => {
    const children = people((person) => ageYears(cohort, person) < 18);
    expect(children.length).toBeGreaterThan(300);
    expect(children.every((person) => subjects[person]!.measurements.length === 0)).toBe(true);
  });
});

describe('consents', () => {
  test('are given for each scope in the country’s shares, and some are withdrawn later', () => {
    const { given, withdrawn } = decide(SEED, cohort);
    expect(given).toHaveLength(3 * PEOPLE);
    for (const [scope, expected] of Object.entries(cohort.country.consent)) {
      const permits = given.filter((each) => each.scope === scope && each.decision === 'permit').length;
      expect(Math.abs(permits / PEOPLE - expected)).toBeLessThan(0.01);
    }
    const people = new Set(withdrawn.map(({ subject }) => subject)).size;
    expect(people / PEOPLE).toBeGreaterThan(0.005);
    expect(people / PEOPLE).toBeLessThan(0.011);
    const permitted = new Set(
      given.flatMap(({ subject, scope, decision }) => (decision === 'permit' ? [`${subject} ${scope}`] : [])),
    );
    for (const { subject, scope, decision, date } of withdrawn) {
      expect(permitted).toContain(`${subject} ${scope}`);
      expect(decision).toBe('deny');
      expect(date).toMatch(/^2025-\d\d-\d\d$/);
    }
  });
});
