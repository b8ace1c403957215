import { DISCLOSURE_FLOOR } from '@federome/core';
import { expect, test } from 'vitest';
import { NodeError } from '../../errors.ts';
import type { DirectoryPeer } from './peer.ts';
import { type SelfCheckOptions, type SelfCheckPorts, selfCheck } from './self-check.ts';

const NOW = new Date('2026-01-01T00:00:00.000Z');
const GOOD: SelfCheckOptions = {
  url: 'https://ee.example/',
  dpia: 'DPIA 1',
  inviter: 'https://es.example/',
};

/** A node that is fit to join, but for what a test says. */
function nodeWith(changes: Partial<SelfCheckPorts> = {}, clock = NOW): SelfCheckPorts {
  const identity = {
    id: 'ee',
    name: 'EE',
    country: 'EE',
    role: 'node',
    disclosure: DISCLOSURE_FLOOR,
  } as const;
  const key = { id: 'k', algorithm: 'Ed25519', publicKey: {}, state: 'current', createdAt: '' } as const;
  const chain = async () => ({
    network: 'net',
    head: { version: 1, hash: 'h' },
    links: [],
    at: clock.toISOString(),
  });
  const refuse = async (): Promise<never> => {
    throw new Error('nobody asks for that');
  };
  return {
    identity,
    now: () => NOW,
    openStores: async () => '2 datasets',
    idAt: async () => 'ee',
    peerAt: (url): DirectoryPeer => ({
      url,
      chain,
      proposals: refuse,
      sendVersion: refuse,
      sendProposal: refuse,
      sendVote: refuse,
      promise: refuse,
      sign: refuse,
      join: refuse,
    }),
    keys: {
      signingKeys: async (purpose) => [{ ...key, purpose }],
      sign: refuse,
      prepare: refuse,
      rotate: refuse,
      retire: refuse,
    },
    ...changes,
  };
}

const failed = async (ports: SelfCheckPorts, options = GOOD) =>
  (await selfCheck(ports, options)).filter(({ passed }) => !passed);

test('a node that is fit passes every check, and says what it saw', async () => {
  const checks = await selfCheck(nodeWith(), GOOD);
  expect(checks.map(({ passed, detail }) => `${passed} ${detail}`)).toEqual([
    'true 2 datasets',
    'true counts from 10',
    'true https',
    "true 'ee' answers",
    'true 0 s apart from https://es.example/',
    'true visa, identity, request, ledger, witness, directory',
    'true DPIA 1',
  ]);
});

test('a founder has nobody to compare its clock with', async () => {
  expect(await failed(nodeWith(), { ...GOOD, inviter: undefined })).toEqual([]);
});

const identity = { ...nodeWith().identity, disclosure: { ...DISCLOSURE_FLOOR, countThreshold: 2 } };
test.each<[string, Partial<SelfCheckPorts>, Partial<SelfCheckOptions>]>([
  [
    'records and stores open',
    {
      openStores: async () => {
        throw new NodeError('node/store', 'a path that is nobody’s business', { publicMessage: 'damaged' });
      },
    },
    {},
  ],
  ['policy at least the floor of the network', { identity }, {}],
  ['address with TLS', {}, { url: 'http://ee.example/' }],
  ['address answers as this node', { idAt: async () => 'other' }, {}],
  ['clock', { now: () => new Date(NOW.getTime() + 301_000) }, {}],
  ['keys of every purpose', { keys: { ...nodeWith().keys, signingKeys: async () => [] } }, {}],
  ['data protection impact assessment', {}, { dpia: ' ' }],
])('%s: fails by itself, and nothing else with it', async (name, ports, options) => {
  const failures = await failed(nodeWith(ports), { ...GOOD, ...options });
  expect(failures.map((check) => check.name)).toEqual([name]);
  expect(failures[0]?.detail).not.toMatch(/nobody’s business/);
});
