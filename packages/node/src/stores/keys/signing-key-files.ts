import {
  createHash,
  createPrivateKey,
  generateKeyPairSync,
  type KeyObject,
  randomUUID,
  sign,
} from 'node:crypto';
import { link, readdir, readFile, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { canonicalJson } from '@federome/core';
import { NodeError } from '../../errors.ts';
import { cannotWrite, replaceFile, syncDirectory } from '../atomic-file.ts';
import { type KeySeal, OPEN_SEAL } from './key-seal.ts';
import type { SigningKey, SigningKeyState, SigningKeys, SigningPurpose } from './signing-keys.ts';

const ES256_PURPOSES: readonly SigningPurpose[] = ['visa', 'identity'];
const PURPOSES: readonly SigningPurpose[] = [...ES256_PURPOSES, 'request', 'ledger', 'witness', 'directory'];
const ORDER: readonly SigningKeyState[] = ['current', 'next', 'retiring'];

interface HeldKey extends SigningKey {
  /** PKCS #8, DER, base64; or sealed. */
  readonly secret: string;
}

interface Version {
  /** 0 is `<purpose>.signing`, any other `<purpose>.<number>.signing`; -1 where there is none. */
  readonly number: number;
  readonly keys: readonly HeldKey[];
}

/**
 * Signing keys as files of mode 0600 in a directory of mode 0700. Each change of a purpose's keys is a new version: of
 * two processes that change the same version one does, and the other starts from what the first made. A process killed
 * anywhere leaves one version or the next. Nothing is kept in memory between calls, so that every process sees at once
 * what another made.
 */
export class SigningKeyFiles implements SigningKeys {
  readonly #directory: string;
  readonly #now: () => Date;
  readonly #seal: KeySeal;

  constructor(directory: string, now: () => Date, seal: KeySeal = OPEN_SEAL) {
    this.#directory = directory;
    this.#now = now;
    this.#seal = seal;
  }

  async signingKeys(purpose: SigningPurpose): Promise<readonly SigningKey[]> {
    return (await this.#held(purpose)).map(publicPart);
  }

  async sign(purpose: SigningPurpose, bytes: Uint8Array, keyId?: string) {
    const held = await this.#held(purpose);
    const key = held.find(({ id, state }) => (keyId === undefined ? state === 'current' : id === keyId));
    if (key === undefined) throw missing(keyId ?? purpose, this.#directory);
    const der = this.#seal.open(key.secret, key.id);
    const secret = createPrivateKey({ key: der, format: 'der', type: 'pkcs8' });
    der.fill(0);
    return { keyId: key.id, signature: signed(key, secret, bytes) };
  }

  async prepare(purpose: SigningPurpose, at: Date): Promise<SigningKey> {
    const keys = await this.#change(purpose, (held) => this.#withNext(purpose, held, at));
    return publicPart(keys.find(({ state }) => state === 'next')!);
  }

  async rotate(purpose: SigningPurpose, at: Date): Promise<SigningKey> {
    const after = { next: 'current', current: 'retiring', retiring: 'retiring' } as const;
    const keys = await this.#change(purpose, (held) =>
      this.#withNext(purpose, held, at).map((key) => ({ ...key, state: after[key.state] })),
    );
    return publicPart(keys.find(({ state }) => state === 'current')!);
  }

  async retire(keyId: string): Promise<void> {
    for (const purpose of PURPOSES) {
      const { keys } = await this.#latest(purpose);
      if (!keys.some(({ id }) => id === keyId)) continue;
      await this.#change(purpose, (held) => {
        const key = held.find(({ id }) => id === keyId);
        if (key === undefined) throw missing(keyId, this.#directory);
        if (key.state === 'retiring') return held.filter(({ id }) => id !== keyId);
        throw new NodeError('node/key-store', `the key ${keyId} is ${key.state}: only a retiring one goes`);
      });
      return;
    }
    throw missing(keyId, this.#directory);
  }

  async #held(purpose: SigningPurpose): Promise<readonly HeldKey[]> {
    const { number, keys } = await this.#latest(purpose);
    return number < 0 ? await this.#change(purpose, (held) => held) : keys;
  }

  /** Of two processes that change the same version, one does; the other changes what the first made. */
  async #change(purpose: SigningPurpose, to: (held: readonly HeldKey[]) => readonly HeldKey[]) {
    for (;;) {
      const { number, keys } = await this.#latest(purpose);
      const held = number < 0 ? [this.#made(purpose, 'current', this.#now())] : keys;
      const changed = sorted(to(held));
      if (number >= 0 && changed === held) return held;
      if (await this.#publish(purpose, number + 1, changed)) return changed;
    }
  }

  /** Whether this became the latest version: not where another made it, or later ones, meanwhile. */
  async #publish(purpose: SigningPurpose, number: number, keys: readonly HeldKey[]): Promise<boolean> {
    const path = this.#path(purpose, number);
    const made = `${path}.${randomUUID()}`;
    await this.#writeTo(made, keys);
    try {
      await link(made, path);
    } catch (cause) {
      if (isCode(cause, 'EEXIST')) return false;
      throw cannotWrite(path, cause);
    } finally {
      await rm(made, { force: true });
    }
    const versions = await this.#versions(purpose);
    const isLatest = versions.every((each) => each <= number);
    const gone = versions.filter((each) => (isLatest ? each < number : each === number));
    await Promise.all(gone.map((each) => rm(this.#path(purpose, each), { force: true })));
    await syncDirectory(this.#directory);
    return isLatest;
  }

  async #latest(purpose: SigningPurpose): Promise<Version> {
    for (;;) {
      const number = Math.max(-1, ...(await this.#versions(purpose)));
      if (number < 0) return { number, keys: [] };
      const keys = await this.#read(this.#path(purpose, number));
      if (keys !== undefined) return { number, keys };
    }
  }

  async #versions(purpose: SigningPurpose): Promise<readonly number[]> {
    const names = await readdir(this.#directory);
    const form = new RegExp(`^${purpose}(?:\\.([1-9][0-9]{0,14}))?\\.signing$`);
    return names.flatMap((name) => {
      const match = form.exec(name);
      return match === null ? [] : [Number(match[1] ?? 0)];
    });
  }

  /** Nothing where another process has made a later version meanwhile. */
  async #read(path: string): Promise<readonly HeldKey[] | undefined> {
    let text: string;
    try {
      assertPrivate(path, (await stat(path)).mode);
      text = await readFile(path, 'utf8');
    } catch (cause) {
      if (isCode(cause, 'ENOENT')) return undefined;
      throw cause;
    }
    const [digest, json = ''] = text.split('\n');
    if (digest !== digestOf(json)) {
      throw new NodeError('node/key-store', 'the key file was damaged after it was written', {
        location: { file: path },
        publicMessage: 'a key of the node is damaged',
      });
    }
    // The digest vouches for the shape: it was written by `#writeTo`.
    return sorted(JSON.parse(json) as readonly HeldKey[]);
  }

  async #writeTo(path: string, keys: readonly HeldKey[]): Promise<void> {
    const json = JSON.stringify(keys);
    await replaceFile(path, async (file) => await file.writeFile(`${digestOf(json)}\n${json}`), 0o600);
  }

  #withNext(purpose: SigningPurpose, held: readonly HeldKey[], at: Date): readonly HeldKey[] {
    if (held.some(({ state }) => state === 'next')) return held;
    return [...held, this.#made(purpose, 'next', at)];
  }

  #made(purpose: SigningPurpose, state: SigningKeyState, at: Date): HeldKey {
    return makeKey(purpose, state, at, this.#seal);
  }

  #path(purpose: SigningPurpose, number: number): string {
    return join(this.#directory, number === 0 ? `${purpose}.signing` : `${purpose}.${number}.signing`);
  }
}

function publicPart({ secret: _, ...key }: HeldKey): SigningKey {
  return key;
}

function sorted(keys: readonly HeldKey[]): readonly HeldKey[] {
  const inOrder = keys.every(
    ({ state }, place) => place === 0 || ORDER.indexOf(keys[place - 1]!.state) <= ORDER.indexOf(state),
  );
  return inOrder ? keys : keys.toSorted((a, b) => ORDER.indexOf(a.state) - ORDER.indexOf(b.state));
}

function isCode(cause: unknown, code: string): boolean {
  return cause instanceof Error && 'code' in cause && cause.code === code;
}

function assertPrivate(file: string, mode: number): void {
  if ((mode & 0o077) === 0) return;
  throw new NodeError('node/key-store', 'keys that others may read are refused (chmod go= closes them)', {
    location: { file },
    publicMessage: 'the key store is open to others',
  });
}

function makeKey(purpose: SigningPurpose, state: SigningKeyState, at: Date, seal: KeySeal): HeldKey {
  const algorithm = ES256_PURPOSES.includes(purpose) ? 'ES256' : 'Ed25519';
  const pair =
    algorithm === 'ES256'
      ? generateKeyPairSync('ec', { namedCurve: 'P-256' })
      : generateKeyPairSync('ed25519');
  const { kty = '', crv = '', x = '', y } = pair.publicKey.export({ format: 'jwk' });
  const publicKey = { crv, kty, x, ...(y !== undefined && { y }) };
  const id = createHash('sha256').update(canonicalJson(publicKey)).digest('base64url');
  const der = pair.privateKey.export({ format: 'der', type: 'pkcs8' });
  const secret = seal.seal(der, id);
  der.fill(0);
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
