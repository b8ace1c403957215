import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expectedPloidy } from '@federome/core';
import {
  bcftoolsCounts,
  differences,
  federomeOutput,
  hasShared,
  hasTool,
  mergedTables,
  outputOf,
  readFrequencies,
  sharedPath,
  thousandGenomesSexes,
} from '@federome/testkit';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';

const FOLDER = 'data/genotypes/1kg_three_studies_grch37';
const present = hasTool('bcftools') && hasShared(FOLDER, 'data/genotypes/population_labels');
const CONTIGS = [...Array.from({ length: 22 }, (_, index) => `${index + 1}`), 'X'];
const STUDIES = [1, 2, 3];
const HEIGHT = { 1: ['height', 'cm', ''], 2: ['Height', 'cm', ''], 3: ['height', '[in_i]', ''] } as const;

describe.skipIf(!present)('three real studies with their own genomes and phenotype tables', () => {
  let scratch: string;
  const home = (study: number) => join(scratch, `study${study}`);
  const cut = (study: number, contig: string) => join(scratch, `study${study}.chr${contig}.vcf.gz`);
  const sexes: ReadonlyMap<string, string> = present ? thousandGenomesSexes() : new Map();

  beforeAll(async () => {
    scratch = await mkdtemp(join(tmpdir(), 'federome-three-'));
    for (const study of STUDIES) {
      const table = sharedPath(`${FOLDER}/pheno/raw_pheno_data_study_${study}.txt`);
      const people = (await readFile(table, 'utf8'))
        .trimEnd()
        .split('\n')
        .slice(1)
        .map((line) => line.split('\t')[0]!);
      const list = join(scratch, `study${study}.txt`);
      await writeFile(list, people.join('\n'));
      for (const contig of CONTIGS) {
        const source = sharedPath(`${FOLDER}/1KG_phase3_subset_chr${contig}.vcf.gz`);
        await outputOf('sh', [
          '-c',
          `bcftools view -S ${list} ${source} 2>/dev/null | bcftools norm -m -any -Oz -o ${cut(study, contig)} - 2>/dev/null`,
        ]);
      }
      const [column, unit] = HEIGHT[study as 1 | 2 | 3];
      const mapping = join(scratch, `study${study}.yaml`);
      const sex = study === 2 ? 'Sex' : 'sex';
      await writeFile(
        mapping,
        `id: subject_id\nsex: ${sex}\nmeasurements:\n  - column: ${column}\n    assay: { id: "LOINC:8308-9", label: Height-standing }\n    unit: "${unit}"\n`,
      );
      await federomeOutput('init', home(study), '--country', ['EE', 'FI', 'ES'][study - 1]!);
      await federomeOutput('dataset', 'add', home(study), 'study', '--assembly', 'GRCh37');
      await federomeOutput(
        'ingest',
        home(study),
        '--dataset',
        'study',
        ...CONTIGS.map((contig) => cut(study, contig)),
      );
      await federomeOutput('subjects', home(study), '--dataset', 'study', '--mapping', mapping, table);
    }
  }, 600_000);

  afterAll(() => rm(scratch, { recursive: true, force: true }));

  const ours = async (study: number, ...options: readonly string[]) =>
    readFrequencies(
      await federomeOutput('frequencies', home(study), '--dataset', 'study', '--by', 'sex', ...options),
    );

  test('every node and their sum equal bcftools on all 23 chromosomes', async () => {
    const everyone = new Map([...sexes].map(([sample, sex]) => [sample, sex]));
    const nodes = [];
    const truths = [];
    for (const study of STUDIES) {
      const tables = [];
      for (const contig of CONTIGS) tables.push(await bcftoolsCounts(cut(study, contig), everyone, scratch));
      const truth = mergedTables(tables);
      const node = await ours(study);
      expect(differences(node, truth)).toEqual([]);
      nodes.push(node);
      truths.push(truth);
    }
    expect(differences(mergedTables(nodes), mergedTables(truths))).toEqual([]);
    expect(mergedTables(nodes).size).toBeGreaterThanOrEqual(25_709);
  });

  test('males carry one X outside the pseudoautosomal regions', async () => {
    for (const study of STUDIES) {
      const people = (await outputOf('bcftools', ['query', '-l', cut(study, 'X')])).trimEnd().split('\n');
      const males = people.filter((id) => sexes.get(id) === 'male').length;
      for (const [key, row] of await ours(study, '--region', 'X')) {
        const ploidy = expectedPloidy('GRCh37', 'X', Number(key.split(' ')[1]) - 1, 'male');
        expect([key, row.get('male')?.an, row.get('female')?.an]).toEqual([
          key,
          males * ploidy,
          (people.length - males) * 2,
        ]);
      }
    }
  });

  test('heights in centimetres and in inches answer the same question', async () => {
    const tall = [];
    for (const study of STUDIES) {
      const output = await federomeOutput(
        'count',
        home(study),
        '--dataset',
        'study',
        '--filter',
        'LOINC:8308-9>=180',
        '--json',
      );
      const table = (await readFile(sharedPath(`${FOLDER}/pheno/raw_pheno_data_study_${study}.txt`), 'utf8'))
        .trimEnd()
        .split('\n')
        .slice(1);
      const toCm = study === 3 ? 2.54 : 1;
      tall.push([
        JSON.parse(output).people,
        table.filter((line) => Number(line.split('\t')[3]) * toCm >= 180).length,
      ]);
    }
    for (const [counted, expected] of tall) {
      expect(expected).toBeGreaterThan(0);
      expect(counted).toBe(expected);
    }
  });
});
