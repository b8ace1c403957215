import { expect, test } from 'vitest';
import { changedLengthBp, isOfType, trimAlleles, typeOfVariant } from './variant-type.ts';

test.each([
  ['A', 'G', 'SNP'],
  ['AC', 'GT', 'MNP'],
  ['A', 'AT', 'INS'],
  ['AT', 'A', 'DEL'],
  ['ATG', 'CC', 'INDEL'],
  ['A', '<DEL>', 'DEL'],
  ['A', '<DUP:TANDEM>', 'DUP'],
  ['A', '<CN0>', 'DEL'],
  ['A', '<CN2>', 'DUP'],
  ['A', '<CNV>', 'CNV'],
  ['A', 'A[2:123[', 'BND'],
  ['A', '*', 'DEL'],
] as const)('%s to %s is a %s', (ref, alt, type) => {
  expect(typeOfVariant({ position: 9, ref, alt })).toBe(type);
});

test('a copy-number variant is any symbolic gain or loss, and no small deletion', () => {
  expect(isOfType({ position: 0, ref: 'A', alt: '<CN0>' }, 'CNV')).toBe(true);
  expect(isOfType({ position: 0, ref: 'AT', alt: 'A' }, 'CNV')).toBe(false);
});

test('trimming keeps a left-aligned change where it is', () => {
  expect(trimAlleles(99, 'ACAG', 'A')).toEqual({ start: 100, ref: 'CAG', alt: '' });
  expect(trimAlleles(99, 'TCAG', 'TG')).toEqual({ start: 100, ref: 'CA', alt: '' });
  expect(trimAlleles(99, 'CAA', 'CA')).toEqual({ start: 100, ref: 'A', alt: '' });
});

test('the length of a change counts what changes, and is unknown of symbolic alleles', () => {
  expect(changedLengthBp({ contig: '1', position: 0, ref: 'A', alt: 'ATTT' })).toBe(3);
  expect(changedLengthBp({ contig: '1', position: 0, ref: 'A', alt: '<DEL>' })).toBeUndefined();
});
