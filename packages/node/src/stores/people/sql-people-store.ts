import { type Identity, ROLES, type Role } from '@federome/core';
import { type Selectable, sql } from 'kysely';
import { oneOf } from '../database/columns.ts';
import type { SqlDatabase } from '../database/database.ts';
import type { Database } from '../database/tables.ts';
import type { Invitation, KnownPerson, PeopleStore, RoleGrant, Withdrawal } from './people.ts';
import type { PeopleTables } from './tables.ts';

const KINDS = ['person', 'machine'] as const;

/** People and their roles in SQLite or PostgreSQL. */
export class SqlPeopleStore implements PeopleStore {
  readonly #database: SqlDatabase;

  constructor(database: SqlDatabase) {
    this.#database = database;
  }

  async enter(person: Omit<KnownPerson, 'id'>, id: string): Promise<KnownPerson> {
    const { kind, issuer, subject, name, createdAt } = person;
    const row = await this.#database.transaction(
      async ({ write }) =>
        await write
          .insertInto('person')
          .values({ id, kind, issuer, subject, name: name ?? null, created_at: createdAt })
          .onConflict((conflict) =>
            conflict
              .columns(['issuer', 'subject'])
              .doUpdateSet((update) => ({ name: name === undefined ? update.ref('person.name') : name })),
          )
          .returningAll()
          .executeTakeFirstOrThrow(),
    );
    return personOf(row);
  }

  async person(id: string): Promise<KnownPerson | undefined> {
    const row = await this.#database.read
      .selectFrom('person')
      .selectAll()
      .where('id', '=', id)
      .executeTakeFirst();
    return row === undefined ? undefined : personOf(row);
  }

  async find({ issuer, subject }: Identity): Promise<KnownPerson | undefined> {
    const row = await this.#database.read
      .selectFrom('person')
      .selectAll()
      .where('issuer', '=', issuer)
      .where('subject', '=', subject)
      .executeTakeFirst();
    return row === undefined ? undefined : personOf(row);
  }

  async list(): Promise<readonly KnownPerson[]> {
    const rows = await this.#database.read
      .selectFrom('person')
      .selectAll()
      .orderBy('created_at')
      .orderBy('id')
      .execute();
    return rows.map(personOf);
  }

  async rolesOf(person: string, at: Date): Promise<readonly RoleGrant[]> {
    const rows = await this.#holding(at).where('person', '=', person).orderBy('from_at').execute();
    return rows.map((row) => ({
      role: oneOf(ROLES, row.role),
      from: row.from_at,
      until: row.until_at === '' ? undefined : row.until_at,
      by: row.granted_by,
    }));
  }

  async having(role: Role, at: Date): Promise<readonly string[]> {
    const rows = await this.#holding(at).where('role', '=', role).orderBy('person').execute();
    return [...new Set(rows.map(({ person }) => person))];
  }

  async grant(person: string, { role, from, until, by }: RoleGrant): Promise<void> {
    await this.#database.transaction(async ({ write }) => {
      await write
        .insertInto('person_role')
        .values({ person, role, from_at: from, until_at: until ?? '', granted_by: by })
        .onConflict((conflict) =>
          conflict
            .columns(['person', 'role', 'from_at'])
            .doUpdateSet({ until_at: until ?? '', granted_by: by }),
        )
        .execute();
    });
  }

  async withdraw(person: string, role: Role, at: Date, kept: Role): Promise<Withdrawal> {
    const instant = at.toISOString();
    return await this.#oneByOne(async (write) => {
      if (role === kept && (await isLast(write, person, kept, instant))) return 'last';
      const { numUpdatedRows } = await write
        .updateTable('person_role')
        .set({ until_at: instant })
        .where('person', '=', person)
        .where('role', '=', role)
        .where((row) => row.or([row('until_at', '=', ''), row('until_at', '>', instant)]))
        .executeTakeFirst();
      return numUpdatedRows > 0 ? 'done' : 'none';
    });
  }

  async forget(person: string, at: Date, kept: Role): Promise<Withdrawal> {
    return await this.#oneByOne(async (write) => {
      if (await isLast(write, person, kept, at.toISOString())) return 'last';
      await write.deleteFrom('person_role').where('person', '=', person).execute();
      const { numDeletedRows } = await write.deleteFrom('person').where('id', '=', person).executeTakeFirst();
      return numDeletedRows > 0 ? 'done' : 'none';
    });
  }

  async invite({ codeHash, role, by, expiresAt }: Invitation): Promise<void> {
    await this.#database.transaction(async ({ write }) => {
      await write
        .insertInto('person_invitation')
        .values({ code_hash: codeHash, role, made_by: by, expires_at: expiresAt })
        .execute();
    });
  }

  async redeem(codeHash: string, at: Date): Promise<Invitation | undefined> {
    const row = await this.#database.transaction(
      async ({ write }) =>
        await write
          .deleteFrom('person_invitation')
          .where('code_hash', '=', codeHash)
          .returningAll()
          .executeTakeFirst(),
    );
    if (row === undefined || row.expires_at <= at.toISOString()) return undefined;
    return {
      codeHash: row.code_hash,
      role: oneOf(ROLES, row.role),
      by: row.made_by,
      expiresAt: row.expires_at,
    };
  }

  async deleteExpired(at: Date): Promise<void> {
    await this.#database.transaction(async ({ write }) => {
      await write.deleteFrom('person_invitation').where('expires_at', '<=', at.toISOString()).execute();
    });
  }

  #holding(at: Date) {
    return holding(this.#database.read, at.toISOString());
  }

  /** Withdrawals one after the other, so that two cannot each leave the other's person as the last. */
  async #oneByOne<T>(work: (write: Database) => Promise<T>): Promise<T> {
    return await this.#database.transaction(async ({ write, flavour }) => {
      if (flavour === 'postgres')
        await sql`lock table person_role in share row exclusive mode`.execute(write);
      return await work(write);
    });
  }
}

function holding(db: Database, instant: string) {
  return db
    .selectFrom('person_role')
    .selectAll()
    .where('from_at', '<=', instant)
    .where((row) => row.or([row('until_at', '=', ''), row('until_at', '>', instant)]));
}

async function isLast(db: Database, person: string, role: Role, instant: string): Promise<boolean> {
  const holders = new Set(
    (await holding(db, instant).where('role', '=', role).execute()).map((row) => row.person),
  );
  return holders.has(person) && holders.size === 1;
}

function personOf(row: Selectable<PeopleTables['person']>): KnownPerson {
  return {
    id: row.id,
    kind: oneOf(KINDS, row.kind),
    issuer: row.issuer,
    subject: row.subject,
    name: row.name ?? undefined,
    createdAt: row.created_at,
  };
}
