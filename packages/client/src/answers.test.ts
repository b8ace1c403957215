import fc from 'fast-check';
import { expect, test } from 'vitest';
import { parseQueryAnswer, suppressedTogether } from './answers.ts';

const suppressed = { disclosure: { suppressed: true, shown: '<10', threshold: 10, roundedTo: 5 } };

test('2.2 leaves out results and counts of a set, 2.0 leaves out meta: both are read', () => {
  const answer = parseQueryAnswer(
    {
      responseSummary: { exists: true },
      response: { resultSets: [{ id: 'a', setType: 'dataset', exists: true, countPrecision: 'rounded' }] },
      somethingElse: [1, 2, 3],
    },
    'individuals',
  );
  expect(answer).toEqual({
    beaconId: undefined,
    granularity: 'boolean',
    exists: true,
    count: undefined,
    country: undefined,
    members: [],
    notices: [],
    resultSets: [
      {
        id: 'a',
        setType: 'dataset',
        beaconId: undefined,
        country: undefined,
        exists: true,
        count: undefined,
        results: [],
      },
    ],
  });
});

test('a mark of suppression is a withheld count, never nobody', () => {
  const answer = parseQueryAnswer(
    {
      responseSummary: { exists: false, numTotalResults: 0 },
      response: { resultSets: [{ id: 'a', exists: false, resultsCount: 0, results: [], info: suppressed }] },
      info: suppressed,
    },
    'individuals',
  );
  expect(answer.count).toEqual({ kind: 'suppressed', below: 10 });
  expect(answer.resultSets[0]?.count).toEqual({ kind: 'suppressed', below: 10 });
});

test('a summary of 0 over sets that are withheld is withheld as well', () => {
  const set = { exists: false, resultsCount: 0, info: suppressed };
  const answer = parseQueryAnswer(
    {
      responseSummary: { exists: false, numTotalResults: 0 },
      response: {
        resultSets: [
          { id: 'a', ...set },
          { id: 'b', ...set },
        ],
      },
    },
    'individuals',
  );
  expect(answer.count).toEqual({ kind: 'suppressed', below: 19 });
});

test('the bound of several withheld counts holds for every way they can be', () => {
  fc.assert(
    fc.property(fc.array(fc.tuple(fc.integer({ min: 1, max: 40 }), fc.nat()), { maxLength: 8 }), (parts) => {
      const sum = parts.reduce((total, [below, key]) => total + (key % below), 0);
      const bound = suppressedTogether(parts.map(([below]) => below));
      expect(sum).toBeLessThan(bound);
      expect(bound).toBeGreaterThanOrEqual(Math.max(1, ...parts.map(([below]) => below)));
    }),
  );
});

test('info of another operator is no statement of ours, whatever it looks like', () => {
  for (const info of [null, [], 'text', { disclosure: 'yes' }, { country: 7 }]) {
    const answer = parseQueryAnswer(
      { responseSummary: { exists: true, numTotalResults: 12 }, info },
      'individuals',
    );
    expect([answer.count, answer.country]).toEqual([{ kind: 'shown', value: 12 }, undefined]);
  }
});

test('notices are read where they are sentences, few and short, and leave disclosure marks as they are', () => {
  const disclosure = { suppressed: true, threshold: 10, roundedTo: 5 };
  const read = (notices: unknown) =>
    parseQueryAnswer({ responseSummary: { exists: false }, info: { disclosure, notices } }, 'x');
  expect(read(['taken as\nexact'])).toMatchObject({
    notices: ['taken as exact'],
    count: { kind: 'suppressed', below: 10 },
  });
  expect(read('a sentence')).toMatchObject({ notices: [], count: { kind: 'suppressed' } });
  expect(read(Array.from({ length: 100 }, () => 'x'.repeat(9_000))).notices).toEqual(
    Array.from({ length: 20 }, () => 'x'.repeat(500)),
  );
});
