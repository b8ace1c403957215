import {
  type Assembly,
  DISCLOSURE_FLOOR,
  type DisclosurePolicy,
  type DiscoveryQuestion,
  selectionAnswer,
  type VariantQuestion,
} from '@federome/core';
import { expect, test } from 'vitest';
import type { Dataset } from '../../stores/records/records.ts';
import { allowedAnswer, consentsNeeded, knownDatasets, placesIn } from './checks.ts';

const dataset = (id: string, assembly: Assembly): Dataset => ({
  id,
  title: id,
  assembly,
  absent: 'missing',
  consentModel: 'opt-out',
  duo: [],
  createdAt: '2026-01-01T00:00:00Z',
  metadata: {},
});
const OLD = dataset('old', 'GRCh37');
const NEW = dataset('new', 'GRCh38');

const genes = {
  find: async (assembly: Assembly, symbol: string) =>
    symbol === 'APOL1' || (symbol === 'ONLY37' && assembly === 'GRCh37')
      ? {
          symbol,
          ensemblId: undefined,
          assembly,
          contig: '22',
          start: assembly === 'GRCh37' ? 100 : 200,
          end: 300,
        }
      : undefined,
};

const at = (referenceName: string, assembly?: Assembly): VariantQuestion => ({
  kind: 'range',
  referenceName,
  start: 10,
  end: 20,
  ...(assembly === undefined ? {} : { assembly }),
});

async function asked(datasets: readonly Dataset[], question: VariantQuestion) {
  const places = await placesIn(datasets, question, genes);
  return places.map((place) => [
    place.dataset.id,
    place.search?.interval.contig,
    place.search?.interval.start,
  ]);
}

const refusal = (code: string) => expect.objectContaining({ code });

test('a dataset that is named must be known', async () => {
  const list = async () => [OLD, NEW];
  const datasets = { list, genotypes: () => Promise.reject(new Error('not asked')) };
  expect(await knownDatasets({}, datasets)).toEqual([OLD, NEW]);
  expect(await knownDatasets({ datasets: ['new', 'new'] }, datasets)).toEqual([NEW]);
  await expect(knownDatasets({ datasets: ['else'] }, datasets)).rejects.toThrow(
    refusal('node/unknown-dataset'),
  );
});

test('a position without an assembly is ambiguous only where datasets of both are asked', async () => {
  expect(await asked([NEW], at('chr22'))).toEqual([['new', '22', 10]]);
  await expect(asked([OLD, NEW], at('chr22'))).rejects.toThrow(refusal('node/ambiguous-assembly'));
  expect(await asked([OLD, NEW], at('chr22', 'GRCh37'))).toEqual([['old', '22', 10]]);
  expect(await asked([OLD, NEW], at('chrM'))).toEqual([
    ['old', 'MT', 10],
    ['new', 'MT', 10],
  ]);
});

test('an accession says which assembly is meant', async () => {
  expect(await asked([OLD, NEW], at('NC_000022.11'))).toEqual([['new', '22', 10]]);
  expect(await asked([OLD, NEW], at('refseq:NC_000022.10'))).toEqual([['old', '22', 10]]);
  await expect(asked([NEW], at('NC_000022.10'))).rejects.toThrow(refusal('node/assembly-mismatch'));
});

test('an assembly that contradicts the accession is refused, whichever data are here', async () => {
  for (const datasets of [[OLD], [NEW], [OLD, NEW]]) {
    await expect(asked(datasets, at('NC_000022.10', 'GRCh38'))).rejects.toThrow(
      refusal('node/assembly-mismatch'),
    );
  }
});

test('a gene is looked for where it lies on each assembly', async () => {
  expect(await asked([OLD, NEW], { kind: 'gene', geneId: 'APOL1' })).toEqual([
    ['old', '22', 100],
    ['new', '22', 200],
  ]);
  expect(await asked([OLD, NEW], { kind: 'gene', geneId: 'ONLY37' })).toEqual([['old', '22', 100]]);
  await expect(asked([NEW], { kind: 'gene', geneId: 'ONLY37' })).rejects.toThrow(
    refusal('node/unknown-gene'),
  );
});

const question = (rest: Partial<DiscoveryQuestion>): DiscoveryQuestion => ({
  filters: [],
  granularity: 'record',
  include: 'HIT',
  pagination: { skip: 0, limit: 10 },
  testMode: false,
  ...rest,
});

test('records of people are never given, and a node may give yes or no only', () => {
  const variant = at('22');
  const allowed = (
    asked: Partial<DiscoveryQuestion>,
    about: 'people' | 'variants',
    policy: DisclosurePolicy = DISCLOSURE_FLOOR,
  ) => allowedAnswer(question(asked), about, policy, 'public');
  expect(allowed({ variant }, 'people')).toEqual({ granularity: 'count', notices: [] });
  expect(allowed({ variant }, 'variants')).toEqual({ granularity: 'record', notices: [] });
  expect(allowed({}, 'variants')).toEqual({ granularity: 'boolean', notices: [] });
  const strict = { ...DISCLOSURE_FLOOR, publicGranularity: 'boolean' } as const;
  for (const about of ['people', 'variants'] as const) {
    expect(allowed({ variant }, about, strict)).toEqual({ granularity: 'boolean', notices: [] });
  }
});

test('filters leave the count of people as it is, and of a stretch of the genome only yes or no', () => {
  const filters = [{ id: 'HP:0001250' }];
  const within = question({ variant: at('22'), filters });
  expect(allowedAnswer(within, 'people', DISCLOSURE_FLOOR, 'public')).toEqual({
    granularity: 'count',
    notices: [],
  });
  expect(allowedAnswer(within, 'variants', DISCLOSURE_FLOOR, 'public')).toEqual(selectionAnswer(within));
  expect(selectionAnswer(within).granularity).toBe('boolean');
});

test('each kind of answer needs its consents', () => {
  const filters = [{ id: 'HP:0001250' }];
  expect(consentsNeeded(question({}), 'people')).toEqual(['subject-level-query']);
  expect(consentsNeeded(question({}), 'variants')).toEqual(['allele-frequency']);
  expect(consentsNeeded(question({ filters }), 'people')).toEqual(['subject-level-query']);
  expect(consentsNeeded(question({ filters }), 'variants')).toEqual([
    'allele-frequency',
    'subject-level-query',
  ]);
});
