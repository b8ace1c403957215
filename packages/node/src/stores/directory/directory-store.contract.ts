import { generateKeyPairSync } from 'node:crypto';
import {
  DISCLOSURE_FLOOR,
  type DirectoryDocument,
  type DirectoryLink,
  type DirectoryMember,
  documentHash,
  foundingDocument,
  keyThumbprint,
  nextDocument,
  type SignedProposal,
  type SignedVote,
} from '@federome/core';
import { beforeEach, describe, expect, test } from 'vitest';
import { directoryCrypto } from './directory-crypto.ts';
import type { DirectoryStore, VersionRow } from './directory-store.ts';

const AT = '2026-01-01T00:00:00.000Z';
const ATTEMPT = { number: 1, member: 'ee.node' };

function memberWithKey(id: string): DirectoryMember {
  const { x = '' } = generateKeyPairSync('ed25519').publicKey.export({ format: 'jwk' });
  const publicKey = { crv: 'Ed25519', kty: 'OKP', x };
  const keyId = keyThumbprint({ publicKey }, directoryCrypto);
  return {
    id,
    name: id,
    country: 'EE',
    role: 'node',
    url: `https://${id}.example/`,
    keys: [{ id: keyId, purpose: 'directory', algorithm: 'Ed25519', publicKey }],
    floors: DISCLOSURE_FLOOR,
    dpia: 'DPIA 1',
    joinedAt: AT,
  };
}

const genesis = foundingDocument('net', [memberWithKey('ee.node')], AT, directoryCrypto);
const rowOf = (document: DirectoryDocument, changes: DirectoryLink['changes'] = []): VersionRow => ({
  version: document.version,
  hash: documentHash(document, directoryCrypto),
  link: {
    version: document.version,
    issuedAt: document.issuedAt,
    attempt: ATTEMPT,
    changes,
    signatures: [{ member: 'ee.node', keyId: 'k', signature: 's' }],
  },
  document,
});

const proposal = (expiresAt: string): SignedProposal => ({
  proposal: {
    network: 'net',
    change: { kind: 'threshold', rule: 2 },
    proposedBy: 'ee.node',
    proposedAt: AT,
    expiresAt,
  },
  signature: { member: 'ee.node', keyId: 'k', signature: 's' },
  proofs: [],
});

const vote = (member: string, decision: 'for' | 'against'): SignedVote => ({
  vote: { network: 'net', proposal: 'p', decision, at: AT },
  signature: { member, keyId: 'k', signature: 's' },
});

/** What every store of the directory does. `freshStore` gives an empty one for each test. */
export function directoryStoreContract(name: string, freshStore: () => Promise<DirectoryStore>): void {
  describe(name, () => {
    let store: DirectoryStore;
    beforeEach(async () => {
      store = await freshStore();
    });

    test('an empty store is in no network and knows no version', async () => {
      expect(await store.network()).toBeUndefined();
      expect(await store.head()).toBeUndefined();
      expect(await store.version()).toBeUndefined();
      expect(await store.links(0, 10)).toEqual([]);
    });

    test('there is one network at a time', async () => {
      await store.putNetwork({ network: 'one', anchor: 'a', addresses: ['https://a.example/'] });
      await store.putNetwork({ network: 'two', anchor: 'b', addresses: [] });
      expect(await store.network()).toEqual({ network: 'two', anchor: 'b', addresses: [] });
    });

    test('every version is found again with its content, renewals that others followed too', async () => {
      const rows = [rowOf(genesis)];
      for (let version = 2; version <= 5; version += 1) {
        const changes = version === 3 ? [{ proposal: proposal('2026-02-01T00:00:00.000Z'), votes: [] }] : [];
        const signed = changes.map((each) => each.proposal);
        const at = `2026-01-01T1${version}:00:00.000Z`;
        rows.push(rowOf(nextDocument(rows.at(-1)!.document, at, signed, directoryCrypto), changes));
      }
      for (const row of rows) expect(await store.addVersion(row)).toBe(true);
      for (const row of rows) expect(await store.version(row.version)).toEqual(row);
      expect(await store.version()).toEqual(rows.at(-1));
      expect(await store.version(6)).toBeUndefined();
      expect(await store.head()).toEqual({ version: 5, hash: rows.at(-1)!.hash });
      expect(await store.links(2, 2)).toEqual([rows[2]!.link, rows[3]!.link]);
    });

    test('a second version of one number is not taken', async () => {
      await store.addVersion(rowOf(genesis));
      expect(await store.addVersion({ ...rowOf(genesis), hash: 'other' })).toBe(false);
      expect((await store.head())?.hash).toBe(rowOf(genesis).hash);
    });

    test('promises are kept until their version is there', async () => {
      const accepted = { hash: 'h', link: rowOf(genesis).link };
      await store.putAttempt({ version: 1, promised: ATTEMPT, accepted: undefined });
      expect(await store.attempt(1)).toEqual({ version: 1, promised: ATTEMPT, accepted: undefined });
      await store.putAttempt({ version: 1, promised: { ...ATTEMPT, number: 2 }, accepted });
      expect(await store.attempt(1)).toEqual({ version: 1, promised: { ...ATTEMPT, number: 2 }, accepted });
      await store.addVersion(rowOf(genesis));
      expect(await store.attempt(1)).toBeUndefined();
    });

    test('a proposal is kept once, with the latest vote of each member', async () => {
      const signed = proposal('2026-02-01T00:00:00.000Z');
      expect(await store.addProposal('p', signed)).toBe(true);
      expect(await store.addProposal('p', signed)).toBe(false);
      await store.putVote(vote('ee.node', 'for'));
      await store.putVote(vote('fi.node', 'for'));
      await store.putVote(vote('fi.node', 'against'));
      const votes = [vote('ee.node', 'for'), vote('fi.node', 'against')];
      expect(await store.proposal('p')).toEqual({ id: 'p', proposal: signed, state: 'open', votes });
      expect(await store.proposal('q')).toBeUndefined();
      await store.closeProposal('p', 'rejected', AT);
      expect(await store.proposals('open')).toEqual([]);
      expect((await store.proposals()).map(({ state }) => state)).toEqual(['rejected']);
    });

    test('closed proposals and old invitations are forgotten, with their votes, and nothing else', async () => {
      await store.addProposal('p', proposal('2026-02-01T00:00:00.000Z'));
      await store.addProposal('q', proposal('2026-02-01T00:00:00.000Z'));
      await store.putVote(vote('ee.node', 'for'));
      await store.closeProposal('p', 'applied', AT);
      await store.addInvitation('old', AT);
      await store.addInvitation('new', '2026-05-01T00:00:00.000Z');
      await store.forgetBefore('2026-03-01T00:00:00.000Z');
      expect((await store.proposals()).map(({ id }) => id)).toEqual(['q']);
      await store.addProposal('p', proposal('2026-02-01T00:00:00.000Z'));
      expect((await store.proposal('p'))?.votes).toEqual([]);
      expect(await store.invitation('old')).toBeUndefined();
      expect(await store.invitation('new')).toMatchObject({ usedBy: undefined });
    });

    test('an invitation is used for one thing only, and says for what', async () => {
      await store.addInvitation('secret', AT);
      const uses = await Promise.all(
        ['one', 'two', 'three'].map((use) => store.useInvitation('secret', use)),
      );
      expect(uses.filter(Boolean)).toHaveLength(1);
      const use = ['one', 'two', 'three'][uses.indexOf(true)]!;
      expect(await store.useInvitation('secret', use)).toBe(true);
      expect(await store.invitation('secret')).toEqual({ secretHash: 'secret', expiresAt: AT, usedBy: use });
      expect(await store.useInvitation('unknown', 'one')).toBe(false);
    });

    test('transactions come one after the other: none writes over what another wrote meanwhile', async () => {
      const next = () =>
        store.transaction(async (inside) => {
          const known = await inside.attempt(1);
          const number = (known?.promised.number ?? 0) + 1;
          await inside.putAttempt({ version: 1, promised: { ...ATTEMPT, number }, accepted: undefined });
        });
      await Promise.all(Array.from({ length: 8 }, next));
      expect((await store.attempt(1))?.promised.number).toBe(8);
    });

    test('evidence of a fork is kept once', async () => {
      const fork = { version: 2, hash: 'h', link: rowOf(genesis).link, seenAt: AT };
      await store.addFork(fork);
      await store.addFork({ ...fork, seenAt: '2026-02-01T00:00:00.000Z' });
      expect(await store.forks()).toEqual([fork]);
    });

    test('events wait in their order until they are told', async () => {
      const event = (type: string) => ({ type, at: AT, data: { version: 1 } });
      await store.addEvent(event('directory/proposed'));
      await store.addEvent(event('directory/voted'));
      const [first, second] = await store.events(10);
      expect([first?.event, second?.event]).toEqual([event('directory/proposed'), event('directory/voted')]);
      await store.removeEvent(first!.sequence);
      expect((await store.events(10)).map((each) => each.event.type)).toEqual(['directory/voted']);
    });

    test('what a transaction did is there altogether or not at all', async () => {
      const failed = store.transaction(async (inside) => {
        await inside.putNetwork({ network: 'one', anchor: 'a', addresses: [] });
        await inside.transaction((within) => within.addVersion(rowOf(genesis)));
        expect(await inside.head()).toBeDefined();
        throw new Error('stop');
      });
      await expect(failed).rejects.toThrow('stop');
      expect(await store.network()).toBeUndefined();
      expect(await store.head()).toBeUndefined();
    });
  });
}
