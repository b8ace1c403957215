import type { DataKeys } from '@federome/genotypes';
import type { KeyStore } from './keys.ts';

/** The keys of genotype stores in a node's key store. */
export function dataKeys(keys: KeyStore, now: () => Date): DataKeys {
  return {
    create: async () => (await keys.create('data', now())).id,
    wrap: (id, dataKey, context) => keys.wrap(id, dataKey, context),
    unwrap: (id, wrapped, context) => keys.unwrap(id, wrapped, context),
    destroy: (id) => keys.destroy(id),
  };
}
