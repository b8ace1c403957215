import { expect, test } from 'vitest';
import { composedOf } from './composed.ts';
import { EMPTY_QUESTION, networkQuestionOf, type Question } from './question.ts';

test.each<Question>([
  { ...EMPTY_QUESTION, about: 'BRCA1', assembly: 'GRCh37' },
  { ...EMPTY_QUESTION, about: '2-135851076-G-A', terms: ['ORDO:716', 'HP:0001250'] },
  { ...EMPTY_QUESTION, about: '17:43044000-43045000', sex: 'male' },
  { ...EMPTY_QUESTION, terms: ['HP:0001626'], sex: 'female', ageFrom: 60, ageTo: 80 },
])('what a person composed comes back from the network’s terms: $about $terms', (question) => {
  const asked = networkQuestionOf(question);
  const composed = asked && composedOf(asked);
  expect(composed && networkQuestionOf(composed)).toEqual(asked);
  expect(composed?.terms).toEqual(question.terms);
});

test.each([
  { variant: { geneId: 'BRCA1', aminoacidChange: 'V600E' } },
  { variant: { referenceName: '2', start: [1, 5], end: [9, 10] } },
  { filters: [{ id: 'HP:0001250', includeDescendantTerms: false }] },
  { filters: [{ id: 'weight', operator: '>' as const, value: '80' }] },
  {},
])('a question that the form has no place for is none: %j', (question) => {
  expect(composedOf(question)).toBeUndefined();
});
