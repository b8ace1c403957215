import { NodeError } from '../../errors.ts';

const MOST_KEYS = 10_000;

/** Counts tries, such as logins of an address or passphrases of a name, within a window of time; in this process. */
export class Attempts {
  readonly #most: number;
  readonly #windowMs: number;
  readonly #now: () => Date;
  readonly #tries = new Map<string, { count: number; untilMs: number }>();

  constructor(most: number, windowMs: number, now: () => Date) {
    this.#most = most;
    this.#windowMs = windowMs;
    this.#now = now;
  }

  /** Counts one more. Throws `node/too-many-requests` when there have been too many. */
  count(key: string): void {
    const nowMs = this.#now().getTime();
    const tried = this.#tries.get(key);
    if (tried === undefined || tried.untilMs <= nowMs) {
      if (this.#tries.size >= MOST_KEYS) this.#forget(nowMs);
      this.#tries.set(key, { count: 1, untilMs: nowMs + this.#windowMs });
      return;
    }
    if (tried.count >= this.#most) {
      throw new NodeError('node/too-many-requests', 'too many tries: wait some minutes, and try again');
    }
    tried.count += 1;
  }

  #forget(nowMs: number): void {
    for (const [key, { untilMs }] of this.#tries) if (untilMs <= nowMs) this.#tries.delete(key);
    if (this.#tries.size >= MOST_KEYS) this.#tries.clear();
  }
}
