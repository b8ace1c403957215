import { execFile } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { promisify } from 'node:util';
import { type Genotypes, MISSING_CALL, NO_SECOND_COPY, openVcf, type VcfRecord } from '@federome/formats';
import { hasShared, hasTool, sharedPath } from '@federome/testkit';
import { expect, test } from 'vitest';

const run = promisify(execFile);
const present = hasTool('bcftools') && hasShared('data/genotypes', 'data/cineca', 'data/gwas');

function compressedIn(folder: string): readonly string[] {
  return readdirSync(sharedPath(`data/${folder}`))
    .filter((name) => /\.vcf(\.gz)?$/.test(name))
    .map((name) => `data/${folder}/${name}`);
}

const FOLDERS = [
  'genotypes/1kg_five_batches_grch37_chr22',
  'genotypes/1kg_three_studies_grch37',
  'genotypes/1kg_grch37_chr1_with_reference',
  'genotypes/apol1_grch37',
  'cineca',
  'gwas/regenie',
  'gwas/saige',
];

function written(genotypes: Genotypes, sample: number): string {
  const first = genotypes.calls[2 * sample]!;
  const second = genotypes.calls[2 * sample + 1]!;
  const allele = (call: number) => (call === MISSING_CALL ? '.' : String(call));
  if (second === NO_SECOND_COPY) return allele(first);
  return `${allele(first)}${genotypes.phased[sample] === 1 ? '|' : '/'}${allele(second)}`;
}

function lineOf(record: VcfRecord, samples: number): string {
  const { genotypes } = record;
  const site = [record.contig, record.position + 1, record.ref, record.alts.join(',') || '.'];
  const calls = Array.from({ length: samples }, (_, sample) =>
    genotypes === undefined ? '.' : written(genotypes, sample),
  );
  return [...site, ...calls].join('\t');
}

async function linesOf(file: string): Promise<readonly string[]> {
  const reader = await openVcf(sharedPath(file));
  const lines: string[] = [];
  for await (const batch of reader.batches())
    for (const record of batch) lines.push(lineOf(record, reader.header.samples.length));
  return lines;
}

async function bcftoolsLines(file: string): Promise<readonly string[]> {
  const format = '%CHROM\t%POS\t%REF\t%ALT[\t%GT]\n';
  const { stdout } = await run('bcftools', ['query', '-f', format, sharedPath(file)], { maxBuffer: 1 << 30 });
  return stdout.split('\n').slice(0, -1);
}

for (const folder of FOLDERS) {
  test.skipIf(!present)(`sites and genotypes of ${folder} are those that bcftools reads`, async () => {
    for (const file of compressedIn(folder)) {
      // Without GT there is nothing to ask bcftools for.
      if (file.includes('dosage')) continue;
      const [ours, theirs] = [await linesOf(file), await bcftoolsLines(file)];
      expect(ours.length, file).toBe(theirs.length);
      expect(theirs.length).toBeGreaterThan(0);
      const first = ours.findIndex((line, index) => line !== theirs[index]);
      expect(
        first < 0 ? undefined : [ours[first]?.slice(0, 200), theirs[first]?.slice(0, 200)],
        file,
      ).toBeUndefined();
    }
  });
}

test.skipIf(!present)('a file of dosages has sites, and nobody whose genotype is known', async () => {
  const reader = await openVcf(sharedPath('data/gwas/saige/dosage_10markers.vcf.gz'));
  const known: (Genotypes | undefined)[] = [];
  for await (const batch of reader.batches()) for (const record of batch) known.push(record.genotypes);
  expect(known).toEqual(Array.from({ length: 10 }, () => undefined));
});

test.skipIf(!present)('the samples of a file are those that bcftools lists, in its order', async () => {
  const file = 'data/genotypes/1kg_three_studies_grch37/1KG_phase3_subset_chrX.vcf.gz';
  const { stdout } = await run('bcftools', ['query', '-l', sharedPath(file)]);
  expect((await openVcf(sharedPath(file))).header.samples).toEqual(stdout.trim().split('\n'));
});
