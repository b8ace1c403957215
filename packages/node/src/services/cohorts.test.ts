import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type CohortExpression, type Comparison, namedSet, type SubjectRecord } from '@federome/core';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type FederomeNode, initNode, openNode } from '../main.ts';

const TODAY = new Date('2026-06-15T12:00:00Z');
const scratch = mkdtempSync(join(tmpdir(), 'federome-cohorts-'));
let node: FederomeNode;

const person = (id: string, changes: Partial<SubjectRecord>): SubjectRecord => ({
  id,
  sex: 'unknown',
  observations: [],
  measurements: [],
  ...changes,
});
const feature = (id: string, excluded = false) =>
  ({ kind: 'phenotypicFeature', term: { id }, excluded }) as const;
const height = (value: number, unit: string) => ({
  assay: { id: 'LOINC:8308-9' },
  value,
  unit: { id: unit },
});

const PEOPLE = [
  person('a', {
    sex: 'female',
    population: 'FIN',
    dateOfBirth: '1986-06-15',
    observations: [feature('HP:2')],
  }),
  person('b', {
    sex: 'male',
    dateOfBirth: '1986-06-16',
    observations: [feature('HP:3'), feature('HP:2', true)],
    measurements: [height(70, '[in_i]'), height(1.5, 'm')],
  }),
  person('c', { sex: 'male', ageAtLastEncounter: 'P40Y', measurements: [height(177.8, 'UCUM:cm')] }),
  person('d', { population: 'EST', observations: [feature('OMIM:1'), feature('HP:33')] }),
  person('e', { dateOfBirth: '2020', ageAtLastEncounter: 'P90Y', observations: [feature('HP:1', true)] }),
];

const names = async (expression: CohortExpression) => {
  const genotypes = await node.datasets.genotypes('d');
  return [...(await node.cohorts.evaluate('d', expression, TODAY))]
    .map((number) => genotypes.sampleOf(number))
    .join('');
};
const term = (id: string, descendants = true) => namedSet({ kind: 'term', id, descendants });

beforeAll(async () => {
  const directory = join(scratch, 'node');
  await initNode(directory, { country: 'EE' });
  await initNode(join(scratch, 'moved'), { country: 'EE' });
  node = await openNode(directory, { now: () => TODAY });
  await node.datasets.add({ id: 'd', assembly: 'GRCh38' });
  await (await node.datasets.genotypes('d')).addPeople(PEOPLE.map(({ id }) => id));
  await node.records.putTerms({ id: 'hp', version: '1' }, [
    { id: 'HP:1', label: 'All', alternateIds: [], parents: [], obsolete: false, synonyms: [] },
    { id: 'HP:2', label: 'Seizure', alternateIds: [], parents: ['HP:1'], obsolete: false, synonyms: [] },
    { id: 'HP:3', label: 'Focal', alternateIds: ['HP:33'], parents: ['HP:2'], obsolete: false, synonyms: [] },
  ]);
  await node.records.putSubjects('d', PEOPLE);
  await node.projections.rebuild('d');
});
afterAll(async () => {
  await node.close();
  rmSync(scratch, { recursive: true, force: true });
});

describe('cohorts', () => {
  test('a term is itself and what lies below it, by every name it had, and never what is excluded', async () => {
    expect(await names(term('HP:2'))).toBe('abd');
    expect(await names(term('HP:2', false))).toBe('a');
    expect(await names(term('HP:33', false))).toBe('bd');
    expect(await names(term('HP:1'))).toBe('abd');
    expect(await names(term('OMIM:1'))).toBe('d');
    expect(await names(term('OMIM:2'))).toBe('');
    expect(
      (await node.ontologies.filteringTerms('d')).map(({ id, label, people }) => [id, label, people]),
    ).toEqual([
      ['HP:1', 'All', 3],
      ['HP:2', 'Seizure', 3],
      ['HP:3', 'Focal', 2],
      ['OMIM:1', 'OMIM:1', 1],
    ]);
  });

  test('measurements are compared in one unit, and one of several values suffices', async () => {
    const measured = (comparison: Comparison, value: number, unit?: string) =>
      names(namedSet({ kind: 'measurement', assay: 'loinc:8308-9', comparison, value, unit }));
    expect(await measured('=', 177.8)).toBe('bc');
    expect(await measured('<', 151)).toBe('b');
    expect(await measured('!', 177.8)).toBe('b');
    expect(await measured('>', 177.8)).toBe('');
    expect(await measured('>=', 177.8, 'UCUM:cm')).toBe('bc');
    expect(await measured('>=', 1, 'UCUM:kg')).toBe('');
  });

  test('age is of today where the date of birth is known, else of the last encounter', async () => {
    const fortyYearsInDays = 14_610;
    const aged = (comparison: Comparison, days: number) => names(namedSet({ kind: 'age', comparison, days }));
    expect(await aged('>=', fortyYearsInDays)).toBe('ac');
    expect(await aged('=', fortyYearsInDays)).toBe('ac');
    expect(await aged('<', fortyYearsInDays)).toBe('be');
    expect(await aged('>=', 0)).toBe('abce');
  });

  test('sexes, populations and their combinations', async () => {
    const male = namedSet({ kind: 'sex', sex: 'male' });
    expect(await names(male)).toBe('bc');
    expect(await names(namedSet({ kind: 'population', population: 'EST' }))).toBe('d');
    expect(await names({ op: 'and-not', from: namedSet({ kind: 'everyone' }), except: male })).toBe('ade');
    expect(await names({ op: 'or', of: [male, term('HP:2')] })).toBe('abcd');
    expect(await names({ op: 'and', of: [male, term('HP:2')] })).toBe('b');
  });

  test('people who move when their genomes come are found under their new numbers, though nobody said so', async () => {
    const path = join(scratch, 'calls.vcf');
    const columns = ['#CHROM', 'POS', 'ID', 'REF', 'ALT', 'QUAL', 'FILTER', 'INFO', 'FORMAT', 'x', 'b', 'a'];
    const line = ['22', '20000001', '.', 'A', 'G', '.', 'PASS', '.', 'GT', '0|0', '0|1', '1|1'];
    writeFileSync(
      path,
      ['##fileformat=VCFv4.3', '##FORMAT=<ID=GT,Number=1,Type=String,Description="Genotype">']
        .concat([columns.join('\t'), line.join('\t'), ''])
        .join('\n'),
    );
    const other = await openNode(join(scratch, 'moved'));
    await other.datasets.add({ id: 'd', assembly: 'GRCh38' });
    await (await other.datasets.genotypes('d')).addPeople(['a', 'b']);
    await other.records.putSubjects('d', PEOPLE.slice(0, 2));
    const carriers = { variant: { contig: '22', position: 20_000_000, ref: 'A', alt: 'G' } };
    const female = [{ id: 'sex', operator: '=', value: 'female' }] as const;
    expect(await other.counts.count('d', { filters: female })).toEqual([{ group: 'all', people: 1 }]);
    expect(await other.counts.count('d', { filters: female, ...carriers })).toEqual([
      { group: 'all', people: 0 },
    ]);
    // As by a process that ended before it could derive the projections.
    await (await other.datasets.genotypes('d')).ingest(path);
    expect(await other.counts.count('d', { filters: female, ...carriers })).toEqual([
      { group: 'all', people: 1 },
    ]);
    expect(await other.counts.count('d', carriers)).toEqual([{ group: 'all', people: 2 }]);
    await other.close();
  });

  test('a withdrawal that another process wrote is in the next answer', async () => {
    const consent = namedSet({ kind: 'consent', scope: 'subject-level-query' });
    expect(await names(consent)).toBe('abcde');
    const other = await openNode(node.home.directory);
    await other.consents.set('d', [{ subject: 'b', scope: 'subject-level-query', decision: 'deny' }]);
    expect(await names(consent)).toBe('acde');
    await other.consents.set('d', [{ subject: 'b', scope: 'subject-level-query', decision: 'permit' }]);
    expect(await names(consent)).toBe('abcde');
    await other.close();
  });

  test('any comparison of heights selects exactly those whose own values compare so', async () => {
    const cm = new Map([
      ['b', [177.8, 150]],
      ['c', [177.8]],
    ]);
    const compare = {
      '=': (a: number, b: number) => a === b,
      '!': (a: number, b: number) => a !== b,
      '<': (a: number, b: number) => a < b,
      '<=': (a: number, b: number) => a <= b,
      '>': (a: number, b: number) => a > b,
      '>=': (a: number, b: number) => a >= b,
    };
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom<Comparison>('=', '!', '<', '<=', '>', '>='),
        fc.constantFrom(149.9, 150, 150.1, 177.7, 177.8, 177.9),
        async (comparison, value) => {
          const expected = [...cm].filter(([, values]) =>
            values.some((each) => compare[comparison](each, value)),
          );
          const set = namedSet({ kind: 'measurement', assay: 'LOINC:8308-9', comparison, value });
          expect(await names(set)).toBe(expected.map(([id]) => id).join(''));
        },
      ),
    );
  });
});
