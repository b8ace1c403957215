import { expect, test } from 'vitest';
import { isAnswer, isGenes, isOverview, isTerms } from './shapes.ts';

const overview = {
  name: 'Network',
  members: [
    { id: 'ee', name: 'Node', country: 'EE', url: 'https://ee.example.org', state: 'unreachable' },
    {
      id: 'lu',
      name: 'Node',
      country: 'LU',
      url: 'https://lu.example.org',
      state: 'answered',
      genomes: { kind: 'suppressed', below: 10 },
    },
  ],
  progress: { genomes: 0, target: 1_000_000 },
};
const counts = { ac: 30, an: 4_000, hom: 0, het: 30, hemi: 0, missing: 0 };
const answer = {
  question: { filters: [{ id: 'HP:0001250' }] },
  deadlineMs: 3_000,
  elapsedMs: 40,
  members: [
    {
      id: 'ee',
      name: 'Node',
      country: 'EE',
      state: 'answered',
      elapsedMs: 40,
      people: { kind: 'shown', value: 40 },
    },
  ],
  total: { exists: true, people: { kind: 'shown', value: 40 }, answered: 1, suppressed: 0 },
  variants: [
    {
      variant: { assembly: 'GRCh38', contig: '17', position: 1, ref: 'A', alt: 'G' },
      byMember: [{ member: 'ee', country: 'EE', population: 'all', frequency: { kind: 'suppressed' } }],
      total: { kind: 'shown', counts, alleleFrequency: 0.0075, withheld: ['hom'] },
    },
  ],
};

test('what a hub answers as agreed is understood', () => {
  expect(isOverview(overview)).toBe(true);
  expect(isAnswer(answer)).toBe(true);
  expect(isTerms([{ id: 'HP:0001250', label: 'Seizure', type: 'ontology', more: 1 }])).toBe(true);
  expect(isGenes([{ symbol: 'BRCA1', assembly: 'GRCh38', contig: '17', start: 0, end: 9 }])).toBe(true);
});

test.each([
  ['nothing', undefined],
  ['a list', []],
  ['no members', { ...answer, members: undefined }],
  ['a state that does not exist', { ...answer, members: [{ ...answer.members[0], state: 'asleep' }] }],
  [
    'a number that is a text',
    { ...answer, members: [{ ...answer.members[0], people: { kind: 'shown', value: '40' } }] },
  ],
  [
    'a sum that is not finite',
    { ...answer, total: { ...answer.total, people: { kind: 'shown', value: Number.NaN } } },
  ],
  [
    'a frequency without counts',
    { ...answer, variants: [{ ...answer.variants[0], total: { kind: 'shown', alleleFrequency: 1 } }] },
  ],
])('an answer with %s is refused', (_, value) => {
  expect(isAnswer(value)).toBe(false);
});
