import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Writable } from 'node:stream';
import { BeaconClient, type NetworkAnswer, type VariantParameters } from '@federome/client';
import { DISCLOSURE_FLOOR } from '@federome/core';
import { addMember, NodeError, removeMember, serveNode } from '@federome/node';
import {
  type BeaconCall,
  beaconServer,
  countAnswer,
  hasShared,
  infoAnswer,
  sharedPath,
} from '@federome/testkit';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { expect, onTestFinished, test } from 'vitest';
import { foreignBeacon } from '../testkit/foreign-beacon.ts';
import { testHub } from '../testkit/hub.ts';

const FOREIGN = 'org.example.beacon';
const APOL1: VariantParameters = { geneId: 'APOL1', assemblyId: 'GRCh38' };

/** A node of ours: people below 10 withheld, one variant with frequencies by sex. What it is asked goes to `calls`. */
async function ownNode(id: string, country: string, people: number, ac: number, calls: BeaconCall[] = []) {
  const genomes = { count: 2_500, suppressed: false, threshold: 10 };
  return await beaconServer((call) => {
    calls.push(call);
    const { path } = call;
    if (path === 'info') {
      return infoAnswer(id, {
        role: 'node',
        country,
        genomes,
        datasets: 1,
        disclosure: DISCLOSURE_FLOOR,
      });
    }
    if (path === 'individuals') return countAnswer(id, people, { country });
    if (path === 'datasets') {
      const info = { assembly: 'GRCh38', individuals: { count: 2_500, suppressed: false } };
      const collections = [
        { id: `${id}-dataset`, name: 'Dataset', createDateTime: '2026-01-01T00:00:00Z', info },
      ];
      return { json: { response: { collections } } };
    }
    if (path === 'filtering_terms') {
      const filteringTerms = [
        { id: 'HP:0001250', label: 'Seizure', type: 'ontologyTerm' },
        { id: 'age', type: 'alphanumeric' },
      ];
      return { json: { response: { filteringTerms } } };
    }
    if (path !== 'g_variants') return undefined;
    const results = [variantRecord(ac)];
    return {
      json: {
        meta: { beaconId: id, returnedGranularity: 'record' },
        responseSummary: { exists: true, numTotalResults: 1 },
        response: { resultSets: [{ id: `${id}-dataset`, exists: true, resultsCount: 1, results }] },
        info: { country },
      },
    };
  });
}

function variantRecord(ac: number): object {
  const interval = { type: 'SequenceInterval', start: { type: 'Number', value: 36_265_859 } };
  const total = { population: 'Total', alleleFrequency: ac / 5_000, alleleCount: ac, alleleNumber: 5_000 };
  return {
    variantInternalId: 'GRCh38:22-36265860-A-G',
    variation: {
      variantType: 'SNP',
      referenceBases: 'A',
      alternateBases: 'G',
      location: { type: 'SequenceLocation', sequence_id: 'refseq:NC_000022.11', interval },
    },
    frequencyInPopulations: [{ source: 'Node', frequencies: [total] }],
    info: { disclosure: { suppressed: true, populations: ['EE_F', 'EE_M'] } },
  };
}

async function network(...urls: readonly { url: string; country?: string }[]) {
  const hub = await testHub();
  for (const { url, country } of urls) await addMember(hub.node.records, url, { country });
  return hub;
}

async function served(hub: Awaited<ReturnType<typeof testHub>>, log?: Writable): Promise<string> {
  const server = await serveNode(hub.node, { log });
  onTestFinished(() => server.close());
  return server.url;
}

function postJson(url: string, body: unknown): Promise<Response> {
  const headers = { 'content-type': 'application/json' };
  return fetch(url, {
    method: 'POST',
    headers,
    body: typeof body === 'string' ? body : JSON.stringify(body),
  });
}

test('a foreign Beacon that takes no notice of nested parameters is asked with flat ones', async () => {
  const { url } = await foreignBeacon();
  const beacon = new BeaconClient(url);
  const people = await beacon.individuals({ variant: APOL1, granularity: 'count' });
  expect(people).toMatchObject({ exists: true, count: { kind: 'shown', value: 48 }, resultSets: [] });
  const absent = await beacon.individuals({ variant: { geneId: 'OTHER' }, granularity: 'count' });
  expect(absent).toMatchObject({ exists: false, count: { kind: 'shown', value: 0 } });
  expect(await beacon.filteringTerms()).toHaveLength(1);
  expect(await beacon.datasets()).toMatchObject([{ id: 'cohort-1', assembly: undefined }]);
});

test('a Beacon that takes no notice of a variant however it is asked is not believed', async () => {
  for (const status of [200, 400]) {
    const deaf = await beaconServer(({ method, body }) => {
      if (method === 'GET') return { status: 405, json: {} };
      const nested = JSON.stringify(body).includes('g_variant');
      const meta = { receivedRequestSummary: { requestParameters: {} } };
      const json = { meta, responseSummary: { exists: true, numTotalResults: 2_000 } };
      return nested && status === 400 ? { status, json: {} } : { json };
    });
    const beacon = new BeaconClient(deaf.url);
    await expect(beacon.individuals({ variant: APOL1, granularity: 'count' })).rejects.toMatchObject({
      code: 'client/wrong-schema',
    });
    await expect(beacon.individuals({ granularity: 'count' })).resolves.toMatchObject({ exists: true });
  }
});

test('a Beacon without POST is asked by GET', async () => {
  const { url } = await foreignBeacon({ post: false });
  const beacon = new BeaconClient(url);
  const variant = { referenceName: '22', start: [36_265_859], alternateBases: 'G' };
  expect(await beacon.individuals({ variant, granularity: 'count' })).toMatchObject({
    count: { kind: 'shown', value: 48 },
  });
});

test('a foreign Beacon joins with its country given, and is merged with nodes of ours under the floor', async () => {
  const ee = await ownNode('ee', 'EE', 120, 300);
  const foreign = await foreignBeacon();
  await expect(network(foreign)).rejects.toMatchObject({ code: 'node/member-refused' });
  const hub = await network(ee, { url: foreign.url, country: 'ES' });
  const answer = await hub.network.ask({ variant: APOL1 });
  expect(answer.members.map(({ id, state, people }) => [id, state, people])).toEqual([
    ['ee', 'answered', { kind: 'shown', value: 120 }],
    [FOREIGN, 'answered', { kind: 'shown', value: 50 }],
  ]);
  expect(answer.total).toMatchObject({ exists: true, people: { kind: 'shown', value: 170 } });
  const [merged, ...others] = answer.variants;
  expect(others).toEqual([]);
  expect(merged?.variant).toEqual({
    assembly: 'GRCh38',
    contig: '22',
    position: 36_265_859,
    ref: 'A',
    alt: 'G',
  });
  expect(merged?.total).toMatchObject({
    kind: 'shown',
    counts: { ac: 350, an: 9_000 },
    alleleFrequency: 350 / 9_000,
  });
  expect(
    merged?.byMember.map(({ member, population, frequency }) => [member, population, frequency.kind]),
  ).toEqual([
    ['ee', 'EE_F', 'suppressed'],
    ['ee', 'EE_M', 'suppressed'],
    ['ee', 'Total', 'shown'],
    [FOREIGN, 'Total', 'shown'],
  ]);
});

test('the directory refuses a second entry, the dead, the lying and hubs, and keeps nothing of them', async () => {
  const ee = await ownNode('ee', 'EE', 120, 300);
  const twin = await ownNode('ee', 'EE', 120, 300);
  const hubInside = await beaconServer(() => infoAnswer('other-hub', { role: 'hub', country: 'FI' }));
  const nowhere = await beaconServer(() => infoAnswer('nowhere', { country: 'ZZ' }));
  const page = await beaconServer(() => (response) => {
    response.writeHead(200, { 'content-type': 'text/html' }).end('<html></html>');
  });
  const dead = await beaconServer(() => undefined);
  await dead.stop();
  const hub = await network(ee);
  const add = (url: string, country?: string) =>
    addMember(hub.node.records, url, { country }).then(
      () => 'added',
      (error: unknown) => (error instanceof NodeError ? error.code : error),
    );
  expect(await add(ee.url)).toBe('node/member-exists');
  expect(await add(twin.url)).toBe('node/member-exists');
  expect(await add(hubInside.url)).toBe('node/member-refused');
  expect(await add(nowhere.url)).toBe('node/member-refused');
  expect(await add(page.url)).toBe('node/member-refused');
  expect(await add(dead.url)).toBe('node/member-refused');
  expect(await add('nonsense')).toBe('node/member-refused');
  const fi = await ownNode('fi', 'FI', 50, 200);
  expect(await add(fi.url, 'SE')).toBe('node/member-refused');
  expect((await hub.node.records.members()).map(({ id }) => id)).toEqual(['ee']);
  await removeMember(hub.node.records, ee.url);
  expect(await hub.node.records.members()).toEqual([]);
  await expect(removeMember(hub.node.records, 'ee')).rejects.toMatchObject({ code: 'node/unknown-member' });
});

test('the hub answers the portal over HTTP', async () => {
  const hub = await network(await ownNode('ee', 'EE', 120, 300), await ownNode('fi', 'FI', 4, 200));
  const url = await served(hub);
  const overview = await (await fetch(`${url}/api/network`)).json();
  expect(overview).toMatchObject({
    name: 'Network',
    members: [
      { id: 'ee', country: 'EE', state: 'answered', genomes: { kind: 'shown', value: 2_500 }, datasets: 1 },
      { id: 'fi', country: 'FI', state: 'answered' },
    ],
    progress: { genomes: 5_000, target: 1_000_000 },
  });
  const response = await postJson(`${url}/api/network/questions`, { variant: APOL1 });
  expect([response.status, response.headers.get('cache-control')]).toEqual([200, 'no-store']);
  const answer = (await response.json()) as NetworkAnswer;
  expect(answer.total).toMatchObject({
    exists: true,
    people: { kind: 'shown', value: 120 },
    answered: 2,
    suppressed: 1,
  });
  expect(answer.variants[0]?.total).toMatchObject({ counts: { ac: 500, an: 10_000 }, alleleFrequency: 0.05 });
  const terms = await fetch(`${url}/api/network/terms?q=seiz&limit=5`);
  expect(await terms.json()).toEqual([{ id: 'HP:0001250', label: 'Seizure', type: 'ontologyTerm' }]);
  expect(await (await fetch(`${url}/api/network/genes?q=nonesuch`)).json()).toEqual([]);
});

test('a hub none of whose members answers says so, and never a no that nobody gave', async () => {
  const refusing = await beaconServer(({ path }) =>
    path === 'info'
      ? infoAnswer('ee', { country: 'EE' })
      : { status: 403, json: { error: { errorCode: 403, errorMessage: 'not to you' } } },
  );
  const ask = async (members: readonly { readonly id: string; readonly url: string }[]) => {
    const response = await fetch(
      `${await served(await testHub(members, { deadlineMs: 500 }))}/individuals?filters=HP:0001250`,
    );
    return [response.status, await response.json()];
  };
  const dead = { id: 'fi', url: 'http://127.0.0.1:1/' };
  expect(await ask([{ id: 'ee', url: refusing.url }])).toMatchObject([
    400,
    {
      error: { errorCode: 400, errorMessage: expect.stringContaining('not to you') },
      info: { code: 'node/members-refused' },
    },
  ]);
  expect(await ask([{ id: 'ee', url: refusing.url }, dead])).toMatchObject([
    503,
    { info: { code: 'node/no-member-answered' } },
  ]);
});

test('a question that is not well-formed gets a problem document that names the place', async () => {
  const hub = await network();
  const url = await served(hub);
  const bad: readonly (readonly [unknown, number, string])[] = [
    ['{"variant":', 400, 'node/bad-request'],
    [[], 400, 'node/bad-request'],
    [{ variant: {} }, 400, 'node/bad-request'],
    [{ variant: { geneId: 'BRCA1', start: [1] } }, 400, 'node/bad-request'],
    [{ variant: { referenceName: '22' } }, 400, 'node/bad-request'],
    [{ variant: { referenceName: '22', start: [-1] } }, 400, 'node/bad-request'],
    [{ variant: { geneId: 'BRCA1', assemblyId: 'GRCh36' } }, 400, 'node/bad-request'],
    [{ filters: [{ id: '' }] }, 400, 'node/bad-request'],
    [{ filters: [{ id: 'age', operator: '~' }] }, 400, 'node/bad-request'],
    [{ nonsense: true }, 400, 'node/bad-request'],
    [
      { filters: Array.from({ length: 2_000 }, () => ({ id: 'HP:0001250', scope: 'x'.repeat(40) })) },
      413,
      'node/request-too-large',
    ],
  ];
  for (const [body, status, code] of bad) {
    const response = await postJson(`${url}/api/network/questions`, body);
    expect(response.headers.get('content-type')).toContain('application/problem+json');
    const problem = await response.json();
    expect([response.status, problem]).toMatchObject([
      status,
      { status, code, type: `urn:federome:problem:${code}` },
    ]);
  }
  const place = await postJson(`${url}/api/network/questions`, { filters: [{ id: 7 }] });
  expect(await place.json()).toMatchObject({ detail: expect.stringContaining('filters.0.id') });
  expect((await fetch(`${url}/api/network/terms?limit=0`)).status).toBe(400);
});

test('the hub stores nobody’s data: its home holds directory rows, and its log no question', async () => {
  const lines: string[] = [];
  const log = new Writable({
    write(chunk, _, done) {
      lines.push(String(chunk));
      done();
    },
  });
  const hub = await network(await ownNode('ee', 'EE', 120, 300), await ownNode('fi', 'FI', 4, 200));
  const url = await served(hub, log);
  const filters = [{ id: 'MARKERTERM:77' }, { id: 'age', operator: '>', value: 'P77Y' }];
  for (const variant of [
    { geneId: 'MARKERGENE' },
    { referenceName: '22', start: [36_265_859], alternateBases: 'MARKER' },
  ]) {
    await postJson(`${url}/api/network/questions`, { variant, filters });
  }
  await fetch(`${url}/api/network/terms?q=markerterm`);
  await fetch(`${url}/api/network/genes?q=markergene`);
  await fetch(`${url}/individuals?filters=MARKERTERM:77&requestedGranularity=count`);
  await fetch(`${url}/g_variants?geneId=MARKERGENE&requestedGranularity=record`);
  await postJson(`${url}/individuals`, {
    query: { filters, requestParameters: { g_variant: { geneId: 'MARKERGENE' } } },
  });
  expect(lines.length).toBeGreaterThan(0);
  expect(lines.join('')).not.toMatch(/marker|P77Y|36265859/i);

  const members = await hub.node.records.members();
  expect(members.map(({ id }) => id)).toEqual(['ee', 'fi']);
  expect(await hub.node.records.datasets()).toEqual([]);
  const files = await readdir(hub.directory, { recursive: true, withFileTypes: true });
  for (const file of files.filter((entry) => entry.isFile())) {
    const content = await readFile(join(file.parentPath, file.name), 'latin1');
    expect([file.name, /marker|P77Y|36265859/i.test(content)]).toEqual([file.name, false]);
  }
});

test('the hub is a Beacon: a result set for each dataset of each member, with the members’ states', async () => {
  const hub = await network(await ownNode('ee', 'EE', 120, 300), await ownNode('fi', 'FI', 4, 200), {
    url: (await foreignBeacon()).url,
    country: 'ES',
  });
  await hub.node.records.putMember({
    id: 'gone',
    url: 'http://127.0.0.1:9/',
    name: 'gone',
    country: 'IT',
    addedAt: '2026-01-01T00:00:00.000Z',
  });
  const beacon = new BeaconClient(await served(hub));
  expect(await beacon.info()).toMatchObject({
    role: 'hub',
    country: 'LU',
    genomes: { kind: 'shown', value: 5_000 },
  });
  const people = await beacon.individuals({
    variant: APOL1,
    granularity: 'count',
    includeResultsetResponses: 'ALL',
  });
  expect(people).toMatchObject({ exists: true, count: { kind: 'shown', value: 170 } });
  expect(people.resultSets.map(({ id, beaconId, country, count }) => [id, beaconId, country, count])).toEqual(
    [
      ['ee-dataset', 'ee', 'EE', { kind: 'shown', value: 120 }],
      ['fi-dataset', 'fi', 'FI', { kind: 'suppressed', below: 10 }],
      [FOREIGN, FOREIGN, 'ES', { kind: 'shown', value: 50 }],
    ],
  );
  expect(people.members.map(({ id, state }) => [id, state])).toEqual([
    ['ee', 'answered'],
    ['fi', 'answered'],
    [FOREIGN, 'answered'],
    ['gone', 'unreachable'],
  ]);
  const variants = await beacon.gVariants({ variant: APOL1, granularity: 'record' });
  expect(variants.resultSets.map(({ id, results }) => [id, results.length])).toEqual([
    ['ee-dataset', 1],
    ['fi-dataset', 1],
    ['cohort-1', 1],
  ]);
  expect((await beacon.datasets()).map(({ id, assembly }) => [id, assembly])).toEqual([
    ['ee-dataset', 'GRCh38'],
    ['fi-dataset', 'GRCh38'],
    ['cohort-1', undefined],
  ]);
  expect((await beacon.filteringTerms()).map(({ id }) => id).sort()).toEqual(['HP:0001250', 'age']);
});

test('within filters members are asked for people there, and for frequencies of everyone', async () => {
  const calls: BeaconCall[] = [];
  const ee = await ownNode('ee', 'EE', 120, 300, calls);
  const hub = await network(ee);
  const filters = [{ id: 'HP:0001250' }];
  const answer = await hub.network.ask({ variant: APOL1, filters });
  const sent = (path: string) => calls.filter((call) => call.path === path).map(({ body }) => body);
  expect(sent('individuals')).toMatchObject([{ query: { filters } }]);
  expect(sent('g_variants')).toHaveLength(1);
  expect(JSON.stringify(sent('g_variants'))).not.toContain('HP:0001250');
  expect(answer.variantsOf).toBe('everyone');
  expect(answer.variants[0]?.total).toMatchObject({ counts: { ac: 300, an: 5_000 } });
  expect(await hub.network.ask({ filters })).not.toHaveProperty('variantsOf');
});

test('frequencies of everyone are no answer to who within filters carries a variant', async () => {
  const onlyVariants = await beaconServer(({ path }) => {
    if (path === 'info') return infoAnswer('variants', { country: 'FI' });
    if (path !== 'g_variants') return undefined;
    const resultSets = [{ id: 'd', exists: true, resultsCount: 1, results: [variantRecord(300)] }];
    const responseSummary = { exists: true, numTotalResults: 1 };
    return { json: { meta: {}, responseSummary, response: { resultSets } } };
  });
  const hub = await network(onlyVariants);
  const among = await hub.network.ask({ variant: APOL1 });
  expect(among.members).toMatchObject([{ state: 'answered', exists: true }]);
  const within = await hub.network.ask({ variant: APOL1, filters: [{ id: 'HP:0001250' }] });
  expect(within.members).toMatchObject([{ state: 'refused', reason: { code: 'client/http-status' } }]);
  expect(within.members[0]).not.toHaveProperty('exists');
  expect(within.variants).toEqual([]);
  expect(within.total).toMatchObject({ exists: false, answered: 0 });
});

test('the hub as a Beacon passes on no frequency within filters, whoever tells it', async () => {
  const { url } = await foreignBeacon();
  const beacon = new BeaconClient(await served(await network({ url, country: 'ES' })));
  const allele = { referenceName: '22', start: [36_265_859], referenceBases: 'A', alternateBases: 'G' };
  const variant = { ...allele, assemblyId: 'GRCh38' };
  const records = async (filters: readonly { id: string }[]) => {
    const { resultSets } = await beacon.gVariants({ variant, filters, granularity: 'record' });
    return resultSets.flatMap(({ results }) => results);
  };
  expect(await records([])).toMatchObject([{ frequencyInPopulations: [{}] }]);
  const [within, ...others] = await records([{ id: 'HP:0001250' }]);
  expect(others).toEqual([]);
  expect(within).not.toHaveProperty('frequencyInPopulations');
  expect(within).toMatchObject({ info: { disclosure: { suppressed: true, populations: ['Total'] } } });
  const gene = { variant: APOL1, filters: [{ id: 'HP:0001250' }], granularity: 'record' } as const;
  expect(await beacon.gVariants(gene)).toMatchObject({
    exists: true,
    granularity: 'boolean',
    count: undefined,
    resultSets: [],
    notices: [expect.stringContaining('yes or no'), expect.stringContaining('whole populations')],
  });
});

test('the hub as a Beacon withholds what its members do, and says yes where one only says yes', async () => {
  const few = await network(await ownNode('fi', 'FI', 4, 200));
  const question = { variant: APOL1, granularity: 'count' } as const;
  expect(await new BeaconClient(await served(few)).individuals(question)).toMatchObject({
    exists: false,
    count: { kind: 'suppressed', below: 10 },
  });
  const yes = await beaconServer(({ path }) =>
    path === 'info'
      ? infoAnswer('yes', { country: 'FI' })
      : { json: { meta: { returnedGranularity: 'boolean' }, responseSummary: { exists: true } } },
  );
  const only = await network(yes);
  expect(await new BeaconClient(await served(only)).individuals(question)).toMatchObject({
    exists: true,
    count: undefined,
    granularity: 'boolean',
  });
  expect((await only.network.ask({ variant: APOL1 })).total).toMatchObject({ exists: true, withoutCount: 1 });
});

test.skipIf(!hasShared('specs/beacon-v2.1.1'))(
  'the hub’s answers follow the official Beacon schemas',
  async () => {
    const hub = await network(await ownNode('ee', 'EE', 120, 300), {
      url: (await foreignBeacon()).url,
      country: 'ES',
    });
    const url = await served(hub);
    const validator = await frameworkSchemas();
    const cases: readonly (readonly [string, string])[] = [
      ['info', 'beaconInfoResponse'],
      ['filtering_terms', 'beaconFilteringTermsResponse'],
      ['datasets', 'beaconCollectionsResponse'],
      ['individuals?geneId=APOL1&requestedGranularity=count', 'beaconResultsetsResponse'],
      ['individuals?geneId=APOL1&requestedGranularity=boolean', 'beaconBooleanResponse'],
      ['g_variants?geneId=APOL1&requestedGranularity=record', 'beaconResultsetsResponse'],
    ];
    for (const [path, schema] of cases) {
      const validate = validator.getSchema(`https://beacon/responses/${schema}.json`);
      if (validate === undefined) throw new Error(`no schema ${schema}`);
      validate(await (await fetch(`${url}/${path}`)).json());
      expect([path, validate.errors]).toEqual([path, null]);
    }
  },
);

async function frameworkSchemas(): Promise<Ajv2020> {
  const ajv = new Ajv2020({ strict: false, validateFormats: false });
  const root = sharedPath('specs/beacon-v2.1.1/framework');
  for (const file of await readdir(root, { recursive: true })) {
    if (!/^(common|requests|responses|configuration)\/(sections\/)?[^/]+\.json$/.test(file)) continue;
    ajv.addSchema(JSON.parse(await readFile(join(root, file), 'utf8')), `https://beacon/${file}`);
  }
  return ajv;
}
