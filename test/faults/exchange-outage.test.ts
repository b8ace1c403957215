import type { NetworkAnswer } from '@federome/client';
import type { FederomeNode } from '@federome/node';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { inventedNode, people } from '../testkit/beacon-node.ts';
import { type ExchangeSite, exchangeSite, WrittenDirectory } from '../testkit/exchange-sites.ts';

const QUESTION = { variant: { geneId: 'APOL1', assemblyId: 'GRCh38' } };
const HOUR_MS = 3_600_000;

let node: FederomeNode;
let directory: WrittenDirectory;
let hub: ExchangeSite;
let nodes: readonly ExchangeSite[];

const cleanUps: (() => Promise<void>)[] = [];
beforeAll(async () => {
  node = await inventedNode([{ id: 'biobank', people: people(400) }], (cleanUp) => cleanUps.push(cleanUp));
});
afterAll(async () => {
  for (const cleanUp of cleanUps) await cleanUp();
});
beforeEach(async () => {
  directory = new WrittenDirectory();
  hub = await exchangeSite(directory, 'the.hub', node, 'hub');
  const ids = ['ee.node', 'es.node', 'fi.node', 'it.node', 'lu.node'];
  nodes = await Promise.all(ids.map((id) => exchangeSite(directory, id, node)));
});

const statesOf = (answer: NetworkAnswer) => answer.members.map(({ id, state }) => `${id} ${state}`);
const ALL = [
  'ee.node answered',
  'es.node answered',
  'fi.node answered',
  'it.node answered',
  'lu.node answered',
];

async function askedOverHttp(site: ExchangeSite): Promise<NetworkAnswer> {
  const response = await fetch(`${site.url}/api/network/questions`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(QUESTION),
  });
  expect(response.status).toBe(200);
  const answer: NetworkAnswer = await response.json();
  return answer;
}

test('with the hub stopped for an hour, any node asks all the others, as the hub did', async () => {
  const before = await askedOverHttp(hub);
  expect(statesOf(before)).toEqual(ALL);
  await hub.stop();
  await hub.proxy.stop();
  for (const { clock } of nodes) clock.skewMs = HOUR_MS;
  for (const site of nodes) {
    const answer = await askedOverHttp(site);
    expect(statesOf(answer)).toEqual(ALL);
    expect(answer.total).toEqual(before.total);
  }
  const receipts = await (await nodes[0]!.composed.exchange()).receipts.list({ peer: 'fi.node', limit: 100 });
  expect(new Set(receipts.map(({ direction }) => direction))).toEqual(new Set(['asked', 'answered']));
});

test('cut in two, each side goes on with those it reaches, and names the others', async () => {
  const [ee, es, ...far] = nodes;
  for (const { proxy } of far) await proxy.stop();
  const answer = await askedOverHttp(ee!);
  expect(statesOf(answer)).toEqual([
    'ee.node answered',
    'es.node answered',
    'fi.node unreachable',
    'it.node unreachable',
    'lu.node unreachable',
  ]);
  expect(answer.total.answered).toBe(2);
  expect(statesOf(await askedOverHttp(es!)).slice(0, 2)).toEqual(ALL.slice(0, 2));
});

test('while questions run, every member rotates its key, and no question fails', async () => {
  let running = true;
  const answers: NetworkAnswer[] = [];
  const asking = [hub, nodes[0]!, nodes[1]!].map(async (site) => {
    while (running) answers.push(await site.network.ask(QUESTION));
  });
  for (const site of [hub, ...nodes]) {
    const [old] = await site.keys.signingKeys('request');
    await site.keys.prepare('request', new Date());
    await directory.publish(site);
    await site.keys.rotate('request', new Date());
    expect((await site.keys.signingKeys('request'))[0]?.id).not.toBe(old?.id);
    const seen = answers.length;
    while (answers.length < seen + 6) await new Promise((resolve) => setTimeout(resolve, 5));
  }
  running = false;
  await Promise.all(asking);
  const failed = answers.flatMap(({ members }) => members.filter(({ state }) => state !== 'answered'));
  expect(failed).toEqual([]);
});

test('a new key is not used before the directory has it, and long enough for all to know', async () => {
  const [old] = await hub.keys.signingKeys('request');
  const current = await hub.keys.rotate('request', new Date());
  expect(statesOf(await hub.network.ask(QUESTION))).toEqual(ALL);
  const keysOf = async () => {
    const receipts = await (await hub.composed.exchange()).receipts.list({ limit: 5 });
    return receipts.map(({ request }) => /keyid="([^"]*)"/.exec(request.signatureInput)?.[1]);
  };
  expect(new Set(await keysOf())).toEqual(new Set([old?.id]));
  // Others may not have the version yet in which it is.
  directory.issuedAt = new Date().toISOString();
  await directory.publish(hub);
  const choiceStands = () => new Promise((resolve) => setTimeout(resolve, 1_100));
  await choiceStands();
  expect(statesOf(await hub.network.ask(QUESTION))).toEqual(ALL);
  expect(new Set(await keysOf())).toEqual(new Set([old?.id]));
  directory.issuedAt = new Date(Date.now() - 61_000).toISOString();
  await choiceStands();
  expect(statesOf(await hub.network.ask(QUESTION))).toEqual(ALL);
  expect(new Set(await keysOf())).toEqual(new Set([current.id]));
});

test('connections are kept over many signed questions', async () => {
  await hub.network.ask(QUESTION);
  const before = nodes.map(({ proxy }) => proxy.connections());
  for (let round = 0; round < 20; round++) expect(statesOf(await hub.network.ask(QUESTION))).toEqual(ALL);
  const more = nodes.map(({ proxy }, at) => proxy.connections() - before[at]!);
  expect(Math.max(...more)).toBeLessThanOrEqual(2);
});
