import { sql } from 'kysely';
import { NodeError } from '../../errors.ts';
import { createAudit } from './migrations/audit.ts';
import { createDirectory } from './migrations/directory.ts';
import { createExchange } from './migrations/exchange.ts';
import { createGrants } from './migrations/grants.ts';
import { createIdentity } from './migrations/identity.ts';
import { createLedger } from './migrations/ledger.ts';
import { createRecords } from './migrations/records.ts';
import type { Migration, SqlFlavour } from './migrations/schema.ts';
import type { Database } from './tables.ts';

/** Forward only: the version of a database is the number of migrations that it has had. */
const MIGRATIONS: readonly Migration[] = [
  createRecords,
  createDirectory,
  createExchange,
  createAudit,
  createGrants,
  createLedger,
  createIdentity,
];

/**
 * Brings a database to the version of this program, in one transaction that holds off every other process meanwhile.
 * Throws `node/store` where the database is newer than the program.
 */
export async function migrate(db: Database, flavour: SqlFlavour): Promise<void> {
  await db.transaction().execute(async (transaction) => {
    // The number is Federome's own; PostgreSQL only asks that all of its clients use the same.
    if (flavour === 'postgres') await sql`select pg_advisory_xact_lock(7330301)`.execute(transaction);
    await transaction.schema
      .createTable('schema_version')
      .ifNotExists()
      .addColumn('version', 'integer', (column) => column.notNull())
      .execute();
    const row = await transaction.selectFrom('schema_version').select('version').executeTakeFirst();
    const version = row?.version ?? 0;
    if (version > MIGRATIONS.length) {
      throw new NodeError(
        'node/store',
        `the records have version ${version}, and this program knows versions up to ${MIGRATIONS.length}: use a newer Federome`,
      );
    }
    for (const migration of MIGRATIONS.slice(version)) await migration(transaction, flavour);
    if (row === undefined) {
      await transaction.insertInto('schema_version').values({ version: MIGRATIONS.length }).execute();
    } else if (version < MIGRATIONS.length) {
      await transaction.updateTable('schema_version').set({ version: MIGRATIONS.length }).execute();
    }
  });
}
