import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach } from 'vitest';
import { openSqlite, type SqlDatabase } from '../database/database.ts';
import { peopleStoreContract } from './people.contract.ts';
import { SqlPeopleStore } from './sql-people-store.ts';

const scratch = mkdtempSync(join(tmpdir(), 'federome-people-'));
const open: SqlDatabase[] = [];
let files = 0;

afterEach(async () => {
  for (const each of open.splice(0)) await each.close();
});
afterAll(() => rmSync(scratch, { recursive: true, force: true }));

peopleStoreContract('people in SQLite', async () => {
  const database = await openSqlite(join(scratch, `people-${files++}.sqlite`));
  open.push(database);
  return new SqlPeopleStore(database);
});
