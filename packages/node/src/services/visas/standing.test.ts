import { join } from 'node:path';
import { type Identity, writeLinkedIdentities } from '@federome/core';
import { temporaryDirectory } from '@federome/testkit';
import { expect, onTestFinished, test } from 'vitest';
import { openSqlite } from '../../stores/database/database.ts';
import type { Grant } from '../../stores/grants/grant-store.ts';
import { SqlGrantStore } from '../../stores/grants/sql-grant-store.ts';
import { standingVisas } from './standing.ts';

const NOW = new Date('2026-03-01T00:00:00.000Z');
const ALICE: Identity = { issuer: 'https://login.example/', subject: 'alice' };
const ALICE2: Identity = { issuer: 'https://other.example/', subject: 'alice2' };

async function visas(...grants: readonly Partial<Grant>[]) {
  const database = await openSqlite(join(await temporaryDirectory(), 'records.sqlite'));
  onTestFinished(async () => await database.close());
  const store = new SqlGrantStore(database);
  for (const [at, grant] of grants.entries()) {
    await store.add({
      id: `g${at}`,
      identity: ALICE,
      type: 'ControlledAccessGrants',
      value: 'urn:federome:ee.node:dataset:biobank',
      source: 'https://ee.example/',
      by: 'dac',
      from: '2026-01-01T00:00:00.000Z',
      until: '2026-06-01T00:00:00.000Z',
      grantedBy: ALICE2,
      grantedAt: '2026-01-01T00:00:00.000Z',
      reason: 'permit',
      ...grant,
    });
    if (grant.revokedAt !== undefined) {
      await store.revoke(`g${at}`, { at: grant.revokedAt, by: ALICE2, reason: 'x' });
    }
  }
  const found = await standingVisas(ALICE, { store, issuer: 'https://ee.example/', now: NOW });
  return found.map(({ id }) => id);
}

test('only grants that stand now count, of this very person', async () => {
  expect(
    await visas(
      {},
      { revokedAt: NOW.toISOString() },
      { until: NOW.toISOString() },
      { from: '2026-03-02T00:00:00.000Z' },
      { identity: ALICE2 },
      { identity: { ...ALICE, subject: 'Alice' } },
    ),
  ).toEqual(['g0']);
});

test('a link that the login recorded brings the grants of the other identity', async () => {
  const link = { type: 'LinkedIdentities', by: 'system', value: writeLinkedIdentities([ALICE2]) } as const;
  expect(await visas({ identity: ALICE2 }, link)).toEqual(['g1', 'g0']);
  expect(await visas({ identity: ALICE2 }, { ...link, revokedAt: NOW.toISOString() })).toEqual([]);
});

test('conditions hold for grants too', async () => {
  const conditions = [[{ type: 'ResearcherStatus', by: 'const:so' }]];
  const status = { type: 'ResearcherStatus', by: 'so', value: 'https://doi.org/x' } as const;
  expect(await visas({ conditions })).toEqual([]);
  expect(await visas({ conditions }, status)).toEqual(['g0', 'g1']);
});
