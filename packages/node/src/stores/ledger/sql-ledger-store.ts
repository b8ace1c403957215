import { type Selectable, sql } from 'kysely';
import type { SqlDatabase } from '../database/database.ts';
import { batchesOf } from '../database/tables.ts';
import type { LedgerStore, LoggedRecord, NewRecord, PendingRecord } from './ledger-store.ts';
import type { LedgerTables } from './tables.ts';

/** The ledger's records in SQLite or PostgreSQL. */
export class SqlLedgerStore implements LedgerStore {
  readonly #database: SqlDatabase;

  constructor(database: SqlDatabase) {
    this.#database = database;
  }

  async add(records: readonly NewRecord[]): Promise<void> {
    await this.#database.transaction(async ({ write }) => {
      for (const batch of batchesOf(records, 4)) {
        await write
          .insertInto('ledger_record')
          .values(batch.map(({ type, at, salt, event }) => ({ type, at, salt, event })))
          .execute();
      }
    });
  }

  async pending(limit: number): Promise<readonly PendingRecord[]> {
    const rows = await this.#database.read
      .selectFrom('ledger_record')
      .select(['sequence', 'type', 'at', 'salt', 'event'])
      .where('log_index', 'is', null)
      .orderBy('sequence')
      .limit(limit)
      .execute();
    return rows.map(({ sequence, type, at, salt, event }) => ({
      sequence: Number(sequence),
      type,
      at,
      salt: salt ?? '',
      event: event ?? '',
    }));
  }

  async pendingCount(): Promise<number> {
    const row = await this.#database.read
      .selectFrom('ledger_record')
      .select(({ fn }) => fn.countAll().as('count'))
      .where('log_index', 'is', null)
      .executeTakeFirst();
    return Number(row?.count ?? 0);
  }

  async place(places: readonly { readonly sequence: number; readonly index: number }[]): Promise<void> {
    await this.#database.transaction(async ({ write }) => {
      for (const batch of batchesOf(places, 2)) {
        const values = batch.map(
          ({ sequence, index }) => sql`(cast(${sequence} as bigint), cast(${index} as bigint))`,
        );
        await sql`
          update ledger_record set log_index = placed.column2
          from (values ${sql.join(values)}) as placed
          where ledger_record.sequence = placed.column1`.execute(write);
      }
    });
  }

  async placesOf(salts: readonly string[]): Promise<ReadonlyMap<string, number>> {
    const places = new Map<string, number>();
    for (const batch of batchesOf(salts, 1)) {
      const rows = await this.#database.read
        .selectFrom('ledger_record')
        .select(['salt', 'log_index'])
        .where('salt', 'in', batch)
        .where('log_index', 'is not', null)
        .execute();
      for (const { salt, log_index } of rows) if (salt !== null) places.set(salt, Number(log_index));
    }
    return places;
  }

  async size(): Promise<number> {
    const row = await this.#database.read
      .selectFrom('ledger_record')
      .select(({ fn }) => fn.max('log_index').as('last'))
      .executeTakeFirst();
    const last = row?.last ?? null;
    return last === null ? 0 : Number(last) + 1;
  }

  async record(index: number): Promise<LoggedRecord | undefined> {
    const row = await this.#database.read
      .selectFrom('ledger_record')
      .selectAll()
      .where('log_index', '=', index)
      .executeTakeFirst();
    return row === undefined ? undefined : recordOf(row);
  }

  async records(from: number, limit: number): Promise<readonly LoggedRecord[]> {
    const rows = await this.#database.read
      .selectFrom('ledger_record')
      .selectAll()
      .where('log_index', '>=', from)
      .orderBy('log_index')
      .limit(limit)
      .execute();
    return rows.map(recordOf);
  }

  async latest({
    limit,
    before,
    type,
  }: Parameters<LedgerStore['latest']>[0]): Promise<readonly LoggedRecord[]> {
    let query = this.#database.read
      .selectFrom('ledger_record')
      .selectAll()
      .where('log_index', 'is not', null);
    if (before !== undefined) query = query.where('log_index', '<', before);
    if (type !== undefined) query = query.where('type', '=', type);
    return (await query.orderBy('log_index', 'desc').limit(limit).execute()).map(recordOf);
  }

  async erase(index: number, at: string): Promise<boolean> {
    return await this.#database.transaction(async ({ write }) => {
      const { numUpdatedRows } = await write
        .updateTable('ledger_record')
        .set({ salt: null, event: null, erased_at: at })
        .where('log_index', '=', index)
        .where('erased_at', 'is', null)
        .executeTakeFirst();
      return numUpdatedRows > 0n;
    });
  }
}

function recordOf(row: Selectable<LedgerTables['ledger_record']>): LoggedRecord {
  const { log_index, type, at, salt, event, erased_at } = row;
  return {
    index: Number(log_index),
    type,
    at,
    content: salt === null || event === null ? undefined : { salt, event },
    erasedAt: erased_at ?? undefined,
  };
}
