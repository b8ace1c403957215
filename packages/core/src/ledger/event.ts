/** What JSON can hold. */
export type Json = null | boolean | number | string | readonly Json[] | { readonly [key: string]: Json };

/**
 * Something that happened and must stay provable, such as a permit, a consent, a use, or a member's joining. The log holds
 * only a salted commitment to it. `data` names nobody: pseudonyms, identifiers and sizes, never a name or a variant.
 */
export interface LedgerEvent {
  /** `noun/past-participle`, e.g. `data/used`. */
  readonly type: string;
  /** ISO 8601. */
  readonly at: string;
  readonly data: { readonly [key: string]: Json };
}

/** Where everything else records events. */
export interface Ledger {
  /**
   * Resolves with the index of the entry once event and entry are durable. Whatever must not leave before its use is in the
   * log waits for this. Throws `node/ledger-unavailable`.
   */
  record(event: LedgerEvent): Promise<number>;
}
