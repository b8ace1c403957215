import { expect, test } from 'vitest';
import { DISCLOSURE_FLOOR } from '../disclosure/policy.ts';
import type { DirectoryMember } from './directory.ts';
import { type Attempt, compareAttempts } from './document.ts';
import { assertPromised, boundBy, type Promised, type SignedPromise } from './promises.ts';
import { foundingDocument } from './rules.ts';
import { type DirectoryCrypto, keyThumbprint, promiseStatement } from './statements.ts';

const text = (bytes: Uint8Array) => new TextDecoder().decode(bytes);
const crypto: DirectoryCrypto = {
  hash: (bytes) => text(bytes),
  verify: (key, bytes, signature) => signature === `${key.publicKey.x} ${text(bytes)}`,
};

function memberOf(id: string, role: 'node' | 'hub'): DirectoryMember {
  const publicKey = { crv: 'Ed25519', kty: 'OKP', x: id };
  const key = {
    id: keyThumbprint({ publicKey }, crypto),
    purpose: 'directory',
    algorithm: 'Ed25519',
  } as const;
  const url = `https://${id}.example/`;
  const keys = [{ ...key, publicKey }];
  const joinedAt = '2026-01-01T00:00:00.000Z';
  return { id, name: id, country: 'EE', role, url, keys, floors: DISCLOSURE_FLOOR, dpia: 'D', joinedAt };
}

const members = [...['a', 'b', 'c'].map((id) => memberOf(id, 'node')), memberOf('hub', 'hub')];
const document = foundingDocument('net', members, '2026-01-01T00:00:00.000Z', crypto);
const ATTEMPT: Attempt = { number: 3, member: 'a' };

function promiseOf(member: string, changes: Partial<Promised> = {}): SignedPromise {
  const promise = { network: 'net', version: 2, attempt: ATTEMPT, accepted: null, ...changes };
  const keyId = members.find(({ id }) => id === member)!.keys[0]!.id;
  const signature = `${member} ${text(promiseStatement(promise))}`;
  return { promise, signature: { member, keyId, signature } };
}

const accepted = (number: number, hash: string) => ({ accepted: { attempt: { number, member: 'b' }, hash } });

test('k nodes’ promises carry an attempt at a new version', () => {
  const promises = [promiseOf('a'), promiseOf('b')];
  expect(() => assertPromised(document, ATTEMPT, 'new', promises, crypto)).not.toThrow();
  expect(boundBy(promises)).toBeUndefined();
});

test.each<[string, readonly SignedPromise[]]>([
  ['fewer', [promiseOf('a')]],
  ['one node’s twice', [promiseOf('a'), promiseOf('a')]],
  ['a hub’s', [promiseOf('a'), promiseOf('hub')]],
  ['those of another attempt', [promiseOf('a'), promiseOf('b', { attempt: { number: 4, member: 'a' } })]],
  ['those of another version', [promiseOf('a'), promiseOf('b', { version: 3 })]],
  ['those of another network', [promiseOf('a'), promiseOf('b', { network: 'other' })]],
  ['forged ones', [promiseOf('a'), { ...promiseOf('b'), signature: promiseOf('a').signature }]],
])('%s do not', (_, promises) => {
  expect(() => assertPromised(document, ATTEMPT, 'new', promises, crypto)).toThrow(
    expect.objectContaining({ code: 'core/bad-promise' }),
  );
});

test('an attempt goes on with the latest that a promising node has signed, and with nothing else', () => {
  const promises = [promiseOf('a', accepted(2, 'later')), promiseOf('c', accepted(1, 'early'))];
  expect(boundBy(promises)).toBe('later');
  expect(() => assertPromised(document, ATTEMPT, 'later', promises, crypto)).not.toThrow();
  for (const hash of ['early', 'new']) {
    expect(() => assertPromised(document, ATTEMPT, hash, promises, crypto)).toThrow(
      expect.objectContaining({ code: 'core/bad-promise' }),
    );
  }
});

test('attempts are in the order of their numbers, then of who composes', () => {
  const attempts = [
    { number: 2, member: 'a' },
    { number: 1, member: 'b' },
    { number: 1, member: 'a' },
  ];
  expect(attempts.sort(compareAttempts).map(({ number, member }) => `${number}${member}`)).toEqual([
    '1a',
    '1b',
    '2a',
  ]);
});
