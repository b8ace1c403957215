import { index, type Migration, serialOf, texts } from './schema.ts';

/** The audit: one row a question or operation, and the anomalies that were found in them. */
export const createAudit: Migration = async (db, flavour) => {
  await db.schema
    .createTable('audit_event')
    .addColumn('sequence', serialOf(flavour))
    .$call(texts('id', 'at', 'operation', 'who_kind'))
    .addColumn('issuer', 'text')
    .addColumn('subject', 'text')
    .addColumn('member', 'text')
    .addColumn('organisation', 'text')
    .$call(texts('datasets'))
    .addColumn('purpose', 'text')
    .$call(texts('decision'))
    .addColumn('code', 'text')
    .$call(texts('level', 'permits'))
    .addColumn('answer_count', 'bigint')
    .addColumn('answer_records', 'bigint')
    .addColumn('suppressed', 'integer')
    .addColumn('filters', 'integer')
    .addColumn('small', 'integer')
    .addColumn('repeated', 'integer')
    .addColumn('duration_ms', 'integer')
    .addColumn('ledger_index', 'bigint')
    .execute();
  await index(db, 'audit_event', ['at']);
  await index(db, 'audit_event', ['issuer', 'subject']);
  await db.schema
    .createTable('audit_anomaly')
    .$call(texts('id', 'found_at', 'severity', 'anomaly'))
    .addPrimaryKeyConstraint('audit_anomaly_key', ['id'])
    .execute();
};
