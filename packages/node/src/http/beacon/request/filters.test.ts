import { expect, test } from 'vitest';
import { parseFilters } from './filters.ts';

test.each([
  ['HP:0001250', { id: 'HP:0001250' }],
  ['age:>P70Y', { id: 'age', operator: '>', value: 'P70Y' }],
  ['age>=P70Y', { id: 'age', operator: '>=', value: 'P70Y' }],
  ['sex:=:female', { id: 'sex', operator: '=', value: 'female' }],
  ['sex:female', { id: 'sex', operator: '=', value: 'female' }],
  ['sex=female', { id: 'sex', operator: '=', value: 'female' }],
  ['population:!F%', { id: 'population', operator: '!', value: 'F%' }],
  ['LOINC:8308-9:>=180', { id: 'LOINC:8308-9', operator: '>=', value: '180' }],
])('a GET writes %s', (text, filter) => {
  expect(parseFilters(text)).toEqual([filter]);
});

test('filters of a GET are joined by commas or repeated; a POST may write them as texts too', () => {
  expect(parseFilters('HP:0001250,NCIT:C20197')).toEqual([{ id: 'HP:0001250' }, { id: 'NCIT:C20197' }]);
  expect(parseFilters(['HP:0001250', 'age:>P70Y,sex:male'])).toHaveLength(3);
});

test('an object keeps what it says; a value without an operator is compared by equality', () => {
  const filter = { id: 'HP:0001250', includeDescendantTerms: false, similarity: 'high', scope: 'individual' };
  expect(parseFilters([filter])).toEqual([filter]);
  expect(parseFilters([{ id: 'sex', value: 'male' }])).toEqual([{ id: 'sex', operator: '=', value: 'male' }]);
});

test('nothing is no filter', () => {
  for (const nothing of [undefined, '', []]) expect(parseFilters(nothing)).toEqual([]);
});

test.each([
  [[{ id: 'age', operator: '>', value: 70 }], 'the value of filter'],
  [[{ id: 'age', operator: '~', value: 'P70Y' }], 'the operator of filter'],
  [[{ id: 'age', operator: '>' }], 'the value of filter'],
  [[{ id: 'HP:0001250', scope: 'biosamples' }], 'the scope of filter'],
  [[{ id: 'HP:0001250', negated: true }], 'unknown property'],
  [[{ id: '' }], 'the id of a filter'],
  [[null], 'a filter'],
  ['HP:0001250,', 'the id of a filter'],
])('%j is refused by name', (filters, message) => {
  expect(() => parseFilters(filters)).toThrow(
    expect.objectContaining({ code: 'node/bad-filter', message: expect.stringContaining(message) }),
  );
});
