import type { NetworkAnswer } from '@federome/client';
import { expect, test } from 'vitest';
import { answerTable } from './answer-table.ts';

const counts = { ac: 41, an: 2_000, hom: 1, het: 39, hemi: 0, missing: 0 };
const answer: NetworkAnswer = {
  question: { variant: { assemblyId: 'GRCh38', geneId: 'HFE' } },
  deadlineMs: 3_000,
  elapsedMs: 12,
  members: [
    {
      id: 'ee',
      name: 'Estonia',
      country: 'EE',
      state: 'answered',
      elapsedMs: 9,
      exists: true,
      people: { kind: 'shown', value: 1_040 },
    },
    {
      id: 'fi',
      name: 'Finland',
      country: 'FI',
      state: 'answered',
      elapsedMs: 9,
      exists: true,
      people: { kind: 'suppressed', below: 10 },
    },
    { id: 'it', name: 'Italy', country: 'IT', state: 'timed-out', elapsedMs: 3_000 },
  ],
  total: {
    exists: true,
    people: { kind: 'shown', value: 1_040 },
    answered: 2,
    suppressed: 1,
    withoutCount: 0,
  },
  variants: [
    {
      variant: { assembly: 'GRCh38', contig: '6', position: 26_092_912, ref: 'G', alt: 'A' },
      byMember: [
        {
          member: 'ee',
          country: 'EE',
          population: 'EE',
          frequency: { kind: 'shown', counts, alleleFrequency: 0.0205 },
        },
        { member: 'fi', country: 'FI', population: 'FI', frequency: { kind: 'suppressed' } },
      ],
      total: { kind: 'shown', counts, alleleFrequency: 0.0205 },
    },
  ],
};

test('a table names each country’s state, what it discloses, and that a sum is a lower bound', () => {
  expect(answerTable(answer).split('\n')).toEqual([
    '  Country   State        People   AC     AN   Frequency',
    '  Estonia   answered      1,040   41   2000      2.05 %',
    '  Finland   answered        <10    –      –    withheld',
    '  Italy     timed-out         –    –      –    not seen',
    '  In all                ≥ 1,040   41   2000      2.05 %',
    '',
  ]);
});

test('frequencies are left out where people were selected', () => {
  const selected = { ...answer, question: { ...answer.question, filters: [{ id: 'HP:0001250' }] } };
  expect(answerTable(selected)).not.toContain('Frequency');
});

test('a total that is withheld itself is no lower bound', () => {
  const total = { ...answer.total, people: { kind: 'suppressed', below: 19 }, suppressed: 2 } as const;
  const lines = answerTable({ ...answer, total, variants: [] }).split('\n');
  expect(lines.at(-2)).toBe('  In all                   <19');
});
