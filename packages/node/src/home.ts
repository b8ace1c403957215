import { mkdir, readdir, readFile, rm } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { DISCLOSURE_FLOOR, type DisclosurePolicy } from '@federome/core';
import { NodeError } from './errors.ts';
import { checkedConfig, FORMAT_VERSION, type NodeConfig } from './node-config.ts';
import { cannotWrite, replaceFile } from './stores/atomic-file.ts';

export { isIdentifier, type NodeConfig } from './node-config.ts';

const KEYS = 'keys';

/** Where a node's files lie. */
export interface Home {
  readonly directory: string;
  readonly config: NodeConfig;
}

/** What a home is made with. */
export interface InitOptions {
  readonly country: string;
  readonly role?: NodeConfig['role'] | undefined;
  readonly id?: string | undefined;
  readonly name?: string | undefined;
  readonly records?: NodeConfig['records'] | undefined;
  readonly disclosure?: Partial<DisclosurePolicy> | undefined;
  /** Directory of the node's keys; `keys` in the home unless given. */
  readonly keys?: string | undefined;
  /** File with the passphrase under which the key files are put; it is not kept. */
  readonly passphraseFile?: string | undefined;
  /** Socket of a process that holds the keys (`federome keys serve`), in place of files. */
  readonly keysSocket?: string | undefined;
  readonly segments?: NodeConfig['segments'] | undefined;
}

/** Makes a node's home in a directory that is absent or empty. Throws `node/home-exists`, `node/bad-config`, `node/cannot-write`. */
export async function createHome(directory: string, options: InitOptions): Promise<Home> {
  const role = options.role ?? 'node';
  const country = options.country.toUpperCase();
  const config = checkedConfig(
    {
      formatVersion: FORMAT_VERSION,
      role,
      id: options.id ?? `federome.${country.toLowerCase()}${role === 'hub' ? '.hub' : ''}`,
      country,
      name: options.name ?? `Federome ${role === 'hub' ? 'hub' : 'node'} ${country}`,
      records: options.records ?? { kind: 'sqlite' },
      disclosure: { ...DISCLOSURE_FLOOR, ...options.disclosure },
      keys:
        options.keysSocket === undefined
          ? { kind: 'files', path: options.keys === undefined ? KEYS : resolve(options.keys) }
          : { kind: 'process', socket: resolve(options.keysSocket) },
      segments: options.segments ?? 'sealed',
    },
    'the options',
  );
  if (!(await isEmptyDirectory(directory))) {
    throw new NodeError('node/home-exists', `${directory} is not empty: a new home needs an empty directory`);
  }
  await replaceFile(
    configPath(directory),
    async (file) => await file.writeFile(`${JSON.stringify(config, null, 2)}\n`),
    0o600,
  );
  return { directory, config };
}

/** Takes back what `createHome` made, for a home whose stores could not be made. */
export async function removeHome({ directory }: Home): Promise<void> {
  await rm(configPath(directory), { force: true });
}

/** Reads a node's home. Throws `node/no-home`, `node/bad-config`. */
export async function readHome(directory: string): Promise<Home> {
  const path = configPath(directory);
  let text: string;
  try {
    text = await readFile(path, 'utf8');
  } catch (cause) {
    throw new NodeError(
      'node/no-home',
      `${directory} is not the home of a node: it has no federome.json (federome init makes one)`,
      { cause },
    );
  }
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (cause) {
    throw new NodeError('node/bad-config', 'not JSON', { cause, location: { file: path } });
  }
  return { directory, config: checkedConfig(value, path) };
}

export function recordsPath(home: Home): string {
  return join(home.directory, 'records.sqlite');
}

/** Where the node's keys are: `FEDEROME_KEYS`, or what the configuration says. */
export function keysPath(
  { directory, config }: Home,
  environment: Readonly<Record<string, string | undefined>>,
): string {
  const path = config.keys?.kind === 'files' ? config.keys.path : KEYS;
  return resolve(directory, environment.FEDEROME_KEYS || path);
}

/** Records of deletions, which outlive what they tell of. */
export function deletionsPath(home: Home): string {
  return join(home.directory, 'deletions');
}

/** The files of the node's ledger: commitments only, which anybody may read. */
export function ledgerPath(home: Home): string {
  return join(home.directory, 'ledger');
}

/** `dataset` is an identifier that passed `isIdentifier`. */
export function genotypesPath(home: Home, dataset: string): string {
  return join(home.directory, 'datasets', dataset, 'genotypes');
}

/** Whether a directory, made where it is absent, holds nothing. */
async function isEmptyDirectory(directory: string): Promise<boolean> {
  try {
    await mkdir(directory, { recursive: true, mode: 0o700 });
    return (await readdir(directory)).length === 0;
  } catch (cause) {
    throw cannotWrite(directory, cause);
  }
}

function configPath(directory: string): string {
  return join(directory, 'federome.json');
}
