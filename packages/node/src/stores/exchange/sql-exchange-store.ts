import { NodeError } from '../../errors.ts';
import type { SqlDatabase } from '../database/database.ts';
import { batchesOf } from '../database/tables.ts';
import type { ExchangeStore, Receipt, ReceiptFilter, SeenNonce } from './exchange-store.ts';

/** Receipts and nonces in SQLite or PostgreSQL. */
export class SqlExchangeStore implements ExchangeStore {
  readonly #database: SqlDatabase;

  constructor(database: SqlDatabase) {
    this.#database = database;
  }

  async write(nonces: readonly SeenNonce[], receipts: readonly Receipt[]) {
    return await this.#database.transaction(async ({ write }) => {
      const entered = new Set<string>();
      // In one order for all: two transactions that wait for each other's rows would fail.
      const inOrder = nonces.toSorted((a, b) => (nameOf(a) < nameOf(b) ? -1 : 1));
      for (const batch of batchesOf(inOrder, 3)) {
        const rows = await write
          .insertInto('exchange_nonce')
          .values(batch.map(({ member, nonce, expiresAt }) => ({ member, nonce, expires_at: expiresAt })))
          .onConflict((conflict) => conflict.doNothing())
          .returning(['member', 'nonce'])
          .execute();
        for (const row of rows) entered.add(nameOf(row));
      }
      for (const batch of batchesOf(receipts, 5)) {
        await write
          .insertInto('exchange_receipt')
          .values(batch.map(rowOf))
          .onConflict((conflict) => conflict.doNothing())
          .execute();
      }
      // Of two alike in one call, only the first finds its name still there.
      return { isNew: nonces.map((nonce) => entered.delete(nameOf(nonce))) };
    });
  }

  async receipt(id: string): Promise<readonly Receipt[]> {
    const rows = await this.#database.read
      .selectFrom('exchange_receipt')
      .select('receipt')
      .where('id', '=', id)
      .orderBy('direction')
      .execute();
    return rows.map(({ receipt }) => receiptOf(receipt));
  }

  async receipts({ peer, limit }: ReceiptFilter): Promise<readonly Receipt[]> {
    let query = this.#database.read.selectFrom('exchange_receipt').select('receipt');
    if (peer !== undefined) query = query.where('peer', '=', peer);
    const rows = await query.orderBy('at', 'desc').orderBy('id').limit(limit).execute();
    return rows.map(({ receipt }) => receiptOf(receipt));
  }

  async deleteBefore(before: { nonces: Date; receipts: Date; limit: number }): Promise<number> {
    const [expired, old] = [before.nonces.toISOString(), before.receipts.toISOString()];
    return await this.#database.transaction(async ({ write }) => {
      const oldNonces = write
        .selectFrom('exchange_nonce')
        .select('nonce')
        .where('expires_at', '<', expired)
        .limit(before.limit);
      const nonces = await write
        .deleteFrom('exchange_nonce')
        .where('expires_at', '<', expired)
        .where('nonce', 'in', oldNonces)
        .executeTakeFirst();
      const oldReceipts = write
        .selectFrom('exchange_receipt')
        .select('id')
        .where('at', '<', old)
        .limit(before.limit);
      const receipts = await write
        .deleteFrom('exchange_receipt')
        .where('at', '<', old)
        .where('id', 'in', oldReceipts)
        .executeTakeFirst();
      return Number(nonces.numDeletedRows + receipts.numDeletedRows);
    });
  }
}

function nameOf({ member, nonce }: { readonly member: string; readonly nonce: string }): string {
  return JSON.stringify([member, nonce]);
}

function rowOf(receipt: Receipt) {
  const { id, direction, at, peer } = receipt;
  return { id, direction, at, peer, receipt: JSON.stringify(receipt) };
}

function receiptOf(text: string): Receipt {
  const value: unknown = JSON.parse(text);
  if (!isReceipt(value)) throw new NodeError('node/store', 'the store of receipts holds something else');
  return value;
}

/** Whether a value has the form of a receipt; whether its signatures hold is another question. */
export function isReceipt(value: unknown): value is Receipt {
  return (
    isRecord(value) &&
    value.format === 'federome-receipt 1' &&
    ['id', 'at', 'peer'].every((name) => typeof value[name] === 'string') &&
    (value.direction === 'asked' || value.direction === 'answered') &&
    typeof value.directoryVersion === 'number' &&
    isRequest(value.request) &&
    isAnswer(value.answer)
  );
}

function isRequest(value: unknown): boolean {
  return (
    isEvidence(value) &&
    typeof value.method === 'string' &&
    typeof value.target === 'string' &&
    isOptional(value.passportDigest) &&
    isOptional(value.purpose)
  );
}

function isAnswer(value: unknown): boolean {
  return isEvidence(value) && typeof value.status === 'number';
}

function isEvidence(value: unknown): value is Record<string, unknown> {
  return (
    isRecord(value) &&
    ['contentDigest', 'signatureInput', 'signature'].every((name) => typeof value[name] === 'string') &&
    isOptional(value.contentType)
  );
}

function isOptional(value: unknown): boolean {
  return value === undefined || typeof value === 'string';
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
