import { openPostgres, openSqlite } from '../database/database.ts';
import type { RecordStore } from './records.ts';
import { SqlRecordStore } from './sql/store.ts';

/** Records in a database of their own in one SQLite file; closing them closes it. Throws `node/store`. */
export async function openSqliteRecords(path: string): Promise<RecordStore> {
  return new SqlRecordStore(await openSqlite(path));
}

/** Records in the database that a `postgres://` URL names; closing them closes its connections. Throws `node/store`. */
export async function openPostgresRecords(url: string): Promise<RecordStore> {
  return new SqlRecordStore(await openPostgres(url));
}
