import type { MemberKey, MemberKeyPurpose } from '@federome/core';

/** What a key signs; visas and identity with ES256, everything else with Ed25519. A key serves one purpose only. */
export type SigningPurpose = MemberKeyPurpose;

/**
 * `next` is published and does not sign yet; `current` signs; `retiring` signs no more, and what it signed is still
 * verified. There is always exactly one current key of a purpose.
 */
export type SigningKeyState = 'next' | 'current' | 'retiring';

/** A key as others may see it. */
export interface SigningKey extends MemberKey {
  readonly state: SigningKeyState;
  /** ISO 8601. */
  readonly createdAt: string;
}

/** Keys that sign. Private keys never leave the store: callers hand it bytes, and get signatures. */
export interface SigningKeys {
  /** All keys of a purpose, the current one first. Makes the first one where there is none. */
  signingKeys(purpose: SigningPurpose): Promise<readonly SigningKey[]>;
  /**
   * Signs with the current key of a purpose, or with the given one as long as it is not destroyed. ES256 signatures are
   * the 64 bytes of JWS (RFC 7518, section 3.4), Ed25519 ones those of RFC 8032. Throws `node/key-missing`.
   */
  sign(
    purpose: SigningPurpose,
    bytes: Uint8Array,
    keyId?: string,
  ): Promise<{ readonly keyId: string; readonly signature: Uint8Array }>;
  /** Makes the next key of a purpose, which is published and does not sign yet. */
  prepare(purpose: SigningPurpose, at: Date): Promise<SigningKey>;
  /** Makes the next key the current one, and the current one retiring; prepares one first where there is none. */
  rotate(purpose: SigningPurpose, at: Date): Promise<SigningKey>;
  /** Destroys a retiring key. Throws `node/key-missing`, and refuses a current one. */
  retire(keyId: string): Promise<void>;
}
