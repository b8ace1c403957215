import { expect, test } from 'vitest';
import { TermIndex } from './terms.ts';

const terms = new TermIndex([
  [
    { id: 'HP:0001250', label: 'Seizure', type: 'ontologyTerm' },
    { id: 'HP:0007359', label: 'Focal-onset seizure', type: 'ontologyTerm' },
    { id: 'HP:0002069', label: 'Bilateral tonic-clonic seizure', type: 'ontologyTerm' },
    { id: 'HP:0020219', label: 'Motor seizure', type: 'ontologyTerm' },
    { id: 'ORDO:1234', label: '', type: 'ontologyTerm' },
  ],
  [
    { id: 'HP:0001250', label: 'Another name', type: 'ontologyTerm' },
    { id: 'HP:0011097', label: 'Seizures, epileptic spasms', type: 'ontologyTerm' },
    { id: 'ORDO:1234', label: 'Maladie de Ménière', type: 'ontologyTerm' },
    { id: 'age', type: 'alphanumeric' },
  ],
]);

const ids = (text: string, limit = 10) => terms.search(text, limit).map(({ id }) => id);

test('terms of all members are one list, each under its first label', () => {
  expect(terms.size).toBe(7);
  expect(terms.search('HP:0001250', 1)).toEqual([
    { id: 'HP:0001250', label: 'Seizure', type: 'ontologyTerm' },
  ]);
  expect(terms.search('age', 1)).toEqual([{ id: 'age', label: 'age', type: 'alphanumeric' }]);
});

test('the label itself comes first, then labels that begin with it, then those with such a word', () => {
  expect(ids('seizure')).toEqual(['HP:0001250', 'HP:0011097', 'HP:0020219', 'HP:0007359', 'HP:0002069']);
});

test('words may be typed in part and in any order', () => {
  expect(ids('seiz ton')).toEqual(['HP:0002069']);
  expect(ids('onset foc')).toEqual(['HP:0007359']);
  expect(ids('seizure nonsense')).toEqual([]);
});

test('case and accents do not matter', () => {
  expect(ids('MENIERE')).toEqual(['ORDO:1234']);
});

test('an id is found by its beginning, with its prefix or without', () => {
  expect(ids('hp:00012')).toEqual(['HP:0001250']);
  expect(ids('0001250')).toEqual(['HP:0001250']);
});

test('an empty text lists terms alphabetically, as many as asked for', () => {
  expect(ids('', 2)).toEqual(['age', 'HP:0002069']);
  expect(terms.page(1, 2).map(({ id }) => id)).toEqual(['HP:0002069', 'HP:0007359']);
});
