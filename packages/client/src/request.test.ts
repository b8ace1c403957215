import { expect, test } from 'vitest';
import { requestBody, requestSearch } from './request.ts';

const variant = { referenceName: '22', start: [100, 200], end: [150, 250], variantType: 'DEL' };
const filters = [
  { id: 'HP:0001250', includeDescendantTerms: false },
  { id: 'age', operator: '>', value: 'P70Y' },
  { id: 'sex', value: 'female' },
] as const;

test('a POST nests the variant by its entry type, or leaves it flat, and keeps filters as they are', () => {
  const query = { variant, filters, granularity: 'count', pagination: { skip: 1, limit: 5 } } as const;
  const expected = { filters, requestedGranularity: 'count', pagination: { skip: 1, limit: 5 } };
  expect(requestBody(query, 'nested')).toMatchObject({
    meta: { apiVersion: '2.1.1' },
    query: { ...expected, requestParameters: { g_variant: variant } },
  });
  expect(requestBody(query, 'flat')).toMatchObject({ query: { ...expected, requestParameters: variant } });
  expect(requestBody({}, 'nested')).toEqual({
    meta: { apiVersion: '2.1.1' },
    query: { requestedGranularity: 'boolean' },
  });
});

test('a GET joins lists by commas and writes filters with their operators', () => {
  const query = { variant, filters, granularity: 'count', includeResultsetResponses: 'ALL' } as const;
  expect(Object.fromEntries(requestSearch(query))).toEqual({
    referenceName: '22',
    start: '100,200',
    end: '150,250',
    variantType: 'DEL',
    filters: 'HP:0001250,age:>P70Y,sex:=female',
    requestedGranularity: 'count',
    includeResultsetResponses: 'ALL',
  });
});
