import { createSecretKey, hkdfSync, type KeyObject, randomBytes } from 'node:crypto';
import { basename } from 'node:path';
import type { DataKeys, WrappedDataKey } from './data-keys.ts';
import { FileSeal } from './file-seal.ts';

const KEY_BYTES = 32;
/** Bytes of a file's salt, with which every sealed file begins. */
export const SALT_BYTES = 16;

/** A data key on its way to another thread; Node clones keys without showing them. */
export interface SharedSeal {
  readonly store: string;
  readonly wrapped: WrappedDataKey;
  readonly key: KeyObject;
}

/**
 * The data key of one open store: 256 random bits from which the keys of its files are derived by HKDF-SHA256. It is in
 * memory only, and in the manifest as the key store wrapped it.
 */
export class StoreSeal {
  /** The store's id. */
  readonly store: string;
  readonly wrapped: WrappedDataKey;
  #key: KeyObject | undefined;

  private constructor(store: string, wrapped: WrappedDataKey, dataKey: Uint8Array) {
    this.store = store;
    this.wrapped = wrapped;
    this.#key = createSecretKey(dataKey);
  }

  /** The data key for another thread of this process, which makes its own `StoreSeal` of it. */
  share(): SharedSeal {
    return { store: this.store, wrapped: this.wrapped, key: this.#open() };
  }

  static fromShared({ store, wrapped, key }: SharedSeal): StoreSeal {
    const seal = new StoreSeal(store, wrapped, new Uint8Array(KEY_BYTES));
    seal.#key = key;
    return seal;
  }

  /** A new data key under a new key of the key store. */
  static async create(keys: DataKeys, store: string): Promise<StoreSeal> {
    const dataKey = randomBytes(KEY_BYTES);
    return await StoreSeal.#wrap(keys, store, dataKey, []);
  }

  /** The data key of a store as its manifest keeps it. Throws what the key store does. */
  static async open(keys: DataKeys, store: string, wrapped: WrappedDataKey): Promise<StoreSeal> {
    const dataKey = await keys.unwrap(wrapped.key, Buffer.from(wrapped.wrapped, 'base64'), store);
    try {
      return new StoreSeal(store, wrapped, dataKey);
    } finally {
      dataKey.fill(0);
    }
  }

  /** The same data key under a new key of the key store; what it sealed stays as it is. */
  async rewrap(keys: DataKeys): Promise<StoreSeal> {
    const former = [...this.wrapped.former, this.wrapped.key];
    return await StoreSeal.#wrap(keys, this.store, this.#open().export(), former);
  }

  static async #wrap(
    keys: DataKeys,
    store: string,
    dataKey: Uint8Array,
    former: readonly string[],
  ): Promise<StoreSeal> {
    try {
      const key = await keys.create();
      const wrapped = Buffer.from(await keys.wrap(key, dataKey, store)).toString('base64');
      return new StoreSeal(store, { key, wrapped, former }, dataKey);
    } finally {
      dataKey.fill(0);
    }
  }

  /** Seals a file that is about to be written; its salt is new, so that no key is ever used for two contents. */
  newFile(path: string): FileSeal {
    return this.file(path, randomBytes(SALT_BYTES));
  }

  /** Opens a file with the salt that it keeps. */
  file(path: string, salt: Uint8Array): FileSeal {
    const purpose = `federome genotypes 1\n${this.store}\n${basename(path)}`;
    const bytes = new Uint8Array(hkdfSync('sha256', this.#open(), salt, purpose, KEY_BYTES));
    try {
      return new FileSeal(createSecretKey(bytes), salt, path);
    } finally {
      bytes.fill(0);
    }
  }

  /** Forgets the data key. Node overwrites its memory when it is collected. */
  close(): void {
    this.#key = undefined;
  }

  #open(): KeyObject {
    if (this.#key === undefined) throw new TypeError('the genotype store is closed');
    return this.#key;
  }
}
