import { writeFile } from 'node:fs/promises';
import type { MemberDirectory } from '@federome/core';
import { type FederomeNode, type Receipt, verifyReceipt } from '@federome/node';
import fastify from 'fastify';
import { afterAll, beforeAll, beforeEach, expect, onTestFinished, test } from 'vitest';
import {
  acceptSignedRequests,
  requireMember,
  requireNode,
} from '../../packages/node/src/http/exchange/edge.ts';
import { sendProblem } from '../../packages/node/src/http/problem.ts';
import { Receipts } from '../../packages/node/src/services/exchange/receipts.ts';
import { SqlExchangeStore } from '../../packages/node/src/stores/exchange/sql-exchange-store.ts';
import { inventedNode, people } from '../testkit/beacon-node.ts';
import { federome } from '../testkit/cli.ts';
import { type ExchangeSite, exchangeSite, WrittenDirectory } from '../testkit/exchange-sites.ts';
import { temporaryDirectory } from '../testkit/temporary.ts';

const DAY_MS = 86_400_000;

let node: FederomeNode;
let directory: WrittenDirectory;
let hub: ExchangeSite;
let ee: ExchangeSite;
const cleanUps: (() => Promise<void>)[] = [];

beforeAll(async () => {
  node = await inventedNode([{ id: 'biobank', people: people(60) }], (cleanUp) => cleanUps.push(cleanUp));
});
afterAll(async () => {
  for (const cleanUp of cleanUps) await cleanUp();
});
beforeEach(async () => {
  directory = new WrittenDirectory();
  hub = await exchangeSite(directory, 'the.hub', node, 'hub');
  ee = await exchangeSite(directory, 'ee.node', node);
});

async function receiptOf(site: ExchangeSite): Promise<Receipt> {
  await hub.network.ask({ filters: [{ id: 'HP:0001250' }] });
  const all = await (await site.composed.exchange()).receipts.list({ limit: 10 });
  const found = all.find(({ request }) => request.target.endsWith('/individuals'));
  if (found === undefined) throw new Error('no receipt of the question');
  return found;
}

const current = (): MemberDirectory => directory.current(new Date());

test('each side proves with its receipt, offline, who asked and who answered', async () => {
  for (const [site, self] of [
    [hub, 'the.hub'],
    [ee, 'ee.node'],
  ] as const) {
    const { asked, answered } = verifyReceipt(await receiptOf(site), self, [current()]);
    expect([asked.id, answered.id]).toEqual(['the.hub', 'ee.node']);
  }
});

test('a receipt holds after the keys were rotated, with the version of the directory that named them', async () => {
  const receipt = await receiptOf(ee);
  const then = current();
  for (const site of [hub, ee]) {
    const [old] = await site.keys.signingKeys('request');
    await site.keys.rotate('request', new Date());
    await site.keys.retire(old!.id);
    await directory.publish(site);
  }
  expect(() => verifyReceipt(receipt, undefined, [current()])).toThrow('no member');
  expect(verifyReceipt(receipt, undefined, [current(), then]).answered.id).toBe('ee.node');
});

test.each<[string, (receipt: Receipt) => unknown]>([
  ['another target', (it) => ({ ...it, request: { ...it.request, target: `${it.request.target}x` } })],
  ['another question', (it) => ({ ...it, request: { ...it.request, contentDigest: 'sha-256=:AAAA:' } })],
  ['a purpose that was added', (it) => ({ ...it, request: { ...it.request, purpose: 'research' } })],
  ['another answer', (it) => ({ ...it, answer: { ...it.answer, contentDigest: 'sha-256=:AAAA:' } })],
  ['another status', (it) => ({ ...it, answer: { ...it.answer, status: 403 } })],
  ['another id', (it) => ({ ...it, id: 'x'.repeat(43) })],
  ['another member', (it) => ({ ...it, peer: 'fi.node' })],
  ['the roles exchanged', (it) => ({ ...it, direction: 'answered' })],
  ['no signature', (it) => ({ ...it, request: { ...it.request, signature: '' } })],
  ['no receipt', () => ({ format: 'federome-receipt 1' })],
])('a receipt with %s does not hold', async (_, forge) => {
  const receipt = await receiptOf(hub);
  expect(() => verifyReceipt(forge(receipt), 'the.hub', [current()])).toThrow(
    expect.objectContaining({ code: 'node/bad-receipt' }),
  );
});

test('the answer to one question proves nothing about another', async () => {
  const [one, other] = [await receiptOf(hub), await receiptOf(hub)];
  expect(one.id).not.toBe(other.id);
  expect(() => verifyReceipt({ ...one, answer: other.answer }, 'the.hub', [current()])).toThrow(
    expect.objectContaining({ code: 'node/bad-receipt' }),
  );
});

test('an auditor checks receipts by a command, from files alone', async () => {
  const files = await temporaryDirectory();
  await writeFile(`${files}/receipt.json`, JSON.stringify([await receiptOf(ee)]));
  await writeFile(`${files}/directory.json`, JSON.stringify({ directory: current() }));
  const verify = ['receipts', 'verify', `${files}/receipt.json`, '--directory', `${files}/directory.json`];
  const good = await federome(...verify, '--json');
  expect([good.stderr, good.exitCode]).toEqual(['', 0]);
  expect(JSON.parse(good.stdout)).toMatchObject([{ asked: 'the.hub', answered: 'ee.node' }]);
  const bad = await federome(...verify, '--self', 'fi.node');
  expect(bad.exitCode).toBe(1);
  expect(bad.stderr).toContain('[node/bad-receipt]');
});

test('receipts are kept for as long as the operator says, and no longer', async () => {
  const receipt = await receiptOf(ee);
  const madeMs = Date.parse(receipt.at);
  const after = (days: number) =>
    new Receipts(new SqlExchangeStore(ee.database), () => new Date(madeMs + days * DAY_MS), 30);
  await after(29.9).expire(new AbortController().signal);
  expect(await after(0).get(receipt.id)).toEqual([receipt]);
  await after(30.1).expire(new AbortController().signal);
  await expect(after(0).get(receipt.id)).rejects.toMatchObject({ code: 'node/unknown-receipt' });
});

test('what only nodes may do is refused to the hub, what only members may do to everybody else', async () => {
  const server = fastify();
  onTestFinished(() => server.close());
  server.setErrorHandler(sendProblem);
  acceptSignedRequests(server, (await ee.composed.exchange()).incoming);
  server.post('/for/members', async (request) => ({ asked: requireMember(request).member.id }));
  server.post('/for/nodes', async (request) => ({ asked: requireNode(request).member.id }));
  server.post('/for/nothing', (_, reply) => reply.code(204).send());
  server.post('/for/people/:id', async () => ({ asked: 'somebody' }));
  server.post('/for/versions/:id', { config: { signedTarget: true } }, async () => ({ asked: 'a version' }));
  ee.proxy.target = await server.listen({ host: '127.0.0.1', port: 0 });

  const told = async (path: string, site?: ExchangeSite) => {
    const ask = site === undefined ? fetch : (await site.composed.exchange()).outgoing.fetchFor('ee.node');
    const init = { method: 'POST', headers: { 'content-type': 'application/json' }, body: '{}' };
    const response = await ask(`${ee.href}${path}`, init);
    const text = await response.text();
    const { asked, code }: { asked?: string; code?: string } = text === '' ? {} : JSON.parse(text);
    return [response.status, asked ?? code];
  };
  expect(await told('for/members')).toEqual([401, 'node/unsigned']);
  expect(await told('for/members', hub)).toEqual([200, 'the.hub']);
  expect(await told('for/nodes', hub)).toEqual([403, 'node/nodes-only']);
  expect(await told('for/nodes', ee)).toEqual([200, 'ee.node']);
  expect(await told('for/nothing', hub)).toEqual([204, undefined]);
  // Evidence keeps the address: it may name a version, and nobody.
  expect(await told('for/people/P00001')).toEqual([200, 'somebody']);
  expect(await told('for/people/P00001', hub)).toEqual([401, 'node/bad-signature']);
  expect(await told('for/versions/7', hub)).toEqual([200, 'a version']);
  const { receipts } = await hub.composed.exchange();
  const kept = (await receipts.list({ limit: 100 })).map(({ request, answer }) => [
    request.target,
    answer.status,
  ]);
  expect(kept).toContainEqual([`${ee.href}for/nothing`, 204]);
  expect(JSON.stringify(kept)).not.toContain('P00001');
});
