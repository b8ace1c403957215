import type { WitnessedHead, WitnessStore } from './witness.ts';

/** What a witness cosigned, in memory: for tests only, as a witness that forgets can be led to sign a fork. */
export class MemoryWitnessStore implements WitnessStore {
  readonly #heads = new Map<string, WitnessedHead>();

  async read(origin: string): Promise<WitnessedHead | undefined> {
    return this.#heads.get(origin);
  }

  async replace(origin: string, expected: WitnessedHead | undefined, next: WitnessedHead): Promise<boolean> {
    if (this.#heads.get(origin)?.size !== expected?.size) return false;
    this.#heads.set(origin, next);
    return true;
  }
}
