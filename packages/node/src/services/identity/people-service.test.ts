import { join } from 'node:path';
import type { LedgerEvent } from '@federome/core';
import { temporaryDirectory } from '@federome/testkit';
import { expect, onTestFinished, test } from 'vitest';
import { NodeError } from '../../errors.ts';
import { openSqlite } from '../../stores/database/database.ts';
import { SqlPeopleStore } from '../../stores/people/sql-people-store.ts';
import { PeopleService } from './people-service.ts';

const ANNA = { issuer: 'https://id.example', subject: 'anna' };

/** People in a database of their own, with a ledger that can be made to refuse. */
async function startPeople() {
  const database = await openSqlite(join(await temporaryDirectory(), 'people.sqlite'));
  onTestFinished(() => database.close());
  const recorded: LedgerEvent[] = [];
  const ledger = {
    refuses: false,
    record: async (event: LedgerEvent) => {
      if (ledger.refuses) throw new NodeError('node/ledger-unavailable', 'the disk is full');
      return recorded.push(event);
    },
  };
  const people = new PeopleService({
    store: new SqlPeopleStore(database),
    ledger,
    now: () => new Date('2026-01-01T00:00:00Z'),
  });
  return { people, ledger, recorded };
}

test('nobody has a role that the ledger does not have', async () => {
  const { people, ledger, recorded } = await startPeople();
  const { id } = await people.enter(ANNA);
  ledger.refuses = true;
  await expect(people.grant(id, 'auditor', 'x')).rejects.toMatchObject({ code: 'node/ledger-unavailable' });
  expect(await people.rolesOf(id)).toEqual([]);
  ledger.refuses = false;
  await people.grant(id, 'auditor', 'x');
  await people.grant(id, 'auditor', 'x');
  expect(await people.rolesOf(id)).toEqual(['auditor']);
  expect(recorded.map(({ type }) => type)).toEqual(['person/role-granted']);
});

test('a withdrawal does not wait for a ledger that is away', async () => {
  const { people, ledger } = await startPeople();
  const { id } = await people.enter(ANNA);
  await people.grant(id, 'auditor', 'x');
  ledger.refuses = true;
  await expect(people.withdraw(id, 'auditor', 'x')).rejects.toMatchObject({
    code: 'node/ledger-unavailable',
  });
  expect(await people.rolesOf(id)).toEqual([]);
});

test('the last operator keeps the role and is not forgotten', async () => {
  const { people, recorded } = await startPeople();
  const { id } = await people.enter(ANNA);
  await people.grant(id, 'operator', 'x');
  const last = { code: 'node/last-operator' };
  await expect(people.withdraw(id, 'operator', 'x')).rejects.toMatchObject(last);
  await expect(people.forget(id, 'x')).rejects.toMatchObject(last);
  const other = await people.enter({ ...ANNA, subject: 'bo' });
  await people.grant(other.id, 'operator', 'x');
  await people.forget(id, 'x');
  expect(await people.find(ANNA)).toBeUndefined();
  expect(recorded.map(({ type }) => type)).toEqual([
    'person/role-granted',
    'person/role-granted',
    'person/forgotten',
  ]);
});
