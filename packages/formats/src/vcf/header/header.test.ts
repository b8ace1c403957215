import { describe, expect, test } from 'vitest';
import { namedAssembly } from './assembly.ts';
import { HeaderReader, type ParsedHeader } from './header.ts';

const TITLES = '#CHROM\tPOS\tID\tREF\tALT\tQUAL\tFILTER\tINFO';

function parsed(version: string, ...meta: readonly string[]): ParsedHeader {
  const reader = new HeaderReader('test.vcf');
  for (const line of [`##fileformat=VCFv${version}`, ...meta, TITLES]) reader.take(line);
  return reader.finish(undefined);
}

const ALL = ['4.1', '4.2', '4.3', '4.4', '4.5'];
const EARLY = ['4.1', '4.2'];
const LATE = ['4.3', '4.4', '4.5'];

describe('meta lines that are read', () => {
  test.each([
    [ALL, '##INFO=<ID=X,Number=1,Type=Integer,Description="a, b = \\"c\\" <d>",Source="s",Version="1">'],
    [ALL, '##INFO=<ID=MQ,Number=1,Type=Float,Description="as GATK has it">'],
    [ALL, '##INFO=<ID=AF,Number=1,Type=Float,Description="as Minimac has it">'],
    [ALL, '##FORMAT=<ID=GQ,Number=1,Type=Float,Description="as freebayes has it">'],
    [ALL, '##FORMAT=<ID=GP,Number=3,Type=Float,Description="as Minimac has it">'],
    [EARLY, '##FORMAT=<ID=AD,Number=.,Type=Integer,Description="not reserved before 4.3">'],
    [['4.4', '4.5'], '##FORMAT=<ID=X,Number=P,Type=Integer,Description="one a copy">'],
    [['4.5'], '##FORMAT=<ID=LAD,Number=LR,Type=Integer,Description="local alleles">'],
    [ALL, '##ALT=<ID=NON_REF,Description="any other allele">'],
    [ALL, '##ALT=<ID=*:DEL,Description="spanning deletion">'],
    [ALL, '##ALT=<ID=DUP,Description=Duplication>'],
    [ALL, '##contig=<ID=HLA-A*01:01:01:01,length=3503>'],
    [ALL, '##contig=<ID=1,length=249250621,assembly=b37,species="Homo sapiens, a species">'],
    [EARLY, '##SAMPLE=<ID=TUMOUR,SampleName="of Mutect">'],
    [ALL, '##GATKCommandLine=<ID=X,CommandLine="unread "quotes" inside">'],
    [ALL, '##assembly=GRCh38'],
    [ALL, '##bcftools_viewCommand=view -r 1:1-100; Date=today'],
  ])('by %s: %s', (versions, line) => {
    for (const version of versions) expect(parsed(version, line).version).toBe(version);
  });
});

describe('meta lines that are refused', () => {
  test.each([
    [ALL, '##INFO=<ID=X,Number=1,Type=Integer>', 8],
    [ALL, '##INFO=<ID=X,Number=-1,Type=Integer,Description="d">', 21],
    [ALL, '##INFO=<ID=X,Number=1,Type=Integer,Description=word>', 48],
    [ALL, '##INFO=<ID=X,ID=Y,Number=1,Type=Integer,Description="d">', 14],
    [ALL, '##FORMAT=<ID=X,Number=0,Type=Flag,Description="d">', 30],
    [ALL, '##FORMAT=<ID=DP,Number=1,Type=Float,Description="d">', 31],
    [LATE, '##FORMAT=<ID=AD,Number=A,Type=Integer,Description="d">', 24],
    [['4.1'], '##INFO=<ID=X,Number=R,Type=Integer,Description="d">', 21],
    [['4.3'], '##FORMAT=<ID=X,Number=P,Type=Integer,Description="d">', 23],
    [['4.4'], '##FORMAT=<ID=X,Number=LR,Type=Integer,Description="d">', 23],
    [ALL, '##ALT=<ID=DUP,Description=Tandem duplication>', 27],
    [ALL, '##ALT=<ID=DUP>', 7],
    [ALL, '##FILTER=<ID=0,Description="d">', 14],
    [ALL, '##contig=<ID=1,length=long>', 23],
    [ALL, '##contig=1', 10],
    [ALL, '##contig=<ID=1', 15],
    [LATE, '##META=<ID=X,Number=1,Type=String,Values=a>', 42],
    [ALL, '##key=', 7],
    [ALL, '##no key', 1],
    [ALL, '', 1],
    [ALL, '1\t100\t.\tA\tC\t.\t.\t.', 1],
  ])('by %s: %s', (versions, line, column) => {
    for (const version of versions)
      expect(() => parsed(version, line), version).toThrowError(
        expect.objectContaining({
          code: 'formats/vcf-header',
          location: { file: 'test.vcf', line: 2, column },
        }),
      );
  });
});

test('the first declaration of a field holds', () => {
  const lines = ['Integer', 'Float'].map((type) => `##INFO=<ID=X,Number=1,Type=${type},Description="d">`);
  expect(parsed('4.2', ...lines).info.get('X')).toEqual({ key: 'X', number: 1, type: 'Integer' });
});

test.each([
  ['ftp://example.org/reference/hs37d5.fa.gz', 'GRCh37'],
  ['file:///GRCh38/human_g1k_v37.fasta', 'GRCh37'],
  ['/refs/hg19/genome.fa', 'GRCh37'],
  ['Homo_sapiens_assembly19.fasta', 'GRCh37'],
  ['GCF_000001405.26', 'GRCh38'],
  ['GRCh38_full_analysis_set_plus_decoy_hla.fa', 'GRCh38'],
  ['file://b38.fa', 'GRCh38'],
  ['hg18.fa', 'neither'],
  ['chm13v2.0.fa', 'neither'],
  ['genome.fa', undefined],
  ['lifted_hg19_to_hg38.fa', undefined],
  ['b380_b3700.fa', undefined],
])('the reference %s is of %s', (text, assembly) => {
  expect(namedAssembly(text)).toBe(assembly);
});

test('lengths of contigs tell the assembly before the name of a reference does', () => {
  const header = parsed('4.2', '##reference=hg19.fa', '##contig=<ID=chr1,length=248956422>');
  expect(header.assembly).toBe('GRCh38');
});
