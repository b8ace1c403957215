import { beforeEach, describe, expect, test } from 'vitest';
import type { Grant, GrantStore } from './grant-store.ts';

const ALICE = { issuer: 'https://login.example/', subject: 'alice' };
const CAROL = { issuer: 'https://login.example/', subject: 'carol' };

function grant(id: string, rest: Partial<Grant> = {}): Grant {
  return {
    id,
    identity: ALICE,
    type: 'ControlledAccessGrants',
    value: 'urn:federome:ee.node:dataset:biobank',
    source: 'https://ee.example/',
    by: 'dac',
    from: '2026-01-01T00:00:00.000Z',
    until: '2026-06-01T00:00:00.000Z',
    grantedBy: CAROL,
    grantedAt: '2026-01-01T00:00:00.000Z',
    reason: 'permit 7',
    ...rest,
  };
}

/** What every store of grants does. `make` opens an empty one; `again` another connection to the same. */
export function grantStoreContract(
  name: string,
  make: () => Promise<{ readonly store: GrantStore; readonly again: GrantStore }>,
): void {
  describe(name, () => {
    let store: GrantStore;
    let again: GrantStore;
    beforeEach(async () => {
      ({ store, again } = await make());
    });
    const revocation = (at: string) => ({ at, by: CAROL, reason: 'misuse' });

    test('a grant is kept as it was given, with its conditions', async () => {
      const conditions = [[{ type: 'ResearcherStatus', by: 'const:so' }]];
      await store.add(grant('g1', { conditions }));
      expect(await again.grant('g1')).toEqual({
        ...grant('g1', { conditions }),
        revokedAt: undefined,
        revokedBy: undefined,
        revokedReason: undefined,
        revocation: undefined,
      });
      expect(await again.grant('g2')).toBeUndefined();
    });

    test('grants are found by whose they are, to the letter, and by what they are for', async () => {
      await store.add(grant('g1'));
      await store.add(grant('g2', { identity: { ...ALICE, subject: 'Alice' } }));
      await store.add(
        grant('g3', { identity: { ...ALICE, issuer: 'https://login.example' }, value: 'other' }),
      );
      const ids = async (filter: Parameters<GrantStore['grants']>[0]) =>
        (await again.grants(filter)).map(({ id }) => id);
      expect(await ids({ identity: ALICE })).toEqual(['g1']);
      expect(await ids({ value: 'other' })).toEqual(['g3']);
      expect(await ids({})).toEqual(['g1', 'g2', 'g3']);
    });

    test('a revocation has the next number, once, and is never changed', async () => {
      await store.add(grant('g1'));
      await store.add(grant('g2'));
      const first = await store.revoke('g1', revocation('2026-02-01T00:00:00.000Z'));
      const second = await again.revoke('g2', revocation('2026-02-02T00:00:00.000Z'));
      const repeated = await again.revoke('g1', revocation('2026-03-01T00:00:00.000Z'));
      expect([first?.revocation, second?.revocation, repeated?.revocation]).toEqual([1, 2, 1]);
      expect(repeated?.revokedAt).toBe('2026-02-01T00:00:00.000Z');
      expect(await store.revoke('g3', revocation('2026-03-01T00:00:00.000Z'))).toBeUndefined();
      const { grants, last } = await store.revocations('2026-02-02T00:00:00.000Z');
      expect([grants.map(({ id }) => id), last]).toEqual([['g2'], 2]);
    });

    test('a revocation is unrecorded until it is said to be in the ledger', async () => {
      await store.add(grant('g1'));
      expect(await store.unrecorded()).toEqual([]);
      await store.revoke('g1', revocation('2026-02-01T00:00:00.000Z'));
      expect((await again.unrecorded()).map(({ id }) => id)).toEqual(['g1']);
      await store.recorded('g1');
      expect(await again.unrecorded()).toEqual([]);
    });

    test('what ended long ago goes, and the last revocation keeps its number', async () => {
      for (const id of ['g1', 'g2', 'g3']) await store.add(grant(id));
      await store.add(grant('g4', { until: '2027-01-01T00:00:00.000Z' }));
      for (const id of ['g1', 'g2']) {
        await store.revoke(id, revocation('2026-02-01T00:00:00.000Z'));
        await store.recorded(id);
      }
      expect(await store.deleteEndedBefore('2026-12-01T00:00:00.000Z')).toBe(2);
      expect((await again.grants({})).map(({ id }) => id)).toEqual(['g2', 'g4']);
      expect((await again.revocations('2026-12-01T00:00:00.000Z')).last).toBe(2);
    });
  });
}
