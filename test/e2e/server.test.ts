import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { initNode, openNode, serveNode } from '@federome/node';
import { temporaryDirectory } from '@federome/testkit';
import { expect, onTestFinished, test } from 'vitest';
import { inventedNode, people, served, VARIANTS } from '../testkit/beacon-node.ts';

const BROWSER = { accept: 'text/html,application/xhtml+xml,*/*;q=0.8' };

async function hub() {
  const home = await temporaryDirectory();
  await initNode(home, { country: 'BE', role: 'hub', name: 'The hub' });
  const node = await openNode(home);
  onTestFinished(() => node.close());
  return node;
}

async function builtPortal(): Promise<string> {
  const portal = await temporaryDirectory();
  await mkdir(join(portal, 'assets'));
  await writeFile(join(portal, 'index.html'), '<!doctype html><title>Federome</title>');
  return portal;
}

test('a hub shows a browser its portal, and a program its Beacon', async () => {
  const { url } = await served(await hub(), { portal: await builtPortal() });
  const page = await fetch(url, { headers: BROWSER });
  expect([page.url, await page.text()]).toEqual([`${url}/portal/`, '<!doctype html><title>Federome</title>']);
  expect(page.headers.get('content-security-policy')).toContain("default-src 'self'");
  expect((await fetch(`${url}/individuals`)).headers.get('cache-control')).toBe('no-store');
  const info = await (await fetch(url)).json();
  expect(info.response).toMatchObject({ name: 'The hub', info: { role: 'hub', country: 'BE', datasets: 0 } });
  expect((await fetch(`${url}/portal/../../package.json`)).status).toBe(404);
  expect((await fetch(`${url}/portal/%2e%2e%2fpackage.json`)).status).toBeGreaterThanOrEqual(400);
});

test('a node has no portal, and in no network nobody to ask: a browser gets its Beacon too', async () => {
  const node = await inventedNode([{ id: 'small', people: people(60) }]);
  const { url } = await served(node, { portal: await builtPortal() });
  expect((await (await fetch(url, { headers: BROWSER })).json()).response.info.role).toBe('node');
  expect((await fetch(`${url}/portal/`)).status).toBe(404);
  expect(await (await fetch(`${url}/api/network`)).json()).toMatchObject({ members: [] });
});

test('a hub answers as a Beacon with its members’ datasets', async () => {
  const coordinator = await hub();
  const member = await served(await inventedNode([{ id: 'big', people: people(2_600) }]));
  await coordinator.network?.addMember(member.url);
  const { url } = await served(coordinator);
  const response = await fetch(`${url}/individuals`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({
      meta: { apiVersion: '2.0' },
      query: { filters: [{ id: 'HP:0001250' }], requestedGranularity: 'count' },
    }),
  });
  const answer = await response.json();
  expect(answer.responseSummary).toEqual({ exists: true, numTotalResults: 715 });
  expect(answer.response.resultSets).toMatchObject([{ exists: true, resultsCount: 715 }]);
  expect(answer.info.members).toMatchObject([{ country: 'EE', state: 'answered' }]);
});

test('a node with both assemblies asks which one is meant', async () => {
  const node = await inventedNode([
    { id: 'new', people: people(60) },
    {
      id: 'old',
      people: people(60, 100),
      assembly: 'GRCh37',
      variants: VARIANTS.map((variant) => ({ ...variant, pos: variant.pos + 12 })),
    },
  ]);
  const { url } = await served(node);
  const ask = async (query: string) => {
    const response = await fetch(
      `${url}/g_variants?${query}&requestedGranularity=count&includeResultsetResponses=ALL`,
    );
    const body = await response.json();
    return body.info.code ?? body.response.resultSets.map(({ id }: { id: string }) => id);
  };
  expect(await ask('referenceName=22&start=36265859&alternateBases=G')).toBe('node/ambiguous-assembly');
  expect(await ask('referenceName=22&start=36265859&alternateBases=G&assemblyId=hg19')).toEqual(['old']);
  expect(await ask('referenceName=NC_000022.11&start=36265859&alternateBases=G')).toEqual(['new']);
  expect(await ask('geneId=APOL1')).toEqual(['new', 'old']);
  expect(await ask('assemblyId=GRCh37&referenceName=NC_000022.11&start=1&end=2')).toBe(
    'node/assembly-mismatch',
  );
});

test('pages of other origins may ask only where the operator named them', async () => {
  const node = await inventedNode([{ id: 'small', people: people(60) }]);
  const origin = 'https://portal.example.org';
  const closed = await served(node);
  const silent = await fetch(`${closed.url}/info`, { headers: { origin } });
  expect(silent.headers.get('access-control-allow-origin')).toBeNull();
  const open = await served(node, { allowedOrigins: [origin] });
  const heard = await fetch(`${open.url}/info`, { headers: { origin } });
  expect(heard.headers.get('access-control-allow-origin')).toBe(origin);
  const other = await fetch(`${open.url}/info`, { headers: { origin: 'https://else.example.org' } });
  expect(other.headers.get('access-control-allow-origin')).toBeNull();
  const preflight = await fetch(`${open.url}/individuals`, { method: 'OPTIONS', headers: { origin } });
  expect([preflight.status, preflight.headers.get('access-control-allow-methods')]).toEqual([
    204,
    'GET, POST',
  ]);
});

test('a server that is closed is gone, with its port', async () => {
  const node = await inventedNode([{ id: 'small', people: people(60) }]);
  const server = await served(node);
  const answers = Array.from({ length: 5 }, () => fetch(`${server.url}/individuals`));
  const statuses = await Promise.all(answers.map(async (answer) => (await answer).status));
  await server.close();
  expect(statuses).toEqual([200, 200, 200, 200, 200]);
  await expect(fetch(`${server.url}/health`)).rejects.toThrow();
});

test('a port that is taken and an address of another machine are refused by name', async () => {
  const node = await inventedNode([{ id: 'small', people: people(60) }]);
  const { port } = await served(node);
  await expect(serveNode(node, { port })).rejects.toMatchObject({
    code: 'node/cannot-listen',
    message: `cannot listen at 127.0.0.1, port ${port}: another program listens there`,
  });
  await expect(serveNode(node, { host: '192.0.2.1' })).rejects.toMatchObject({ code: 'node/cannot-listen' });
});
