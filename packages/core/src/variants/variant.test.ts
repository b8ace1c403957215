import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { type AlleleCounts, carrierCount, mergeAlleleCounts, NO_ALLELES } from './allele-counts.ts';
import { compareVariants, formatVariant, isSequence, type Variant } from './variant.ts';

const count = fc.nat({ max: 1_000_000 });
const counts: fc.Arbitrary<AlleleCounts> = fc.record({
  ac: count,
  an: count,
  hom: count,
  het: count,
  hemi: count,
  missing: count,
});
const variants: fc.Arbitrary<Variant> = fc.record({
  contig: fc.constantFrom('1', '10', '2', 'X', 'GL1'),
  position: fc.nat({ max: 3 }),
  ref: fc.constantFrom('A', 'AC'),
  alt: fc.constantFrom('G', 'T', '<DEL>'),
});

test('counts merge in any order and grouping to the same sum, with a neutral element', () => {
  fc.assert(
    fc.property(counts, counts, counts, (a, b, c) => {
      expect(mergeAlleleCounts(mergeAlleleCounts(a, b), c)).toEqual(
        mergeAlleleCounts(a, mergeAlleleCounts(c, b)),
      );
      expect(mergeAlleleCounts(a, NO_ALLELES)).toEqual(a);
      expect(carrierCount(mergeAlleleCounts(a, b))).toBe(carrierCount(a) + carrierCount(b));
    }),
  );
});

test('genome order is total: antisymmetric, transitive, equal only for equal variants', () => {
  fc.assert(
    fc.property(variants, variants, variants, (a, b, c) => {
      expect(Math.sign(compareVariants(a, b))).toBe(-Math.sign(compareVariants(b, a)) + 0);
      expect(compareVariants(a, b) === 0).toBe(formatVariant(a) === formatVariant(b));
      if (compareVariants(a, b) <= 0 && compareVariants(b, c) <= 0)
        expect(compareVariants(a, c)).toBeLessThanOrEqual(0);
    }),
  );
});

test('a variant is written with a 1-based position; only bases are sequence', () => {
  expect(formatVariant({ contig: '22', position: 16_050_074, ref: 'A', alt: 'G' })).toBe('22-16050075-A-G');
  expect(['A', 'ACGTN'].map(isSequence)).toEqual([true, true]);
  expect(['', '<DEL>', '*', 'a', 'G]17:198982]', '.'].map(isSequence)).toEqual(Array(6).fill(false));
});
