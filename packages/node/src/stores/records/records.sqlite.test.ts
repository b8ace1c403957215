import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { sql } from 'kysely';
import { afterAll, expect, test } from 'vitest';
import { sqliteDatabase } from '../database/sqlite.ts';
import { openSqliteRecords } from './open.ts';
import { recordsContract } from './records.contract.ts';

const scratch = mkdtempSync(join(tmpdir(), 'federome-records-'));
let files = 0;
const freshPath = () => join(scratch, `records-${files++}.sqlite`);

afterAll(() => rmSync(scratch, { recursive: true, force: true }));

recordsContract('records in SQLite', async () => {
  const path = freshPath();
  return () => openSqliteRecords(path);
});

test('records of a newer program are refused and left alone', async () => {
  const path = freshPath();
  await (await openSqliteRecords(path)).close();
  const database = new DatabaseSync(path);
  database.exec('update schema_version set version = 1000');
  database.close();
  await expect(openSqliteRecords(path)).rejects.toMatchObject({ code: 'node/store' });
});

test('a file that is no database is refused', async () => {
  await expect(openSqliteRecords(scratch)).rejects.toMatchObject({ code: 'node/store' });
});

test('a disk that is full is told as such, and leaves what was there', async () => {
  const database = sqliteDatabase(freshPath());
  await sql`create table sheet (bytes blob)`.execute(database);
  await sql`pragma max_page_count = 4`.execute(database);
  const write = (bytes: number) =>
    database
      .transaction()
      .execute((db) => sql`insert into sheet values (${new Uint8Array(bytes)})`.execute(db));
  await write(10);
  await expect(write(100_000)).rejects.toThrow('database or disk is full');
  expect((await sql`select * from sheet`.execute(database)).rows).toHaveLength(1);
  await database.destroy();
});
