import { CodedError } from '@federome/core';
import { NodeError } from '../../errors.ts';
import type { SqlFlavour } from './migrations/schema.ts';
import { migrate } from './migrations.ts';
import { sqliteDatabase } from './sqlite.ts';
import type { Database } from './tables.ts';

/**
 * The database that a node's stores share. Reads may go to another connection than writes, so that a long transaction of
 * this process does not hold up its answers.
 */
export class SqlDatabase {
  readonly flavour: SqlFlavour;
  readonly read: Database;
  readonly write: Database;

  constructor(flavour: SqlFlavour, read: Database, write: Database) {
    this.flavour = flavour;
    this.read = read;
    this.write = write;
  }

  /**
   * Runs `work` in one transaction: both connections of the database that it gets are that transaction's, and stores made
   * of it read what they wrote. Inside a transaction it is the same one. Throws `node/store` where the database fails.
   */
  async transaction<T>(work: (database: SqlDatabase) => Promise<T>): Promise<T> {
    if (this.write.isTransaction) return await work(this);
    try {
      return await this.write
        .transaction()
        .execute(async (db) => await work(new SqlDatabase(this.flavour, db, db)));
    } catch (cause) {
      if (cause instanceof CodedError || !isDatabaseError(cause)) throw cause;
      throw new NodeError('node/store', `the records could not be written: ${cause.message}`, {
        cause,
        publicMessage: 'the records could not be written',
      });
    }
  }

  async close(): Promise<void> {
    await this.read.destroy();
    if (this.write !== this.read) await this.write.destroy();
  }
}

/**
 * Opens (and makes or migrates) a database in one SQLite file. Several processes may have it open. Throws `node/store`.
 */
export async function openSqlite(path: string): Promise<SqlDatabase> {
  return await opened(path, async () => {
    const write = sqliteDatabase(path);
    await migrate(write, 'sqlite');
    return new SqlDatabase('sqlite', sqliteDatabase(path), write);
  });
}

/** Opens (and makes or migrates) the database that a `postgres://` URL names. Throws `node/store`. */
export async function openPostgres(url: string): Promise<SqlDatabase> {
  return await opened('PostgreSQL', async () => {
    // The driver is a tenth of what a command would load; most nodes keep their records in SQLite.
    const { postgresDatabase } = await import('./postgres.ts');
    const database = postgresDatabase(url);
    await migrate(database, 'postgres');
    return new SqlDatabase('postgres', database, database);
  });
}

async function opened(name: string, open: () => Promise<SqlDatabase>): Promise<SqlDatabase> {
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

/** SQLite's and PostgreSQL's errors carry a code; a mistake of the caller's own does not. */
function isDatabaseError(cause: unknown): cause is Error & { readonly code: string } {
  return cause instanceof Error && 'code' in cause && typeof cause.code === 'string';
}
