import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, expect, test } from 'vitest';
import { openSqlite, type SqlDatabase } from '../database/database.ts';
import { exchangeStoreContract } from './exchange-store.contract.ts';
import { SqlExchangeStore } from './sql-exchange-store.ts';

const scratch = mkdtempSync(join(tmpdir(), 'federome-exchange-'));
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

exchangeStoreContract('receipts in SQLite', async () => {
  const path = join(scratch, `exchange-${files++}.sqlite`);
  return {
    store: new SqlExchangeStore(await database(path)),
    again: new SqlExchangeStore(await database(path)),
  };
});

test('a row that somebody else wrote is refused', async () => {
  const opened = await database(join(scratch, `exchange-${files++}.sqlite`));
  await opened.write
    .insertInto('exchange_receipt')
    .values({ id: 'r', direction: 'asked', at: '', peer: '', receipt: '{"id":"r"}' })
    .execute();
  await expect(new SqlExchangeStore(opened).receipt('r')).rejects.toMatchObject({ code: 'node/store' });
});
