import { type AlleleCounts, DISCLOSURE_FLOOR, mergeAlleleCounts } from '@federome/core';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { discloseFrequencies, type GroupCounts } from './frequencies.ts';

const autosome = { hom: true, het: true, hemi: false };

function group(
  population: string,
  genotypes: { hom: number; het: number; none: number; hemi?: number },
  possible: GroupCounts['possible'] = autosome,
): GroupCounts {
  const { hom, het, none, hemi = 0 } = genotypes;
  const counts = { ac: 2 * hom + het + hemi, an: 2 * (hom + het + none) + hemi, hom, het, hemi, missing: 0 };
  return { population, counts, people: hom + het + none + hemi, possible };
}

function merged(population: string, groups: readonly GroupCounts[]): GroupCounts {
  return {
    population,
    counts: groups.map(({ counts }) => counts).reduce(mergeAlleleCounts),
    people: groups.reduce((sum, { people }) => sum + people, 0),
    possible: autosome,
  };
}

const women = group('EE_F', { hom: 30, het: 400, none: 1_000 });
const men = group('EE_M', { hom: 25, het: 380, none: 1_000 });

test('a common allele in a large dataset is shown for everyone and by sex, with its genotypes', () => {
  const { shown, withheld } = discloseFrequencies(merged('EE', [women, men]), [women, men], DISCLOSURE_FLOOR);
  expect(withheld).toEqual([]);
  expect(shown).toEqual([
    { population: 'EE', counts: { ac: 890, an: 5_670, hom: 55, het: 780, hemi: 0 } },
    { population: 'EE_F', counts: { ac: 460, an: 2_860, hom: 30, het: 400, hemi: 0 } },
    { population: 'EE_M', counts: { ac: 430, an: 2_810, hom: 25, het: 380, hemi: 0 } },
  ]);
});

test('a suppressed sex hides the other, which would give it away by subtraction', () => {
  const rareInMen = group('EE_M', { hom: 0, het: 19, none: 1_500 });
  const { shown, withheld } = discloseFrequencies(
    merged('EE', [women, rareInMen]),
    [women, rareInMen],
    DISCLOSURE_FLOOR,
  );
  expect(shown.map(({ population }) => population)).toEqual(['EE']);
  expect(withheld).toEqual(['EE_F', 'EE_M']);
});

test('people of unknown sex are a part too: a few of them hide both sexes', () => {
  const unknown = group('', { hom: 0, het: 3, none: 5 });
  const whole = merged('EE', [women, men, unknown]);
  expect(discloseFrequencies(whole, [women, men], DISCLOSURE_FLOOR).withheld).toEqual(['EE_F', 'EE_M']);
});

test('a part without a call hides nothing: the Y chromosome of women', () => {
  const onY = { hom: false, het: false, hemi: true };
  const noWomen = group('EE_F', { hom: 0, het: 0, none: 0 }, onY);
  const onlyMen = group('EE_M', { hom: 0, het: 0, none: 0, hemi: 500 }, onY);
  const alleles = { ...onlyMen, counts: { ...onlyMen.counts, ac: 120, hemi: 120 }, people: 1_200 };
  const { shown } = discloseFrequencies(
    { ...alleles, population: 'EE' },
    [noWomen, alleles],
    DISCLOSURE_FLOOR,
  );
  expect(shown.map(({ population, counts }) => [population, counts.hemi])).toEqual([
    ['EE', 120],
    ['EE_M', 120],
  ]);
});

test('nothing is shown of 19 copies, of 999 people, or where the reference allele is the rare one', () => {
  for (const whole of [
    group('EE', { hom: 0, het: 19, none: 5_000 }),
    group('EE', { hom: 100, het: 400, none: 499 }),
    group('EE', { hom: 1_500, het: 19, none: 0 }),
  ]) {
    expect(discloseFrequencies(whole, [], DISCLOSURE_FLOOR)).toEqual({ shown: [], withheld: ['EE'] });
  }
});

test('nine homozygotes hide all three genotype counts, and so do none', () => {
  for (const hom of [0, 9]) {
    const whole = group('EE', { hom, het: 300, none: 2_000 });
    const [total] = discloseFrequencies(whole, [], DISCLOSURE_FLOOR).shown;
    expect(total?.counts).toEqual({ ac: whole.counts.ac, an: whole.counts.an });
  }
});

test('genotypes of one sex are hidden where the other has too few', () => {
  const fewHomozygousMen = group('EE_M', { hom: 4, het: 380, none: 1_000 });
  const { shown } = discloseFrequencies(
    merged('EE', [women, fewHomozygousMen]),
    [women, fewHomozygousMen],
    DISCLOSURE_FLOOR,
  );
  expect(shown.map(({ counts }) => counts.hom)).toEqual([34, undefined, undefined]);
});

const genotypes = fc.record({
  hom: fc.oneof(fc.integer({ min: 0, max: 30 }), fc.integer({ min: 0, max: 2_000 })),
  het: fc.oneof(fc.integer({ min: 0, max: 40 }), fc.integer({ min: 0, max: 4_000 })),
  none: fc.oneof(fc.integer({ min: 0, max: 40 }), fc.integer({ min: 0, max: 4_000 })),
  hemi: fc.oneof(fc.constant(0), fc.integer({ min: 0, max: 30 })),
});

test('no group below the limits can be had, directly or by subtracting what is shown', () => {
  fc.assert(
    fc.property(genotypes, genotypes, genotypes, (female, male, other) => {
      const parts = [group('EE_F', female), group('EE_M', male)];
      const everyone = [...parts, group('', other)];
      const whole = merged('EE', everyone);
      const { shown } = discloseFrequencies(whole, parts, DISCLOSURE_FLOOR);
      const counts = new Map(shown.map((row) => [row.population, row.counts]));
      for (const row of counts.values()) expectAllowed(row);
      const total = counts.get('EE');
      const named = [counts.get('EE_F'), counts.get('EE_M')].filter((row) => row !== undefined);
      if (total === undefined) expect(named).toEqual([]);
      for (const subset of [named.slice(0, 1), named.slice(1), named]) {
        if (total === undefined || subset.length === 0) continue;
        expectAllowed(subset.reduce((left, row) => less(left, row), total));
      }
    }),
    { numRuns: 2_000 },
  );
});

type Shown = Pick<AlleleCounts, 'ac' | 'an'> & Partial<Pick<AlleleCounts, 'hom' | 'het' | 'hemi'>>;

function less(a: Shown, b: Shown): Shown {
  const known = a.hom !== undefined && b.hom !== undefined;
  return {
    ac: a.ac - b.ac,
    an: a.an - b.an,
    ...(known ? { hom: a.hom! - b.hom!, het: a.het! - b.het!, hemi: a.hemi! - b.hemi! } : {}),
  };
}

function expectAllowed({ ac, an, hom, het, hemi }: Shown): void {
  if (an === 0) return;
  expect(Math.min(ac, an - ac)).toBeGreaterThanOrEqual(20);
  expect(an).toBeGreaterThanOrEqual(1_000);
  for (const people of [hom, het]) if (people !== undefined) expect(people).toBeGreaterThanOrEqual(10);
  if (hemi !== undefined && hemi !== 0) expect(hemi).toBeGreaterThanOrEqual(10);
}
