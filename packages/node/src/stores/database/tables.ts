import type { Kysely } from 'kysely';
import type { AuditTables } from '../audit/tables.ts';
import type { DirectoryTables } from '../directory/tables.ts';
import type { ExchangeTables } from '../exchange/tables.ts';
import type { GrantTables } from '../grants/tables.ts';
import type { LedgerTables } from '../ledger/tables.ts';
import type { OidcTables } from '../oidc/tables.ts';
import type { PeopleTables } from '../people/tables.ts';
import type { RecordTables } from '../records/sql/tables.ts';
import type { SessionTables } from '../sessions/tables.ts';

/** The schema that `migrations.ts` makes, as both databases return it. JSON is text; truth values are 0 and 1. */
export interface Tables
  extends AuditTables,
    RecordTables,
    DirectoryTables,
    ExchangeTables,
    GrantTables,
    LedgerTables,
    OidcTables,
    PeopleTables,
    SessionTables {
  schema_version: { version: number };
}

export type Database = Kysely<Tables>;

/** How many rows of `columns` values fit in one statement: SQLite binds at most 32,766 values. */
export function batchesOf<Row>(rows: Iterable<Row>, columns: number): Iterable<readonly Row[]> {
  return batches(rows, Math.min(1_000, Math.floor(32_000 / columns)));
}

function* batches<Row>(rows: Iterable<Row>, size: number): Iterable<readonly Row[]> {
  let batch: Row[] = [];
  for (const row of rows) {
    batch.push(row);
    if (batch.length === size) {
      yield batch;
      batch = [];
    }
  }
  if (batch.length > 0) yield batch;
}
