import { randomBytes, randomUUID } from 'node:crypto';
import { GenotypeError } from '../errors.ts';
import type { DataKeys } from './data-keys.ts';
import { unwrapKey, wrapKey } from './key-wrap.ts';

/** Keys that last as long as the process: for tests, measurements and stores that nobody is to read again. */
export class MemoryKeys implements DataKeys {
  readonly #keys = new Map<string, Uint8Array>();

  async create(): Promise<string> {
    const id = randomUUID();
    this.#keys.set(id, randomBytes(32));
    return id;
  }

  async wrap(id: string, dataKey: Uint8Array, context: string): Promise<Uint8Array> {
    return wrapKey(this.#key(id), dataKey, context);
  }

  async unwrap(id: string, wrapped: Uint8Array, context: string): Promise<Uint8Array> {
    return unwrapKey(this.#key(id), wrapped, context);
  }

  async destroy(id: string): Promise<void> {
    this.#keys.get(id)?.fill(0);
    this.#keys.delete(id);
  }

  #key(id: string): Uint8Array {
    const key = this.#keys.get(id);
    if (key === undefined) throw keyMissing(id);
    return key;
  }
}

function keyMissing(id: string): GenotypeError {
  return new GenotypeError(
    'genotypes/key-missing',
    `the key ${id}, which opens these genotypes, is not here`,
    {
      publicMessage: 'the key of stored genotypes is missing',
    },
  );
}
