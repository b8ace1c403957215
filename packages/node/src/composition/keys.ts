import { type Home, type InitOptions, keysPath } from '../home.ts';
import { type KeyBackend, openFileKeys, readPassphrase } from '../stores/keys/file-keys.ts';
import { createKeyFiles } from '../stores/keys/key-files.ts';
import { KeyProcess } from '../stores/keys/key-process.ts';
import { type AllowedPurpose, type KeyServer, serveKeys } from '../stores/keys/key-server.ts';

type Environment = Readonly<Record<string, string | undefined>>;

/** Makes the keys of a directory where there are none, and serves them on a socket (`federome keys serve`). Throws `node/key-process`, `node/wrong-passphrase`. */
export async function serveKeysOf(
  directory: string,
  socket: string,
  environment: Environment,
  allowed?: readonly AllowedPurpose[],
): Promise<KeyServer> {
  const file = environment.FEDEROME_PASSPHRASE_FILE;
  await createKeyFiles(directory, file ? await readPassphrase(file) : undefined);
  return await serveKeys(await openKeyFiles(directory, environment, () => new Date()), socket, allowed);
}

/** Makes the key store of a new home, and says whether it did; a process that holds keys has its own. */
export async function createKeys(
  home: Home,
  environment: Environment,
  { passphraseFile }: InitOptions,
): Promise<boolean> {
  if (home.config.keys?.kind === 'process') return false;
  const passphrase = passphraseFile === undefined ? undefined : await readPassphrase(passphraseFile);
  return await createKeyFiles(keysPath(home, environment), passphrase);
}

/** The keys of a home, from its files or the process that holds them. Throws `node/wrong-passphrase`. */
export async function openKeys(home: Home, environment: Environment, now: () => Date): Promise<KeyBackend> {
  const { keys } = home.config;
  if (keys?.kind === 'process') return new KeyProcess(keys.socket);
  return await openKeyFiles(keysPath(home, environment), environment, now);
}

/** The keys in a directory, with the passphrase that `FEDEROME_PASSPHRASE_FILE` names. Throws `node/wrong-passphrase`. */
export async function openKeyFiles(
  directory: string,
  environment: Environment,
  now: () => Date,
): Promise<KeyBackend> {
  const file = environment.FEDEROME_PASSPHRASE_FILE;
  return await openFileKeys(directory, now, async () =>
    file === undefined || file === '' ? undefined : await readPassphrase(file),
  );
}
