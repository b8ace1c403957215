import { randomBytes } from 'node:crypto';
import type { Ledger, Members } from '@federome/core';
import { genotypesPath, ledgerPath } from '../home.ts';
import type { LedgerPeerOf } from '../services/ledger/peers.ts';
import type { StoreChange } from '../services/ledger/pins.ts';
import type { SigningKeys } from '../stores/keys/signing-keys.ts';
import type { Foundation } from './foundation.ts';

export interface LedgerOptions {
  readonly members: Members;
  readonly signing: Pick<SigningKeys, 'signingKeys' | 'sign'>;
  /** How often other members are asked to cosign, and their logs compared; 10 s by default. */
  readonly everyMs?: number | undefined;
  /** How many other nodes must cosign a head; more than half of them by default. */
  readonly quorum?: number | undefined;
  /** After which an entry without enough cosignatures is overdue; 10 minutes by default. */
  readonly overdueMs?: number | undefined;
  /** How other members are reached; over HTTP by default. */
  readonly peerOf?: LedgerPeerOf | undefined;
}

/** Everything of a ledger but recording; loaded by the first call. */
export type LedgerParts = Awaited<ReturnType<typeof import('./ledger-parts.ts').ledgerParts>>;

/** The ledger of a node or hub. */
export interface ComposedLedger {
  /** For everybody who records. */
  readonly ledger: Ledger;
  readonly parts: () => Promise<LedgerParts>;
  /** Puts the state of a dataset's genotype store into the ledger. */
  readonly pin: (dataset: string, change: StoreChange) => Promise<void>;
  close(): Promise<void>;
}

const DEFAULT_EVERY_MS = 10_000;

/** The log of a home with its records, its witnesses, and what this server witnesses of others. */
export function composeLedger(foundation: Foundation, options: LedgerOptions): ComposedLedger {
  const { home, background } = foundation;
  let loaded: Promise<LedgerParts> | undefined;
  const parts = () => {
    loaded ??= import('./ledger-parts.ts').then(({ ledgerParts }) =>
      ledgerParts(foundation, {
        ...options,
        directory: ledgerPath(home),
        directoryOf: (dataset) => genotypesPath(home, dataset),
        randomBytes,
      }),
    );
    return loaded;
  };
  const everyMs = options.everyMs ?? DEFAULT_EVERY_MS;
  background.add({
    name: 'ledger',
    everyMs,
    run: async (signal) => (await parts()).round(signal),
  });
  return {
    ledger: { record: async (event) => await (await parts()).recorder.record(event) },
    parts,
    pin: async (dataset, change) => await (await parts()).pins.pin(dataset, change),
    close: async () => await (await loaded)?.recorder.close(),
  };
}
