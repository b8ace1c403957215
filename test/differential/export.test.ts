import { createWriteStream } from 'node:fs';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Interval } from '@federome/core';
import { type ExportOptions, GenotypeStore, type VariantFormat } from '@federome/genotypes';
import { hasShared, hasTool, outputOf, sharedPath, temporaryDirectory, trimmedKey } from '@federome/testkit';
import { expect, test } from 'vitest';

const STUDIES = 'data/genotypes/1kg_three_studies_grch37';
const FIVE = 'data/genotypes/1kg_five_batches_grch37_chr22';
const REFERENCE = 'data/genotypes/1kg_grch37_chr1_with_reference';
const hasBcftools = hasTool('bcftools');
const ready = hasBcftools && hasShared(STUDIES, FIVE, REFERENCE);
const FORMATS: readonly VariantFormat[] = ['vcf', 'vcf.gz', 'bcf'];
const WHOLE = { start: 0, end: 1e9 };

async function storeOf(
  directory: string,
  files: readonly string[],
  reference?: string,
  absent: 'reference' | 'missing' = 'reference',
): Promise<GenotypeStore> {
  const store = await GenotypeStore.create(directory, { assembly: 'GRCh37', absent });
  for (const file of files) await store.ingest(file, { reference });
  return store;
}

async function exported(
  store: GenotypeStore,
  interval: Interval,
  path: string,
  options: ExportOptions,
): Promise<string> {
  const out = createWriteStream(path);
  await store.exportGenotypes(interval, out, options);
  await new Promise((resolve, reject) => out.once('error', reject).end(resolve));
  return path;
}

/** Sites as trimmed alleles, with names and calls, in any order. */
async function callsIn(...args: readonly string[]): Promise<readonly string[]> {
  const text = await outputOf('bcftools', ['query', '-f', '%CHROM %POS %REF %ALT %ID[ %GT]\n', ...args]);
  const rows = text.split('\n').slice(0, -1);
  return rows
    .map((row) => {
      const [contig, pos, ref, alt, ...rest] = row.split(' ');
      return [trimmedKey(contig!, Number(pos), ref!, alt!), ...rest].join(' ');
    })
    .sort();
}

/** One alternate allele a record, without what another allele of the site is called. */
async function split(file: string, home: string): Promise<string> {
  const path = join(home, 'split.bcf');
  await outputOf('bcftools', ['norm', '-m', '-any', '-Ob', '-o', path, file]);
  return path;
}

async function samplesOf(file: string): Promise<readonly string[]> {
  return (await outputOf('bcftools', ['query', '-l', file])).trim().split('\n');
}

/** Every `step`th sample, from the last on. */
function some(samples: readonly string[], step: number): readonly string[] {
  return samples.filter((_, place) => place % step === 1).reverse();
}

/** Holds the three formats of one export to each other and to what bcftools makes of the input. */
async function expectExports(
  store: GenotypeStore,
  input: string,
  contig: string,
  samples: readonly string[] | undefined,
  home: string,
): Promise<void> {
  const asked = samples === undefined ? [] : ['-s', samples.join(',')];
  const expected = await callsIn(await split(input, home), ...asked);
  expect(expected.length).toBeGreaterThan(0);
  const views: string[] = [];
  for (const format of FORMATS) {
    const path = join(home, `out.${format}`);
    await exported(store, { contig, ...WHOLE }, path, { format, samples });
    const found = await callsIn(path);
    expect(found.length, format).toBe(expected.length);
    const first = found.findIndex((row, index) => row !== expected[index]);
    expect(first < 0 ? [] : [found[first]?.slice(0, 200), expected[first]?.slice(0, 200)], format).toEqual(
      [],
    );
    views.push(await outputOf('bcftools', ['view', '--no-version', path]));
  }
  expect(views[1] === views[0]).toBe(true);
  expect(views[2] === views[0]).toBe(true);
}

for (const contig of ['7', '21', 'X']) {
  test.skipIf(!ready)(
    `chromosome ${contig} of the three studies, exported in any format, is what bcftools makes of the input`,
    { timeout: 60_000 },
    async () => {
      const home = await temporaryDirectory();
      const file = sharedPath(`${STUDIES}/1KG_phase3_subset_chr${contig}.vcf.gz`);
      const store = await storeOf(join(home, 'store'), [file]);
      await expectExports(store, file, contig, undefined, home);
      await expectExports(store, file, contig, some(await samplesOf(file), 7), home);
    },
  );
}

/** A seeded file with everything that a genotype can be: multi-allelic, haploid, half called, missing, phased and not. */
function everything(): string {
  let state = 7;
  const random = (below: number) => {
    state = (Math.imul(state, 1_103_515_245) + 12_345) >>> 0;
    return (state >>> 8) % below;
  };
  const samples = Array.from({ length: 150 }, (_, place) => `S${place}`);
  const lines = Array.from({ length: 300 }, (_, line) => {
    const alts = ['C', 'G', 'T', 'AT', 'ATT', 'ACG'].filter(() => random(4) === 0);
    if (alts.length === 0) alts.push('C');
    const allele = () => {
      const drawn = random(12);
      return drawn === 0 ? '.' : drawn < 8 ? '0' : String(random(alts.length + 1));
    };
    const usual = random(2) === 0 ? '|' : '/';
    const calls = samples.map((_, place) => {
      if (place % 3 === 0 && line > 100) return allele();
      if (random(25) === 0) return './.';
      return `${allele()}${random(20) === 0 ? '/' : usual}${allele()}`;
    });
    const id = line % 5 === 0 ? `rs${line}` : line % 7 === 0 ? `a${line};b${line}` : '.';
    return ['X', 3_000_000 + 50 * line, id, 'A', alts.join(','), '.', 'PASS', '.', 'GT', ...calls].join('\t');
  });
  return [
    '##fileformat=VCFv4.2',
    '##FILTER=<ID=PASS,Description="All filters passed">',
    '##contig=<ID=X,length=155270560>',
    '##FORMAT=<ID=GT,Number=1,Type=String,Description="Genotype">',
    ['#CHROM', 'POS', 'ID', 'REF', 'ALT', 'QUAL', 'FILTER', 'INFO', 'FORMAT', ...samples].join('\t'),
    ...lines,
    '',
  ].join('\n');
}

test.skipIf(!hasBcftools)(
  'haploid, half, missing, unphased and multi-allelic calls come out as bcftools splits them',
  async () => {
    const home = await temporaryDirectory();
    const file = join(home, 'everything.vcf');
    await writeFile(file, everything());
    const store = await storeOf(join(home, 'store'), [file]);
    await expectExports(store, file, 'X', undefined, home);
    await expectExports(store, file, 'X', some(await samplesOf(file), 4), home);
    await expectExports(store, file, 'X', ['S149'], home);
  },
);

test.skipIf(!ready)(
  'people of five files, in any order, come out as bcftools merges them',
  { timeout: 120_000 },
  async () => {
    const home = await temporaryDirectory();
    const files = ['1-500', '501-1000', '1001-1500'].map((range) =>
      sharedPath(`${FIVE}/batch_${range}.chr22.vcf.gz`),
    );
    const indexed: string[] = [];
    for (const [place, file] of files.entries()) {
      indexed.push(join(home, `${place}.bcf`));
      await outputOf('bcftools', ['view', '-Ob', '-o', indexed[place]!, file]);
      await outputOf('bcftools', ['index', indexed[place]!]);
    }
    const merged = join(home, 'merged.bcf');
    await outputOf('bcftools', ['merge', '-0', '-m', 'none', '-Ob', '-o', merged, ...indexed]);
    const store = await storeOf(join(home, 'store'), files);
    await expectExports(store, merged, '22', undefined, home);
    await expectExports(store, merged, '22', some(await samplesOf(merged), 11), home);
  },
);

test.skipIf(!ready)('bcftools indexes what is exported, and finds a region of it', async () => {
  const home = await temporaryDirectory();
  const file = sharedPath(`${STUDIES}/1KG_phase3_subset_chr21.vcf.gz`);
  const store = await storeOf(join(home, 'store'), [file]);
  for (const format of ['vcf.gz', 'bcf'] as const) {
    const path = await exported(store, { contig: '21', ...WHOLE }, join(home, `all.${format}`), { format });
    await outputOf('bcftools', ['index', path]);
    const region = await outputOf('bcftools', ['view', '-H', '-r', '21:20000000-30000000', path]);
    const interval = { contig: '21', start: 19_999_999, end: 30_000_000 };
    const part = await exported(store, interval, join(home, `part.${format}`), { format });
    expect(region.split('\n').length).toBeGreaterThan(100);
    expect((await outputOf('bcftools', ['view', '-H', part])) === region).toBe(true);
  }
});

test.skipIf(!ready)('files as BCF give the same store as their VCF', { timeout: 120_000 }, async () => {
  const fasta = sharedPath(`${REFERENCE}/Homo_sapiens_assembly19_chr1_1M.fasta`);
  const inputs = [
    { contig: 'X', file: `${STUDIES}/1KG_phase3_subset_chrX.vcf.gz`, reference: undefined },
    { contig: '22', file: `${FIVE}/batch_1-500.chr22.vcf.gz`, reference: undefined },
    { contig: '1', file: `${REFERENCE}/test_1000G.vcf.gz`, reference: fasta },
  ];
  for (const { contig, file, reference } of inputs) {
    const home = await temporaryDirectory();
    const vcf = join(home, 'in.vcf.gz');
    // The reference holds the first million bases only.
    const within = reference === undefined ? [] : ['-t', '1:1-999000'];
    await outputOf('bcftools', ['view', '-Oz', '-o', vcf, ...within, sharedPath(file)]);
    const bcf = join(home, 'in.bcf');
    const plain = join(home, 'plain');
    await outputOf('bcftools', ['view', '-Ob', '-o', bcf, vcf]);
    await outputOf('bcftools', ['view', '-Ou', '-o', plain, vcf]);
    const contents: string[] = [];
    for (const [place, input] of [vcf, bcf, plain].entries()) {
      const store = await storeOf(join(home, `store${place}`), [input], reference);
      const out = await exported(store, { contig, ...WHOLE }, join(home, `${place}.vcf`), {});
      const sites: unknown[] = [];
      for await (const site of store.sites({ contig, ...WHOLE })) sites.push(site);
      contents.push(JSON.stringify(sites) + (await readFile(out, 'utf8')));
    }
    expect(contents[0]!.length).toBeGreaterThan(100_000);
    expect(contents[1] === contents[0], file).toBe(true);
    expect(contents[2] === contents[0], file).toBe(true);
  }
});

test.skipIf(!hasBcftools)('people without genotypes on the contig are written as missing', async () => {
  const home = await temporaryDirectory();
  const header = (contig: string, sample: string) =>
    `##fileformat=VCFv4.2\n##contig=<ID=${contig}>\n##FORMAT=<ID=GT,Number=1,Type=String,Description="G">\n#CHROM\tPOS\tID\tREF\tALT\tQUAL\tFILTER\tINFO\tFORMAT\t${sample}\n`;
  await writeFile(join(home, 'a.vcf'), `${header('1', 'a')}1\t100\t.\tA\tC\t.\t.\t.\tGT\t0|1\n`);
  await writeFile(join(home, 'b.vcf'), `${header('2', 'b')}2\t100\t.\tA\tC\t.\t.\t.\tGT\t1|1\n`);
  await writeFile(join(home, 'c.vcf'), `${header('1', 'c')}1\t200\t.\tA\tC\t.\t.\t.\tGT\t1/1\n`);
  const files = ['a.vcf', 'b.vcf', 'c.vcf'].map((file) => join(home, file));
  const rows = async (absent: 'reference' | 'missing', format: VariantFormat) => {
    const store = await storeOf(join(home, `${absent} ${format}`), files, undefined, absent);
    const path = await exported(store, { contig: '1', ...WHOLE }, join(home, 'out'), { format });
    return (await outputOf('bcftools', ['query', '-f', '%POS[ %GT]\n', path])).split('\n').slice(0, -1);
  };
  for (const format of FORMATS) {
    expect(await rows('reference', format)).toEqual(['100 0|1 ./. 0/0', '200 0/0 ./. 1/1']);
    expect(await rows('missing', format)).toEqual(['100 0|1 ./. ./.', '200 ./. ./. 1/1']);
  }
});

test('a sample that is listed twice, or unknown, is refused by its place', async () => {
  const home = await temporaryDirectory();
  await writeFile(join(home, 'in.vcf'), everything());
  const store = await storeOf(join(home, 'store'), [join(home, 'in.vcf')]);
  const fails = (samples: readonly string[]) =>
    exported(store, { contig: 'X', ...WHOLE }, join(home, 'out'), { samples });
  await expect(fails(['S1', 'S2', 'S1'])).rejects.toMatchObject({ code: 'genotypes/duplicate-sample' });
  await expect(fails(['S1', 'nobody'])).rejects.toMatchObject({ code: 'genotypes/unknown-sample' });
});
