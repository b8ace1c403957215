import { formatVariant } from '@federome/core';
import { expect, test } from 'vitest';
import { readVariantRecords } from './variant-records.ts';

function legacy(sequence: string, start: unknown, ref = 'A', alt = 'G', extra: object = {}): object {
  const location = {
    type: 'SequenceLocation',
    sequence_id: sequence,
    interval: { type: 'SequenceInterval', start },
  };
  return { variation: { variantType: 'SNP', referenceBases: ref, alternateBases: alt, location }, ...extra };
}

function withFrequency(row: object): object {
  return legacy('refseq:NC_000022.11', 9, 'A', 'G', {
    frequencyInPopulations: [{ source: 'x', frequencies: [{ population: 'Total', ...row }] }],
  });
}

const named = (results: readonly object[], assembly?: 'GRCh37' | 'GRCh38') =>
  readVariantRecords(results, assembly).map(
    (record) => `${record.assembly} ${formatVariant(record.variant)}`,
  );

test('an accession says contig and assembly, a bare contig needs the assembly of the question or of its id', () => {
  expect(named([legacy('refseq:NC_000022.11', { type: 'Number', value: 99 })])).toEqual([
    'GRCh38 22-100-A-G',
  ]);
  expect(named([legacy('NC_000022.10', 99)])).toEqual(['GRCh37 22-100-A-G']);
  expect(named([legacy('chr22', 99)], 'GRCh37')).toEqual(['GRCh37 22-100-A-G']);
  expect(named([legacy('22', 99, 'A', 'G', { variantInternalId: 'GRCh38:22-100-A-G' })])).toEqual([
    'GRCh38 22-100-A-G',
  ]);
  expect(named([legacy('GRCh38:HLA_X', 99)])).toEqual(['GRCh38 HLA_X-100-A-G']);
});

test('the mitochondrial accession is that of both assemblies: what is stated decides', () => {
  const id = { variantInternalId: 'GRCh38:MT-100-A-G' };
  expect(named([legacy('refseq:NC_012920.1', 99, 'A', 'G', id)])).toEqual(['GRCh38 MT-100-A-G']);
  expect(named([legacy('refseq:NC_012920.1', 99)], 'GRCh38')).toEqual(['GRCh38 MT-100-A-G']);
});

test('shared bases are trimmed, so that equal changes have equal values', () => {
  expect(named([legacy('NC_000022.11', 98, 'TA', 'TG'), legacy('NC_000022.11', 97, 'CTAG', 'CTGG')])).toEqual(
    ['GRCh38 22-100-A-G', 'GRCh38 22-100-A-G'],
  );
});

test('a symbolic allele is named by the end of the record’s id', () => {
  const id = { variantInternalId: 'GRCh38:22-100-A-<DEL>' };
  expect(named([legacy('NC_000022.11', 99, 'A', '.', id)])).toEqual(['GRCh38 22-100-A-<DEL>']);
});

test('records without a place or without alleles are left out: they cannot be merged', () => {
  const results = [
    legacy('22', 99),
    legacy('NC_000099.1', 99),
    { variation: { type: 'Allele', state: { sequence: 'G' } } },
    { variation: { variantType: 'DEL', referenceBases: '', alternateBases: '' } },
  ];
  expect(readVariantRecords(results)).toEqual([]);
});

test('genotypes are people, whether a Beacon counts people or their alleles, and left out where they are neither', () => {
  const counted = { alleleFrequency: 0.1, alleleCount: 100, alleleNumber: 1_000 };
  const read = (hom: number, het: number, hemi?: number) =>
    readVariantRecords([
      withFrequency({
        ...counted,
        alleleCountHomozygous: hom,
        alleleCountHeterozygous: het,
        ...(hemi !== undefined && { alleleCountHemizygous: hemi }),
      }),
    ])[0]?.frequencies[0]?.counts;
  const people = { ac: 100, an: 1_000, hom: 10, het: 70, hemi: 10 };
  expect(read(10, 70, 10)).toEqual(people);
  expect(read(20, 70, 10)).toEqual(people);
  expect(read(10, 80)).toEqual({ ...people, het: 80, hemi: 0 });
  expect(read(11, 70, 10)).toEqual({ ac: 100, an: 1_000 });
});

test('frequencies need AC and AN; the counts of genotypes are kept where they are given', () => {
  const [bare] = readVariantRecords([withFrequency({ alleleFrequency: 0.1 })]);
  expect(bare?.frequencies).toEqual([]);
  const counted = { alleleFrequency: 0.1, alleleCount: 100, alleleNumber: 1_000 };
  const [full] = readVariantRecords([
    withFrequency({
      ...counted,
      alleleCountHomozygous: 10,
      alleleCountHeterozygous: 80,
      alleleCountHemizygous: 0,
    }),
  ]);
  expect(full?.frequencies).toEqual([
    { population: 'Total', counts: { ac: 100, an: 1_000, hom: 10, het: 80, hemi: 0 } },
  ]);
});

test('numbers that cannot be are refused', () => {
  const bad = [
    { alleleFrequency: 1.5 },
    { alleleFrequency: -0.1 },
    { alleleFrequency: 0.1, alleleCount: 11, alleleNumber: 10 },
    { alleleFrequency: 0.5, alleleCount: 1, alleleNumber: 10 },
    { alleleFrequency: 0.1, alleleCount: -1, alleleNumber: 10 },
    { alleleFrequency: 0.1, alleleCount: 1.5, alleleNumber: 15 },
  ];
  for (const row of bad) {
    expect(() => readVariantRecords([withFrequency(row)]), JSON.stringify(row)).toThrow(
      expect.objectContaining({ code: 'client/wrong-schema' }),
    );
  }
});
