import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach } from 'vitest';
import { openSqlite, type SqlDatabase } from '../database/database.ts';
import { oidcStoreContract } from './oidc-store.contract.ts';
import { SqlOidcStore } from './sql-oidc-store.ts';

const scratch = mkdtempSync(join(tmpdir(), 'federome-oidc-'));
const open: SqlDatabase[] = [];
let files = 0;

afterEach(async () => {
  for (const each of open.splice(0)) await each.close();
});
afterAll(() => rmSync(scratch, { recursive: true, force: true }));

oidcStoreContract('oidc in SQLite', async () => {
  const database = await openSqlite(join(scratch, `oidc-${files++}.sqlite`));
  open.push(database);
  return new SqlOidcStore(database);
});
