import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { NodeError } from '../../errors.ts';
import { replaceFile } from '../atomic-file.ts';
import { FIRST_LINE, KeyFiles, MARKER, SEALED_LINE } from './key-files.ts';
import { OPEN_SEAL, sealedHeader, sealUnder, storeKeyOf } from './key-seal.ts';
import type { KeyPurpose, KeyStore } from './keys.ts';
import { SigningKeyFiles } from './signing-key-files.ts';
import type { SigningKeys, SigningPurpose } from './signing-keys.ts';

/**
 * All keys of a node, for data and for signing. This is the interface that a PKCS#11 module or a KMS implements to stand
 * behind a node: ten operations, none of which gives a private key away.
 */
export type KeyBackend = KeyStore & SigningKeys;

/** Opens the keys in a directory. Throws `node/wrong-passphrase` before anything is read or made; a store that is absent is missed when it is used. */
export async function openFileKeys(
  directory: string,
  now: () => Date,
  passphrase: () => Promise<string | undefined>,
): Promise<KeyBackend> {
  const line = await headerLine(directory);
  const seal = line === '' ? OPEN_SEAL : sealUnder(await storeKeyOf(line, await passphrase()));
  return joined(new KeyFiles(directory, seal), new SigningKeyFiles(directory, now, seal));
}

/** Puts a key store that has a passphrase under another; keys stay as they are. Throws `node/wrong-passphrase`, `node/key-store`. */
export async function changePassphrase(directory: string, from: string, to: string): Promise<void> {
  const line = await headerLine(directory);
  if (line === '') {
    throw new NodeError(
      'node/key-store',
      'this key store was made without a passphrase (init --passphrase-file)',
      {
        location: { file: directory },
      },
    );
  }
  const storeKey = await storeKeyOf(line, from);
  const header = await sealedHeader(to, storeKey);
  storeKey.fill(0);
  const text = `${SEALED_LINE}\n${header}\n`;
  await replaceFile(join(directory, MARKER), async (file) => await file.writeFile(text), 0o600);
}

/** The passphrase in a file, without the end of its line. Throws `node/wrong-passphrase` where it cannot be read or is shorter than 12 characters. */
export async function readPassphrase(path: string): Promise<string> {
  let text: string;
  try {
    text = await readFile(path, 'utf8');
  } catch (cause) {
    throw new NodeError('node/wrong-passphrase', 'the file of the passphrase cannot be read', {
      cause,
      location: { file: path },
      publicMessage: 'the key store is closed',
    });
  }
  const passphrase = text.replace(/\r?\n$/, '');
  if (passphrase.length >= 12) return passphrase;
  throw new NodeError('node/wrong-passphrase', 'a passphrase has at least 12 characters', {
    location: { file: path },
  });
}

/** What a passphrase opens; empty for a store without one, or where there is no store, as its first use will say. */
async function headerLine(directory: string): Promise<string> {
  const file = join(directory, MARKER);
  let text: string;
  try {
    text = await readFile(file, 'utf8');
  } catch (cause) {
    if (cause instanceof Error && 'code' in cause && cause.code === 'ENOENT') return '';
    throw new NodeError('node/key-store', 'the head of the key store cannot be read', {
      location: { file },
      cause,
    });
  }
  if (text === `${FIRST_LINE}\n`) return '';
  const [first, header = '', end] = text.split('\n');
  if (first === SEALED_LINE && header !== '' && end === '') return header;
  // Taken for a store without a passphrase it would get keys in plain text beside the sealed ones.
  throw new NodeError('node/key-store', 'the head of the key store is damaged: put it back from a backup', {
    location: { file },
  });
}

function joined(data: KeyStore, signing: SigningKeys): KeyBackend {
  return {
    create: (purpose: KeyPurpose, at) => data.create(purpose, at),
    list: () => data.list(),
    destroy: (id) => data.destroy(id),
    wrap: (id, dataKey, context) => data.wrap(id, dataKey, context),
    unwrap: (id, wrapped, context) => data.unwrap(id, wrapped, context),
    signingKeys: (purpose) => signing.signingKeys(purpose),
    sign: (purpose: SigningPurpose, bytes, keyId) => signing.sign(purpose, bytes, keyId),
    prepare: (purpose, at) => signing.prepare(purpose, at),
    rotate: (purpose, at) => signing.rotate(purpose, at),
    retire: (keyId) => signing.retire(keyId),
  };
}
