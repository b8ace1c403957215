import { createHmac, randomBytes } from 'node:crypto';

const DAY_MS = 86_400_000;
const DIGEST_BYTES = 12;
const MOST = 200_000;

/**
 * Knows whether the same asker put the same question before, and nothing else: keyed digests, whose key is made anew every
 * day and is in no file. It forgets them with the key, and the oldest where there are too many.
 */
export class QuestionMemory {
  readonly #now: () => Date;
  #key = randomBytes(32);
  #madeMs = -Infinity;
  readonly #digests = new Set<string>();

  constructor(now: () => Date) {
    this.#now = now;
  }

  /** Remembers the question, and says whether it was put before. */
  isRepeated(actor: string, question: unknown): boolean {
    const nowMs = this.#now().getTime();
    if (nowMs - this.#madeMs >= DAY_MS) {
      this.#key = randomBytes(32);
      this.#digests.clear();
      this.#madeMs = nowMs;
    }
    const text = JSON.stringify([actor, question]);
    const digest = createHmac('sha256', this.#key)
      .update(text)
      .digest()
      .subarray(0, DIGEST_BYTES)
      .toString('base64');
    if (this.#digests.has(digest)) return true;
    if (this.#digests.size >= MOST) {
      const [eldest] = this.#digests;
      if (eldest !== undefined) this.#digests.delete(eldest);
    }
    this.#digests.add(digest);
    return false;
  }
}
