import { generateKeyPairSync, sign } from 'node:crypto';
import { type NoteKeyType, noteKey, rawPublicKey } from './notes/key.ts';
import type { NoteSigner } from './notes/signer.ts';

/** A signer with a fresh key, as tests need it: outside of tests private keys stay with their store. */
export function testSigner(name: string, type: NoteKeyType = 'note'): NoteSigner {
  const { privateKey, publicKey } = generateKeyPairSync('ed25519');
  return {
    key: noteKey(name, rawPublicKey(publicKey), type),
    sign: async (message) => sign(null, message, privateKey),
  };
}

/** The entries “entry 0”, “entry 1”, … */
export function testEntries(count: number, from = 0): readonly Uint8Array[] {
  return Array.from({ length: count }, (_, at) => new TextEncoder().encode(`entry ${from + at}`));
}
