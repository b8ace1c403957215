import fc from 'fast-check';
import { expect, test } from 'vitest';
import { canonicalCurie } from './curie.ts';

test.each([
  ['HP:0001250', 'HP:0001250'],
  [' hp:0001250 ', 'HP:0001250'],
  ['Orphanet:558', 'ORDO:558'],
  ['ORPHA:558', 'ORDO:558'],
  ['ORDO:558', 'ORDO:558'],
  ['ORDO:Orphanet_558', 'ORDO:558'],
  ['http://www.orpha.net/ORDO/Orphanet_558', 'ORDO:558'],
  ['http://www.orpha.net/ORDO/Orphanet_C017', 'ORDO:C017'],
  ['http://purl.obolibrary.org/obo/HP_0001250', 'HP:0001250'],
  ['http://purl.obolibrary.org/obo/NCIT_C16576', 'NCIT:C16576'],
  ['OPCS4:L46.3', 'OPCS4:L46.3'],
  ['UCUM:kg/m2', 'UCUM:kg/m2'],
  ['MIM:614959', 'OMIM:614959'],
])('%s is the term %s', (text, expected) => {
  expect(canonicalCurie(text)).toBe(expected);
});

test.each(['', 'HP', 'HP:', ':0001250', 'HP_0001250', 'HP: 0001250', 'http://example.org/x', '5:3', 'a b:c'])(
  '%j is no CURIE',
  (text) => {
    expect(canonicalCurie(text)).toBeUndefined();
  },
);

test('a canonical identifier is its own canonical form', () => {
  fc.assert(
    fc.property(
      fc.constantFrom('Orphanet', 'orpha', 'HP', 'x.y', 'Mim'),
      fc.stringMatching(/^[A-Z0-9.]{1,8}$/),
      (p, l) => {
        const once = canonicalCurie(`${p}:${l}`)!;
        expect(canonicalCurie(once)).toBe(once);
      },
    ),
  );
});
