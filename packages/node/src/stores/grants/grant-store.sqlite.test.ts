import { join } from 'node:path';
import { temporaryDirectory } from '@federome/testkit';
import { afterEach } from 'vitest';
import { openSqlite, type SqlDatabase } from '../database/database.ts';
import { grantStoreContract } from './grant-store.contract.ts';
import { SqlGrantStore } from './sql-grant-store.ts';

const open: SqlDatabase[] = [];

async function database(path: string): Promise<SqlDatabase> {
  const opened = await openSqlite(path);
  open.push(opened);
  return opened;
}

afterEach(async () => {
  for (const each of open.splice(0)) await each.close();
});

grantStoreContract('grants in SQLite', async () => {
  const path = join(await temporaryDirectory(), 'records.sqlite');
  return {
    store: new SqlGrantStore(await database(path)),
    again: new SqlGrantStore(await database(path)),
  };
});
