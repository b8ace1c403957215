import { GenotypeError } from '../errors.ts';
import { SALT_BYTES, type StoreSeal } from './store-seal.ts';

/** A small file as a whole: its salt, then one sealed section; as it is where the store is plain. */
export function sealBytes(seal: StoreSeal | undefined, path: string, raw: Uint8Array): Uint8Array {
  if (seal === undefined) return raw;
  const file = seal.newFile(path);
  return Buffer.concat([file.salt, file.seal(0, raw)]);
}

/** Inverse of `sealBytes`; `genotypes/corrupt` where the seal does not hold. */
export function openBytes(seal: StoreSeal | undefined, path: string, stored: Uint8Array): Uint8Array {
  if (seal === undefined) return stored;
  if (stored.length < SALT_BYTES) {
    throw new GenotypeError('genotypes/corrupt', 'the file is shorter than the salt of its seal', {
      location: { file: path },
      publicMessage: 'stored genotypes are damaged',
    });
  }
  return seal.file(path, stored.subarray(0, SALT_BYTES)).open(0, stored.subarray(SALT_BYTES));
}
