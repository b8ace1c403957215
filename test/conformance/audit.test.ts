import type { AuditOperation } from '@federome/core';
import type { FederomeNode } from '@federome/node';
import fc from 'fast-check';
import type { InjectOptions } from 'fastify';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { operationOf } from '../../packages/node/src/http/audit/operations.ts';
import {
  type AuditedServer,
  auditedServer,
  grants,
  type People,
  person,
  visa,
} from '../testkit/audited-node.ts';
import { inventedNode, people, SEIZURE } from '../testkit/beacon-node.ts';
import { beaconServer, countAnswer, infoAnswer } from '../testkit/beacons.ts';
import { testHub } from '../testkit/hub.ts';

let node: FederomeNode;
let strict: FederomeNode;
const closing: (() => Promise<void>)[] = [];

beforeAll(async () => {
  const defer = (close: () => Promise<void>) => void closing.push(close);
  const datasets = [
    { id: 'a', people: people(1_200) },
    { id: 'b', people: people(200) },
  ];
  node = await inventedNode(datasets, defer);
  strict = await inventedNode(datasets, defer, { disclosure: { publicGranularity: 'boolean' } });
}, 60_000);
afterAll(async () => {
  for (const close of closing) await close();
});

const APOL1 = 'assemblyId=GRCh38&referenceName=22&start=36265859&referenceBases=A&alternateBases=G';
const APOL1_ID = 'GRCh38:22-36265860-A-G';
const asked = (token: string, url: string, purpose?: string): InjectOptions => ({
  url,
  headers: {
    authorization: `Bearer ${token}`,
    ...(purpose !== undefined && { 'federome-purpose': purpose }),
  },
});

/** Routes that give no data about people, or are recorded by their own services. */
const NOT_DATA = [
  /^\/$/,
  /^\/health$/,
  /^(\/v2\.0\.0)?\/(info|service-info|configuration|map|entry_types)$/,
  // Who is in the network, and where genes lie: public.
  /^\/api\/network(\/genes)?$/,
  // Its reader records who read it.
  /^\/api\/audit(\/|$)/,
  // Between members, signed: of the directory, the log and revocations, not of people's data.
  /^\/(api\/)?directory(\/|$)/,
  /^\/tlog(\/|$)/,
  /^\/visas(\/|$)/,
  // Evidence of exchanges, for operators and auditors.
  /^\/api\/exchange\/receipts(\/|$)/,
  // Keys, discovery documents, logins and sessions: their services record logins and changes.
  /^\/\.well-known(\/|$)/,
  /^\/(oidc|auth|passports|api\/session|api\/people|api\/clients|api\/account)(\/|$)/,
  /^\/portal(\/|$)/,
  // The log of commitments, and what operators and auditors see of it.
  /^\/(tlog|api\/ledger)(\/|$)/,
];

/** Every route of a server, from the tree that fastify prints. */
function routesOf({ server }: AuditedServer): readonly string[] {
  const path: string[] = [];
  return server
    .printRoutes({ commonPrefix: false })
    .split('\n')
    .flatMap((line) => {
      const [, indent, part, methods] = /^([ │├└─]*)(\S.*?)(?: (\([A-Z, ]+\)))?$/.exec(line) ?? [];
      if (indent === undefined || part === undefined) return [];
      const depth = indent.length / 4 - 1;
      path.length = depth;
      path.push(part);
      return methods === undefined ? [] : [`/${path.join('/')}`.replaceAll(/\/+/g, '/')];
    });
}

test('every route that gives data about people is audited: a new one has to say what it is', async () => {
  const { node: hub } = await testHub();
  for (const each of [await auditedServer(node), await auditedServer(hub)]) {
    await each.server.ready();
    const routes = routesOf(each);
    expect(routes).toContain('/individuals/:id/*');
    expect(routes).toContain('/v2.0.0/datasets/:id/g_variants');
    const neither = routes.filter(
      (route) => operationOf(route) === undefined && !NOT_DATA.some((form) => form.test(route)),
    );
    expect(neither).toEqual([]);
  }
});

type Case = readonly [InjectOptions, AuditOperation, status: number];
const post = (url: string, payload: unknown): InjectOptions => ({
  method: 'POST',
  url,
  payload: payload as Record<string, unknown>,
});

const CASES: readonly Case[] = [
  [{ url: '/individuals' }, 'individuals-by-filter', 200],
  [{ url: `/individuals?filters=${SEIZURE}` }, 'individuals-by-filter', 200],
  [post('/individuals', { query: { filters: [{ id: SEIZURE }] } }), 'individuals-by-filter', 200],
  [{ url: `/individuals?${APOL1}` }, 'individuals-by-variant', 200],
  [{ url: '/individuals?filters=HP:9999999' }, 'individuals-by-filter', 400],
  [{ url: '/individuals?nonsense=1' }, 'individuals-by-filter', 400],
  [{ url: '/individuals?purpose=fun' }, 'individuals-by-filter', 400],
  [
    { ...post('/individuals', '{'), headers: { 'content-type': 'application/json' } },
    'individuals-by-filter',
    400,
  ],
  [post('/individuals', { x: 'y'.repeat(1_100_000) }), 'individuals-by-filter', 413],
  [
    { ...post('/individuals', '<a/>'), headers: { 'content-type': 'text/xml' } },
    'individuals-by-filter',
    400,
  ],
  [{ url: '/individuals', headers: { authorization: 'Bearer nobody' } }, 'individuals-by-filter', 401],
  [{ url: '/individuals/P00001' }, 'individual-records', 403],
  [post('/individuals/P00001/g_variants', {}), 'individual-records', 403],
  [{ url: `/g_variants?${APOL1}&requestedGranularity=record` }, 'variant-frequencies', 200],
  [post('/g_variants', {}), 'variants', 200],
  [{ url: `/g_variants/${APOL1_ID}` }, 'variants', 200],
  [{ url: '/g_variants/nothing' }, 'variants', 404],
  [{ url: `/g_variants/${APOL1_ID}/individuals` }, 'individuals-by-variant', 200],
  [{ url: '/datasets' }, 'datasets', 200],
  [{ url: `/datasets?filters=${SEIZURE}` }, 'datasets', 200],
  [post('/datasets', {}), 'datasets', 200],
  [{ url: '/datasets/a' }, 'datasets', 200],
  [{ url: '/datasets/none' }, 'datasets', 404],
  [{ url: '/datasets/a/individuals' }, 'individuals-by-filter', 200],
  [{ url: '/datasets/none/individuals' }, 'individuals-by-filter', 404],
  [{ url: `/datasets/a/g_variants?${APOL1}` }, 'variants', 200],
  [{ url: '/datasets/a/filtering_terms' }, 'filtering-terms', 200],
  [{ url: '/filtering_terms' }, 'filtering-terms', 200],
  [{ method: 'HEAD', url: '/filtering_terms' }, 'filtering-terms', 200],
  [{ url: '/individuals/filtering_terms' }, 'filtering-terms', 200],
];

test('answers and refusals are recorded exactly once, on every path of a node', async () => {
  for (const prefix of ['', '/v2.0.0']) {
    const { server, events } = await auditedServer(node);
    for (const [request, operation, status] of CASES) {
      const before = (await events()).length;
      const answer = await server.inject({ ...request, url: `${prefix}${String(request.url)}` });
      const fresh = (await events()).slice(before);
      const told = `${request.method ?? 'GET'} ${String(request.url)}`;
      expect(answer.statusCode, told).toBe(status);
      expect(fresh, told).toHaveLength(1);
      expect(fresh[0], told).toMatchObject({
        operation,
        decision: status === 200 ? 'answered' : 'refused',
        who: { kind: 'anonymous' },
        level: 'public',
      });
      expect(fresh[0]!.code === undefined, told).toBe(status === 200);
    }
  }
});

test('what a client is refused for asking too often is recorded too', async () => {
  const { server, events } = await auditedServer(node, {}, { requestsPerMinute: 2 });
  for (let at = 0; at < 3; at += 1) await server.inject('/individuals');
  expect((await events()).map(({ code }) => code)).toEqual([undefined, undefined, 'node/too-many-requests']);
});

test('a hub records the questions of its portal, with whom it asked', async () => {
  const member = await beaconServer((call) =>
    call.path === 'info' ? infoAnswer('ee.test') : countAnswer('ee.test', 40),
  );
  const { node: hub } = await testHub([{ id: 'ee.test', url: member.url }]);
  const { server, events } = await auditedServer(hub);
  await server.inject(post('/api/network/questions', { filters: [{ id: SEIZURE }] }));
  await server.inject(post('/api/network/questions', { nonsense: true }));
  await server.inject('/api/network/terms?q=seizure');
  await server.inject('/individuals');
  expect(await events()).toMatchObject([
    {
      operation: 'network-question',
      decision: 'answered',
      answer: { count: 10 },
      shape: { filters: 1, small: false },
    },
    { operation: 'network-question', decision: 'refused', code: 'node/bad-request' },
    { operation: 'filtering-terms', decision: 'answered' },
    { operation: 'individuals-by-filter', decision: 'answered' },
  ]);
});

test('a row says who, what for, by which permit and how much, and the ledger has the use first', async () => {
  const staff: People = { anne: person('anne', [], grants(node, 'a')) };
  const { server, events, uses } = await auditedServer(node, staff);
  const url = `/datasets/a/individuals?filters=${SEIZURE}&requestedGranularity=count`;
  await server.inject(asked('anne', url, 'healthcare'));
  await server.inject(asked('anne', url, 'healthcare'));
  await server.inject(asked('anne', '/datasets/b/individuals', 'healthcare'));
  const [first, again, other] = await events();
  expect(first).toMatchObject({
    operation: 'individuals-by-filter',
    who: { kind: 'person', issuer: 'https://idp.example', subject: 'anne' },
    datasets: ['a'],
    purpose: 'healthcare',
    level: 'controlled',
    permits: ['grant-a'],
    answer: { count: 100, records: 0, suppressed: false },
    shape: { filters: 1, small: false, repeated: false },
    ledgerIndex: 0,
  });
  expect(again).toMatchObject({ shape: { repeated: true }, ledgerIndex: 1 });
  expect(other).toMatchObject({ level: 'public', permits: [], datasets: ['b'] });
  expect(other).not.toHaveProperty('ledgerIndex');
  expect(uses).toHaveLength(2);
  expect(uses[0]).toMatchObject({
    type: 'data/used',
    data: {
      audit: first!.id,
      datasets: ['a'],
      purpose: 'healthcare',
      level: 'controlled',
      permits: ['grant-a'],
    },
  });
});

test('no variant, value of a filter, name of a person or address is in audit, ledger or log', async () => {
  const anne = person('anne', ['data-user'], grants(node, 'a'));
  const { server, events, uses, log } = await auditedServer(node, { anne });
  const places: readonly ((marker: string) => InjectOptions)[] = [
    (marker) => ({ url: `/individuals?filters=population:=:${marker}` }),
    (marker) => ({ url: `/individuals?filters=${marker}:0000001` }),
    (marker) => ({ url: `/individuals?${marker}=1` }),
    (marker) => ({ url: `/individuals/${marker}` }),
    (marker) => ({ url: `/g_variants/GRCh38:22-36265860-A-${marker}` }),
    (marker) => ({ url: `/g_variants?geneId=${marker}` }),
    (marker) => ({ url: `/g_variants?assemblyId=GRCh38&referenceName=${marker}&start=1&alternateBases=A` }),
    (marker) => ({ url: `/datasets/${marker}/individuals` }),
    (marker) => ({ url: `/datasets?datasets=${marker}` }),
    (marker) => ({ url: `/individuals?purpose=${marker}` }),
    (marker) => ({ url: '/individuals', headers: { 'federome-purpose': marker } }),
    (marker) => ({ url: '/individuals', headers: { 'user-agent': marker, 'x-forwarded-for': marker } }),
    (marker) => ({ url: '/individuals', headers: { authorization: `Bearer ${marker}` } }),
    (marker) =>
      post('/individuals', { query: { filters: [{ id: 'population', operator: '=', value: marker }] } }),
    (marker) => post('/individuals', { meta: { apiVersion: marker }, query: { filters: [{ id: marker }] } }),
    (marker) => post('/g_variants', { query: { requestParameters: { g_variant: { [marker]: marker } } } }),
    (marker) => post('/datasets/a/g_variants', { query: { datasets: [marker] } }),
    (marker) => ({
      ...post('/individuals', `{"${marker}"`),
      headers: { 'content-type': 'application/json' },
    }),
    (marker) => ({ url: `/api/audit?who=${marker}` }),
  ];
  await fc.assert(
    fc.asyncProperty(
      fc.constantFrom(...places),
      fc.stringMatching(/^zq[a-z]{10}$/),
      fc.boolean(),
      async (place, marker, isKnown) => {
        const request = place(marker);
        const headers =
          isKnown && request.headers?.authorization === undefined ? { authorization: 'Bearer anne' } : {};
        await server.inject({ ...request, headers: { ...request.headers, ...headers } });
        const kept = JSON.stringify([await events(), uses, log()]);
        expect(kept).not.toContain(marker);
        expect(kept).not.toContain(marker.toUpperCase());
      },
    ),
    { numRuns: 150, seed: 4 },
  );
  const { server: plain, events: ofNobody } = await auditedServer(node);
  await plain.inject({ url: '/individuals', remoteAddress: '203.0.113.77' });
  expect(JSON.stringify(await ofNobody())).not.toContain('203.0.113.77');
  const all = JSON.stringify([await events(), uses, log()]);
  for (const secret of ['P00001', '36265860', 'HP:', 'population']) expect(all).not.toContain(secret);
});

test('when the ledger cannot record a use, nothing leaves; the public, whose questions are none, is answered', async () => {
  let isFull = false;
  const ledger = async () => {
    if (isFull) throw new Error('ENOSPC: no space left on device');
  };
  const staff: People = {
    anne: person('anne', ['data-user']),
    grace: person('grace', [], grants(node, 'a')),
  };
  const { server, events, uses } = await auditedServer(node, staff, { ledger });
  const questions = [
    asked('anne', '/individuals?requestedGranularity=count'),
    asked('grace', '/datasets/a/individuals?requestedGranularity=count', 'research'),
    asked('grace', `/datasets/a/g_variants?${APOL1}&requestedGranularity=record`, 'research'),
  ];
  isFull = true;
  for (const question of questions) {
    const refused = await server.inject(question);
    expect(refused.statusCode).toBe(503);
    expect(refused.json()).toMatchObject({
      error: { errorCode: 503 },
      info: { code: 'node/audit-unavailable' },
    });
    expect(refused.body).not.toMatch(/numTotalResults|resultSets|ENOSPC/);
    expect(refused.headers['retry-after']).toBe('1');
  }
  expect((await server.inject('/individuals?requestedGranularity=count')).statusCode).toBe(200);
  expect(uses).toEqual([]);
  isFull = false;
  for (const question of questions) expect((await server.inject(question)).statusCode).toBe(200);
  expect(uses).toHaveLength(3);
  expect((await events()).filter(({ decision }) => decision === 'answered')).toHaveLength(4);
});

test('401 is for whoever is not known, 403 for whoever is known and may not, each with its challenge', async () => {
  const staff: People = {
    anne: person('anne', ['data-user']),
    otto: person('otto', ['operator']),
    ada: person('ada', ['auditor']),
  };
  const { server, events } = await auditedServer(node, staff);
  const status = async (request: InjectOptions | string) => {
    const { statusCode, headers } = await server.inject(request);
    return [statusCode, headers['www-authenticate']];
  };
  const [unknown, lesser] = [
    'Bearer realm="federome"',
    'Bearer realm="federome", error="insufficient_scope"',
  ];
  for (const url of ['/api/audit', '/api/audit/timeline', '/api/audit/anomalies', '/api/audit/export']) {
    expect(await status(url)).toEqual([401, unknown]);
    expect(await status(asked('nobody', url))).toEqual([401, unknown]);
    expect(await status(asked('anne', url))).toEqual([403, lesser]);
    expect(await status(asked('otto', url))).toEqual([200, undefined]);
    expect(await status(asked('ada', url))).toEqual([200, undefined]);
  }
  expect(await status(asked('nobody', '/individuals'))).toEqual([401, unknown]);
  expect(await status(asked('anne', '/individuals/P00001'))).toEqual([403, lesser]);
  const beacon = (await server.inject(asked('nobody', '/individuals'))).json();
  expect(beacon).toMatchObject({ meta: { beaconId: node.config.id }, error: { errorCode: 401 } });
  // Each refusal to read the audit is in it.
  const refusals = (await events()).filter(({ operation }) => operation.startsWith('audit-'));
  expect(
    refusals.filter(({ decision, who }) => decision === 'refused' && who.subject === 'anne'),
  ).toHaveLength(4);
});

const STATUS = visa({
  type: 'ResearcherStatus',
  value: 'https://doi.org/10.1038/s41431-018-0219-y',
  by: 'so',
  id: 'status',
});

test('per dataset, who asks and what for decide how much is told', async () => {
  const staff: People = {
    anyone: person('anyone', []),
    user: person('user', ['data-user']),
    researcher: person('researcher', [], [STATUS]),
    holder: person('holder', [], [...grants(strict, 'a'), STATUS]),
    own: person('own', [], [visa({ ...grants(strict, 'a')[0]!, by: 'self' })]),
    foreign: person(
      'foreign',
      [],
      grants(node, 'a').map((each) => ({
        ...each,
        value: each.value.replace('urn:federome:', 'urn:federome:x'),
      })),
    ),
  };
  const { server } = await auditedServer(strict, staff);
  const of = async (who: string, dataset: 'a' | 'b' | undefined, purpose?: string) => {
    const path = dataset === undefined ? '' : `/datasets/${dataset}`;
    const granularity = async (url: string) => {
      const request = who === '' ? { url } : asked(who, url, purpose);
      const answer = await server.inject(request);
      expect(answer.statusCode).toBe(200);
      return answer.json().meta.returnedGranularity;
    };
    return [
      await granularity(`${path}/individuals?requestedGranularity=record`),
      await granularity(`${path}/g_variants?${APOL1}&requestedGranularity=record`),
    ].join(' ');
  };
  expect(await of('', 'a')).toBe('boolean boolean');
  expect(await of('anyone', 'a', 'research')).toBe('boolean boolean');
  expect(await of('own', 'a', 'research')).toBe('boolean boolean');
  expect(await of('foreign', 'a', 'research')).toBe('boolean boolean');
  expect(await of('user', 'a')).toBe('count count');
  expect(await of('researcher', 'b')).toBe('count count');
  expect(await of('holder', 'a', 'research')).toBe('count record');
  expect(await of('holder', 'a')).toBe('count count');
  expect(await of('holder', 'b', 'research')).toBe('count count');
  expect(await of('holder', undefined, 'research')).toBe('count count');
  // Records of individuals are released to nobody.
  expect((await server.inject(asked('holder', '/individuals/P00001', 'research'))).statusCode).toBe(403);
});

test('an answer that could tell more says what would open it', async () => {
  const staff: People = { grace: person('grace', ['data-user'], grants(strict, 'a')) };
  const { server } = await auditedServer(strict, staff);
  const notices = async (url: string, purpose?: string) =>
    (await server.inject(asked('grace', url, purpose))).json().info.notices?.join(' ');
  expect(await notices('/datasets/a/individuals')).toContain('stated purpose');
  expect(await notices('/individuals', 'research')).toContain('least open dataset');
  expect(await notices('/datasets/a/individuals', 'research')).toBeUndefined();
});

test('the purpose may stand in a header, in meta or in the query, and must not contradict itself', async () => {
  const staff: People = { grace: person('grace', [], grants(strict, 'a')) };
  const { server, events } = await auditedServer(strict, staff);
  const headers = { authorization: 'Bearer grace' };
  const ask = (request: InjectOptions) =>
    server.inject({ ...request, headers: { ...headers, ...request.headers } });
  await ask({ url: '/datasets/a/individuals?purpose=policy' });
  await ask(post('/datasets/a/individuals', { meta: { purpose: 'quality-management' } }));
  await ask({ url: '/datasets/a/individuals', headers: { 'federome-purpose': 'healthcare' } });
  const differing = await ask({
    url: '/datasets/a/individuals?purpose=policy',
    headers: { 'federome-purpose': 'research' },
  });
  expect(differing.statusCode).toBe(400);
  const kept = (await events()).map(({ purpose, level }) => `${purpose} ${level}`);
  expect(kept).toEqual([
    'policy controlled',
    'quality-management controlled',
    'healthcare controlled',
    'research public',
  ]);
});
