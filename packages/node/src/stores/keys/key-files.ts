import { createHash, randomBytes, randomUUID } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, open, readdir, readFile, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { unwrapKey, wrapKey } from '@federome/genotypes';
import { NodeError } from '../../errors.ts';
import { cannotWrite, replaceFile, syncDirectory } from '../atomic-file.ts';
import { type KeySeal, OPEN_SEAL, sealedHeader } from './key-seal.ts';
import type { KeyInfo, KeyPurpose, KeyStore } from './keys.ts';

/** The file that says: here is a key store. */
export const MARKER = 'federome-keys';
export const FIRST_LINE = 'federome-key 1';
/** First line of the head of a store under a passphrase, so that a cut head is no head without one. */
export const SEALED_LINE = `${FIRST_LINE} sealed`;
const SUFFIX = '.key';
const ID = /^[0-9a-f-]{36}$/;

interface KeyFile extends KeyInfo {
  /** 256 bits in base64, or sealed. */
  readonly secret: string;
}

/**
 * Makes an empty key store in a directory of mode 0700, under a passphrase where one is given, and says whether it did: one that is there stays. Throws
 * `node/cannot-write`, and `node/key-store` where the directory is open to others.
 */
export async function createKeyFiles(directory: string, passphrase?: string): Promise<boolean> {
  try {
    await mkdir(directory, { recursive: true, mode: 0o700 });
  } catch (cause) {
    throw cannotWrite(directory, cause);
  }
  await assertPrivate(directory);
  if (existsSync(join(directory, MARKER))) return false;
  const head =
    passphrase === undefined ? `${FIRST_LINE}\n` : `${SEALED_LINE}\n${await sealedHeader(passphrase)}\n`;
  await replaceFile(join(directory, MARKER), async (file) => await file.writeFile(head), 0o600);
  return true;
}

/** Takes back what `createKeyFiles` made, as long as no key is in it. */
export async function removeKeyFiles(directory: string): Promise<void> {
  if ((await readdir(directory)).some((name) => name !== MARKER)) return;
  await rm(directory, { recursive: true });
}

/**
 * Keys as files of mode 0600, one a key: none is rewritten when another is made or destroyed, and a damaged one takes no
 * other with it. Files or a directory that others than the owner may read are refused. Nothing is kept in memory
 * between calls, so that every process sees at once what another made or destroyed.
 */
export class KeyFiles implements KeyStore {
  readonly #directory: string;
  readonly #seal: KeySeal;

  constructor(directory: string, seal: KeySeal = OPEN_SEAL) {
    this.#directory = directory;
    this.#seal = seal;
  }

  async create(purpose: KeyPurpose, at: Date): Promise<KeyInfo> {
    await this.#assertThere();
    const info = { id: randomUUID(), purpose, createdAt: at.toISOString() };
    const secret = randomBytes(32);
    const json = JSON.stringify({ ...info, secret: this.#seal.seal(secret, info.id) });
    await replaceFile(
      this.#path(info.id),
      async (file) => await file.writeFile(`${FIRST_LINE} ${digestOf(json)}\n${json}\n`),
      0o600,
    );
    secret.fill(0);
    return info;
  }

  async list(): Promise<readonly KeyInfo[]> {
    await this.#assertThere();
    const names = (await readdir(this.#directory)).filter((name) => name.endsWith(SUFFIX));
    const keys = await Promise.all(names.map((name) => this.#read(name.slice(0, -SUFFIX.length))));
    return keys
      .map(({ id, purpose, createdAt }) => ({ id, purpose, createdAt }))
      .sort((a, b) => a.createdAt.localeCompare(b.createdAt) || a.id.localeCompare(b.id));
  }

  /** The bytes are written over first, which helps on disks that write in place. */
  async destroy(id: string): Promise<void> {
    if (!ID.test(id)) return;
    const path = this.#path(id);
    const { size } = await stat(path).catch(() => ({ size: undefined }));
    if (size === undefined) return;
    try {
      const file = await open(path, 'r+');
      try {
        await file.write(randomBytes(size), 0, size, 0);
        await file.sync();
      } finally {
        await file.close();
      }
      await rm(path, { force: true });
      await syncDirectory(this.#directory);
    } catch (cause) {
      throw cannotWrite(path, cause);
    }
  }

  async wrap(id: string, dataKey: Uint8Array, context: string): Promise<Uint8Array> {
    return await this.#with(id, async (key) => wrapKey(key, dataKey, boundTo(id, context)));
  }

  async unwrap(id: string, wrapped: Uint8Array, context: string): Promise<Uint8Array> {
    return await this.#with(id, async (key) => {
      try {
        return unwrapKey(key, wrapped, boundTo(id, context));
      } catch (cause) {
        throw new NodeError('node/wrong-key', `the key ${id} is not the one that sealed this`, {
          publicMessage: 'a key of the node does not fit',
          cause,
        });
      }
    });
  }

  async #with<T>(id: string, use: (key: Uint8Array) => Promise<T>): Promise<T> {
    const { secret } = await this.#read(id);
    const key = this.#seal.open(secret, id);
    try {
      return await use(key);
    } finally {
      key.fill(0);
    }
  }

  async #read(id: string): Promise<KeyFile> {
    if (!ID.test(id)) throw missing(id, this.#directory);
    const path = this.#path(id);
    await this.#assertThere();
    await assertPrivate(path).catch((cause: unknown) => {
      throw cause instanceof NodeError ? cause : missing(id, this.#directory, cause);
    });
    const [head, json = '', end] = (await readFile(path, 'utf8')).split('\n');
    if (head !== `${FIRST_LINE} ${digestOf(json)}` || end !== '') throw damaged(path);
    // The digest vouches for the shape: it was written by `create`.
    const key = JSON.parse(json) as KeyFile;
    if (key.id !== id) throw damaged(path);
    return key;
  }

  async #assertThere(): Promise<void> {
    try {
      await assertPrivate(this.#directory);
      await assertPrivate(join(this.#directory, MARKER));
    } catch (cause) {
      if (cause instanceof NodeError) throw cause;
      throw new NodeError('node/key-store', 'there is no key store here: is its volume mounted?', {
        cause,
        publicMessage: 'the key store is not there',
        location: { file: this.#directory },
      });
    }
  }

  #path(id: string): string {
    return join(this.#directory, id + SUFFIX);
  }
}

/** Throws what `stat` does where nothing is there. */
async function assertPrivate(path: string): Promise<void> {
  const { mode } = await stat(path);
  if ((mode & 0o077) === 0) return;
  const open = (mode & 0o777).toString(8);
  throw new NodeError(
    'node/key-store',
    `keys that others may read are refused: the mode is ${open}, expected nothing for group and others (chmod go= makes it so)`,
    { location: { file: path }, publicMessage: 'the key store is open to others' },
  );
}

function missing(id: string, directory: string, cause?: unknown): NodeError {
  return new NodeError('node/key-missing', `the key ${id} is not in the key store`, {
    cause,
    location: { file: directory },
    publicMessage: 'a key of the node is missing',
  });
}

function damaged(path: string): NodeError {
  return new NodeError(
    'node/key-store',
    'the key file was damaged after it was written: restore it from a copy',
    {
      location: { file: path },
      publicMessage: 'a key of the node is damaged',
    },
  );
}

/** A key store may hold keys of several purposes: what was wrapped for one is nothing under another. */
function boundTo(id: string, context: string): string {
  return `federome data key 1\n${id}\n${context}`;
}

function digestOf(json: string): string {
  return createHash('sha256').update(json).digest('hex');
}
