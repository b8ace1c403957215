import type { Members } from '@federome/core';
import { NodeError } from '../../errors.ts';
import type { SigningKeys } from '../../stores/keys/signing-keys.ts';
import { ALGORITHM, CLOCK_SKEW_S } from './coverage.ts';
import {
  LABEL,
  type SignatureHeaders,
  type SignatureParameters,
  signatureBase,
  signatureHeaders,
  signatureInput,
} from './signature-fields.ts';

export interface SignerPorts {
  readonly self: string;
  readonly members: Members;
  readonly keys: Pick<SigningKeys, 'signingKeys' | 'sign'>;
  readonly now: () => Date;
}

/** How long the choice of a key stands: a rotated key is published before it signs, and verified for longer. */
const KEY_TTL_MS = 1_000;

/** Longer than a version of the directory takes to all members that are up. */
const SETTLED_MS = 60_000;

/** A signature that was made, with what of it others have to know. */
export interface MadeSignature {
  readonly headers: SignatureHeaders;
  readonly label: string;
  readonly signature: Uint8Array;
}

/** Signs messages with this member's key for requests. */
export class Signer {
  readonly #ports: SignerPorts;
  #chosen: { readonly keyid: Promise<string>; readonly atMs: number } | undefined;

  constructor(ports: SignerPorts) {
    this.#ports = ports;
  }

  /** Throws `node/key-missing` where no key that signs is in the directory. */
  async sign(
    components: readonly string[],
    valueFor: (component: string) => string | undefined,
    { nonce, tag }: Pick<SignatureParameters, 'nonce' | 'tag'>,
  ): Promise<MadeSignature> {
    const keyid = await this.#keyid();
    const created = Math.floor(this.#ports.now().getTime() / 1_000);
    const expires = created + CLOCK_SKEW_S;
    const input = signatureInput(components, { created, expires, nonce, keyid, alg: ALGORITHM, tag });
    const base = signatureBase(components, input, valueFor);
    if (base === undefined) {
      throw new NodeError('node/bad-request', 'a header or the address holds what cannot be signed');
    }
    const { signature } = await this.#ports.keys.sign('request', base, keyid).catch((error: unknown) => {
      this.#chosen = undefined;
      throw error;
    });
    return { headers: signatureHeaders(input, signature), label: LABEL, signature };
  }

  #keyid(): Promise<string> {
    const chosen = this.#chosen;
    if (chosen !== undefined && performance.now() - chosen.atMs < KEY_TTL_MS) return chosen.keyid;
    const fresh = { keyid: this.#choose(), atMs: performance.now() };
    this.#chosen = fresh;
    fresh.keyid.catch(() => {
      if (this.#chosen === fresh) this.#chosen = undefined;
    });
    return fresh.keyid;
  }

  /**
   * The current key; one that is retiring where the directory does not have the current one yet, or has it for so short a
   * time that others may not know.
   */
  async #choose(): Promise<string> {
    const { self, members, keys, now } = this.#ports;
    const directory = await members.current();
    const published = directory.members.find(({ id }) => id === self)?.keys ?? [];
    const held = await keys.signingKeys('request');
    const usable = held.filter(
      ({ id, state }) =>
        state !== 'next' && published.some((key) => key.id === id && key.purpose === 'request'),
    );
    const isSettled = now().getTime() - Date.parse(directory.issuedAt) >= SETTLED_MS;
    const key = usable.find(({ state }) => (state === 'current') === isSettled) ?? usable[0];
    if (key !== undefined) return key.id;
    throw new NodeError(
      'node/key-missing',
      `the directory names no key of '${self}' for requests that it could sign with`,
    );
  }
}
