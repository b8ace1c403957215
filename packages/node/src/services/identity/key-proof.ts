import { randomUUID } from 'node:crypto';
import type { SigningKeys } from '../../stores/keys/signing-keys.ts';

const LIFE_SECONDS = 60;

/** Signs claims with this node's identity key, as a compact JWS (RFC 7515) of a type. */
export async function signedClaims(
  keys: SigningKeys,
  type: string,
  claims: Readonly<Record<string, unknown>>,
): Promise<string> {
  const [current] = await keys.signingKeys('identity');
  const header = { alg: 'ES256', kid: current?.id, typ: type };
  const input = [header, claims]
    .map((part) => Buffer.from(JSON.stringify(part)).toString('base64url'))
    .join('.');
  const { signature } = await keys.sign('identity', Buffer.from(input), current?.id);
  return `${input}.${Buffer.from(signature).toString('base64url')}`;
}

/** How this node proves itself to a provider: a signed assertion for one use (RFC 7523, section 2.2). */
export async function clientAssertion(keys: SigningKeys, clientId: string, audience: string, now: Date) {
  const iat = Math.floor(now.getTime() / 1_000);
  return await signedClaims(keys, 'JWT', {
    iss: clientId,
    sub: clientId,
    aud: audience,
    jti: randomUUID(),
    iat,
    exp: iat + LIFE_SECONDS,
  });
}

/** Public keys of this node's identity as a JWK set (RFC 7517), the current one first. */
export async function identityKeys(keys: SigningKeys): Promise<{ keys: Record<string, string>[] }> {
  const all = await keys.signingKeys('identity');
  return { keys: all.map(({ id, publicKey }) => ({ ...publicKey, kid: id, alg: 'ES256', use: 'sig' })) };
}
