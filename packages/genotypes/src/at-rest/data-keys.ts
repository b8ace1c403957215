/**
 * What a genotype store needs of a key store (`packages/node/src/stores/keys` is one). Every store has a key of its own
 * there, which wraps the store's data key and never leaves the key store; with it gone, no copy of the store can be
 * read again, wherever its files were copied to. `context` is bound into what is wrapped: it is unwrapped only with the
 * same. Refusals are the key store's own errors and name the key by its id.
 */
export interface DataKeys {
  /** Makes a key for one more store, and gives its id. */
  create(): Promise<string>;
  wrap(id: string, dataKey: Uint8Array, context: string): Promise<Uint8Array>;
  unwrap(id: string, wrapped: Uint8Array, context: string): Promise<Uint8Array>;
  /** Destroys a key for good; nothing happens where it is gone already. */
  destroy(id: string): Promise<void>;
}

/** How a store's manifest keeps the store's data key. */
export interface WrappedDataKey {
  /** Id of the key that wraps it. */
  readonly key: string;
  /** Base64 of what that key made of it. */
  readonly wrapped: string;
  /** Keys that wrapped it before: all are to be gone, and are destroyed again at every rotation and with the store. */
  readonly former: readonly string[];
}
