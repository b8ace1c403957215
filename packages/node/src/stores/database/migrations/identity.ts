import { index, type Migration, texts } from './schema.ts';

/** People and their roles, sessions, and what the embedded OpenID provider keeps. */
export const createIdentity: Migration = async (db) => {
  await db.schema
    .createTable('person')
    .addColumn('id', 'text', (column) => column.primaryKey())
    .$call(texts('kind', 'issuer', 'subject', 'created_at'))
    .addColumn('name', 'text')
    .addUniqueConstraint('person_identity', ['issuer', 'subject'])
    .execute();
  await db.schema
    .createTable('person_role')
    .$call(texts('person', 'role', 'from_at', 'until_at', 'granted_by'))
    .addPrimaryKeyConstraint('person_role_key', ['person', 'role', 'from_at'])
    .execute();
  await index(db, 'person_role', ['role']);
  await db.schema
    .createTable('person_invitation')
    .addColumn('code_hash', 'text', (column) => column.primaryKey())
    .$call(texts('role', 'made_by', 'expires_at'))
    .execute();
  await db.schema
    .createTable('session')
    .addColumn('id', 'text', (column) => column.primaryKey())
    .$call(
      texts(
        'token_hash',
        'previous_hash',
        'previous_until',
        'person',
        'provider',
        'provider_session',
        'csrf_token',
        'sealed_id_token',
        'roles',
        'started_at',
        'seen_at',
        'rotated_at',
        'ends_at',
      ),
    )
    .execute();
  for (const column of ['token_hash', 'previous_hash', 'person', 'provider_session', 'seen_at']) {
    await index(db, 'session', [column]);
  }
  await db.schema
    .createTable('login_attempt')
    .addColumn('state_hash', 'text', (column) => column.primaryKey())
    .$call(texts('provider', 'browser_hash', 'nonce', 'verifier', 'return_path', 'expires_at'))
    .execute();
  await index(db, 'login_attempt', ['expires_at']);
  await db.schema
    .createTable('seen_logout_token')
    .addColumn('id', 'text', (column) => column.primaryKey())
    .$call(texts('expires_at'))
    .execute();
  await db.schema
    .createTable('oidc_entry')
    .$call(texts('kind', 'id', 'payload'))
    .addColumn('grant_id', 'text')
    .addColumn('uid', 'text')
    .addColumn('consumed_at', 'integer')
    .addColumn('expires_at', 'integer', (column) => column.notNull())
    .addPrimaryKeyConstraint('oidc_entry_key', ['kind', 'id'])
    .execute();
  for (const column of ['grant_id', 'uid', 'expires_at']) await index(db, 'oidc_entry', [column]);
  await db.schema
    .createTable('oidc_client')
    .addColumn('id', 'text', (column) => column.primaryKey())
    .$call(texts('name', 'jwk', 'redirect_uris', 'created_at'))
    .execute();
  await db.schema
    .createTable('oidc_account')
    .addColumn('subject', 'text', (column) => column.primaryKey())
    .$call(texts('login', 'name', 'created_at'))
    .addColumn('passphrase', 'text')
    .addColumn('code_hash', 'text')
    .addColumn('code_expires_at', 'text')
    .addUniqueConstraint('oidc_account_login', ['login'])
    .execute();
};
