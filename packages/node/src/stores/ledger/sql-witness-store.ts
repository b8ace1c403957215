import type { WitnessedHead, WitnessStore } from '@federome/tlog';
import { oneOf } from '../database/columns.ts';
import type { SqlDatabase } from '../database/database.ts';
import type { AlarmStore, LedgerAlarm } from './ledger-store.ts';

/** What this server cosigned of others' logs, in SQLite or PostgreSQL. */
export class SqlWitnessStore implements WitnessStore {
  readonly #database: SqlDatabase;

  constructor(database: SqlDatabase) {
    this.#database = database;
  }

  async read(origin: string): Promise<WitnessedHead | undefined> {
    const row = await this.#database.read
      .selectFrom('ledger_witnessed')
      .select(['size', 'checkpoint'])
      .where('origin', '=', origin)
      .executeTakeFirst();
    return row === undefined ? undefined : { size: Number(row.size), checkpoint: row.checkpoint };
  }

  async replace(origin: string, expected: WitnessedHead | undefined, next: WitnessedHead): Promise<boolean> {
    return await this.#database.transaction(async ({ write }) => {
      if (expected === undefined) {
        const { numInsertedOrUpdatedRows } = await write
          .insertInto('ledger_witnessed')
          .values({ origin, ...next })
          .onConflict((conflict) => conflict.column('origin').doNothing())
          .executeTakeFirst();
        return (numInsertedOrUpdatedRows ?? 0n) > 0n;
      }
      const { numUpdatedRows } = await write
        .updateTable('ledger_witnessed')
        .set(next)
        .where('origin', '=', origin)
        .where('size', '=', expected.size)
        .executeTakeFirst();
      return numUpdatedRows > 0n;
    });
  }

  /** Every head that was cosigned, by origin. */
  async all(): Promise<readonly (WitnessedHead & { readonly origin: string })[]> {
    const rows = await this.#database.read
      .selectFrom('ledger_witnessed')
      .selectAll()
      .orderBy('origin')
      .execute();
    return rows.map(({ origin, size, checkpoint }) => ({ origin, size: Number(size), checkpoint }));
  }
}

/** Alarms in SQLite or PostgreSQL. */
export class SqlAlarmStore implements AlarmStore {
  readonly #database: SqlDatabase;

  constructor(database: SqlDatabase) {
    this.#database = database;
  }

  async add({ id, kind, origin, seenAt, source, first, second }: LedgerAlarm): Promise<boolean> {
    return await this.#database.transaction(async ({ write }) => {
      const { numInsertedOrUpdatedRows } = await write
        .insertInto('ledger_alarm')
        .values({ id, kind, origin, seen_at: seenAt, source, first, second })
        .onConflict((conflict) => conflict.column('id').doNothing())
        .executeTakeFirst();
      return (numInsertedOrUpdatedRows ?? 0n) > 0n;
    });
  }

  async list(): Promise<readonly LedgerAlarm[]> {
    const rows = await this.#database.read
      .selectFrom('ledger_alarm')
      .selectAll()
      .orderBy('seen_at', 'desc')
      .execute();
    return rows.map(({ id, kind, origin, seen_at, source, first, second }) => ({
      id,
      kind: oneOf(['fork', 'rollback'], kind),
      origin,
      seenAt: seen_at,
      source,
      first,
      second,
    }));
  }
}
