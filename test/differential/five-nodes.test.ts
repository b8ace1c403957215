import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  bcftoolsCounts,
  type CountTable,
  differences,
  federomeOutput,
  hasShared,
  hasTool,
  mergedTables,
  outputOf,
  readFrequencies,
  sharedPath,
  thousandGenomesPopulations,
} from '@federome/testkit';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';

const BATCHES = ['1-500', '501-1000', '1001-1500', '1501-2000', '2001-2504'];
const COUNTRIES = ['EE', 'ES', 'FI', 'IT', 'LU'];
const batchFile = (batch: string) =>
  sharedPath(`data/genotypes/1kg_five_batches_grch37_chr22/batch_${batch}.chr22.vcf.gz`);
const present =
  hasTool('bcftools') &&
  hasShared('data/genotypes/1kg_five_batches_grch37_chr22', 'data/genotypes/population_labels');

describe.skipIf(!present)('five real batches of 1000 Genomes people as five nodes', () => {
  let scratch: string;
  const home = (index: number) => join(scratch, COUNTRIES[index]!);
  const split = (index: number) => join(scratch, `${COUNTRIES[index]}.vcf.gz`);
  const populations = present ? thousandGenomesPopulations() : new Map<string, string>();

  beforeAll(async () => {
    scratch = await mkdtemp(join(tmpdir(), 'federome-five-'));
    for (const [index, batch] of BATCHES.entries()) {
      await outputOf('bcftools', ['norm', '-m', '-any', '-Oz', '-o', split(index), batchFile(batch)]);
      await outputOf('bcftools', ['index', split(index)]);
      const samples = (await outputOf('bcftools', ['query', '-l', split(index)])).trimEnd().split('\n');
      const table = join(scratch, `${COUNTRIES[index]}.csv`);
      await writeFile(
        table,
        `id,population\n${samples.map((id) => `${id},${populations.get(id)}\n`).join('')}`,
      );
      await federomeOutput('init', home(index), '--country', COUNTRIES[index]!);
      await federomeOutput(
        'dataset',
        'add',
        home(index),
        'batch',
        '--assembly',
        'GRCh37',
        '--absent',
        'reference',
      );
      await federomeOutput('ingest', home(index), '--dataset', 'batch', batchFile(batch));
      await federomeOutput('subjects', home(index), '--dataset', 'batch', table);
    }
  }, 300_000);

  afterAll(() => rm(scratch, { recursive: true, force: true }));

  const frequencies = async (index: number, ...options: readonly string[]): Promise<CountTable> =>
    readFrequencies(
      await federomeOutput(
        'frequencies',
        home(index),
        '--dataset',
        'batch',
        '--by',
        'population',
        ...options,
      ),
    );

  test('each node counts every population at every site as bcftools does', async () => {
    for (const index of BATCHES.keys()) {
      const expected = await bcftoolsCounts(split(index), populations, scratch);
      expect(expected.size).toBeGreaterThan(3_000);
      expect(differences(await frequencies(index), expected)).toEqual([]);
    }
  });

  test('the nodes together count as bcftools does on the merged files, sites that a batch omits included', async () => {
    const merged = join(scratch, 'merged.bcf');
    await outputOf('bcftools', [
      'merge',
      '-0',
      '-m',
      'none',
      '-Ob',
      '-o',
      merged,
      ...BATCHES.map((_, index) => split(index)),
    ]);
    const expected = await bcftoolsCounts(merged, populations, scratch);
    expect(new Set([...expected.keys()].map((key) => key.split(' ')[1])).size).toBeGreaterThanOrEqual(9_700);
    const variants = join(scratch, 'variants.tsv');
    await writeFile(
      variants,
      `contig\tpos\tref\talt\n${[...expected.keys()].map((key) => `${key.replaceAll(' ', '\t')}\n`).join('')}`,
    );
    const tables: CountTable[] = [];
    for (const index of BATCHES.keys()) tables.push(await frequencies(index, '--variants', variants));
    expect(tables.map((table) => table.size)).toEqual(BATCHES.map(() => expected.size));
    expect(differences(mergedTables(tables), expected)).toEqual([]);
  });

  test('people who withdraw are left out of the next answer, exactly as bcftools leaves them out, and return', async () => {
    const samples = (await outputOf('bcftools', ['query', '-l', split(2)])).trimEnd().split('\n');
    const withdrawn = samples.filter((_, place) => place % 7 === 3);
    const decisions = join(scratch, 'consents.csv');
    await writeFile(
      decisions,
      `subject,item,decision\n${withdrawn.map((id) => `${id},allele-frequency,deny\n`).join('')}`,
    );
    await federomeOutput('consent', 'set', home(2), '--dataset', 'batch', decisions);
    const remaining = join(scratch, 'remaining.bcf');
    await writeFile(join(scratch, 'withdrawn.txt'), withdrawn.join('\n'));
    await outputOf('bcftools', [
      'view',
      '-S',
      `^${join(scratch, 'withdrawn.txt')}`,
      '-Ob',
      '-o',
      remaining,
      split(2),
    ]);
    expect(differences(await frequencies(2), await bcftoolsCounts(remaining, populations, scratch))).toEqual(
      [],
    );
    await writeFile(decisions, (await readFile(decisions, 'utf8')).replaceAll(',deny', ',permit'));
    await federomeOutput('consent', 'set', home(2), '--dataset', 'batch', decisions);
    expect(differences(await frequencies(2), await bcftoolsCounts(split(2), populations, scratch))).toEqual(
      [],
    );
  });
});
