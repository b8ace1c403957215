import { hash } from 'node:crypto';

/** Bytes of a SHA-256 hash. */
export const HASH_SIZE = 32;

const sha256 = (bytes: Uint8Array): Uint8Array => hash('sha256', bytes, 'buffer');

/** The root of a tree without leaves: the hash of nothing (RFC 6962, section 2.1). */
export const EMPTY_ROOT: Uint8Array = sha256(new Uint8Array());

/** Hash of a leaf: SHA-256(0x00 ‖ entry) (RFC 6962, section 2.1). */
export function leafHash(entry: Uint8Array): Uint8Array {
  const bytes = new Uint8Array(entry.length + 1);
  bytes.set(entry, 1);
  return sha256(bytes);
}

const pair = new Uint8Array(1 + 2 * HASH_SIZE);
pair[0] = 1;

/** Hash of an inner node: SHA-256(0x01 ‖ left ‖ right) (RFC 6962, section 2.1). */
export function nodeHash(left: Uint8Array, right: Uint8Array): Uint8Array {
  pair.set(left, 1);
  pair.set(right, 1 + HASH_SIZE);
  return sha256(pair);
}

/**
 * The root over a power of two of node hashes, one after the other. In one buffer: a buffer for every inner node would be
 * hundreds a proof, whose collection took 10 ms now and then.
 */
export function foldHashes(hashes: Uint8Array): Uint8Array {
  const level = Buffer.from(hashes);
  for (let width = hashes.length / HASH_SIZE; width > 1; width /= 2) {
    for (let at = 0; at < width; at += 2) {
      pair.set(level.subarray(at * HASH_SIZE, (at + 2) * HASH_SIZE), 1);
      level.write(hash('sha256', pair, 'binary'), (at / 2) * HASH_SIZE, 'binary');
    }
  }
  return new Uint8Array(level.subarray(0, HASH_SIZE));
}

/** Whether two hashes are the same bytes. Hashes of a public log are no secrets: the time it takes may vary. */
export function sameHash(left: Uint8Array, right: Uint8Array): boolean {
  return left.length === right.length && left.every((byte, at) => byte === right[at]);
}
