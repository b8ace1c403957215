import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach } from 'vitest';
import { openSqlite, type SqlDatabase } from '../database/database.ts';
import { sessionStoreContract } from './sessions.contract.ts';
import { SqlSessionStore } from './sql-session-store.ts';

const scratch = mkdtempSync(join(tmpdir(), 'federome-sessions-'));
const open: SqlDatabase[] = [];
let files = 0;

afterEach(async () => {
  for (const each of open.splice(0)) await each.close();
});
afterAll(() => rmSync(scratch, { recursive: true, force: true }));

sessionStoreContract('sessions in SQLite', async () => {
  const database = await openSqlite(join(scratch, `sessions-${files++}.sqlite`));
  open.push(database);
  return new SqlSessionStore(database);
});
