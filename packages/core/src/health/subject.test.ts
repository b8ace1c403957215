import { expect, test } from 'vitest';
import { parseSex, SEXES, sexTerm } from './subject.ts';

test('sexes are read from tables, phenopackets, PLINK files and ontologies', () => {
  expect(['F', 'female', '2', 'NCIT:C16576', 'FEMALE'].map(parseSex)).toEqual(Array(5).fill('female'));
  expect(['m', 'Male', '1', 'NCIT:C20197'].map(parseSex)).toEqual(Array(4).fill('male'));
  expect(['', 'UNKNOWN_SEX', '0'].map(parseSex)).toEqual(Array(3).fill('unknown'));
  expect(parseSex('w')).toBeUndefined();
});

test('the term of a sex is read back as that sex', () => {
  for (const sex of SEXES) expect(parseSex(sexTerm(sex).id)).toBe(sex);
});
