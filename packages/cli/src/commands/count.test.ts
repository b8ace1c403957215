import { expect, test } from 'vitest';
import { parseFilter } from './count.ts';

test.each([
  ['HP:0001250', { id: 'HP:0001250' }],
  ['sex=female', { id: 'sex', operator: '=', value: 'female' }],
  ['population!=FIN', { id: 'population', operator: '!', value: 'FIN' }],
  ['age>=40', { id: 'age', operator: '>=', value: 'P40Y' }],
  ['age < P6M', { id: 'age', operator: '<', value: 'P6M' }],
  ['LOINC:8308-9>=180', { id: 'LOINC:8308-9', operator: '>=', value: '180' }],
  ['LOINC:8308-9<=70[in_i]', { id: 'LOINC:8308-9', operator: '<=', value: '70[in_i]' }],
])("the filter '%s' is understood", (text, filter) => {
  expect(parseFilter(text)).toEqual(filter);
});
