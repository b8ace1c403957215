import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach } from 'vitest';
import { openSqlite, type SqlDatabase } from '../database/database.ts';
import { ledgerStoreContract } from './ledger-store.contract.ts';

const scratch = mkdtempSync(join(tmpdir(), 'federome-ledger-'));
const open: SqlDatabase[] = [];
let files = 0;

afterEach(async () => {
  for (const database of open.splice(0)) await database.close();
});
afterAll(() => rmSync(scratch, { recursive: true, force: true }));

ledgerStoreContract('the ledger in SQLite', async () => {
  const database = await openSqlite(join(scratch, `ledger-${files++}.sqlite`));
  open.push(database);
  return database;
});
