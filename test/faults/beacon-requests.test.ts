import { connect } from 'node:net';
import { PassThrough } from 'node:stream';
import { text } from 'node:stream/consumers';
import fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { inventedNode, people, served } from '../testkit/beacon-node.ts';

let url = '';
let port = 0;

const cleanUps: (() => Promise<void>)[] = [];

beforeAll(async () => {
  const defer = (cleanUp: () => Promise<void>) => cleanUps.push(cleanUp);
  const node = await inventedNode([{ id: 'small', people: people(60) }], defer);
  const server = await served(node, {}, defer);
  url = server.url;
  port = server.port;
});

afterAll(async () => {
  for (const cleanUp of cleanUps.reverse()) await cleanUp();
});

async function post(body: string, path = '/g_variants', contentType = 'application/json') {
  const response = await fetch(url + path, {
    method: 'POST',
    headers: { 'content-type': contentType },
    body,
  });
  return { status: response.status, body: await response.json() };
}

function question(query: unknown): string {
  return JSON.stringify({ meta: { apiVersion: '2.0' }, query });
}

async function expectRefusal(answer: { status: number; body: unknown }, status: number, code: string) {
  expect(answer).toMatchObject({
    status,
    body: { error: { errorCode: status, errorMessage: expect.any(String) }, info: { code } },
  });
  const health = await fetch(`${url}/individuals?requestedGranularity=count`);
  expect((await health.json()).responseSummary).toEqual({ exists: true, numTotalResults: 60 });
}

test('a body of more than 1 MB is refused', async () => {
  const large = question({ filters: [{ id: 'x'.repeat(1_100_000) }] });
  await expectRefusal(await post(large), 413, 'node/request-too-large');
});

const nested = (depth: number) => `${'['.repeat(depth)}${']'.repeat(depth)}`;

test.each([
  ['text that is no JSON', '{"query":'],
  ['a list', '[]'],
  ['a text', '"g_variants"'],
  ['a number', '7'],
  ['lists 200,000 deep', nested(200_000)],
  ['a prototype', '{"__proto__": {"query": {}}}'],
  ['a constructor', '{"constructor": {"prototype": {"x": 1}}}'],
  ['an unknown property', '{"filter": [{"id": "HP:0001250"}]}'],
  ['a query that is a list', '{"query": []}'],
  ['a query with an unknown property', '{"query": {"hasOwnProperty": 1}}'],
  ['pagination that is a number', '{"query": {"pagination": 3}}'],
])('%s instead of a request is refused', async (_, body) => {
  await expectRefusal(await post(body), 400, 'node/bad-request');
});

const place = { referenceName: '22', alternateBases: 'G' };

test.each([
  ['a negative start', { ...place, start: [-1] }],
  ['a start that is no number', { ...place, start: ['NaN'] }],
  ['a start in the middle of a base', { ...place, start: [1.5] }],
  ['a start in scientific notation', { ...place, start: ['1e3'] }],
  ['a start that no integer can be', { ...place, start: [1e300] }],
  ['three starts', { ...place, start: [1, 2, 3] }],
  ['a start that is an object', { ...place, start: { value: 1 } }],
  ['an end before the start', { ...place, start: [10], end: [5] }],
  ['an empty range', { ...place, start: [10], end: [10] }],
  ['half a bracket', { ...place, start: [1, 2], end: [3] }],
  ['a bracket backwards', { ...place, start: [2, 1], end: [3, 4] }],
  ['a start beyond the contig', { ...place, start: [60_000_000] }],
  ['a contig that does not exist', { ...place, referenceName: 'chr99', start: [1] }],
  ['a contig called like a property of every object', { ...place, referenceName: 'constructor', start: [1] }],
  ['a place without a start', { referenceName: '22' }],
  ['a start without a contig', { start: [1], alternateBases: 'G' }],
  ['a start alone', { referenceName: '22', start: [1] }],
  ['bases that are none', { referenceName: '22', start: [1], alternateBases: 'G<script>' }],
  ['a million bases', { referenceName: '22', start: [1], alternateBases: 'G'.repeat(100_000) }],
  ['an unknown type', { referenceName: '22', start: [1], variantType: 'toString' }],
  ['an unknown assembly', { ...place, start: [1], assemblyId: 'GRCh99' }],
  ['a gene and a place', { ...place, start: [1], geneId: 'APOL1' }],
  ['a transcript', { genomicAlleleShortForm: 'NM_004006.2:c.4375C>T' }],
  ['an unknown parameter', { ...place, start: [1], chromosome: '22' }],
  ['a list of parameters', [1, 2]],
])('%s is refused', async (_, requestParameters) => {
  await expectRefusal(await post(question({ requestParameters })), 400, 'node/bad-request');
});

test.each([
  ['10,000 filters', Array.from({ length: 10_000 }, () => ({ id: 'HP:0001250' }))],
  ['a filter that is a number', [7]],
  ['filters that are an object', { id: 'HP:0001250' }],
  ['a filter without an id', [{ operator: '=', value: 'male' }]],
  ['an unknown term', [{ id: 'HP:9999999' }]],
  ['an unknown field', [{ id: 'toString', operator: '=', value: 'x' }]],
  ['an unknown operator', [{ id: 'age', operator: '~', value: 'P70Y' }]],
  ['a value that is a number', [{ id: 'age', operator: '>', value: 70 }]],
  ['a value without a meaning', [{ id: 'age', operator: '>', value: 'seventy' }]],
  [
    'an age of a thousand years in a billion digits',
    [{ id: 'age', operator: '>', value: `P${'9'.repeat(400)}Y` }],
  ],
  ['a sex in an order', [{ id: 'sex', operator: '>', value: 'male' }]],
  ['an unknown sex', [{ id: 'sex', operator: '=', value: 'blue' }]],
  ['a measurement that is no number', [{ id: 'LOINC:8302-2', operator: '>', value: 'NaN' }]],
  ['a measurement that is infinite', [{ id: 'LOINC:8302-2', operator: '>', value: '1e999' }]],
  ['a measurement in an unknown unit', [{ id: 'LOINC:8302-2', operator: '>', value: '180 bananas' }]],
  ['an unknown similarity', [{ id: 'HP:0001250', similarity: 'vague' }]],
  ['the scope of another entry type', [{ id: 'HP:0001250', scope: 'biosamples' }]],
  ['a property that is not a filter’s', [{ id: 'HP:0001250', excluded: true }]],
  ['a prototype', [{ id: 'HP:0001250', toString: 'x' }]],
])('filters with %s are refused, never ignored', async (_, filters) => {
  await expectRefusal(await post(question({ filters }), '/individuals'), 400, 'node/bad-filter');
});

test('a refused filter is named, in one line', async () => {
  const { body } = await post(question({ filters: [{ id: 'HP:9999999\n{"level":50}' }] }), '/individuals');
  expect(body.error.errorMessage).toContain("filter 'HP:9999999");
  expect(body.error.errorMessage).not.toContain('\n');
});

test('forms, unknown content types and unknown endpoints are refused in Beacon’s shape', async () => {
  await expectRefusal(
    await post('a=b', '/individuals', 'application/x-www-form-urlencoded'),
    400,
    'node/bad-request',
  );
  const lost = await fetch(`${url}/individuals`, { method: 'DELETE' });
  await expectRefusal({ status: lost.status, body: await lost.json() }, 404, 'node/not-found');
  const broken = await fetch(`${url}/datasets/%E0%A4%A`);
  await expectRefusal({ status: broken.status, body: await broken.json() }, 400, 'node/bad-request');
});

test('wildcards cannot keep the node busy', async () => {
  const value = `${'%a'.repeat(200)}b`;
  const startedMs = performance.now();
  const { status } = await post(
    question({ filters: [{ id: 'population', operator: '=', value }] }),
    '/individuals',
  );
  expect(status).toBe(200);
  expect(performance.now() - startedMs).toBeLessThan(1_000);
});

test('whatever JSON is sent, the node answers 200 or 4xx and goes on', async () => {
  const parameter = fc.constantFrom(
    'start',
    'end',
    'referenceName',
    'geneId',
    'alternateBases',
    'variantType',
    'x',
  );
  const value = fc.oneof(
    fc.jsonValue({ maxDepth: 3 }),
    fc.constantFrom('22', 36_265_859, [36_265_859], 'G', 'APOL1'),
  );
  const body = fc.record(
    {
      meta: fc.oneof(fc.jsonValue({ maxDepth: 2 }), fc.constant({ apiVersion: '2.0' })),
      query: fc.record(
        {
          requestParameters: fc.dictionary(parameter, value, { maxKeys: 4 }),
          filters: fc.oneof(fc.jsonValue({ maxDepth: 3 }), fc.array(fc.record({ id: fc.string() }))),
          requestedGranularity: fc.oneof(fc.string(), fc.constantFrom('count', 'record')),
          pagination: fc.jsonValue({ maxDepth: 2 }),
          testMode: fc.jsonValue({ maxDepth: 1 }),
        },
        { requiredKeys: [] },
      ),
    },
    { requiredKeys: [] },
  );
  await fc.assert(
    fc.asyncProperty(
      body,
      fc.constantFrom('/individuals', '/g_variants', '/datasets'),
      async (request, path) => {
        const { status } = await post(JSON.stringify(request), path);
        expect([200, 400, 404]).toContain(status);
      },
    ),
    { numRuns: 300 },
  );
});

test('bytes that are no HTTP end their own connection only', async () => {
  const socket = connect(port, '127.0.0.1');
  socket.end('\u0000\u0001\u0002 not http at all\r\n\r\n');
  expect(await text(socket)).toContain('400');
  expect((await fetch(`${url}/health`)).status).toBe(200);
});

test('the log has the route of a request and nothing that was asked', async () => {
  const log = new PassThrough();
  const server = await served(await inventedNode([{ id: 'small', people: people(60) }]), { log });
  await fetch(`${server.url}/individuals?filters=HP:0001250`);
  await fetch(`${server.url}/g_variants/GRCh38:22-36265860-A-G`);
  await fetch(`${server.url}/individuals`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: question({ filters: [{ id: 'HP:0001250' }, { id: 'HP:7777777' }] }),
  });
  await server.close();
  log.end();
  const written = await text(log);
  expect(written).toContain('"route":"/g_variants/:id"');
  expect(written.match(/"status":\d+/g)).toEqual(['"status":200', '"status":200', '"status":400']);
  const answered = written.split('\n').filter((line) => line.includes('answered'));
  expect(answered.join()).not.toMatch(/0001250|7777777|36265860|127\.0\.0\.1/);
});

test('a client that asks too often is told to wait, in Beacon’s shape', async () => {
  const server = await served(await inventedNode([{ id: 'small', people: people(60) }]), {
    requestsPerMinute: 3,
  });
  for (let request = 0; request < 3; request += 1)
    expect((await fetch(`${server.url}/info`)).status).toBe(200);
  const refused = await fetch(`${server.url}/info`);
  expect(refused.status).toBe(429);
  expect(refused.headers.get('retry-after')).toBe('60');
  expect((await refused.json()).info.code).toBe('node/too-many-requests');
  expect((await fetch(`${server.url}/health`)).status).toBe(200);
});
