import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { type Genotypes, openVariants, type VcfRecord } from '@federome/formats';
import { hasShared, hasTool, outputOf, sharedPath, temporaryDirectory } from '@federome/testkit';
import { expect, test } from 'vitest';

const present = hasTool('bcftools') && hasShared('data/genotypes', 'data/cineca');
const FOLDERS = [
  'genotypes/1kg_five_batches_grch37_chr22',
  'genotypes/1kg_three_studies_grch37',
  'genotypes/1kg_grch37_chr1_with_reference',
  'genotypes/apol1_grch37',
  'cineca',
];

/** Everything that a reader gives, but the line; `ids` of a file are those of the record. */
function described(record: VcfRecord): string {
  const { contig, position, ids, ref, alts, filters, genotypes } = record;
  return JSON.stringify([contig, position, ids, ref, alts, filters, digestOf(genotypes)]);
}

function digestOf(genotypes: Genotypes | undefined): readonly string[] {
  if (genotypes === undefined) return [];
  return [genotypes.calls.join(','), genotypes.phased.join('')];
}

async function recordsOf(path: string): Promise<readonly string[]> {
  const reader = await openVariants(path);
  const records: string[] = [];
  for await (const batch of reader.batches()) for (const record of batch) records.push(described(record));
  return records;
}

/** By record: how many carry each allele, are missing, lack a copy and are phased, of the calls as sets. */
async function carriedIn(path: string): Promise<readonly string[]> {
  const records: string[] = [];
  const reader = await openVariants(path);
  const everyone = reader.header.samples.map((_, sample) => sample);
  for await (const { records: batch } of reader.calls())
    for (const { position, alts, calls } of batch) {
      const carried = alts.map((_, allele) => sum(calls.carriers(allele + 1)));
      const unusual = new Set(calls.unusualPhase);
      const phased = everyone.filter((sample) => (calls.usualPhase === 'all') !== unusual.has(sample));
      const sums = [calls.missing, calls.absent, Uint32Array.from(phased)].map(sum);
      records.push([position, ...carried, ...sums].join(' '));
    }
  return records;
}

/** Of a set: how many, and their sum. */
function sum(set: Uint32Array): string {
  return `${set.length}/${set.reduce((total, member) => total + member, 0)}`;
}

for (const folder of FOLDERS) {
  test.skipIf(!present)(
    `${folder} as BCF, compressed or not, reads as its VCF does`,
    { timeout: 120_000 },
    async () => {
      const home = await temporaryDirectory();
      const files = readdirSync(sharedPath(`data/${folder}`)).filter((name) => /\.vcf(\.gz)?$/.test(name));
      let converted = 0;
      for (const file of files) {
        const path = sharedPath(`data/${folder}/${file}`);
        // bcftools writes no BCF of contigs that are not declared.
        if ((await openVariants(path)).header.contigs.size === 0) continue;
        converted += 1;
        const expected = await recordsOf(path);
        for (const kind of converted === 1 ? ['b', 'u'] : ['b']) {
          // Not by the name of BCF, at which bcftools would compress.
          const bcf = join(home, `${file}.${kind}`);
          await outputOf('bcftools', ['view', `-O${kind}`, '-o', bcf, path]);
          const found = await recordsOf(bcf);
          expect(await carriedIn(bcf), `${file} ${kind}`).toEqual(await carriedIn(path));
          expect(found.length, file).toBe(expected.length);
          const first = found.findIndex((record, index) => record !== expected[index]);
          const told = [found[first]?.slice(0, 300), expected[first]?.slice(0, 300)];
          expect(first < 0 ? [] : told, `${file} ${kind}`).toEqual([]);
        }
      }
      expect(converted).toBeGreaterThan(0);
    },
  );
}
