import { createHash, timingSafeEqual } from 'node:crypto';
import { parseDictionary } from 'structured-headers';

/** The algorithms of RFC 9530 that are not insecure. */
const ALGORITHMS: ReadonlyMap<string, string> = new Map([
  ['sha-256', 'sha256'],
  ['sha-512', 'sha512'],
]);

/** The value of `Content-Digest` (RFC 9530) for a body. */
export function contentDigest(body: Uint8Array): string {
  return digestField(createHash('sha256').update(body).digest());
}

/** The field for a SHA-256 that was computed elsewhere. */
export function digestField(sha256: Uint8Array): string {
  return `sha-256=:${Buffer.from(sha256).toString('base64')}:`;
}

/** Whether a `Content-Digest` names a digest that is known, and none of those contradicts the body. */
export function isDigestOf(field: string, body: Uint8Array): boolean {
  const digests = knownDigests(field);
  return (
    digests.length > 0 &&
    digests.every(([algorithm, digest]) => {
      const actual = createHash(algorithm).update(body).digest();
      return digest.length === actual.length && timingSafeEqual(digest, actual);
    })
  );
}

function knownDigests(field: string): readonly (readonly [algorithm: string, digest: Uint8Array])[] {
  try {
    return [...parseDictionary(field)].flatMap(([name, [value]]) => {
      const algorithm = ALGORITHMS.get(name);
      if (algorithm === undefined) return [];
      return [[algorithm, value instanceof ArrayBuffer ? new Uint8Array(value) : new Uint8Array()] as const];
    });
  } catch {
    return [];
  }
}
