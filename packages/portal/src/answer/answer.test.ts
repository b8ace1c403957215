import type { MemberAnswer, NetworkAnswer, VariantFrequencies } from '@federome/client';
import type { DisclosedCount } from '@federome/core';
import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { formatFor } from '../language/format.ts';
import { countryFrequency, frequencyByCountry, peopleByCountry, sexOfPopulation } from './country-values.ts';
import { answerAsTsv } from './download.ts';
import { classesOf, logShare, lowestDecade, roundUp } from './scale.ts';
import { headlineOf, membersWithoutCount, missingMembers, sortMembers } from './summary.ts';

const few: DisclosedCount = { kind: 'suppressed', below: 10 };
const shown = (value: number): DisclosedCount => ({ kind: 'shown', value });

function member(country: string, rest: Partial<MemberAnswer>): MemberAnswer {
  return {
    id: country.toLowerCase(),
    name: `Node of ${country}`,
    country,
    state: 'answered',
    elapsedMs: 10,
    ...rest,
  };
}

function answerOf(
  members: readonly MemberAnswer[],
  people: DisclosedCount,
  variants: readonly VariantFrequencies[] = [],
): NetworkAnswer {
  const answered = members.filter(({ state }) => state === 'answered');
  const suppressed = answered.filter((one) => one.people?.kind === 'suppressed').length;
  const exists = answered.some((one) => one.exists === true);
  return {
    question: {},
    deadlineMs: 3_000,
    elapsedMs: 120,
    members,
    total: { exists, people, answered: answered.length, suppressed },
    variants,
  };
}

const estonia = member('EE', { people: shown(40) });
const spain = member('ES', { people: few, elapsedMs: 30 });
const finland = member('FI', {
  state: 'timed-out',
  elapsedMs: 3_000,
  reason: { code: 'client/timed-out', message: 'no answer in 3 s' },
});

test('the sum is "at least" where a member hid its number or did not answer', () => {
  expect(headlineOf(answerOf([estonia, spain, finland], shown(40)))).toEqual({
    kind: 'people',
    exact: false,
    people: 40,
    countries: 1,
    asked: 3,
  });
  expect(headlineOf(answerOf([estonia], shown(40)))).toMatchObject({ kind: 'people', exact: true });
});

test('hidden numbers are said to be hidden, never to be zero', () => {
  expect(headlineOf(answerOf([spain, finland], few))).toEqual({
    kind: 'suppressed',
    below: 10,
    countries: 1,
    asked: 2,
  });
});

test('no answer and a bare yes or no have their own headlines', () => {
  expect(headlineOf(answerOf([finland], few)).kind).toBe('nobody-answered');
  expect(headlineOf(answerOf([member('IT', { exists: true })], few)).kind).toBe('exists');
  expect(headlineOf(answerOf([member('IT', { exists: false })], few)).kind).toBe('none');
});

test('members that did not answer are named', () => {
  expect(missingMembers(answerOf([estonia, finland], shown(40)))).toEqual([finland]);
});

test('rows are sorted by number with hidden ones below shown ones and absent ones last', () => {
  const byName = (a: MemberAnswer, b: MemberAnswer): number => a.country.localeCompare(b.country);
  const order = (direction: 'ascending' | 'descending'): string[] =>
    sortMembers([finland, spain, estonia], 'people', direction, byName).map(({ country }) => country);
  expect(order('descending')).toEqual(['EE', 'ES', 'FI']);
  expect(order('ascending')).toEqual(['FI', 'ES', 'EE']);
});

test('two members of one country are one country on the map', () => {
  const second = member('EE', { id: 'ee2', people: shown(15) });
  expect(peopleByCountry(answerOf([estonia, second, finland], shown(55)))).toMatchObject([
    { country: 'EE', state: 'answered', count: { value: 55 } },
    { country: 'FI', state: 'timed-out', reason: 'no answer in 3 s' },
  ]);
});

const counts = { ac: 30, an: 4_000, hom: 1, het: 28, hemi: 0, missing: 0 };
const variant: VariantFrequencies = {
  variant: { assembly: 'GRCh38', contig: '17', position: 43_044_294, ref: 'A', alt: 'G' },
  byMember: [
    { member: 'ee', country: 'EE', population: 'EE_F', frequency: { kind: 'suppressed' } },
    {
      member: 'ee',
      country: 'EE',
      population: 'all',
      frequency: { kind: 'shown', counts, alleleFrequency: 0.0075 },
    },
    { member: 'es', country: 'ES', population: 'all', frequency: { kind: 'suppressed' } },
  ],
  total: { kind: 'shown', counts, alleleFrequency: 0.0075 },
};

test("a country's frequency is that of everyone, not of its first population", () => {
  expect(countryFrequency(variant, 'EE')).toMatchObject({ kind: 'shown', alleleFrequency: 0.0075 });
  const answer = answerOf([estonia, spain, finland], shown(40), [variant]);
  expect(frequencyByCountry(answer, variant).map(({ frequency }) => frequency?.kind)).toEqual([
    'shown',
    'suppressed',
    undefined,
  ]);
});

test('a downloaded answer keeps hidden numbers hidden, and positions 1-based', () => {
  const hostile = member('LU', { name: 'a\tb\nc', people: shown(10) });
  const lines = answerAsTsv(answerOf([estonia, spain, finland, hostile], shown(50), [variant])).split('\n');
  expect(lines.slice(0, 5)).toEqual([
    'country\tmember\tname\tstate\tpeople\telapsed_ms\treason',
    'EE\tee\tNode of EE\tanswered\t40\t10\t',
    'ES\tes\tNode of ES\tanswered\t<10\t30\t',
    'FI\tfi\tNode of FI\ttimed-out\tNA\t3000\tclient/timed-out',
    'LU\tlu\ta b c\tanswered\t10\t10\t',
  ]);
  expect(lines).toContain('17-43044295-A-G\tGRCh38\tEE\tee\tall\t30\t4000\t0.0075\t1\t28\t0');
  expect(lines).toContain(`17-43044295-A-G\tGRCh38\tES\tes\tall\t${Array(6).fill('suppressed').join('\t')}`);
});

test('every value falls into a class whose edges hold it', () => {
  const values = fc.array(
    fc.oneof(fc.integer({ min: 10, max: 2_000_000 }), fc.double({ min: 1e-6, max: 1, noNaN: true })),
    {
      minLength: 1,
      maxLength: 27,
    },
  );
  fc.assert(
    fc.property(values, (numbers) => {
      const { edges, classOf } = classesOf(numbers);
      expect(edges.length).toBeGreaterThanOrEqual(2);
      expect(edges.length).toBeLessThanOrEqual(7);
      for (const value of numbers) {
        const index = classOf(value);
        expect(value).toBeGreaterThanOrEqual(edges[index]! * (1 - 1e-5));
        expect(value).toBeLessThanOrEqual(edges[index + 1]! * (1 + 1e-5));
      }
    }),
  );
});

test('edges are round numbers, and a frequency axis is logarithmic', () => {
  expect(classesOf([12, 48, 90]).edges).toEqual([0, 20, 40, 60, 80, 100]);
  expect(roundUp(0.0031)).toBe(0.005);
  expect(lowestDecade([0.2, 0.00003])).toBe(1e-5);
  expect([logShare(1, 1e-4), logShare(0.01, 1e-4), logShare(1e-4, 1e-4)]).toEqual([1, 0.5, 0]);
});

test('numbers, frequencies and times are written as the language writes them', () => {
  const english = formatFor('en');
  const german = formatFor('de');
  expect([english.count(1_240), german.count(1_240)]).toEqual(['1,240', '1.240']);
  expect([english.disclosed(few), english.frequency(0.0123456), german.frequency(0.0123456)]).toEqual([
    '<10',
    '0.0123',
    '0,0123',
  ]);
  expect(english.frequency(0.0000241)).toBe('2.41 × 10⁻⁵');
  expect([english.duration(812.4), english.duration(3_000)]).toEqual(['812 ms', '3 sec']);
  expect([german.country('EE'), formatFor('et').country('EE')]).toEqual(['Estland', 'Eesti']);
});

test('where some hid their number and another says yes without one, somebody matches', () => {
  const yes = member('FR', { exists: true });
  const answer = answerOf([spain, yes], shown(0));
  expect(headlineOf(answer)).toEqual({ kind: 'exists', asked: 2 });
  expect(membersWithoutCount(answer)).toEqual([yes]);
  expect(headlineOf(answerOf([spain, member('FR', { exists: false })], shown(0)))).toMatchObject({
    kind: 'suppressed',
  });
});

test.each([
  ['EE_F', 'female'],
  ['ee_m', 'male'],
  ['EE', undefined],
  ['FI_F', undefined],
  ['EE_F_old', undefined],
])('population %s of Estonia is of sex %s', (population, sex) => {
  expect(sexOfPopulation(population, 'EE')).toBe(sex);
});
