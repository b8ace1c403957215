import type { Selectable } from 'kysely';
import type { SqlDatabase } from '../database/database.ts';
import type { LoginAttempt, Session, SessionFilter, SessionStore } from './sessions.ts';
import type { SessionTables } from './tables.ts';

/** Sessions in SQLite or PostgreSQL. */
export class SqlSessionStore implements SessionStore {
  readonly #database: SqlDatabase;

  constructor(database: SqlDatabase) {
    this.#database = database;
  }

  async start(session: Session): Promise<void> {
    await this.#database.transaction(async ({ write }) => {
      await write.insertInto('session').values(rowOf(session)).execute();
    });
  }

  async find(tokenHash: string, at: Date): Promise<Session | undefined> {
    const row = await this.#database.read
      .selectFrom('session')
      .selectAll()
      .where((session) =>
        session.or([
          session('token_hash', '=', tokenHash),
          session.and([
            session('previous_hash', '=', tokenHash),
            session('previous_until', '>', at.toISOString()),
          ]),
        ]),
      )
      .executeTakeFirst();
    return row === undefined ? undefined : sessionOf(row);
  }

  async ofPerson(person: string): Promise<readonly Session[]> {
    const rows = await this.#database.read
      .selectFrom('session')
      .selectAll()
      .where('person', '=', person)
      .orderBy('started_at')
      .execute();
    return rows.map(sessionOf);
  }

  async seen(id: string, at: Date): Promise<void> {
    await this.#database.transaction(async ({ write }) => {
      await write.updateTable('session').set({ seen_at: at.toISOString() }).where('id', '=', id).execute();
    });
  }

  async rotate(
    { id, tokenHash }: Session,
    next: Pick<Session, 'tokenHash' | 'previousUntil' | 'sealedIdToken' | 'roles' | 'rotatedAt'>,
  ): Promise<boolean> {
    const { numUpdatedRows } = await this.#database.transaction(
      async ({ write }) =>
        await write
          .updateTable('session')
          .set({
            token_hash: next.tokenHash,
            previous_hash: tokenHash,
            previous_until: next.previousUntil,
            sealed_id_token: next.sealedIdToken,
            roles: next.roles,
            rotated_at: next.rotatedAt,
            seen_at: next.rotatedAt,
          })
          .where('id', '=', id)
          .where('token_hash', '=', tokenHash)
          .executeTakeFirst(),
    );
    return numUpdatedRows > 0;
  }

  async end(filter: SessionFilter): Promise<number> {
    const { numDeletedRows } = await this.#database.transaction(async ({ write }) => {
      const query = write.deleteFrom('session');
      if ('providerSession' in filter) {
        return await query
          .where('provider', '=', filter.provider)
          .where('provider_session', '=', filter.providerSession)
          .executeTakeFirst();
      }
      const ofPerson = query.where('person', '=', filter.person);
      return await ('id' in filter ? ofPerson.where('id', '=', filter.id) : ofPerson).executeTakeFirst();
    });
    return Number(numDeletedRows);
  }

  async begin(attempt: LoginAttempt): Promise<void> {
    const { stateHash, provider, browserHash, nonce, verifier, returnPath, expiresAt } = attempt;
    await this.#database.transaction(async ({ write }) => {
      await write
        .insertInto('login_attempt')
        .values({
          state_hash: stateHash,
          provider,
          browser_hash: browserHash,
          nonce,
          verifier,
          return_path: returnPath,
          expires_at: expiresAt,
        })
        .execute();
    });
  }

  async take(stateHash: string, at: Date): Promise<LoginAttempt | undefined> {
    const row = await this.#database.transaction(
      async ({ write }) =>
        await write
          .deleteFrom('login_attempt')
          .where('state_hash', '=', stateHash)
          .returningAll()
          .executeTakeFirst(),
    );
    if (row === undefined || row.expires_at <= at.toISOString()) return undefined;
    return {
      stateHash: row.state_hash,
      provider: row.provider,
      browserHash: row.browser_hash,
      nonce: row.nonce,
      verifier: row.verifier,
      returnPath: row.return_path,
      expiresAt: row.expires_at,
    };
  }

  async firstLogout(id: string, expiresAt: string): Promise<boolean> {
    const row = await this.#database.transaction(
      async ({ write }) =>
        await write
          .insertInto('seen_logout_token')
          .values({ id, expires_at: expiresAt })
          .onConflict((conflict) => conflict.doNothing())
          .returning('id')
          .executeTakeFirst(),
    );
    return row !== undefined;
  }

  async deleteExpired(at: Date, idleSince: Date): Promise<void> {
    const now = at.toISOString();
    await this.#database.transaction(async ({ write }) => {
      await write
        .deleteFrom('session')
        .where((row) => row.or([row('ends_at', '<=', now), row('seen_at', '<=', idleSince.toISOString())]))
        .execute();
      await write.deleteFrom('login_attempt').where('expires_at', '<=', now).execute();
      await write.deleteFrom('seen_logout_token').where('expires_at', '<=', now).execute();
    });
  }
}

function rowOf(session: Session): Selectable<SessionTables['session']> {
  return {
    id: session.id,
    token_hash: session.tokenHash,
    previous_hash: session.previousHash,
    previous_until: session.previousUntil,
    person: session.person,
    provider: session.provider,
    provider_session: session.providerSession,
    csrf_token: session.csrfToken,
    sealed_id_token: session.sealedIdToken,
    roles: session.roles,
    started_at: session.startedAt,
    seen_at: session.seenAt,
    rotated_at: session.rotatedAt,
    ends_at: session.endsAt,
  };
}

function sessionOf(row: Selectable<SessionTables['session']>): Session {
  return {
    id: row.id,
    tokenHash: row.token_hash,
    previousHash: row.previous_hash,
    previousUntil: row.previous_until,
    person: row.person,
    provider: row.provider,
    providerSession: row.provider_session,
    csrfToken: row.csrf_token,
    sealedIdToken: row.sealed_id_token,
    roles: row.roles,
    startedAt: row.started_at,
    seenAt: row.seen_at,
    rotatedAt: row.rotated_at,
    endsAt: row.ends_at,
  };
}
