import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach } from 'vitest';
import { openSqlite, type SqlDatabase } from '../database/database.ts';
import { auditStoreContract } from './audit-store.contract.ts';
import { SqlAuditStore } from './sql-audit-store.ts';

const scratch = mkdtempSync(join(tmpdir(), 'federome-audit-'));
const open: SqlDatabase[] = [];
let files = 0;

async function database(path: string): Promise<SqlDatabase> {
  const opened = await openSqlite(path);
  open.push(opened);
  return opened;
}

afterEach(async () => {
  for (const each of open.splice(0)) await each.close();
});
afterAll(() => rmSync(scratch, { recursive: true, force: true }));

auditStoreContract('the audit in SQLite', async () => {
  const path = join(scratch, `audit-${files++}.sqlite`);
  return { store: new SqlAuditStore(await database(path)), again: new SqlAuditStore(await database(path)) };
});
