import type { Selectable } from 'kysely';
import { jsonObject, jsonStrings } from '../database/columns.ts';
import type { SqlDatabase } from '../database/database.ts';
import type { LocalAccount, MachineClient, OidcEntry, OidcStore } from './oidc-store.ts';
import type { OidcTables } from './tables.ts';

/** What the embedded provider keeps, in SQLite or PostgreSQL. */
export class SqlOidcStore implements OidcStore {
  readonly #database: SqlDatabase;

  constructor(database: SqlDatabase) {
    this.#database = database;
  }

  async put({ kind, id, payload, grantId, uid, expiresAt }: OidcEntry): Promise<void> {
    const values = {
      payload: JSON.stringify(payload),
      grant_id: grantId ?? null,
      uid: uid ?? null,
      expires_at: expiresAt,
    };
    await this.#database.transaction(async ({ write }) => {
      await write
        .insertInto('oidc_entry')
        .values({ kind, id, ...values, consumed_at: null })
        .onConflict((conflict) => conflict.columns(['kind', 'id']).doUpdateSet(values))
        .execute();
    });
  }

  async get(kind: string, id: string, atSeconds: number): Promise<OidcEntry | undefined> {
    const row = await this.#living(kind, atSeconds).where('id', '=', id).executeTakeFirst();
    return row === undefined ? undefined : entryOf(row);
  }

  async getByUid(kind: string, uid: string, atSeconds: number): Promise<OidcEntry | undefined> {
    const row = await this.#living(kind, atSeconds).where('uid', '=', uid).executeTakeFirst();
    return row === undefined ? undefined : entryOf(row);
  }

  async consume(kind: string, id: string, atSeconds: number): Promise<boolean> {
    const { numUpdatedRows } = await this.#database.transaction(
      async ({ write }) =>
        await write
          .updateTable('oidc_entry')
          .set({ consumed_at: atSeconds })
          .where('kind', '=', kind)
          .where('id', '=', id)
          .where('consumed_at', 'is', null)
          .executeTakeFirst(),
    );
    return numUpdatedRows > 0;
  }

  async remove(kind: string, id: string): Promise<void> {
    await this.#database.transaction(async ({ write }) => {
      await write.deleteFrom('oidc_entry').where('kind', '=', kind).where('id', '=', id).execute();
    });
  }

  async removeGrant(grantId: string): Promise<void> {
    await this.#database.transaction(async ({ write }) => {
      await write.deleteFrom('oidc_entry').where('grant_id', '=', grantId).execute();
    });
  }

  async deleteExpired(atSeconds: number): Promise<void> {
    await this.#database.transaction(async ({ write }) => {
      await write.deleteFrom('oidc_entry').where('expires_at', '<=', atSeconds).execute();
    });
  }

  async addClient({ id, name, jwk, redirectUris, createdAt }: MachineClient): Promise<boolean> {
    const row = await this.#database.transaction(
      async ({ write }) =>
        await write
          .insertInto('oidc_client')
          .values({
            id,
            name,
            jwk: JSON.stringify(jwk),
            redirect_uris: JSON.stringify(redirectUris),
            created_at: createdAt,
          })
          .onConflict((conflict) => conflict.doNothing())
          .returning('id')
          .executeTakeFirst(),
    );
    return row !== undefined;
  }

  async client(id: string): Promise<MachineClient | undefined> {
    const row = await this.#database.read
      .selectFrom('oidc_client')
      .selectAll()
      .where('id', '=', id)
      .executeTakeFirst();
    return row === undefined ? undefined : clientOf(row);
  }

  async clients(): Promise<readonly MachineClient[]> {
    const rows = await this.#database.read.selectFrom('oidc_client').selectAll().orderBy('id').execute();
    return rows.map(clientOf);
  }

  async removeClient(id: string): Promise<boolean> {
    const { numDeletedRows } = await this.#database.transaction(
      async ({ write }) => await write.deleteFrom('oidc_client').where('id', '=', id).executeTakeFirst(),
    );
    return numDeletedRows > 0;
  }

  async addAccount(account: LocalAccount): Promise<boolean> {
    const row = await this.#database.transaction(
      async ({ write }) =>
        await write
          .insertInto('oidc_account')
          .values({
            subject: account.subject,
            login: account.login,
            name: account.name,
            passphrase: account.passphrase ?? null,
            code_hash: account.code?.hash ?? null,
            code_expires_at: account.code?.expiresAt ?? null,
            created_at: account.createdAt,
          })
          .onConflict((conflict) => conflict.doNothing())
          .returning('subject')
          .executeTakeFirst(),
    );
    return row !== undefined;
  }

  async account(
    by: { readonly subject: string } | { readonly login: string },
  ): Promise<LocalAccount | undefined> {
    const query = this.#database.read.selectFrom('oidc_account').selectAll();
    const row = await ('subject' in by
      ? query.where('subject', '=', by.subject)
      : query.where('login', '=', by.login)
    ).executeTakeFirst();
    return row === undefined ? undefined : accountOf(row);
  }

  async removeAccount(subject: string): Promise<void> {
    await this.#database.transaction(async ({ write }) => {
      await write.deleteFrom('oidc_account').where('subject', '=', subject).execute();
    });
  }

  async setCode(subject: string, code: NonNullable<LocalAccount['code']>): Promise<void> {
    await this.#database.transaction(async ({ write }) => {
      await write
        .updateTable('oidc_account')
        .set({ code_hash: code.hash, code_expires_at: code.expiresAt })
        .where('subject', '=', subject)
        .execute();
    });
  }

  async choosePassphrase(codeHash: string, passphrase: string, at: Date): Promise<LocalAccount | undefined> {
    const row = await this.#database.transaction(
      async ({ write }) =>
        await write
          .updateTable('oidc_account')
          .set({ passphrase, code_hash: null, code_expires_at: null })
          .where('code_hash', '=', codeHash)
          .where('code_expires_at', '>', at.toISOString())
          .returningAll()
          .executeTakeFirst(),
    );
    return row === undefined ? undefined : accountOf(row);
  }

  #living(kind: string, atSeconds: number) {
    return this.#database.read
      .selectFrom('oidc_entry')
      .selectAll()
      .where('kind', '=', kind)
      .where('expires_at', '>', atSeconds);
  }
}

function entryOf(row: Selectable<OidcTables['oidc_entry']>): OidcEntry {
  const payload = jsonObject(row.payload);
  return {
    kind: row.kind,
    id: row.id,
    payload: row.consumed_at === null ? payload : { ...payload, consumed: Number(row.consumed_at) },
    grantId: row.grant_id ?? undefined,
    uid: row.uid ?? undefined,
    expiresAt: Number(row.expires_at),
  };
}

function clientOf(row: Selectable<OidcTables['oidc_client']>): MachineClient {
  return {
    id: row.id,
    name: row.name,
    jwk: jsonObject(row.jwk),
    redirectUris: jsonStrings(row.redirect_uris),
    createdAt: row.created_at,
  };
}

function accountOf(row: Selectable<OidcTables['oidc_account']>): LocalAccount {
  const { subject, login, name, passphrase, code_hash: hash, code_expires_at: expiresAt } = row;
  return {
    subject,
    login,
    name,
    passphrase: passphrase ?? undefined,
    code: hash === null || expiresAt === null ? undefined : { hash, expiresAt },
    createdAt: row.created_at,
  };
}
