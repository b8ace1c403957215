import { type HgvsChange, parseGenomicHgvs } from '@federome/core';
import type { Site } from '@federome/genotypes';
import { expect, test } from 'vitest';
import { alleleMatcher, alleleStartsAt, hgvsMatcher } from './alleles.ts';

function site(position: number, ref: string, alt: string, original?: Site['original']): Site {
  return {
    variant: { contig: '22', position, ref, alt },
    ids: [],
    original: original ?? { position, ref, alts: [alt] },
  };
}

const starts = (start: number, referenceBases: string | undefined, alternateBases: string) =>
  alleleStartsAt({
    kind: 'sequence',
    referenceName: '22',
    start,
    alternateBases,
    ...(referenceBases === undefined ? {} : { referenceBases }),
  });

test('N is any base, of that number of bases', () => {
  const snv = site(100, 'A', 'G');
  expect(starts(100, 'A', 'N')(snv)).toBe(true);
  expect(starts(100, 'N', 'G')(snv)).toBe(true);
  expect(starts(100, undefined, 'NN')(snv)).toBe(false);
  expect(starts(101, 'A', 'N')(snv)).toBe(false);
  expect(starts(100, undefined, 'N')(site(100, 'A', '<DEL>'))).toBe(false);
});

test('an indel is recognised as it is normalised, as its file wrote it, and trimmed', () => {
  // GCACAG → GCAG in a repeat: normalised at 100, written by its file at 103 beside another allele.
  const deletion = site(100, 'GCA', 'G', { position: 103, ref: 'ACAT', alts: ['AT', 'ACAG'] });
  expect(starts(100, 'GCA', 'G')(deletion)).toBe(true);
  expect(starts(101, 'CA', '')(deletion)).toBe(true);
  expect(starts(103, 'ACAT', 'AT')(deletion)).toBe(true);
  expect(starts(103, 'ACAT', 'ACAG')(deletion)).toBe(false);
});

test('an allele that is written longer than needed is the same allele', () => {
  expect(starts(99, 'TA', 'TG')(site(100, 'A', 'G'))).toBe(true);
  expect(starts(100, 'ACT', 'GCT')(site(100, 'A', 'G'))).toBe(true);
});

test('conditions beside a place narrow it down', () => {
  const breakend = site(100, 'A', 'A[chr2:500[');
  expect(alleleMatcher({ mateName: '2' }, 'GRCh38')(breakend)).toBe(true);
  expect(alleleMatcher({ mateName: '3' }, 'GRCh38')(breakend)).toBe(false);
  expect(alleleMatcher({ variantType: 'DUP' }, 'GRCh38')(site(1, 'A', '<CN2>'))).toBe(true);
  expect(alleleMatcher({ variantMaxLength: 2 }, 'GRCh38')(site(1, 'ATTT', 'A'))).toBe(false);
  expect(alleleMatcher({ variantMinLength: 1 }, 'GRCh38')(site(1, 'A', '<DEL>'))).toBe(false);
});

function change(name: string): HgvsChange {
  const parsed = parseGenomicHgvs(`NC_000022.11:g.${name}`);
  if (parsed === undefined) throw new Error(name);
  return parsed.change;
}

test.each([
  ['101A>G', site(100, 'A', 'G'), true],
  ['101A>T', site(100, 'A', 'G'), false],
  ['102_104del', site(100, 'ACAG', 'A'), true],
  ['102_104delCAG', site(100, 'ACAG', 'A'), true],
  ['102_104delTTT', site(100, 'ACAG', 'A'), false],
  ['102_103del', site(100, 'ACAG', 'A'), false],
  ['101_102insT', site(100, 'A', 'AT'), true],
  ['102dup', site(100, 'A', 'AT'), true],
  ['101dupT', site(100, 'A', 'AT'), true],
  ['101_102delinsTT', site(100, 'AC', 'TT'), true],
  ['102_900dup', site(100, 'A', '<DUP>'), true],
] as const)('%s', (name, where, matches) => {
  expect(hgvsMatcher(change(name))(where)).toBe(matches);
});
