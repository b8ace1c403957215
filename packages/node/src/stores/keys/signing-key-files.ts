import { createHash, createPrivateKey, generateKeyPairSync, type KeyObject, sign } from 'node:crypto';
import { link, readFile, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { canonicalJson } from '@federome/core';
import { NodeError } from '../../errors.ts';
import { replaceFile, syncDirectory } from '../atomic-file.ts';
import type { SigningKey, SigningKeyState, SigningKeys, SigningPurpose } from './signing-keys.ts';

const ES256_PURPOSES: readonly SigningPurpose[] = ['visa', 'identity'];
const PURPOSES: readonly SigningPurpose[] = [...ES256_PURPOSES, 'request', 'ledger', 'witness', 'directory'];
const ORDER: readonly SigningKeyState[] = ['current', 'next', 'retiring'];

interface HeldKey extends SigningKey {
  /** PKCS #8, DER, base64. */
  readonly secret: string;
}

/**
 * Signing keys as files of mode 0600 in a directory of mode 0700, one a purpose: a rotation replaces it as a whole.
 * Nothing is kept in memory between calls, so that every process sees at once what another made.
 */
export class SigningKeyFiles implements SigningKeys {
  readonly #directory: string;
  readonly #now: () => Date;

  constructor(directory: string, now: () => Date) {
    this.#directory = directory;
    this.#now = now;
  }

  async signingKeys(purpose: SigningPurpose): Promise<readonly SigningKey[]> {
    return (await this.#held(purpose)).map(({ secret: _, ...key }) => key);
  }

  async sign(purpose: SigningPurpose, bytes: Uint8Array, keyId?: string) {
    const held = await this.#held(purpose);
    const key = held.find(({ id, state }) => (keyId === undefined ? state === 'current' : id === keyId));
    if (key === undefined) throw missing(keyId ?? purpose, this.#directory);
    const secret = createPrivateKey({
      key: Buffer.from(key.secret, 'base64'),
      format: 'der',
      type: 'pkcs8',
    });
    return { keyId: key.id, signature: signed(key, secret, bytes) };
  }

  async prepare(purpose: SigningPurpose, at: Date): Promise<SigningKey> {
    const held = await this.#held(purpose);
    const next = held.find(({ state }) => state === 'next');
    if (next !== undefined) return next;
    const made = makeKey(purpose, 'next', at);
    await this.#write(purpose, [...held, made]);
    return made;
  }

  async rotate(purpose: SigningPurpose, at: Date): Promise<SigningKey> {
    const { id } = await this.prepare(purpose, at);
    const held = await this.#held(purpose);
    const after = { next: 'current', current: 'retiring', retiring: 'retiring' } as const;
    await this.#write(
      purpose,
      held.map((key) => ({ ...key, state: after[key.state] })),
    );
    const [current] = (await this.signingKeys(purpose)).filter((key) => key.id === id);
    if (current === undefined) throw missing(id, this.#directory);
    return current;
  }

  async retire(keyId: string): Promise<void> {
    for (const purpose of PURPOSES) {
      const held = await this.#held(purpose);
      const key = held.find(({ id }) => id === keyId);
      if (key === undefined) continue;
      if (key.state !== 'retiring') {
        throw new NodeError('node/key-store', `the key ${keyId} is ${key.state}: only a retiring one goes`);
      }
      return await this.#write(
        purpose,
        held.filter(({ id }) => id !== keyId),
      );
    }
    throw missing(keyId, this.#directory);
  }

  async #held(purpose: SigningPurpose): Promise<readonly HeldKey[]> {
    const path = this.#path(purpose);
    const text = await this.#read(path);
    if (text === undefined) return await this.#first(purpose);
    const [digest, json = ''] = text.split('\n');
    if (digest !== digestOf(json)) {
      throw new NodeError('node/key-store', 'the key file was damaged after it was written', {
        location: { file: path },
        publicMessage: 'a key of the node is damaged',
      });
    }
    // The digest vouches for the shape: it was written by `#write`.
    const keys = JSON.parse(json) as readonly HeldKey[];
    return keys.toSorted((a, b) => ORDER.indexOf(a.state) - ORDER.indexOf(b.state));
  }

  /** Of two processes that make the first key, one does, and both go on with it. */
  async #first(purpose: SigningPurpose): Promise<readonly HeldKey[]> {
    const path = this.#path(purpose);
    const key = makeKey(purpose, 'current', this.#now());
    const made = `${path}.${key.id}`;
    await this.#writeTo(made, [key]);
    try {
      await link(made, path);
      await syncDirectory(this.#directory);
      return [key];
    } catch (cause) {
      if (!(cause instanceof Error && 'code' in cause && cause.code === 'EEXIST')) throw cause;
      return await this.#held(purpose);
    } finally {
      await rm(made, { force: true });
    }
  }

  async #read(path: string): Promise<string | undefined> {
    try {
      const { mode } = await stat(path);
      if ((mode & 0o077) !== 0) {
        throw new NodeError(
          'node/key-store',
          'keys that others may read are refused (chmod go= closes them)',
          {
            location: { file: path },
            publicMessage: 'the key store is open to others',
          },
        );
      }
      return await readFile(path, 'utf8');
    } catch (cause) {
      if (cause instanceof Error && 'code' in cause && cause.code === 'ENOENT') return undefined;
      throw cause;
    }
  }

  async #write(purpose: SigningPurpose, keys: readonly HeldKey[]): Promise<void> {
    await this.#writeTo(this.#path(purpose), keys);
  }

  async #writeTo(path: string, keys: readonly HeldKey[]): Promise<void> {
    const json = JSON.stringify(keys);
    await replaceFile(path, async (file) => await file.writeFile(`${digestOf(json)}\n${json}`), 0o600);
  }

  #path(purpose: SigningPurpose): string {
    return join(this.#directory, `${purpose}.signing`);
  }
}

function makeKey(purpose: SigningPurpose, state: SigningKeyState, at: Date): HeldKey {
  const algorithm = ES256_PURPOSES.includes(purpose) ? 'ES256' : 'Ed25519';
  const pair =
    algorithm === 'ES256'
      ? generateKeyPairSync('ec', { namedCurve: 'P-256' })
      : generateKeyPairSync('ed25519');
  const { kty = '', crv = '', x = '', y } = pair.publicKey.export({ format: 'jwk' });
  const publicKey = { crv, kty, x, ...(y !== undefined && { y }) };
  const id = createHash('sha256').update(canonicalJson(publicKey)).digest('base64url');
  const secret = pair.privateKey.export({ format: 'der', type: 'pkcs8' }).toString('base64');
  return { id, purpose, algorithm, publicKey, state, createdAt: at.toISOString(), secret };
}

function signed({ algorithm }: SigningKey, secret: KeyObject, bytes: Uint8Array): Uint8Array {
  return algorithm === 'Ed25519'
    ? sign(null, bytes, secret)
    : sign('sha256', bytes, { key: secret, dsaEncoding: 'ieee-p1363' });
}

function digestOf(json: string): string {
  return createHash('sha256').update(json).digest('hex');
}

function missing(id: string, directory: string): NodeError {
  return new NodeError('node/key-missing', `the key ${id} is not in the key store`, {
    location: { file: directory },
    publicMessage: 'a key of the node is missing',
  });
}
