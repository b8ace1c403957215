import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { NetworkAnswer, VariantParameters } from '@federome/client';
import { addMember, type FederomeNode, initNode, openNode } from '@federome/node';
import fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import {
  denials,
  HEIGHT,
  type InventedPerson,
  type InventedVariant,
  inventedNode,
  inventPerson,
  people,
  SEIZURE,
  served,
  TODAY,
} from '../testkit/beacon-node.ts';

const DAY_MS = 86_400_000;
const DATASETS = { big: people(1_200), small: people(150, 1_200) } as const;
const IDS = ['big', 'small'] as const;
type DatasetId = (typeof IDS)[number];
const EVERYONE = people(1_350);
const NO_QUERIES = new Set(people(40, 100));
const NO_FREQUENCIES = new Set([...people(60, 300), ...people(20, 1_300)]);

/** Everyone has a rank of their own, so that cohorts can differ by exactly one person. */
const rankOf = (index: number) => (index * 7_919 + 13) % 1_350;
const byRank = EVERYONE.toSorted((a, b) => rankOf(a) - rankOf(b));

/** An invented person whose age in days and height say the rank. */
function ranked(index: number): InventedPerson {
  const rank = rankOf(index);
  const born = new Date(TODAY.getTime() - (10_000 + rank) * DAY_MS).toISOString().slice(0, 10);
  return { ...inventPerson(index), born, heightCm: 100 + rank / 8 };
}

/** A number in [0, 1) that looks like chance and is the same every time. */
function chance(person: number, variant: number): number {
  let hash = Math.imul(person + 1, 0x9e3779b1) ^ Math.imul(variant + 1, 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 15), 0x2c1b3c6d);
  return ((hash ^ (hash >>> 13)) >>> 0) / 2 ** 32;
}

const SHARES = [0.005, 0.01, 0.02, 0.03, 0.05, 0.1, 0.2, 0.4, 0.6];
const VARIANTS: readonly InventedVariant[] = people(18).map((number) => ({
  contig: 'chr22',
  pos: 36_265_000 + 20 * number,
  ref: 'A',
  alt: 'G',
  genotype: (person) => {
    const share = SHARES[number % SHARES.length]!;
    const drawn = chance(person, number);
    return drawn >= share ? '0/0' : drawn < share / 5 ? '1/1' : '0/1';
  },
}));

/** Something that can be asked of variants, and which of them it means. */
interface Place {
  readonly parameters: VariantParameters;
  readonly variants: readonly InventedVariant[];
  /** Of a single allele: the id of its record. */
  readonly id?: string;
}

const alleleAt = (variant: InventedVariant): Place => ({
  parameters: {
    referenceName: '22',
    start: [variant.pos - 1],
    referenceBases: 'A',
    alternateBases: 'G',
    assemblyId: 'GRCh38',
  },
  variants: [variant],
  id: `GRCh38:22-${variant.pos}-A-G`,
});

const between = (from: number, to: number): Place => ({
  parameters: {
    referenceName: '22',
    start: [VARIANTS[from]!.pos - 1],
    end: [VARIANTS[to]!.pos],
    assemblyId: 'GRCh38',
  },
  variants: VARIANTS.slice(from, to + 1),
});

const PLACES: readonly Place[] = [
  ...VARIANTS.map(alleleAt),
  between(0, 1),
  between(9, 11),
  between(0, 17),
  { parameters: { geneId: 'APOL1', assemblyId: 'GRCh38' }, variants: VARIANTS },
  { parameters: { genomicAlleleShortForm: 'NC_000022.11:g.36265020A>G' }, variants: [VARIANTS[1]!] },
  { parameters: { referenceName: '22', start: [36_265_039], alternateBases: 'N' }, variants: [VARIANTS[2]!] },
];

interface Cohort {
  readonly filters: readonly { readonly id: string; readonly operator?: string; readonly value?: string }[];
  readonly has: (index: number) => boolean;
}

/** Conditions beside the one by which two cohorts differ. */
const BESIDE: readonly Cohort[] = [
  { filters: [], has: () => true },
  { filters: [{ id: 'sex', operator: '=', value: 'female' }], has: (index) => index % 2 === 0 },
  { filters: [{ id: SEIZURE }], has: (index) => index % 4 === 0 || index % 40 === 1 },
];

const ofAge = (rank: number): Cohort => ({
  filters: [{ id: 'age', operator: '>=', value: `P${10_000 + rank}D` }],
  has: (index) => rankOf(index) >= rank,
});
const ofHeight = (rank: number): Cohort => ({
  filters: [{ id: HEIGHT, operator: '>=', value: String(100 + rank / 8) }],
  has: (index) => rankOf(index) >= rank,
});

const both = (a: Cohort, b: Cohort): Cohort => ({
  filters: [...a.filters, ...b.filters],
  has: (index) => a.has(index) && b.has(index),
});

const carries = (index: number) => (variant: InventedVariant) => variant.genotype(index).includes('1');

/** A place, with two cohorts that differ by the person of one rank: often the tenth, or so, to carry an allele of it. */
const pair = fc
  .tuple(
    fc.constantFrom(...PLACES),
    fc.constantFrom(...BESIDE),
    fc.constantFrom(ofAge, ofHeight),
    fc.nat(17),
    fc.oneof({ weight: 3, arbitrary: fc.integer({ min: 8, max: 13 }) }, fc.constant(undefined)),
    fc.nat(1_349),
  )
  .map(([place, beside, of, number, carrier, anywhere]) => {
    const variant = place.variants[number % place.variants.length]!;
    const counted = (index: number) => !NO_QUERIES.has(index) && !NO_FREQUENCIES.has(index);
    const carriers = byRank.filter((index) => beside.has(index) && counted(index) && carries(index)(variant));
    const chosen = carrier === undefined ? undefined : carriers.at(-1 - carrier);
    const rank = chosen === undefined ? anywhere : rankOf(chosen);
    return { place, rank, one: both(of(rank), beside), other: both(of(rank + 1), beside) };
  });

let node: FederomeNode;
let nodeUrl = '';
let hubUrl = '';
const cleanUps: (() => Promise<void>)[] = [];

beforeAll(async () => {
  const defer = (cleanUp: () => Promise<void>) => cleanUps.push(cleanUp);
  node = await inventedNode(
    IDS.map((id) => ({ id, people: DATASETS[id], variants: VARIANTS, invent: ranked })),
    defer,
  );
  for (const id of IDS) {
    const ofDataset = (index: number) => DATASETS[id].includes(index);
    await node.consents.set(id, [
      ...denials([...NO_QUERIES].filter(ofDataset), 'subject-level-query'),
      ...denials([...NO_FREQUENCIES].filter(ofDataset), 'allele-frequency'),
    ]);
  }
  const unlimited = { requestsPerMinute: false } as const;
  nodeUrl = (await served(node, unlimited, defer)).url;
  const directory = await mkdtemp(join(tmpdir(), 'federome-differencing-'));
  defer(() => rm(directory, { recursive: true, force: true }));
  const home = join(directory, 'hub');
  await initNode(home, { country: 'LU', role: 'hub', name: 'Network' });
  const hub = await openNode(home);
  defer(() => hub.close());
  await addMember(hub.records, nodeUrl);
  hubUrl = (await served(hub, unlimited, defer)).url;
}, 60_000);

afterAll(async () => {
  for (const cleanUp of cleanUps.reverse()) await cleanUp();
});

async function asked(url: string, body?: unknown) {
  const headers = { 'content-type': 'application/json' };
  const response = await fetch(
    url,
    body === undefined ? {} : { method: 'POST', headers, body: JSON.stringify(body) },
  );
  expect([url, response.status]).toEqual([url, 200]);
  return await response.json();
}

interface Question {
  readonly cohort: Cohort;
  readonly place?: Place | undefined;
}

function beaconBody({ cohort, place }: Question, requestedGranularity: string) {
  return {
    query: {
      filters: cohort.filters,
      ...(place && { requestParameters: { g_variant: place.parameters } }),
      requestedGranularity,
      includeResultsetResponses: 'ALL',
    },
  };
}

/** The answers of every path that counts people. */
async function aboutPeople(question: Question) {
  const { cohort, place } = question;
  const search = new URLSearchParams({
    requestedGranularity: 'count',
    includeResultsetResponses: 'ALL',
    ...Object.fromEntries(Object.entries(place?.parameters ?? {}).map(([key, value]) => [key, `${value}`])),
  });
  const filters = cohort.filters.map(({ id, operator = '', value = '' }) =>
    operator === '' ? id : `${id}:${operator}${value}`,
  );
  if (filters.length > 0) search.set('filters', filters.join(','));
  const counted = beaconBody(question, 'count');
  const {
    question: _,
    variants: __,
    ...network
  } = await asked(`${hubUrl}/api/network/questions`, {
    ...(place && { variant: place.parameters }),
    filters: cohort.filters,
  });
  const whole = [
    await asked(`${nodeUrl}/individuals`, counted),
    await asked(`${nodeUrl}/individuals?${search}`),
    await asked(`${nodeUrl}/v2.0.0/individuals`, beaconBody(question, 'record')),
    ...(place?.id === undefined
      ? []
      : [await asked(`${nodeUrl}/g_variants/${place.id}/individuals`, beaconBody({ cohort }, 'count'))]),
    await asked(`${hubUrl}/individuals`, counted),
    await asked(`${hubUrl}/v2.0.0/individuals?${search}`),
  ];
  const parts = [];
  for (const id of IDS) parts.push(await asked(`${nodeUrl}/datasets/${id}/individuals`, counted));
  const rest = [
    await asked(`${nodeUrl}/individuals`, beaconBody(question, 'boolean')),
    await asked(`${nodeUrl}/datasets`, beaconBody(question, 'record')),
  ];
  return { whole, parts, network: network as NetworkAnswer, rest };
}

/** The answers of every path about variants; `network` is what a hub's portal gets. */
async function aboutVariants(question: Question & { readonly place: Place }) {
  const { cohort, place } = question;
  const beacon = [];
  for (const granularity of ['boolean', 'count', 'record']) {
    const body = beaconBody(question, granularity);
    beacon.push(await asked(`${nodeUrl}/g_variants`, body));
    beacon.push(await asked(`${hubUrl}/g_variants`, body));
    for (const id of IDS) beacon.push(await asked(`${nodeUrl}/datasets/${id}/g_variants`, body));
    if (place.id !== undefined)
      beacon.push(await asked(`${nodeUrl}/g_variants/${place.id}`, beaconBody({ cohort }, granularity)));
  }
  const network: NetworkAnswer = await asked(`${hubUrl}/api/network/questions`, {
    variant: place.parameters,
    filters: cohort.filters,
  });
  return { beacon, network: { variants: network.variants, of: network.variantsOf } };
}

/** An answer without what differs from one answer to the next: times. */
function timeless(answer: unknown): unknown {
  return JSON.parse(JSON.stringify(answer), (key, value) => (key === 'elapsedMs' ? undefined : value));
}

/** What a count may look like; written again here, because it is what the test is about. */
const shown = (count: number) => (count < 10 ? 0 : Math.round(count / 5) * 5);

/** The number of people that each dataset may show. */
function roundedCounts({ cohort, place }: Question): readonly number[] {
  return IDS.map((id) => {
    const counted = DATASETS[id].filter(
      (index) =>
        cohort.has(index) &&
        !NO_QUERIES.has(index) &&
        (place === undefined || place.variants.some(carries(index))),
    );
    return shown(counted.length);
  });
}

/** Whether, in each dataset, at least ten people of the cohort carry one and the same allele. */
function carriedByEnough({ cohort, place }: Question & { readonly place: Place }): readonly boolean[] {
  const inCohort = (id: DatasetId) =>
    DATASETS[id].filter((index) => cohort.has(index) && !NO_QUERIES.has(index) && !NO_FREQUENCIES.has(index));
  return IDS.map((id) => {
    const selected = inCohort(id);
    return place.variants.some((variant) => selected.filter((index) => carries(index)(variant)).length >= 10);
  });
}

const same = (a: readonly unknown[], b: readonly unknown[]) => a.every((each, index) => each === b[index]);

test('of two cohorts that differ by one person, nothing but rounded counts and one bit of alleles differs', async () => {
  const seen = { carrierHidden: 0, countDiffers: 0, bitDiffers: 0 };
  await fc.assert(
    fc.asyncProperty(pair, async ({ place, rank, ...cohorts }) => {
      const one = { cohort: cohorts.one, place };
      const other = { cohort: cohorts.other, place };
      const [people1, people2] = [await aboutPeople(one), await aboutPeople(other)];
      const [variants1, variants2] = [await aboutVariants(one), await aboutVariants(other)];
      const sameCounts = same(roundedCounts(one), roundedCounts(other));
      const sameBits = same(carriedByEnough(one), carriedByEnough(other));
      if (sameCounts) expect(timeless(people1)).toEqual(timeless(people2));
      if (sameBits) expect(timeless(variants1.beacon)).toEqual(timeless(variants2.beacon));
      expect(variants1.network).toEqual(variants2.network);
      const person = byRank[rank]!;
      const carrier = cohorts.one.has(person) && place.variants.some(carries(person));
      if (carrier && sameCounts && sameBits) seen.carrierHidden += 1;
      if (!sameCounts) seen.countDiffers += 1;
      if (!sameBits) seen.bitDiffers += 1;
    }),
    { numRuns: 80, seed: 20_261_122 },
  );
  // The pairs are telling ones: some hide a carrier, some stand on a boundary.
  expect(Object.entries(seen).filter(([, times]) => times === 0)).toEqual([]);
}, 60_000);

test('a hub shows frequencies of everyone beside people within filters, and says whose they are', async () => {
  const place = alleleAt(VARIANTS[7]!);
  const { network } = await aboutVariants({ cohort: BESIDE[1]!, place });
  const everyone = await aboutVariants({ cohort: BESIDE[0]!, place });
  expect(network).toEqual(everyone.network);
  expect(network.of).toBe('everyone');
  const genotypes = EVERYONE.filter((index) => !NO_FREQUENCIES.has(index) && index < 1_200).map(
    VARIANTS[7]!.genotype,
  );
  const ac = genotypes.reduce((sum, genotype) => sum + genotype.split('1').length - 1, 0);
  expect(network.variants[0]?.total).toMatchObject({ counts: { ac, an: 2 * genotypes.length } });
});

test('one cohort has one number, whichever path it is asked on and however often', async () => {
  await fc.assert(
    fc.asyncProperty(pair, fc.boolean(), async ({ one, ...pair }, withPlace) => {
      const place = withPlace ? pair.place : undefined;
      const question = { cohort: one, place };
      const expected = roundedCounts(question);
      const total = expected.reduce((sum, count) => sum + count, 0);
      const { whole, parts, network } = await aboutPeople(question);
      for (const body of whole) {
        const sets: readonly { readonly resultsCount: number }[] = body.response.resultSets;
        expect(sets.map(({ resultsCount }) => resultsCount)).toEqual(expected);
        expect(body.responseSummary).toEqual({ exists: total > 0, numTotalResults: total });
      }
      expect(parts.map(({ responseSummary }) => responseSummary.numTotalResults)).toEqual(expected);
      const people = total === 0 ? { kind: 'suppressed' } : { kind: 'shown', value: total };
      expect([network.members[0]?.people, network.total.people]).toMatchObject([people, people]);
      const { filters } = question.cohort;
      const again = { ...question.cohort, filters: [...filters, ...filters].reverse() };
      const body = await asked(`${nodeUrl}/individuals`, beaconBody({ ...question, cohort: again }, 'count'));
      expect(body.responseSummary).toEqual({ exists: total > 0, numTotalResults: total });
    }),
    { numRuns: 60, seed: 20_261_122 },
  );
}, 60_000);

test('people who withdraw everything one by one move the number of genomes by fives', async () => {
  const numbers = async () => {
    const { genomes } = (await asked(`${nodeUrl}/info`)).response.info;
    const { collections } = (await asked(`${nodeUrl}/datasets`)).response;
    const small = collections.find(({ id }: { id: string }) => id === 'small');
    return [genomes.count, small.info.individuals.count];
  };
  const scopes = ['allele-frequency', 'subject-level-query', 'secondary-use'] as const;
  const found: number[][] = [await numbers()];
  for (const index of people(5, 1_200)) {
    await node.consents.set(
      'small',
      scopes.flatMap((scope) => denials([index], scope)),
    );
    found.push(await numbers());
  }
  expect(found.map(([genomes]) => genomes)).toEqual([1_350, 1_350, 1_350, 1_345, 1_345, 1_345]);
  expect(found.map(([, individuals]) => individuals)).toEqual([150, 150, 150, 145, 145, 145]);
});
