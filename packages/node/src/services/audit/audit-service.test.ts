import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { AuditEvent, AuditNote, LedgerEvent } from '@federome/core';
import { expect, onTestFinished, test } from 'vitest';
import { SqlAuditStore } from '../../stores/audit/sql-audit-store.ts';
import { openSqlite } from '../../stores/database/database.ts';
import { AuditKeeper } from './audit-keeper.ts';
import { AuditService } from './audit-service.ts';
import { QuestionMemory } from './question-memory.ts';

const DAY_MS = 86_400_000;
const NOTE: AuditNote = {
  operation: 'individuals-by-filter',
  who: { kind: 'anonymous' },
  decision: 'answered',
};

async function audit() {
  const directory = mkdtempSync(join(tmpdir(), 'federome-audit-'));
  const database = await openSqlite(join(directory, 'records.sqlite'));
  const store = new SqlAuditStore(database);
  const clock = { ms: Date.parse('2026-01-01T00:00:00Z'), ledgerFails: false };
  const entries: LedgerEvent[] = [];
  const ledger = {
    record: async (event: LedgerEvent) => {
      if (clock.ledgerFails) throw new Error('locked');
      return entries.push(event) - 1;
    },
  };
  const now = () => new Date(clock.ms);
  const service = new AuditService({ store, ledger, now, nodeId: 'ee.node' });
  const keeper = new AuditKeeper({ store, audit: service, ledger, now, keepDays: 400 });
  onTestFinished(async () => {
    await service.close();
    await database.close();
    rmSync(directory, { recursive: true });
  });
  const events = async (): Promise<readonly AuditEvent[]> => {
    await service.close();
    return (await store.search({}, { limit: 1_000 })).map(({ event }) => event).reverse();
  };
  return { service, keeper, store, clock, entries, events };
}

test('a use beyond the public is in the ledger, its row has the index; the public and refusals are not', async () => {
  const { service, entries, events } = await audit();
  await service.recordQuestion({ ...NOTE, level: 'registered' });
  await service.recordQuestion(NOTE);
  await service.recordQuestion({ ...NOTE, level: 'controlled', decision: 'refused', code: 'node/forbidden' });
  await service.record({ ...NOTE, operation: 'operator-export', who: { kind: 'operator' } });
  expect(entries.map(({ type }) => type)).toEqual(['data/used', 'data/used']);
  const indexes = (await events()).map(({ ledgerIndex }) => ledgerIndex);
  expect(indexes).toEqual([0, undefined, undefined, 1]);
});

test('a use that the ledger cannot record is refused and leaves no row', async () => {
  const { service, clock, events } = await audit();
  clock.ledgerFails = true;
  const refusal = { code: 'node/audit-unavailable' };
  await expect(service.recordQuestion({ ...NOTE, level: 'controlled' })).rejects.toMatchObject(refusal);
  await expect(service.record({ ...NOTE, operation: 'operator-count' })).rejects.toMatchObject(refusal);
  expect(await events()).toEqual([]);
});

test('what others record in the ledger is in the audit too, where it is somebody’s operation', async () => {
  const { service, events } = await audit();
  const record = (type: string, data: LedgerEvent['data']) =>
    service.ledger.record({ type, at: '2026-01-01T00:00:00.000Z', data });
  expect(await record('person/role-granted', { person: 'p2', role: 'auditor', by: 'p1' })).toBe(0);
  await record('visa/granted', {
    grant: 'g',
    dataset: 'urn:federome:ee.node:dataset:biobank',
    by: 'command line',
  });
  await record('dataset/pinned', { dataset: 'biobank', change: 'ingested' });
  expect(await events()).toMatchObject([
    {
      operation: 'role-change',
      code: 'person/role-granted',
      who: { kind: 'person', issuer: 'urn:federome:ee.node:person', subject: 'p1' },
      ledgerIndex: 0,
    },
    {
      operation: 'visa-grant',
      who: { kind: 'operator' },
      datasets: ['biobank'],
      permits: ['g'],
      ledgerIndex: 1,
    },
  ]);
});

test('what is kept long enough is deleted, and the deletion is an event, in the ledger too', async () => {
  const { service, keeper, clock, entries, events } = await audit();
  await service.record(NOTE);
  clock.ms += 200 * DAY_MS;
  await service.record(NOTE);
  expect(await keeper.expire()).toBe(0);
  clock.ms += 201 * DAY_MS;
  clock.ledgerFails = true;
  await expect(keeper.expire()).rejects.toThrow('locked');
  expect(await events()).toHaveLength(2);
  clock.ledgerFails = false;
  expect(await keeper.expire()).toBe(1);
  expect((await events()).map(({ operation }) => operation)).toEqual([
    'individuals-by-filter',
    'audit-deletion',
  ]);
  expect(entries).toMatchObject([{ type: 'audit/deleted', data: { before: '2026-01-02T00:00:00.000Z' } }]);
  expect(await keeper.expire()).toBe(0);
});

test('an anomaly is found once, and is an event', async () => {
  const { service, keeper, clock, events } = await audit();
  const who = { kind: 'person', issuer: 'https://idp.example', subject: 'anne' } as const;
  clock.ms += 60_000;
  for (let at = 0; at < 25; at += 1)
    await service.record({ ...NOTE, who, decision: 'refused', code: 'node/forbidden' });
  expect(await keeper.watch()).toMatchObject([{ kind: 'refusals', who, seen: 25 }]);
  clock.ms += 60_000;
  expect(await keeper.watch()).toEqual([]);
  expect((await events()).filter(({ operation }) => operation === 'anomaly')).toMatchObject([
    { who, code: 'refusals' },
  ]);
});

test('a question is known again for a day, of the same asker only', () => {
  const clock = { ms: 0 };
  const memory = new QuestionMemory(() => new Date(clock.ms));
  const question = { filters: [{ id: 'HP:0001250' }] };
  expect(memory.isRepeated('anne', question)).toBe(false);
  expect(memory.isRepeated('anne', question)).toBe(true);
  expect(memory.isRepeated('otto', question)).toBe(false);
  expect(memory.isRepeated('anne', { filters: [] })).toBe(false);
  clock.ms += DAY_MS;
  expect(memory.isRepeated('anne', question)).toBe(false);
});
