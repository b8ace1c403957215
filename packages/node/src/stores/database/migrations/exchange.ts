import { index, type Migration, texts } from './schema.ts';

/** Receipts of signed exchanges, and nonces that were seen. */
export const createExchange: Migration = async (db) => {
  await db.schema
    .createTable('exchange_nonce')
    .$call(texts('member', 'nonce', 'expires_at'))
    .addPrimaryKeyConstraint('exchange_nonce_key', ['member', 'nonce'])
    .execute();
  await index(db, 'exchange_nonce', ['expires_at']);
  await db.schema
    .createTable('exchange_receipt')
    .$call(texts('id', 'direction', 'at', 'peer', 'receipt'))
    .addPrimaryKeyConstraint('exchange_receipt_key', ['id', 'direction'])
    .execute();
  await index(db, 'exchange_receipt', ['at']);
  await index(db, 'exchange_receipt', ['at', 'peer']);
};
