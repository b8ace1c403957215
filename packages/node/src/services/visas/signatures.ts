import { createHash } from 'node:crypto';
import { Refusal, type TokenAlgorithm } from '@federome/core';
import { compactVerify, errors } from 'jose';
import type { VerificationKey } from './verification-keys.ts';

const KEPT = 10_000;

/**
 * Checks signatures, and remembers those that held until their token ends. The memory is of token and key together: a key
 * that is withdrawn takes its tokens with it. It holds no decision: everything else is decided anew each time.
 */
export class Signatures {
  readonly #held = new Map<string, number>();
  /** How often a signature was computed: for tests of the memory. */
  computed = 0;

  /** Throws `Refusal`: `bad-signature`. */
  async check(
    text: string,
    { id, key }: VerificationKey,
    algorithm: TokenAlgorithm,
    times: { readonly nowS: number; readonly expires: number },
  ): Promise<void> {
    const name = createHash('sha256').update(`${algorithm}\n${id}\n${text}`).digest('base64');
    const until = this.#held.get(name);
    if (until !== undefined && until > times.nowS) return;
    this.computed += 1;
    try {
      await compactVerify(text, key, { algorithms: [algorithm] });
    } catch (error) {
      if (!(error instanceof errors.JOSEError)) throw error;
      throw new Refusal('bad-signature', 'the signature does not hold');
    }
    if (this.#held.size >= KEPT) this.#forget(times.nowS);
    this.#held.set(name, times.expires);
  }

  #forget(nowS: number): void {
    for (const [name, until] of this.#held) if (until <= nowS) this.#held.delete(name);
    if (this.#held.size >= KEPT) this.#held.clear();
  }
}
