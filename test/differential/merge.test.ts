import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { PassThrough } from 'node:stream';
import { text } from 'node:stream/consumers';
import { GenotypeStore } from '@federome/genotypes';
import { hasShared, hasTool, outputOf, sharedPath, temporaryDirectory } from '@federome/testkit';
import { describe, expect, test } from 'vitest';

const CHROMOSOME = 'data/genotypes/1kg_three_studies_grch37/1KG_phase3_subset_chr22.vcf.gz';

/** Calls by variant, phase of homozygotes left out: it says nothing. */
type Calls = ReadonlyMap<string, string>;

function callsOf(vcf: string): Calls {
  const rows = vcf.split('\n').filter((row) => row !== '' && !row.startsWith('#'));
  return new Map(
    rows.map((row) => {
      const [contig, pos, , ref, alt, , , , , ...calls] = row.split('\t');
      const plain = calls.map((call) => call.split(':')[0]!.replace(/^(.)[|/]\1$/, '$1/$1'));
      return [`${contig}:${pos}:${ref}:${alt}`, plain.join(' ')];
    }),
  );
}

async function exported(store: GenotypeStore, contig: string): Promise<string> {
  const out = new PassThrough();
  const whole = text(out);
  await store.exportGenotypes({ contig, start: 0, end: 1e9 }, out);
  out.end();
  return await whole;
}

/** What bcftools makes of single people's files: alleles split, all absent as reference. */
async function byBcftools(files: readonly string[], options: readonly string[]): Promise<Calls> {
  const indexed: string[] = [];
  for (const file of files) {
    const split = `${file}.bcf`;
    await outputOf('bcftools', ['norm', '-m', '-any', file, '-Ob', '-o', split]);
    await outputOf('bcftools', ['index', '-f', split]);
    indexed.push(split);
  }
  return callsOf(await outputOf('bcftools', ['merge', '-m', 'none', ...options, ...indexed]));
}

async function ofMerge(
  files: readonly string[],
  assembly: 'GRCh37' | 'GRCh38',
  contig: string,
  absent: 'reference' | 'missing',
) {
  const store = await GenotypeStore.create(join(await temporaryDirectory(), 'store'), { assembly, absent });
  await store.ingestTogether(files);
  return callsOf(await exported(store, contig));
}

describe.skipIf(!hasTool('bcftools', 'tabix') || !hasShared(CHROMOSOME))(
  'single people of a real file',
  () => {
    test('have, merged, the calls that bcftools merge gives them', { timeout: 120_000 }, async () => {
      const home = await temporaryDirectory();
      const names = (await outputOf('bcftools', ['query', '-l', sharedPath(CHROMOSOME)]))
        .trim()
        .split('\n')
        .slice(0, 25);
      const files: string[] = [];
      for (const name of names) {
        const file = join(home, `${name}.vcf.gz`);
        // Only what the person carries, as a caller of one person writes it.
        await outputOf('bcftools', [
          'view',
          '-s',
          name,
          '-c',
          '1',
          '-Oz',
          '-o',
          file,
          sharedPath(CHROMOSOME),
        ]);
        files.push(file);
      }
      const expected = await byBcftools(files, ['-0']);
      expect(expected.size).toBeGreaterThan(100);
      expect(await ofMerge(files, 'GRCh37', '22', 'reference')).toEqual(expected);
      const missing = await byBcftools(files, []);
      expect(await ofMerge(files, 'GRCh37', '22', 'missing')).toEqual(missing);
    });
  },
);

/** A small generator of numbers below `limit`, the same in every run. */
function numbers(seed: number): (limit: number) => number {
  let state = seed;
  return (limit) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return Math.floor((state / 2 ** 32) * limit);
  };
}

/** A gVCF of one person: blocks, gaps and single bases, one after the other, over the same bases as everyone's. */
function gvcf(name: string, seed: number): string {
  const next = numbers(seed);
  const rows: string[] = [];
  for (let pos = 1_000; pos < 3_000; ) {
    const kind = next(10);
    if (kind < 5) {
      const end = pos + next(60);
      rows.push(`22\t${pos}\t.\tA\t<*>\t.\t.\tEND=${end}\tGT\t0/0`);
      pos = end + 1;
    } else if (kind < 6) pos += 1 + next(20);
    else {
      const alt = 'CGT'[next(3)]!;
      const call = ['0/1', '1/1', '0/1', './.'][next(4)]!;
      rows.push(`22\t${pos}\t.\tA\t${alt},<*>\t.\t.\t.\tGT\t${call}`);
      pos += 1;
    }
  }
  return [
    '##fileformat=VCFv4.2',
    '##contig=<ID=22,length=50818468>',
    '##ALT=<ID=*,Description="Any other">',
    '##INFO=<ID=END,Number=1,Type=Integer,Description="End">',
    '##FORMAT=<ID=GT,Number=1,Type=String,Description="Genotype">',
    `#CHROM\tPOS\tID\tREF\tALT\tQUAL\tFILTER\tINFO\tFORMAT\t${name}`,
    ...rows,
    '',
  ].join('\n');
}

describe.skipIf(!hasTool('bcftools', 'bgzip', 'tabix'))('gVCF of single people', () => {
  test('gives, merged, the calls that bcftools merge -g reads off the blocks', {
    timeout: 120_000,
  }, async () => {
    const home = await temporaryDirectory();
    const files: string[] = [];
    for (let person = 0; person < 20; person += 1) {
      const file = join(home, `p${person}.vcf`);
      await writeFile(file, gvcf(`p${person}`, 77 + person));
      await outputOf('bgzip', ['-f', file]);
      await outputOf('tabix', ['-p', 'vcf', `${file}.gz`]);
      files.push(`${file}.gz`);
    }
    const reference = join(home, 'a.fa');
    await writeFile(reference, `>22\n${'A'.repeat(4_000)}\n`);
    await outputOf('bcftools', [
      'merge',
      '-g',
      reference,
      '-m',
      'snps',
      '-Ob',
      '-o',
      join(home, 'm.bcf'),
      ...files,
    ]);
    // One allele a line; the allele for any other is not one that anybody has.
    const split = await outputOf('bcftools', ['norm', '-m', '-any', join(home, 'm.bcf')]);
    const expected = new Map(
      [...callsOf(split)].filter(([variant]) => !variant.endsWith('<*>') && !variant.endsWith(':.')),
    );
    expect(expected.size).toBeGreaterThan(500);
    expect(await ofMerge(files, 'GRCh38', '22', 'missing')).toEqual(expected);
  });
});
