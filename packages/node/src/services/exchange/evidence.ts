import { createHash } from 'node:crypto';
import { NodeError } from '../../errors.ts';
import type { ExchangeStore, Receipt, SeenNonce } from '../../stores/exchange/exchange-store.ts';
import { GroupCommit } from './group-commit.ts';

type Entry = { readonly nonce: SeenNonce } | { readonly receipt: Receipt };

/**
 * Keeps nonces and receipts: many at a time, each durable when its promise resolves. Where they cannot be kept, nothing
 * signed is answered or believed (as X-Road's security servers do): throws `node/evidence-unavailable`.
 */
export class Evidence {
  readonly #commit: GroupCommit<Entry, boolean>;

  constructor(store: ExchangeStore) {
    this.#commit = new GroupCommit((entries) => write(store, entries));
  }

  /** Whether the nonce is new. */
  async see(nonce: SeenNonce): Promise<boolean> {
    return await this.#add({ nonce });
  }

  async keep(receipt: Receipt): Promise<void> {
    await this.#add({ receipt });
  }

  async #add(entry: Entry): Promise<boolean> {
    try {
      return await this.#commit.add(entry);
    } catch (cause) {
      throw new NodeError('node/evidence-unavailable', 'the evidence of the exchange could not be stored', {
        cause,
      });
    }
  }
}

async function write(store: ExchangeStore, entries: readonly Entry[]): Promise<readonly boolean[]> {
  const nonces = entries.flatMap((entry) => ('nonce' in entry ? [entry.nonce] : []));
  const receipts = entries.flatMap((entry) => ('receipt' in entry ? [entry.receipt] : []));
  const isNew = (await store.write(nonces, receipts)).isNew.values();
  return entries.map((entry) => ('nonce' in entry ? isNew.next().value === true : true));
}

/** The id of an exchange, alike on both sides. */
export function exchangeId(signature: Uint8Array): string {
  return createHash('sha256').update(signature).digest('base64url');
}
