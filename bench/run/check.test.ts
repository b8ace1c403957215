import { expect, test } from 'vitest';
import { compareCounts, type FoundRow, totalOf, WrongCount } from './check.ts';

const TRUTH = [
  { pos: 5, ref: 'A', alt: 'G', counts: Uint32Array.of(1, 8, 0, 0, 3, 10, 1, 0) },
  { pos: 9, ref: 'C', alt: 'T', counts: Uint32Array.of(0, 6, 0, 1, 2, 10, 0, 0) },
  { pos: 9, ref: 'C', alt: 'A', counts: Uint32Array.of(2, 6, 1, 1, 0, 10, 0, 0) },
];
const FOUND: readonly FoundRow[] = TRUTH.map(({ pos, ref, alt, counts }) => ({
  pos,
  ref,
  alt,
  populations: [0, 1].map((index) => ({
    ac: counts[4 * index]!,
    an: counts[4 * index + 1]!,
    hom: counts[4 * index + 2]!,
    missing: counts[4 * index + 3]!,
  })),
}));

test('counts equal to the truth pass, in whatever order the alleles of a site come', () => {
  compareCounts('a program', FOUND, TRUTH);
  compareCounts('a program', [FOUND[0]!, FOUND[2]!, FOUND[1]!], TRUTH);
});

test('a program that says only copies and alleles called is held to those', () => {
  const fewer = FOUND.map((row) => ({
    ...row,
    populations: row.populations.map(({ ac = 0, an = 0 }) => ({ ac, an })),
  }));
  compareCounts('a program', fewer, TRUTH);
});

test.each([0, 1, 2, 3, 4, 5, 6, 7])(
  'a truth that differs in one number (%i) fails the program and names it',
  (place) => {
    const corrupted = TRUTH.map((row) => ({ ...row, counts: row.counts.slice() }));
    corrupted[1]!.counts[place]! += 1;
    expect(() => compareCounts('a program', FOUND, corrupted)).toThrow(WrongCount);
    expect(() => compareCounts('a program', FOUND, corrupted)).toThrow(/a program.*population [12] at 9 C>T/);
  },
);

test('a missing, an added or another allele fails the program', () => {
  expect(() => compareCounts('a program', FOUND.slice(1), TRUTH)).toThrow(WrongCount);
  expect(() => compareCounts('a program', [...FOUND, FOUND[0]!], TRUTH)).toThrow(WrongCount);
  const other = [{ ...FOUND[0]!, alt: 'T' }, ...FOUND.slice(1)];
  expect(() => compareCounts('a program', other, TRUTH)).toThrow('5 A>T where the truth has 5 A>G');
});

test('a count that is no number fails the program', () => {
  const broken = FOUND.map((row) => ({
    ...row,
    populations: row.populations.map(() => ({ ac: Number.NaN })),
  }));
  expect(() => compareCounts('a program', broken, TRUTH)).toThrow(WrongCount);
});

test('the total of an allele is the sum over its populations', () => {
  expect(totalOf(TRUTH[0]!)).toEqual({ ac: 4, an: 18, hom: 1, missing: 0 });
});
