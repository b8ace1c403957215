import { generateKeyPairSync, type KeyObject, sign } from 'node:crypto';
import { keyThumbprint } from '@federome/core';
import { directoryCrypto } from '../../packages/node/src/stores/directory/directory-crypto.ts';
import type {
  SigningKey,
  SigningKeyState,
  SigningKeys,
  SigningPurpose,
} from '../../packages/node/src/stores/keys/signing-keys.ts';

interface Held {
  readonly key: SigningKey;
  readonly secret: KeyObject;
}

/** Signing keys of a member that lives as long as a test. */
export class MemoryKeys implements SigningKeys {
  #held: Held[] = [];

  async signingKeys(purpose: SigningPurpose): Promise<readonly SigningKey[]> {
    if (!this.#held.some(({ key }) => key.purpose === purpose)) this.#make(purpose, 'current', new Date(0));
    const order: readonly SigningKeyState[] = ['current', 'next', 'retiring'];
    return this.#held
      .map(({ key }) => key)
      .filter((key) => key.purpose === purpose)
      .sort((a, b) => order.indexOf(a.state) - order.indexOf(b.state));
  }

  async sign(purpose: SigningPurpose, bytes: Uint8Array, keyId?: string) {
    const [current] = await this.signingKeys(purpose);
    const held = this.#held.find(({ key }) => key.id === (keyId ?? current?.id) && key.purpose === purpose);
    if (held === undefined) throw new Error(`no key ${keyId}`);
    const isEd25519 = held.key.algorithm === 'Ed25519';
    const signature = isEd25519
      ? sign(null, bytes, held.secret)
      : sign('sha256', bytes, { key: held.secret, dsaEncoding: 'ieee-p1363' });
    return { keyId: held.key.id, signature };
  }

  async prepare(purpose: SigningPurpose, at: Date): Promise<SigningKey> {
    await this.signingKeys(purpose);
    return this.#make(purpose, 'next', at);
  }

  async rotate(purpose: SigningPurpose, at: Date): Promise<SigningKey> {
    await this.signingKeys(purpose);
    if (!this.#held.some(({ key }) => key.purpose === purpose && key.state === 'next')) {
      await this.prepare(purpose, at);
    }
    const after = { next: 'current', current: 'retiring', retiring: 'retiring' } as const;
    this.#held = this.#held.map(({ key, secret }) => ({
      secret,
      key: key.purpose === purpose ? { ...key, state: after[key.state] } : key,
    }));
    return (await this.signingKeys(purpose))[0]!;
  }

  async retire(keyId: string): Promise<void> {
    this.#held = this.#held.filter(({ key }) => key.id !== keyId);
  }

  #make(purpose: SigningPurpose, state: SigningKeyState, at: Date): SigningKey {
    const algorithm = purpose === 'visa' || purpose === 'identity' ? 'ES256' : 'Ed25519';
    const pair =
      algorithm === 'ES256'
        ? generateKeyPairSync('ec', { namedCurve: 'P-256' })
        : generateKeyPairSync('ed25519');
    const { kty = '', crv = '', x = '', y } = pair.publicKey.export({ format: 'jwk' });
    const publicKey = { crv, kty, x, ...(y !== undefined && { y }) };
    const id = keyThumbprint({ publicKey }, directoryCrypto);
    const key = { id, purpose, algorithm, publicKey, state, createdAt: at.toISOString() } as const;
    this.#held.push({ key, secret: pair.privateKey });
    return key;
  }
}
