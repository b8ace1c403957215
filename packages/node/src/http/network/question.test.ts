import { expect, test } from 'vitest';
import { parseExamples } from './question.ts';

test('questions that a hub offers keep their wording and their order', () => {
  const offered = [
    { label: 'How common is it?', question: { variant: { assemblyId: 'GRCh38', geneId: 'HFE' } } },
    { label: 'How many have it?', question: { filters: [{ id: 'HP:0001250' }] } },
  ];
  expect(parseExamples(offered)).toEqual(offered);
});

test.each([
  [{ variant: { geneId: 'HFE', referenceName: '6' } }, 'expected one of geneId'],
  [{ filters: 'HP:0001250' }, 'filters: '],
  ['HFE', 'the question: '],
])('an offered question that could not be asked is refused with its place: %j', (question, why) => {
  const good = { label: 'Good', question: { variant: { geneId: 'HFE' } } };
  expect(() => parseExamples([good, { label: 'Bad', question }])).toThrow(
    expect.objectContaining({
      code: 'node/bad-config',
      message: expect.stringMatching(new RegExp(`^examples\\.1\\.question: .*${why}`)),
    }),
  );
});
