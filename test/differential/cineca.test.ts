import type { ChildProcess } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DISCLOSURE_FLOOR, discloseCount } from '@federome/core';
import { federomeOutput, hasShared, hasTool, outputOf, servedNode, sharedPath } from '@federome/testkit';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';

const present =
  hasTool('bcftools') && hasShared('data/cineca/individuals.json', 'data/cineca/fully_annotated.vcf.gz');
const VCF = sharedPath('data/cineca/fully_annotated.vcf.gz');

/** A part of ICD-10's hierarchy, so that a term has descendants. */
const ICD10_OBO = `format-version: 1.2
ontology: icd10

[Term]
id: ICD10:E00-E90
name: Endocrine, nutritional and metabolic diseases

[Term]
id: ICD10:E10-E14
name: Diabetes mellitus
is_a: ICD10:E00-E90
${[
  ['E10', 'E10-E14'],
  ['E06', 'E00-E90'],
  ['E66', 'E00-E90'],
  ['F20', ''],
  ['J45', ''],
  ['G35', ''],
]
  .map(
    ([id, parent]) =>
      `\n[Term]\nid: ICD10:${id}\nname: ${id}\n${parent === '' ? '' : `is_a: ICD10:${parent}\n`}`,
  )
  .join('')}`;

interface Individual {
  readonly id: string;
  readonly sex: { readonly id: string };
  readonly diseases?: readonly { readonly diseaseCode: { readonly id: string } }[];
  readonly measures: readonly {
    readonly assayCode: { readonly id: string };
    readonly measurementValue: { readonly value: number };
  }[];
}

interface Question {
  readonly name: string;
  readonly filters: readonly { readonly id: string; readonly operator?: string; readonly value?: string }[];
  readonly matches: (person: Individual) => boolean;
}

const has = (person: Individual, ...codes: readonly string[]) =>
  (person.diseases ?? []).some(({ diseaseCode }) => codes.includes(diseaseCode.id));
const measured = (person: Individual, assay: string, test: (value: number) => boolean) =>
  person.measures.some(
    ({ assayCode, measurementValue }) => assayCode.id === assay && test(measurementValue.value),
  );
const female = (person: Individual) => person.sex.id === 'NCIT:C16576';

const QUESTIONS: readonly Question[] = [
  { name: 'a disease', filters: [{ id: 'ICD10:E10' }], matches: (person) => has(person, 'ICD10:E10') },
  {
    name: 'a chapter of diseases with its descendants',
    filters: [{ id: 'ICD10:E00-E90' }],
    matches: (person) => has(person, 'ICD10:E10', 'ICD10:E06', 'ICD10:E66'),
  },
  {
    name: 'women with a disease below a group',
    filters: [{ id: 'ICD10:E10-E14' }, { id: 'NCIT:C16576' }],
    matches: (person) => has(person, 'ICD10:E10') && female(person),
  },
  {
    name: 'men, tall',
    filters: [
      { id: 'sex', operator: '=', value: 'male' },
      { id: 'LOINC:8308-9', operator: '>', value: '180' },
    ],
    matches: (person) => !female(person) && measured(person, 'LOINC:8308-9', (value) => value > 180),
  },
  {
    name: 'a body mass index below 20 with asthma',
    filters: [{ id: 'LOINC:35925-4', operator: '<', value: '20' }, { id: 'ICD10:J45' }],
    matches: (person) => has(person, 'ICD10:J45') && measured(person, 'LOINC:35925-4', (value) => value < 20),
  },
];

const VARIANTS = [
  { position: 16050115, ref: 'G', alt: 'A' },
  { position: 16050213, ref: 'C', alt: 'T' },
  { position: 16051249, ref: 'T', alt: 'C' },
  { position: 16052962, ref: 'C', alt: 'T' },
];

describe.skipIf(!present)('the CINECA synthetic cohort in a node', () => {
  let scratch: string;
  let server: { readonly url: string; readonly process: ChildProcess };
  let individuals: readonly Individual[];
  const home = () => join(scratch, 'uk');

  beforeAll(async () => {
    scratch = await mkdtemp(join(tmpdir(), 'federome-cineca-'));
    individuals = JSON.parse(await readFile(sharedPath('data/cineca/individuals.json'), 'utf8'));
    await writeFile(join(scratch, 'icd10.obo'), ICD10_OBO);
    await federomeOutput('init', home(), '--country', 'LU');
    await federomeOutput('dataset', 'add', home(), 'uk1', '--assembly', 'GRCh37', '--absent', 'missing');
    await federomeOutput('ingest', home(), '--dataset', 'uk1', VCF);
    await federomeOutput('subjects', home(), '--dataset', 'uk1', sharedPath('data/cineca/individuals.json'));
    await federomeOutput('ontology', 'add', home(), join(scratch, 'icd10.obo'));
    server = await servedNode(home());
  }, 300_000);

  afterAll(async () => {
    server?.process.kill();
    await rm(scratch, { recursive: true, force: true });
  });

  const carriers = async (variant: (typeof VARIANTS)[number]): Promise<ReadonlySet<string>> => {
    const text = await outputOf('sh', [
      '-c',
      `bcftools view -t 22:${variant.position} ${VCF} 2>/dev/null | bcftools norm -m -any 2>/dev/null | bcftools query -f '[%REF\\t%ALT\\t%SAMPLE\\t%GT\\n]' -`,
    ]);
    const rows = text
      .trimEnd()
      .split('\n')
      .map((line) => line.split('\t'));
    return new Set(
      rows
        .filter(([ref, alt, , gt]) => ref === variant.ref && alt === variant.alt && gt?.includes('1'))
        .map((row) => row[2]!),
    );
  };

  const exactly = async (question: Question, variant?: (typeof VARIANTS)[number]): Promise<number> => {
    const filters = question.filters.flatMap(({ id, operator = '', value = '' }) => [
      '--filter',
      `${id}${operator}${value}`,
    ]);
    const about =
      variant === undefined ? [] : ['--variant', `22-${variant.position}-${variant.ref}-${variant.alt}`];
    const answer: { people: number } = JSON.parse(
      await federomeOutput('count', home(), '--dataset', 'uk1', ...filters, ...about, '--json'),
    );
    return answer.people;
  };

  const disclosed = async (question: Question, variant?: (typeof VARIANTS)[number]): Promise<number> => {
    const requestParameters =
      variant === undefined
        ? {}
        : {
            referenceName: 'chr22',
            start: [variant.position - 1],
            referenceBases: variant.ref,
            alternateBases: variant.alt,
          };
    const response = await fetch(`${server.url}/individuals`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({
        meta: { apiVersion: 'v2.0' },
        query: { filters: question.filters, requestParameters, requestedGranularity: 'count' },
      }),
    });
    expect(response.status).toBe(200);
    const body: { responseSummary: { numTotalResults: number; exists: boolean } } = await response.json();
    expect(body.responseSummary.exists).toBe(body.responseSummary.numTotalResults > 0);
    return body.responseSummary.numTotalResults;
  };

  const expectDisclosed = (shown: number, people: number) => {
    const count = discloseCount(people, DISCLOSURE_FLOOR);
    expect(shown).toBe(count.kind === 'shown' ? count.value : 0);
  };

  test.each(QUESTIONS)('$name: as many people as the individuals say', async (question) => {
    const people = individuals.filter(question.matches).length;
    expect(people).toBeGreaterThan(0);
    expect(await exactly(question)).toBe(people);
    expectDisclosed(await disclosed(question), people);
  });

  test.each(VARIANTS)(
    'carriers of 22-$position-$ref-$alt with each of the features: as bcftools and the individuals say',
    async (variant) => {
      const carrying = await carriers(variant);
      for (const question of QUESTIONS) {
        const people = individuals.filter(
          (person) => carrying.has(person.id) && question.matches(person),
        ).length;
        expect([question.name, await exactly(question, variant)]).toEqual([question.name, people]);
        expectDisclosed(await disclosed(question, variant), people);
      }
    },
  );

  test('missing calls are left out of the allele number at every site', async () => {
    const ours = (await federomeOutput('frequencies', home(), '--dataset', 'uk1'))
      .trimEnd()
      .split('\n')
      .slice(1);
    const theirs = await outputOf('sh', [
      '-c',
      `bcftools norm -m -any ${VCF} 2>/dev/null | bcftools +fill-tags -Ou -- -t AC,AN 2>/dev/null | bcftools query -f '%POS\\t%AC\\t%AN[\\t%GT]\\n' -`,
    ]);
    const expected = theirs
      .trimEnd()
      .split('\n')
      .map((line) => {
        const [position, ac, an, ...genotypes] = line.split('\t');
        const missing = genotypes.filter((genotype) => /^[.|/]+$/.test(genotype)).length;
        return [position, ac, an, missing].join(' ');
      });
    const counted = ours
      .map((line) => line.split('\t'))
      .map((fields) => [fields[1], fields[5], fields[6], fields[10]].join(' '));
    expect(counted.length).toBeGreaterThanOrEqual(5_002);
    expect(counted.sort()).toEqual(expected.sort());
    expect(expected.some((row) => !row.endsWith(' 0'))).toBe(true);
  });
});
