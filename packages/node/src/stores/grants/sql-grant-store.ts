import { type Identity, type Json, VISA_TYPES, type VisaBy } from '@federome/core';
import type { Selectable } from 'kysely';
import { oneOf } from '../database/columns.ts';
import type { SqlDatabase } from '../database/database.ts';
import type { Grant, GrantFilter, GrantStore } from './grant-store.ts';
import type { GrantTables } from './tables.ts';

type Row = Selectable<GrantTables['visa_grant']>;

const BY: readonly VisaBy[] = ['self', 'peer', 'system', 'so', 'dac'];

/** Grants in SQLite or PostgreSQL. */
export class SqlGrantStore implements GrantStore {
  readonly #database: SqlDatabase;

  constructor(database: SqlDatabase) {
    this.#database = database;
  }

  async add(grant: Grant): Promise<void> {
    await this.#database.transaction(async ({ write }) => {
      await write.insertInto('visa_grant').values(rowOf(grant)).execute();
    });
  }

  async grant(id: string): Promise<Grant | undefined> {
    const row = await this.#database.read
      .selectFrom('visa_grant')
      .selectAll()
      .where('id', '=', id)
      .executeTakeFirst();
    return row === undefined ? undefined : grantOf(row);
  }

  async grants({ identity, value }: GrantFilter): Promise<readonly Grant[]> {
    let query = this.#database.read.selectFrom('visa_grant').selectAll();
    if (identity !== undefined) {
      query = query.where('issuer', '=', identity.issuer).where('subject', '=', identity.subject);
    }
    if (value !== undefined) query = query.where('value', '=', value);
    return (await query.orderBy('granted_at').orderBy('id').execute()).map(grantOf);
  }

  async revoke(
    id: string,
    { at, by, reason }: { readonly at: string; readonly by: Identity; readonly reason: string },
  ): Promise<Grant | undefined> {
    return await this.#database.transaction(async ({ write }) => {
      const { last } = await write
        .selectFrom('visa_grant')
        .select(({ fn }) => fn.max('revocation').as('last'))
        .executeTakeFirstOrThrow();
      await write
        .updateTable('visa_grant')
        .set({
          revoked_at: at,
          revoked_issuer: by.issuer,
          revoked_subject: by.subject,
          revoked_reason: reason,
          revocation: Number(last ?? 0) + 1,
        })
        .where('id', '=', id)
        .where('revoked_at', 'is', null)
        .execute();
      const row = await write.selectFrom('visa_grant').selectAll().where('id', '=', id).executeTakeFirst();
      return row === undefined ? undefined : grantOf(row);
    });
  }

  async revocations(since: string) {
    const { read } = this.#database;
    const rows = await read
      .selectFrom('visa_grant')
      .selectAll()
      .where('revoked_at', '>=', since)
      .orderBy('revocation')
      .execute();
    const { last } = await read
      .selectFrom('visa_grant')
      .select(({ fn }) => fn.max('revocation').as('last'))
      .executeTakeFirstOrThrow();
    return { grants: rows.map(grantOf), last: Number(last ?? 0) };
  }

  async unrecorded(): Promise<readonly Grant[]> {
    const rows = await this.#database.read
      .selectFrom('visa_grant')
      .selectAll()
      .where('revoked_at', 'is not', null)
      .where('revocation_recorded', '=', 0)
      .orderBy('revocation')
      .execute();
    return rows.map(grantOf);
  }

  async recorded(id: string): Promise<void> {
    await this.#database.transaction(async ({ write }) => {
      await write.updateTable('visa_grant').set({ revocation_recorded: 1 }).where('id', '=', id).execute();
    });
  }

  async deleteEndedBefore(instant: string): Promise<number> {
    return await this.#database.transaction(async ({ write }) => {
      const last = write.selectFrom('visa_grant').select(({ fn }) => fn.max('revocation').as('last'));
      const { numDeletedRows } = await write
        .deleteFrom('visa_grant')
        .where('valid_until', '<', instant)
        .where((where) => where.or([where('revocation', 'is', null), where('revocation', '<', last)]))
        .where((where) => where.or([where('revoked_at', 'is', null), where('revocation_recorded', '=', 1)]))
        .executeTakeFirst();
      return Number(numDeletedRows);
    });
  }
}

function rowOf(grant: Grant): Row {
  return {
    id: grant.id,
    issuer: grant.identity.issuer,
    subject: grant.identity.subject,
    type: grant.type,
    value: grant.value,
    source: grant.source,
    asserted_by: grant.by,
    conditions: grant.conditions === undefined ? '' : JSON.stringify(grant.conditions),
    valid_from: grant.from,
    valid_until: grant.until,
    granted_issuer: grant.grantedBy.issuer,
    granted_subject: grant.grantedBy.subject,
    granted_at: grant.grantedAt,
    reason: grant.reason,
    revoked_at: null,
    revoked_issuer: null,
    revoked_subject: null,
    revoked_reason: null,
    revocation: null,
    revocation_recorded: 0,
  };
}

function grantOf(row: Row): Grant {
  return {
    id: row.id,
    identity: { issuer: row.issuer, subject: row.subject },
    type: oneOf(VISA_TYPES, row.type),
    value: row.value,
    source: row.source,
    by: oneOf(BY, row.asserted_by),
    conditions: row.conditions === '' ? undefined : jsonOf(row.conditions),
    from: row.valid_from,
    until: row.valid_until,
    grantedBy: { issuer: row.granted_issuer, subject: row.granted_subject },
    grantedAt: row.granted_at,
    reason: row.reason,
    revokedAt: row.revoked_at ?? undefined,
    revokedBy:
      row.revoked_issuer === null || row.revoked_subject === null
        ? undefined
        : { issuer: row.revoked_issuer, subject: row.revoked_subject },
    revokedReason: row.revoked_reason ?? undefined,
    revocation: row.revocation === null ? undefined : Number(row.revocation),
  };
}

function jsonOf(text: string): Json {
  const value: Json = JSON.parse(text);
  return value;
}
