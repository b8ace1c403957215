import { type Migration, serialOf, texts } from './schema.ts';

/** Records of the ledger, heads of others' ledgers that were cosigned, and heads that contradict each other. */
export const createLedger: Migration = async (db, flavour) => {
  await db.schema
    .createTable('ledger_record')
    .addColumn('sequence', serialOf(flavour))
    .addColumn('log_index', 'bigint', (column) => column.unique())
    .$call(texts('type', 'at'))
    .addColumn('salt', 'text', (column) => column.unique())
    .addColumn('event', 'text')
    .addColumn('erased_at', 'text')
    .execute();
  await db.schema
    .createTable('ledger_witnessed')
    .$call(texts('origin', 'checkpoint'))
    .addColumn('size', 'bigint', (column) => column.notNull())
    .addPrimaryKeyConstraint('ledger_witnessed_key', ['origin'])
    .execute();
  await db.schema
    .createTable('ledger_alarm')
    .$call(texts('id', 'kind', 'origin', 'seen_at', 'source', 'first', 'second'))
    .addPrimaryKeyConstraint('ledger_alarm_key', ['id'])
    .execute();
};
