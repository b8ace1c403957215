import { NodeError } from '../../errors.ts';
import type { RecordStore } from './records.ts';
import { migrate } from './sql/migrations.ts';
import { sqliteDatabase } from './sql/sqlite.ts';
import { SqlRecordStore } from './sql/store.ts';

/**
 * Opens (and makes or migrates) the records in one SQLite file. Several processes may have it open. Throws `node/store`.
 */
export async function openSqliteRecords(path: string): Promise<RecordStore> {
  return await opened(path, async () => {
    const write = sqliteDatabase(path);
    await migrate(write, 'sqlite');
    return new SqlRecordStore('sqlite', sqliteDatabase(path), write);
  });
}

/** Opens (and makes or migrates) the records in the database that a `postgres://` URL names. Throws `node/store`. */
export async function openPostgresRecords(url: string): Promise<RecordStore> {
  return await opened('PostgreSQL', async () => {
    // The driver is a tenth of what a command would load; most nodes keep their records in SQLite.
    const { postgresDatabase } = await import('./sql/postgres.ts');
    const database = postgresDatabase(url);
    await migrate(database, 'postgres');
    return new SqlRecordStore('postgres', database, database);
  });
}

async function opened(name: string, open: () => Promise<RecordStore>): Promise<RecordStore> {
  try {
    return await open();
  } catch (cause) {
    if (cause instanceof NodeError) throw cause;
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new NodeError('node/store', `the records in ${name} do not open: ${reason}`, {
      cause,
      publicMessage: 'the records do not open',
    });
  }
}
