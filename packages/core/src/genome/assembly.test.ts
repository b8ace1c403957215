import { expect, test } from 'vitest';
import {
  ASSEMBLIES,
  compareContigs,
  contigLengthBp,
  expectedPloidy,
  PRIMARY_CONTIGS,
  parseAssembly,
  refSeqAccession,
  resolveContig,
} from './assembly.ts';

test('every way of writing a contig resolves to its one name', () => {
  for (const name of ['22', 'chr22', 'CHR22', 'NC_000022.11', 'refseq:NC_000022.11', 'nc_000022.11']) {
    expect(resolveContig('GRCh38', name)).toEqual({ kind: 'contig', name: '22' });
  }
  for (const name of ['M', 'chrM', 'MT', 'chrMT', 'NC_012920.1']) {
    expect(resolveContig('GRCh37', name)).toEqual({ kind: 'contig', name: 'MT' });
  }
  for (const name of ['X', 'chrx', 'NC_000023.10'])
    expect(resolveContig('GRCh37', name)).toEqual({ kind: 'contig', name: 'X' });
});

test('an accession of the other assembly is told apart from an unknown contig', () => {
  expect(resolveContig('GRCh38', 'NC_000022.10')).toEqual({
    kind: 'other-assembly',
    assembly: 'GRCh37',
    name: '22',
  });
  for (const name of ['NC_000022.9', 'NC_999999.1', '23', 'chrUn_KI270302v1', '', 'constructor']) {
    expect(resolveContig('GRCh38', name)).toEqual({ kind: 'unknown' });
  }
});

test('accessions and lengths exist for every primary contig and differ between assemblies', () => {
  for (const contig of PRIMARY_CONTIGS) {
    for (const assembly of ASSEMBLIES) {
      const accession = refSeqAccession(assembly, contig);
      expect(resolveContig(assembly, accession ?? '')).toEqual({ kind: 'contig', name: contig });
      expect(contigLengthBp(assembly, contig)).toBeGreaterThan(16_000);
    }
    if (contig !== 'MT')
      expect(refSeqAccession('GRCh37', contig)).not.toBe(refSeqAccession('GRCh38', contig));
  }
  expect(contigLengthBp('GRCh38', '1')).toBe(248_956_422);
});

test('contigs sort as a karyotype, others behind them by name', () => {
  const shuffled = ['GL000192.1', 'MT', '10', 'X', '2', 'Y', '1', 'GL000191.1', '22'];
  expect(shuffled.sort(compareContigs)).toEqual([
    '1',
    '2',
    '10',
    '22',
    'X',
    'Y',
    'MT',
    'GL000191.1',
    'GL000192.1',
  ]);
});

test('tools name the two assemblies in many ways', () => {
  for (const name of ['GRCh37', 'hg19', 'b37', 'hs37d5', 'GRCh37.p13'])
    expect(parseAssembly(name)).toBe('GRCh37');
  for (const name of ['GRCh38', 'hg38', ' grch38.p14 ', 'hs38DH']) expect(parseAssembly(name)).toBe('GRCh38');
  for (const name of ['hg18', 'T2T', '', 'GRCh3']) expect(parseAssembly(name)).toBeUndefined();
});

test('men have one X outside the pseudoautosomal regions, women no Y, and everyone one mitochondrial genome', () => {
  expect(expectedPloidy('GRCh38', 'X', 50_000_000, 'male')).toBe(1);
  expect(expectedPloidy('GRCh38', 'X', 10_000, 'male')).toBe(2);
  expect(expectedPloidy('GRCh38', 'X', 2_781_479, 'male')).toBe(1);
  expect(expectedPloidy('GRCh37', 'X', 155_000_000, 'male')).toBe(2);
  expect(expectedPloidy('GRCh37', 'X', 50_000_000, 'female')).toBe(2);
  expect(expectedPloidy('GRCh37', 'Y', 5_000_000, 'female')).toBe(0);
  expect(expectedPloidy('GRCh37', 'Y', 5_000_000, 'male')).toBe(1);
  expect(expectedPloidy('GRCh37', 'MT', 100, 'female')).toBe(1);
  expect(expectedPloidy('GRCh37', '7', 100, 'male')).toBe(2);
});
