import { expect, test } from 'vitest';
import { hgvsOf, parseGenomicHgvs } from './hgvs.ts';

test.each([
  ['NC_000022.11:g.36265860A>G', { kind: 'substitution', start: 36265859, ref: 'A', alt: 'G' }],
  ['refseq:NC_000022.11:g.101del', { kind: 'deletion', start: 100, end: 101 }],
  ['NC_000022.11:g.101_103delCAG', { kind: 'deletion', start: 100, end: 103, deleted: 'CAG' }],
  ['NC_000022.11:g.101_102insTT', { kind: 'insertion', start: 101, inserted: 'TT' }],
  ['NC_000022.11:g.101_103dup', { kind: 'duplication', start: 100, end: 103 }],
  ['NC_000022.11:g.101_103delinsT', { kind: 'delins', start: 100, end: 103, inserted: 'T' }],
])('%s is understood', (name, change) => {
  expect(parseGenomicHgvs(name)).toEqual({ accession: 'NC_000022.11', change });
});

test.each([
  'NM_004006.2:c.4375C>T',
  'NC_000022:g.1A>G',
  'NC_000022.11:g.0A>G',
  'NC_000022.11:g.5A>A',
  'NC_000022.11:g.5_7insA',
  'NC_000022.11:g.5_6ins',
  'NC_000022.11:g.7_5del',
  'NC_000022.11:g.5_7delCA',
  'NC_000022.11:g.(5_7)del',
  'NC_000022.11:p.V600E',
  '',
])("'%s' is no genomic name that can be looked up", (name) => {
  expect(parseGenomicHgvs(name)).toBeUndefined();
});

test.each([
  [{ position: 99, ref: 'A', alt: 'G' }, 'g.100A>G'],
  [{ position: 99, ref: 'ACAG', alt: 'A' }, 'g.101_103del'],
  [{ position: 99, ref: 'AC', alt: 'A' }, 'g.101del'],
  [{ position: 99, ref: 'A', alt: 'ATT' }, 'g.100_101insTT'],
  [{ position: 99, ref: 'AC', alt: 'GT' }, 'g.100_101delinsGT'],
])('the name of %o', (alleles, name) => {
  expect(hgvsOf('GRCh38', { contig: '22', ...alleles })).toBe(`NC_000022.11:${name}`);
});

test('a symbolic allele and a contig without accession have no name', () => {
  expect(hgvsOf('GRCh38', { contig: '22', position: 9, ref: 'A', alt: '<DEL>' })).toBeUndefined();
  expect(hgvsOf('GRCh38', { contig: 'GL1', position: 9, ref: 'A', alt: 'C' })).toBeUndefined();
});

test('a name that was given is understood as the same change', () => {
  const variant = { contig: '17', position: 43_057_062, ref: 'GA', alt: 'G' };
  expect(parseGenomicHgvs(hgvsOf('GRCh38', variant) ?? '')?.change).toEqual({
    kind: 'deletion',
    start: 43_057_063,
    end: 43_057_064,
  });
});
