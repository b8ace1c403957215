import type { Fetch } from '@federome/client';
import { CodedError, type Members } from '@federome/core';
import type { IncomingExchange } from '../services/exchange/incoming.ts';
import type { OutgoingExchange } from '../services/exchange/outgoing.ts';
import type { Receipts } from '../services/exchange/receipts.ts';
import type { SignedMembers } from '../services/network/known-members.ts';
import { SqlExchangeStore } from '../stores/exchange/sql-exchange-store.ts';
import type { SigningKeys } from '../stores/keys/signing-keys.ts';
import type { MemberRow } from '../stores/records/records.ts';
import type { Foundation } from './foundation.ts';

/** What of a node's foundation the exchange stands on. */
export type ExchangeFoundation = Pick<Foundation, 'config' | 'database' | 'now' | 'background'>;

export interface ExchangeOptions {
  readonly keys: Pick<SigningKeys, 'signingKeys' | 'sign'>;
  readonly members: Members;
  /** How requests travel; the platform's by default. */
  readonly fetch?: Fetch | undefined;
  /** How often what is too old is deleted; every 10 minutes by default. */
  readonly expireMs?: number | undefined;
}

/** Signed requests to and from the members of the network. */
export interface Exchange {
  readonly incoming: IncomingExchange;
  readonly outgoing: OutgoingExchange;
  readonly receipts: Receipts;
}

export interface ComposedExchange {
  /** Its modules are loaded by the first call. */
  readonly exchange: () => Promise<Exchange>;
  /** The nodes of the directory, for whoever asks them. */
  readonly signed: SignedMembers;
}

const DEFAULT_EXPIRE_MS = 600_000;

/** Signs what goes to members, checks what comes from them, keeps the receipts, and deletes what is too old. */
export function composeExchange(foundation: ExchangeFoundation, options: ExchangeOptions): ComposedExchange {
  let loaded: Promise<Exchange> | undefined;
  const exchange = () => {
    loaded ??= load(foundation, options);
    return loaded;
  };
  foundation.background.add({
    name: 'receipts',
    everyMs: options.expireMs ?? DEFAULT_EXPIRE_MS,
    run: async (signal) => (await exchange()).receipts.expire(signal),
  });
  return {
    exchange,
    signed: {
      list: () => nodesOf(options.members),
      fetchFor: (member) => async (url, init) => (await exchange()).outgoing.fetchFor(member)(url, init),
    },
  };
}

async function load(
  { config, database, now }: ExchangeFoundation,
  options: ExchangeOptions,
): Promise<Exchange> {
  const [{ Signer }, { Evidence }, { IncomingExchange }, { OutgoingExchange }, { Receipts }] =
    await Promise.all([
      import('../services/exchange/signer.ts'),
      import('../services/exchange/evidence.ts'),
      import('../services/exchange/incoming.ts'),
      import('../services/exchange/outgoing.ts'),
      import('../services/exchange/receipts.ts'),
    ]);
  const { keys, members, fetch } = options;
  const store = new SqlExchangeStore(database);
  const evidence = new Evidence(store);
  const signer = new Signer({ self: config.id, members, keys, now });
  return {
    incoming: new IncomingExchange({ self: config.id, members, now }, signer, evidence),
    outgoing: new OutgoingExchange({ members, now, fetch }, signer, evidence),
    receipts: new Receipts(store, now, config.receiptDays),
  };
}

/** A hub holds no people: only nodes are asked. Nobody where this node is in no network. */
async function nodesOf(members: Members): Promise<readonly MemberRow[]> {
  const directory = await members.current().catch((error: unknown) => {
    if (error instanceof CodedError && error.code === 'node/no-directory') return undefined;
    throw error;
  });
  return (directory?.members ?? [])
    .filter(({ role }) => role === 'node')
    .map(({ id, url, name, country, joinedAt }) => ({ id, url, name, country, addedAt: joinedAt }));
}
