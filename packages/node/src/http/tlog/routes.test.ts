import { ledgerReceipt, type Requester, type Role } from '@federome/core';
import fastify from 'fastify';
import { expect, test } from 'vitest';
import { establishAsker } from '../requester.ts';
import { type ServedLedger, tlogRoutes } from './routes.ts';

const person = (...roles: Role[]): Requester => ({
  kind: 'machine',
  identity: { issuer: 'https://idp.example', subject: 's' },
  roles,
});

async function server(requester?: Requester) {
  const app = fastify();
  establishAsker(app, { machine: async () => requester ?? { kind: 'anonymous' } });
  const parts: ServedLedger = {
    files: {
      latest: async () => 'latest',
      cosigned: async () => undefined,
      view: async () => async (path) => (path === 'tile/0/x001/234.p/5' ? Buffer.from('tile') : undefined),
    },
    witness: {
      heads: async () => [],
      addCheckpoint: async (body) => ({ status: 409, contentType: 'text/x.tlog.size', body }),
    },
    records: { receipt: async () => ledgerReceipt({ type: 'a/b', at: 'now', data: {} }, '', '') },
    status: async () => ({
      origin: 'ee.node',
      entries: 1,
      pending: 0,
      cosigned: { entries: 0, by: [] },
      quorum: { needed: 0, of: 0 },
      waitingSince: undefined,
      overdue: false,
      witnesses: [],
      alarms: [],
    }),
    verifierKeys: async () => {
      throw new Error('unused');
    },
  };
  await app.register(tlogRoutes, { parts: async () => parts });
  return app;
}

test('the log is for everybody: heads fresh, tiles for ever', async () => {
  const app = await server();
  const head = await app.inject('/tlog/checkpoint');
  expect([head.body, head.headers['cache-control']]).toEqual(['latest', 'no-cache']);
  const tile = await app.inject('/tlog/tile/0/x001/234.p/5');
  expect([tile.body, tile.headers['cache-control']]).toEqual(['tile', 'public, max-age=31536000, immutable']);
  expect((await app.inject('/tlog/tile/0/000')).statusCode).toBe(404);
});

test('a witness’s answer leaves as it is, and a body of any type is read as text', async () => {
  const app = await server();
  const answer = await app.inject({
    method: 'POST',
    url: '/tlog/witness/add-checkpoint',
    payload: '17\n',
    headers: { 'content-type': 'application/octet-stream' },
  });
  expect([answer.statusCode, answer.headers['content-type'], answer.body]).toEqual([
    409,
    'text/x.tlog.size',
    '17\n',
  ]);
});

test.each([
  ['nobody', undefined, 401],
  ['a data user', person('data-user'), 403],
  ['another member', { kind: 'member', member: 'lv.node' } as const, 403],
  ['an auditor', person('auditor'), 200],
  ['an operator', person('operator'), 200],
])('status and receipts: %s', async (_, requester, status) => {
  const app = await server(requester);
  const headers = requester === undefined ? {} : { authorization: 'Bearer a.b.c' };
  for (const url of ['/api/ledger/status', '/api/ledger/receipts/0'])
    expect((await app.inject({ url, headers })).statusCode).toBe(status);
});
