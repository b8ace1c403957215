import { variantParameters } from '@federome/core';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { parseBody, parseSearch } from './request.ts';
import { parseVariantQuestion } from './variant.ts';

const flat = { referenceName: '22', start: ['5'], alternateBases: 'g', assemblyId: 'hg38' };
const sequence = {
  kind: 'sequence',
  assembly: 'GRCh38',
  referenceName: '22',
  start: 5,
  alternateBases: 'G',
};

test('parameters mean the same nested by any name of the entry type, flat, or in a GET', () => {
  for (const entity of ['g_variant', 'genomicVariant', 'genomicVariation']) {
    expect(parseBody({ query: { requestParameters: { [entity]: flat } } }).question.variant).toEqual(
      sequence,
    );
  }
  expect(parseBody({ query: { requestParameters: flat } }).question.variant).toEqual(sequence);
  expect(parseSearch({ ...flat, start: '5' }).question.variant).toEqual(sequence);
});

test('no parameters may be written as nothing, an empty list, an empty object, or null', () => {
  for (const requestParameters of [undefined, null, [], {}, { g_variant: {} }, { g_variant: [] }]) {
    expect(parseBody({ query: { requestParameters } }).question.variant).toBeUndefined();
  }
});

test('what the standard’s examples have at the root is understood there, and query prevails', () => {
  const { question } = parseBody({
    granularity: 'record',
    requestedGranularity: 'count',
    pagination: { skip: '2', limit: 5 },
    filters: [{ id: 'HP:0000001' }],
    query: { filters: [{ id: 'HP:0001250' }] },
  });
  expect(question).toMatchObject({
    granularity: 'count',
    pagination: { skip: 2, limit: 5 },
    filters: [{ id: 'HP:0001250' }],
  });
});

test('datasets may be named beside the query, among its parameters, or in a GET', () => {
  const named = [
    parseBody({ query: { datasets: ['a', 'b'] } }),
    parseBody({ query: { requestParameters: { datasets: { datasetIds: ['a', 'b'] } } } }),
    parseBody({ query: { requestParameters: { datasets: ['a', 'b'], g_variant: {} } } }),
    parseSearch({ datasets: 'a,b' }),
    parseSearch({ datasetIds: ['a', 'b'] }),
  ];
  for (const { question } of named) {
    expect([question.datasets, question.variant]).toEqual([['a', 'b'], undefined]);
  }
});

test('what is left out is Beacon’s default', () => {
  expect(parseBody(undefined).question).toEqual({
    filters: [],
    granularity: 'boolean',
    include: 'HIT',
    pagination: { skip: 0, limit: 10 },
    testMode: false,
  });
});

test('the summary echoes parameters nested, filters as ids, and nothing that was not understood', () => {
  const { summary } = parseBody({
    meta: { apiVersion: 'v2.0', requestedSchemas: [{ entityType: 'individual', evil: {} }, 7] },
    query: { requestParameters: flat, filters: [{ id: 'age', operator: '>', value: 'P70Y' }] },
  });
  expect(summary).toEqual({
    apiVersion: 'v2.0',
    requestedSchemas: [{ entityType: 'individual' }],
    pagination: { skip: 0, limit: 10 },
    requestedGranularity: 'boolean',
    includeResultsetResponses: 'HIT',
    testMode: false,
    filters: ['age'],
    requestParameters: {
      g_variant: { assemblyId: 'GRCh38', referenceName: '22', start: [5], alternateBases: 'G' },
    },
  });
});

const bases = fc.stringMatching(/^[ACGTN]{1,8}$/);
const position = fc.nat({ max: 50_000_000 });
const place = { referenceName: fc.constantFrom('22', 'chrX', 'NC_000022.11') };
const optional = <T extends object>(rest: { [K in keyof T]: fc.Arbitrary<T[K]> }) =>
  fc.record({ ...rest }, { requiredKeys: [] });
const conditions = optional({
  referenceBases: bases,
  variantType: fc.constantFrom('SNP', 'DEL', 'DUP'),
  variantMinLength: fc.nat({ max: 10 }),
});
const parameters = fc.oneof(
  fc.tuple(fc.record({ ...place, start: position, alternateBases: bases }), conditions),
  fc.tuple(
    fc
      .record({ ...place, start: position, span: fc.integer({ min: 1, max: 1_000 }) })
      .map(({ span, ...rest }) => ({
        ...rest,
        end: rest.start + span,
      })),
    conditions,
  ),
  fc.tuple(fc.record({ geneId: fc.constantFrom('APOL1', 'ENSG00000100342') }), conditions),
);

test('a question that is asked again with its own parameters is the same question', () => {
  fc.assert(
    fc.property(parameters, ([where, which]) => {
      const question = parseVariantQuestion({ ...where, ...which });
      expect(question).toBeDefined();
      if (question !== undefined) expect(parseVariantQuestion(variantParameters(question))).toEqual(question);
    }),
  );
});
