import { join } from 'node:path';
import { datasetUrl, type Identity, type LedgerEvent, type Members, type Role } from '@federome/core';
import { temporaryDirectory } from '@federome/testkit';
import { expect, onTestFinished, test } from 'vitest';
import { NodeError } from '../../errors.ts';
import { openSqlite } from '../../stores/database/database.ts';
import { SqlGrantStore } from '../../stores/grants/sql-grant-store.ts';
import { NO_OUTSIDE_TRUST } from '../../visa-trust.ts';
import type { Granter } from './grant-permissions.ts';
import { type GrantDraft, GrantService } from './grants.ts';
import { Trust } from './trust.ts';

const NOW = new Date('2026-03-01T00:00:00.000Z');
const ALICE: Identity = { issuer: 'https://login.example/', subject: 'alice' };
const OWN = {
  id: 'ee.node',
  url: 'https://ee.example/',
  name: 'EE',
  country: 'EE',
  role: 'node',
  keys: [],
  floors: {
    countThreshold: 5,
    roundTo: 5,
    frequencyMinorCount: 5,
    frequencyMinPeople: 50,
    publicGranularity: 'count',
  },
  dpia: 'D',
  joinedAt: '',
} as const;
const MEMBERS: Members = {
  current: async () => {
    throw new NodeError('node/no-directory', 'none');
  },
  member: async () => OWN,
};

async function service() {
  const database = await openSqlite(join(await temporaryDirectory(), 'records.sqlite'));
  onTestFinished(async () => await database.close());
  const store = new SqlGrantStore(database);
  const events: LedgerEvent[] = [];
  const wire = { isCut: false, told: 0 };
  const grants = new GrantService({
    store,
    trust: new Trust('ee.node', MEMBERS, NO_OUTSIDE_TRUST),
    sources: ['https://ut.ee/'],
    hasDataset: async (id) => id === 'biobank',
    now: () => NOW,
    revoked: async () => {
      wire.told += 1;
    },
    ledger: {
      record: async (event) => {
        if (wire.isCut) throw new NodeError('node/store', 'the ledger is away');
        return events.push(event);
      },
    },
  });
  return { grants, store, events, wire };
}

function as(...roles: readonly Role[]): Granter {
  return { kind: 'person', identity: { ...ALICE, subject: 'carol' }, roles };
}

function draft(rest: Partial<GrantDraft> = {}): GrantDraft {
  return {
    identity: ALICE,
    type: 'ControlledAccessGrants',
    value: datasetUrl('ee.node', 'biobank'),
    until: '2026-09-01T00:00:00.000Z',
    reason: 'permit 7',
    ...rest,
  };
}

test.each([
  ['ControlledAccessGrants', 'dac-member', 'dac'],
  ['ControlledAccessGrants', 'data-holder', 'dac'],
  ['ResearcherStatus', 'signing-official', 'so'],
] as const)('%s is granted by a %s', async (type, role, by) => {
  const { grants } = await service();
  const value = type === 'ResearcherStatus' ? 'https://doi.org/10.1038/x' : draft().value;
  expect(await grants.grant(as(role), draft({ type, value }))).toMatchObject({ by, from: NOW.toISOString() });
});

test.each([
  [[]],
  [['operator']],
  [['auditor']],
  [['signing-official']],
  [['data-user']],
  [['citizen']],
] as const)('access is not granted by whoever is %j', async (roles) => {
  const { grants, store, events } = await service();
  await expect(grants.grant(as(...roles), draft())).rejects.toMatchObject({ code: 'node/forbidden' });
  expect([await store.grants({}), events]).toEqual([[], []]);
});

test('nobody grants access to themselves, and the node grants none by itself', async () => {
  const { grants } = await service();
  const own: Granter = { kind: 'person', identity: ALICE, roles: ['dac-member', 'data-holder', 'operator'] };
  for (const granter of [own, { kind: 'system' } as const]) {
    await expect(grants.grant(granter, draft())).rejects.toMatchObject({ code: 'node/forbidden' });
  }
});

test('identities are linked by the login alone', async () => {
  const { grants } = await service();
  const link = draft({ type: 'LinkedIdentities', value: 'alice2,https%3A%2F%2Flogin.example%2F' });
  const everything = as('operator', 'dac-member', 'data-holder', 'signing-official', 'auditor');
  await expect(grants.grant(everything, link)).rejects.toMatchObject({ code: 'node/forbidden' });
  expect(await grants.grant({ kind: 'system' }, link)).toMatchObject({ by: 'system' });
});

test.each([
  ['no end', { until: undefined }],
  ['an end that has passed', { until: NOW.toISOString() }],
  ['an end before its beginning', { from: '2027-01-01' }],
  ['an end that is none', { until: 'soon' }],
  ['another node’s dataset', { value: datasetUrl('fi.node', 'biobank') }],
  ['a dataset that is not there', { value: datasetUrl('ee.node', 'other') }],
  ['a source of others', { source: 'https://tartu.example/' }],
  ['conditions that nothing could meet', { conditions: [[{ type: 'ResearcherStatus' }]] }],
  ['a reason of several lines', { reason: 'a\nb' }],
] as const)('a grant with %s is refused', async (_, rest) => {
  const { grants, events } = await service();
  await expect(grants.grant(as('dac-member'), draft(rest))).rejects.toMatchObject({ code: 'node/bad-grant' });
  expect(events).toEqual([]);
});

test('the ledger learns of grants and revocations, and of nobody’s name', async () => {
  const { grants, events } = await service();
  const { id } = await grants.grant(as('dac-member'), draft());
  await grants.revoke(as('data-holder'), id, 'misuse');
  expect(events).toMatchObject([
    { type: 'visa/granted', data: { grant: id, dataset: draft().value, by: 'dac' } },
    { type: 'visa/revoked', data: { grant: id, revocation: 1 } },
  ]);
  expect(JSON.stringify(events)).not.toMatch(/alice|carol|misuse/);
});

test('without the ledger nothing is granted; a revocation takes effect, is told, and recorded later, once', async () => {
  const { grants, store, events, wire } = await service();
  const { id } = await grants.grant(as('dac-member'), draft());
  wire.isCut = true;
  await expect(grants.grant(as('dac-member'), draft())).rejects.toMatchObject({ code: 'node/store' });
  expect(await store.grants({})).toHaveLength(1);
  await expect(grants.revoke(as('dac-member'), id, 'misuse')).rejects.toMatchObject({ code: 'node/store' });
  expect((await store.grant(id))?.revokedAt).toBe(NOW.toISOString());
  expect(wire.told).toBe(1);
  wire.isCut = false;
  await grants.recordRevocations();
  await grants.recordRevocations();
  expect(events.map(({ type }) => type)).toEqual(['visa/granted', 'visa/revoked']);
});

test('access is taken back by whoever may grant it, the operator, and the person; by nobody else', async () => {
  const { grants } = await service();
  const person: Granter = { kind: 'person', identity: ALICE, roles: [] };
  for (const granter of [as('dac-member'), as('data-holder'), as('operator'), person]) {
    const { id } = await grants.grant(as('dac-member'), draft());
    expect(await grants.revoke(granter, id, 'no more')).toMatchObject({ revokedReason: 'no more' });
  }
  const { id } = await grants.grant(as('dac-member'), draft());
  for (const granter of [as(), as('auditor'), as('signing-official'), as('data-user')]) {
    await expect(grants.revoke(granter, id, 'x')).rejects.toMatchObject({ code: 'node/forbidden' });
  }
  await expect(grants.revoke(as('operator'), 'none', 'x')).rejects.toMatchObject({
    code: 'node/unknown-grant',
  });
});

test('people see their own grants, and those who decide everybody’s', async () => {
  const { grants } = await service();
  await grants.grant(as('dac-member'), draft());
  const person: Granter = { kind: 'person', identity: ALICE, roles: [] };
  expect(await grants.list(person, { identity: ALICE })).toHaveLength(1);
  await expect(grants.list(person)).rejects.toMatchObject({ code: 'node/forbidden' });
  await expect(grants.list(as('data-user'), { identity: ALICE })).rejects.toMatchObject({
    code: 'node/forbidden',
  });
  expect(await grants.list(as('auditor'))).toHaveLength(1);
});
