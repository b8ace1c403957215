import { randomBytes } from 'node:crypto';
import type { Ledger } from '@federome/core';
import { genotypesPath, ledgerPath } from '../home.ts';
import type { StoreChange } from '../services/ledger/pins.ts';
import type { Foundation } from './foundation.ts';
import type { LedgerOptions, LedgerParts } from './ledger-parts.ts';

export type { LedgerOptions, LedgerParts };

/** The ledger of a node or hub. */
export interface ComposedLedger {
  /** For everybody who records. */
  readonly ledger: Ledger;
  /** Everything but recording; loaded by the first call. */
  readonly parts: () => Promise<LedgerParts>;
  /** Puts the state of a dataset's genotype store into the ledger. */
  readonly pin: (dataset: string, change: StoreChange, deletion?: string) => Promise<void>;
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
    pin: async (...pinned) => await (await parts()).pins.pin(...pinned),
    close: async () => await (await loaded)?.recorder.close(),
  };
}
