import { createPublicKey, type KeyObject } from 'node:crypto';
import {
  type MemberKeyPurpose,
  type Members,
  Refusal,
  type TokenAlgorithm,
  type TrustedIssuer,
} from '@federome/core';
import type { SigningKeys } from '../../stores/keys/signing-keys.ts';
import type { JwksCache } from './jwks-cache.ts';
import type { TrustedBroker } from './trust.ts';

/** A key that may verify, and a name that no other key has. */
export interface VerificationKey {
  readonly id: string;
  readonly key: KeyObject;
}

export interface VerificationKeyPorts {
  readonly self: string;
  readonly keys: SigningKeys;
  readonly members: Members;
  readonly outside: JwksCache;
}

const MINIMUM_RSA_BITS = 2_048;

/**
 * Finds the key that a token names: one's own in the key store, another member's in the directory and nowhere else, an
 * outside issuer's at its configured address. All throw `Refusal`: `unknown-key`, `wrong-key-kind`, `keys-unavailable`.
 */
export class VerificationKeys {
  readonly #ports: VerificationKeyPorts;

  constructor(ports: VerificationKeyPorts) {
    this.#ports = ports;
  }

  async ofIssuer(issuer: TrustedIssuer, kid: string, algorithm: TokenAlgorithm): Promise<VerificationKey> {
    const { member, jku } = issuer;
    return member === undefined
      ? await this.#outside(jku, kid, algorithm)
      : await this.ofMember(member, 'visa', kid, algorithm);
  }

  async ofBroker({ keys }: TrustedBroker, kid: string, algorithm: TokenAlgorithm): Promise<VerificationKey> {
    return keys.kind === 'url'
      ? await this.#outside(keys.url, kid, algorithm)
      : await this.ofMember(keys.member, 'identity', kid, algorithm);
  }

  async ofMember(
    member: string,
    purpose: MemberKeyPurpose,
    kid: string,
    algorithm: TokenAlgorithm,
  ): Promise<VerificationKey> {
    const found = (await this.#keysOf(member, purpose)).find(({ id }) => id === kid);
    if (found === undefined) {
      throw new Refusal('unknown-key', `'${member}' has no key of this name for this purpose`);
    }
    return keyOf({ ...found.publicKey }, algorithm);
  }

  async #keysOf(member: string, purpose: MemberKeyPurpose) {
    if (member === this.#ports.self) return await this.#ports.keys.signingKeys(purpose);
    const keys = (await this.#ports.members.member(member))?.keys ?? [];
    return keys.filter((key) => key.purpose === purpose);
  }

  async #outside(url: string, kid: string, algorithm: TokenAlgorithm): Promise<VerificationKey> {
    const jwk = await this.#ports.outside.key(url, kid);
    if (jwk.use !== undefined && jwk.use !== 'sig') {
      throw new Refusal('wrong-key-kind', 'the key is not for signing');
    }
    const { kty, crv, x, y, n, e } = jwk;
    const given = Object.entries({ kty, crv, x, y, n, e }).filter(([, value]) => typeof value === 'string');
    return keyOf(Object.fromEntries(given), algorithm);
  }
}

function keyOf(jwk: Readonly<Record<string, unknown>>, algorithm: TokenAlgorithm): VerificationKey {
  const wrong = new Refusal('wrong-key-kind', `the key of this name is none for ${algorithm}`);
  if (jwk.kty !== (algorithm === 'ES256' ? 'EC' : 'RSA')) throw wrong;
  let key: KeyObject;
  try {
    key = createPublicKey({ key: { ...jwk }, format: 'jwk' });
  } catch {
    throw wrong;
  }
  const { namedCurve, modulusLength = 0 } = key.asymmetricKeyDetails ?? {};
  const fits = algorithm === 'ES256' ? namedCurve === 'prime256v1' : modulusLength >= MINIMUM_RSA_BITS;
  if (!fits) throw wrong;
  return { id: JSON.stringify(jwk), key };
}
