import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, expect, test } from 'vitest';
import { openSqlite, type SqlDatabase } from '../database/database.ts';
import { directoryStoreContract } from './directory-store.contract.ts';
import { SqlDirectoryStore } from './sql-directory-store.ts';

const scratch = mkdtempSync(join(tmpdir(), 'federome-directory-'));
const open: SqlDatabase[] = [];
let files = 0;

async function freshDatabase(): Promise<SqlDatabase> {
  const database = await openSqlite(join(scratch, `directory-${files++}.sqlite`));
  open.push(database);
  return database;
}

afterEach(async () => {
  for (const database of open.splice(0)) await database.close();
});
afterAll(() => rmSync(scratch, { recursive: true, force: true }));

directoryStoreContract('the directory in SQLite', async () => new SqlDirectoryStore(await freshDatabase()));

test('content that somebody else wrote into the database is refused', async () => {
  const database = await freshDatabase();
  const store = new SqlDirectoryStore(database);
  await database.write
    .insertInto('directory_version')
    .values({ version: 1, hash: 'h', issued_at: '', link: '{}', document: '{"network":"other"}' })
    .execute();
  await expect(store.version()).rejects.toMatchObject({ code: 'node/store' });
});
