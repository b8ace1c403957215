import { createHash, createPublicKey, type KeyObject, verify } from 'node:crypto';
import type { DirectoryCrypto, MemberKey } from '@federome/core';

const KEPT_KEYS = 1_000;
const keys = new Map<string, KeyObject>();

/** Hashes and signatures as the rules of the directory need them. */
export const directoryCrypto: DirectoryCrypto = {
  hash: (bytes) => createHash('sha256').update(bytes).digest('base64url'),
  verify: (key, bytes, signature) => isSignature(key, bytes, Buffer.from(signature, 'base64url')),
};

/** Ed25519 as RFC 8032 has it, ES256 as RFC 7518, section 3.4. */
function isSignature(key: MemberKey, bytes: Uint8Array, signature: Uint8Array): boolean {
  if (signature.length !== 64) return false;
  try {
    const object = keyObject(key);
    return key.algorithm === 'Ed25519'
      ? verify(null, bytes, object, signature)
      : verify('sha256', bytes, { key: object, dsaEncoding: 'ieee-p1363' }, signature);
  } catch {
    // No key of its kind: nothing can be signed by it.
    return false;
  }
}

function keyObject({ publicKey }: MemberKey): KeyObject {
  const name = JSON.stringify(publicKey);
  const kept = keys.get(name);
  if (kept !== undefined) return kept;
  const object = createPublicKey({ key: { ...publicKey }, format: 'jwk' });
  if (keys.size >= KEPT_KEYS) keys.clear();
  keys.set(name, object);
  return object;
}
