import type { Requester } from '@federome/core';
import fastify from 'fastify';
import { expect, test } from 'vitest';
import { NodeError } from '../errors.ts';
import { type Authentication, askerOf, challengeOf, establishAsker } from './requester.ts';

const ANNE: Requester = {
  kind: 'person',
  identity: { issuer: 'https://idp.example', subject: 'anne' },
  roles: ['data-user'],
  visas: [],
};
const ROBOT: Requester = {
  kind: 'machine',
  identity: { issuer: 'https://idp.example', subject: 'robot' },
  roles: [],
};
const PASSPORT = `${Buffer.from('{"typ":"vnd.ga4gh.passport+jwt"}').toString('base64url')}.anne.signed`;

const refuse = () => Promise.reject(new NodeError('node/unauthenticated', 'expired'));
const ALL: Authentication = {
  session: {
    isPresent: ({ headers }) => headers.cookie !== undefined,
    authenticate: async ({ headers }) =>
      headers.cookie === 's=anne' ? { requester: ANNE, passport: PASSPORT } : refuse(),
  },
  machine: async (token) => (token === 'robot' ? ROBOT : refuse()),
  passport: async (token, through) => (token === PASSPORT ? { ...ANNE, through } : refuse()),
  member: ({ headers }) => {
    const { signature, 'ga4gh-passport': passport } = headers;
    if (typeof signature !== 'string') return undefined;
    return { id: signature, ...(typeof passport === 'string' && { passport }) };
  },
};

async function ask(headers: Readonly<Record<string, string>>, authentication: Authentication = ALL) {
  const server = fastify();
  establishAsker(server, authentication);
  server.get('/', async (request) => askerOf(request));
  server.setErrorHandler((error, _, reply) =>
    reply.send({ code: error instanceof NodeError ? error.code : 'other' }),
  );
  const answer = await server.inject({ url: '/', headers });
  await server.close();
  return answer.json();
}

test('whoever says nothing is the public', async () => {
  expect(await ask({})).toEqual({ requester: { kind: 'anonymous' } });
});

test('each way of saying who asks is taken', async () => {
  expect(await ask({ cookie: 's=anne' })).toEqual({ requester: ANNE, passport: PASSPORT });
  expect(await ask({ authorization: 'Bearer robot' })).toEqual({ requester: ROBOT });
  expect(await ask({ authorization: `bearer ${PASSPORT}` })).toEqual({ requester: ANNE, passport: PASSPORT });
  expect(await ask({ signature: 'fi.node' })).toEqual({ requester: { kind: 'member', member: 'fi.node' } });
});

test('a member that passes on a passport asks for that person, and is named', async () => {
  const { requester } = await ask({ signature: 'lu.hub', 'ga4gh-passport': PASSPORT });
  expect(requester).toEqual({ ...ANNE, through: 'lu.hub' });
});

test('one that does not hold is refused, never taken for the public', async () => {
  const bad = [
    { cookie: 's=mallory' },
    { authorization: 'Bearer mallory' },
    { authorization: 'Basic YTpi' },
    { authorization: 'Bearer' },
    { authorization: 'Bearer a b' },
    { signature: 'lu.hub', 'ga4gh-passport': 'forged' },
    { 'ga4gh-passport': PASSPORT },
  ];
  for (const headers of bad) {
    expect(await ask(headers), JSON.stringify(headers)).toEqual({ code: 'node/unauthenticated' });
  }
});

test('two ways at once are refused, whichever they are', async () => {
  const ways = [{ cookie: 's=anne' }, { authorization: 'Bearer robot' }, { signature: 'fi.node' }];
  for (const [at, one] of ways.entries()) {
    for (const other of ways.slice(at + 1)) {
      expect(await ask({ ...one, ...other })).toEqual({ code: 'node/ambiguous-authentication' });
    }
  }
});

test('what a node has no part for is refused', async () => {
  const bad = [{ authorization: 'Bearer robot' }, { authorization: `Bearer ${PASSPORT}` }];
  for (const headers of bad) expect(await ask(headers, {})).toEqual({ code: 'node/unauthenticated' });
});

test('a purpose is one of four', async () => {
  expect(await ask({ 'federome-purpose': 'policy' })).toMatchObject({ purpose: 'policy' });
  expect(await ask({ 'federome-purpose': 'marketing' })).toEqual({ code: 'node/bad-request' });
});

test('a refusal says how to come back: with a token, with another token, or with more rights', () => {
  expect(challengeOf(401, 'node/unauthenticated')).toBe('Bearer realm="federome"');
  expect(challengeOf(401, 'node/bad-passport')).toBe('Bearer realm="federome", error="invalid_token"');
  expect(challengeOf(403, 'node/forbidden')).toBe('Bearer realm="federome", error="insufficient_scope"');
  expect(challengeOf(400, 'node/bad-request')).toBeUndefined();
});
