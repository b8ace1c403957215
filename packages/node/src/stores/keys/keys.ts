/**
 * What a key is for. A key serves one purpose only; each has its operations: `data` wraps and unwraps the data keys of
 * genotype stores.
 */
export type KeyPurpose = 'data';

/** What may be known of a key by whoever asks the key store: everything but the key. */
export interface KeyInfo {
  readonly id: string;
  readonly purpose: KeyPurpose;
  /** ISO 8601 instant. */
  readonly createdAt: string;
}

/**
 * Holds a node's keys and uses them: no operation gives a key away, so that a separate process, a PKCS#11 module or a
 * KMS can stand behind it. Every implementation passes `keys.contract.ts`. Each change is durable when it returns.
 */
export interface KeyStore {
  /** Makes a key; `at` is now. */
  create(purpose: KeyPurpose, at: Date): Promise<KeyInfo>;
  /** Every key, the eldest first. */
  list(): Promise<readonly KeyInfo[]>;
  /** Destroys a key for good; nothing happens where it is gone already. */
  destroy(id: string): Promise<void>;
  /** Seals a data key under a `data` key; `context` is bound in. Throws `node/key-missing`. */
  wrap(id: string, dataKey: Uint8Array, context: string): Promise<Uint8Array>;
  /** Inverse of `wrap`. Throws `node/key-missing`; `node/wrong-key` where key, context or bytes are others. */
  unwrap(id: string, wrapped: Uint8Array, context: string): Promise<Uint8Array>;
}
