import { index, type Migration, texts } from './schema.ts';

/** Grants, from which visas are issued. */
export const createGrants: Migration = async (db) => {
  await db.schema
    .createTable('visa_grant')
    .addColumn('id', 'text', (column) => column.primaryKey())
    .$call(
      texts(
        'issuer',
        'subject',
        'type',
        'value',
        'source',
        'asserted_by',
        'conditions',
        'valid_from',
        'valid_until',
        'granted_issuer',
        'granted_subject',
        'granted_at',
        'reason',
      ),
    )
    .addColumn('revoked_at', 'text')
    .addColumn('revoked_issuer', 'text')
    .addColumn('revoked_subject', 'text')
    .addColumn('revoked_reason', 'text')
    .addColumn('revocation', 'integer', (column) => column.unique())
    .addColumn('revocation_recorded', 'integer', (column) => column.notNull().defaultTo(0))
    .execute();
  await index(db, 'visa_grant', ['issuer', 'subject']);
  await index(db, 'visa_grant', ['value']);
  await index(db, 'visa_grant', ['revoked_at']);
};
