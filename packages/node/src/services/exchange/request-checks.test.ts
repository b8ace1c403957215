import { generateKeyPairSync, sign } from 'node:crypto';
import { DISCLOSURE_FLOOR, keyThumbprint, type MemberDirectory, type Members } from '@federome/core';
import { expect, test } from 'vitest';
import { directoryCrypto } from '../../stores/directory/directory-crypto.ts';
import type { ExchangeStore } from '../../stores/exchange/exchange-store.ts';
import type { SigningKey } from '../../stores/keys/signing-keys.ts';
import { Evidence } from './evidence.ts';
import { OutgoingExchange } from './outgoing.ts';
import { checkRequest, type IncomingRequest, isSigned } from './request-checks.ts';
import { Signer } from './signer.ts';

const NOW = new Date('2026-06-15T12:00:00Z');
const { publicKey, privateKey } = generateKeyPairSync('ed25519');
const { x = '' } = publicKey.export({ format: 'jwk' });
const JWK = { crv: 'Ed25519', kty: 'OKP', x };
const KEY: SigningKey = {
  id: keyThumbprint({ publicKey: JWK }, directoryCrypto),
  purpose: 'request',
  algorithm: 'Ed25519',
  publicKey: JWK,
  state: 'current',
  createdAt: NOW.toISOString(),
};
const DIRECTORY: MemberDirectory = {
  network: 'Net',
  version: 1,
  issuedAt: '2026-06-15T06:00:00.000Z',
  expiresAt: '2026-06-16T06:00:00.000Z',
  threshold: 1,
  members: [
    {
      id: 'ee.node',
      name: 'Estonia',
      country: 'EE',
      role: 'node',
      url: 'https://ee.example/beacon/',
      keys: [KEY],
      floors: DISCLOSURE_FLOOR,
      dpia: 'DPIA 1',
      joinedAt: NOW.toISOString(),
    },
  ],
};
const members: Members = {
  current: async () => DIRECTORY,
  member: async (wanted) => DIRECTORY.members.find(({ id }) => id === wanted),
};
const KEEPS_NOTHING: ExchangeStore = {
  write: async (nonces) => ({ isNew: nonces.map(() => true) }),
  receipt: async () => [],
  receipts: async () => [],
  deleteBefore: async () => 0,
};

/** A request as it arrives behind a proxy that takes `/beacon` off the path. */
async function arriving(body = '{"a":1}'): Promise<IncomingRequest> {
  const keys = {
    signingKeys: async () => [KEY],
    sign: async (_: string, bytes: Uint8Array) => ({
      keyId: KEY.id,
      signature: sign(null, bytes, privateKey),
    }),
  };
  const now = () => NOW;
  let headers = new Headers();
  const outgoing = new OutgoingExchange(
    {
      members,
      now,
      fetch: async (_, init) => {
        headers = new Headers(init.headers);
        return new Response(null, { status: 502 });
      },
    },
    new Signer({ self: 'ee.node', members, keys, now }),
    new Evidence(KEEPS_NOTHING),
  );
  await outgoing.fetchFor('ee.node')('https://ee.example/beacon/individuals', {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body,
  });
  return {
    method: 'POST',
    path: '/individuals',
    header: (name) => headers.get(name) ?? undefined,
    body: Buffer.from(body),
  };
}

const checked = (request: IncomingRequest) =>
  checkRequest(request, { self: 'ee.node', members, now: () => NOW });

test('a signature holds behind a proxy: the address in the directory counts, not that of the server', async () => {
  const { member, evidence } = await checked(await arriving());
  expect(member.id).toBe('ee.node');
  expect(evidence.target).toBe('https://ee.example/beacon/individuals');
});

test.each<[string, Partial<IncomingRequest>, string]>([
  ['method', { method: 'PUT' }, 'node/bad-signature'],
  ['path', { path: '/g_variants' }, 'node/bad-signature'],
  ['address in absolute form', { path: 'http://elsewhere/individuals' }, 'node/bad-signature'],
  ['body', { body: Buffer.from('{"a":2}') }, 'node/tampered'],
  ['body of nothing', { body: Buffer.alloc(0) }, 'node/tampered'],
])('another %s is refused', async (_, change, code) => {
  await expect(checked({ ...(await arriving()), ...change })).rejects.toMatchObject({ code });
});

test('who is no member any more answers no signed requests', async () => {
  const request = await arriving();
  const check = checkRequest(request, { self: 'left.node', members, now: () => NOW });
  await expect(check).rejects.toMatchObject({ code: 'node/unknown-member' });
});

test.each<[string, Readonly<Record<string, string>>, boolean]>([
  ['no signature', {}, false],
  [
    'an agent’s signature under its own tag',
    { 'signature-input': 'a=();tag="web-bot-auth"', signature: 'a=:AA==:' },
    false,
  ],
  [
    'a signature under our tag',
    { 'signature-input': 'a=();tag="federome-request"', signature: 'a=:AA==:' },
    true,
  ],
  [
    'one under another tag of ours',
    { 'signature-input': 'a=();tag="federome-answer"', signature: 'a=:AA==:' },
    true,
  ],
  ['one without a tag', { 'signature-input': 'a=()', signature: 'a=:AA==:' }, true],
  ['a tag that is no text', { 'signature-input': 'a=();tag=1', signature: 'a=:AA==:' }, true],
  ['parameters without a signature', { 'signature-input': 'a=();tag="web-bot-auth"' }, true],
  ['something unreadable', { 'signature-input': ';;', signature: 'a=:AA==:' }, true],
])('a request with %s is taken for a signed one or a public one: %j', (_, headers, signed) => {
  expect(isSigned((name) => headers[name])).toBe(signed);
});
