import type { StoreOptions } from '@federome/genotypes';

/** Names the directory of a node's key files; a store that is made while it is set is encrypted. */
export const KEYS_VARIABLE = 'FEDEROME_BENCH_KEYS';

/** How the measured process opens its store: on one thread, and with the keys of a node where it is to be encrypted. */
export async function storeOptions(): Promise<StoreOptions> {
  const directory = process.env[KEYS_VARIABLE];
  if (directory === undefined) return { threads: 1 };
  // Loaded where keys are used, so that a plain store does not pay for them.
  const { KeyFiles } = await import('../../packages/node/src/stores/keys/key-files.ts');
  const { dataKeys } = await import('../../packages/node/src/stores/keys/data-keys.ts');
  return { threads: 1, keys: dataKeys(new KeyFiles(directory), () => new Date()) };
}
