import { createHash } from 'node:crypto';
import { ROLES } from '@federome/core';
import fastify from 'fastify';
import { expect, test } from 'vitest';
import { ReceiptReader, Receipts } from '../../services/exchange/receipts.ts';
import type { ExchangeStore, Receipt } from '../../stores/exchange/exchange-store.ts';
import { establishAsker } from '../requester.ts';
import { receiptRoutes } from './routes.ts';

const ID = createHash('sha256').update('a request').digest('base64url');
const signed = { contentDigest: '', signatureInput: '', signature: '' };
const RECEIPT: Receipt = {
  format: 'federome-receipt 1',
  id: ID,
  direction: 'answered',
  at: '2026-01-01T00:00:00.000Z',
  peer: 'fi.node',
  directoryVersion: 1,
  request: { method: 'POST', target: 'https://ee.example/individuals', ...signed },
  answer: { status: 200, ...signed },
};

/** One receipt, which only those with the right header may read. */
async function served() {
  const store: ExchangeStore = {
    write: async (nonces) => ({ isNew: nonces.map(() => true) }),
    receipt: async (id) => (id === ID ? [RECEIPT] : []),
    receipts: async ({ peer, limit }) =>
      [RECEIPT].filter((each) => peer === undefined || each.peer === peer).slice(0, limit),
    deleteBefore: async () => 0,
  };
  const server = fastify();
  establishAsker(server, {
    session: {
      isPresent: ({ headers }) => headers.role !== undefined,
      authenticate: async ({ headers }) => ({
        requester: {
          kind: 'person',
          identity: { issuer: 'https://login.example', subject: 'somebody' },
          roles: ROLES.filter((role) => role === headers.role),
          visas: [],
        },
      }),
    },
  });
  const reader = new ReceiptReader(new Receipts(store, () => new Date()));
  await server.register(receiptRoutes, { reader });
  const get = async (url: string, role: string | undefined = 'auditor') => {
    const given = role === 'nobody' ? {} : { headers: { role } };
    const { statusCode, json, headers } = await server.inject({ url, ...given });
    return { status: statusCode, json: json(), caching: headers['cache-control'] };
  };
  return get;
}

test('an auditor gets a receipt by its id, and lists those with one member', async () => {
  const get = await served();
  expect(await get(`/api/exchange/receipts/${ID}`)).toEqual({
    status: 200,
    json: { receipts: [RECEIPT] },
    caching: 'no-store',
  });
  expect((await get('/api/exchange/receipts?peer=fi.node&limit=5')).json).toEqual({ receipts: [RECEIPT] });
  expect((await get('/api/exchange/receipts?peer=es.node')).json).toEqual({ receipts: [] });
});

test('nobody else gets one', async () => {
  const get = await served();
  for (const url of [`/api/exchange/receipts/${ID}`, '/api/exchange/receipts']) {
    expect((await get(url, 'data-user')).json).toMatchObject({ status: 403, code: 'node/forbidden' });
    expect((await get(url, 'nobody')).json).toMatchObject({ status: 401, code: 'node/unauthenticated' });
  }
});

test('what is no id, no receipt or no limit is refused', async () => {
  const get = await served();
  expect((await get('/api/exchange/receipts/x')).json).toMatchObject({
    status: 400,
    code: 'node/bad-request',
  });
  expect((await get(`/api/exchange/receipts/${'a'.repeat(43)}`)).json).toMatchObject({
    status: 404,
    code: 'node/unknown-receipt',
  });
  for (const limit of ['0', '1001', 'x', '1&limit=2']) {
    expect((await get(`/api/exchange/receipts?limit=${limit}`)).json).toMatchObject({
      code: 'node/bad-request',
    });
  }
});
