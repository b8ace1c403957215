import { mkdir, readdir, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { assertAtLeastFloor, CoreError, DISCLOSURE_FLOOR, type DisclosurePolicy } from '@federome/core';
import { type Static, Type } from 'typebox';
import { Errors, Check as matches } from 'typebox/value';
import { isCountry } from './countries.ts';
import { NodeError } from './errors.ts';
import { cannotWrite, replaceFile } from './stores/atomic-file.ts';

const FORMAT_VERSION = 1;
const IDENTIFIER = '^[A-Za-z0-9][A-Za-z0-9._-]{0,99}$';

const Config = Type.Object(
  {
    formatVersion: Type.Literal(FORMAT_VERSION),
    role: Type.Union([Type.Literal('node'), Type.Literal('hub')]),
    /** Unique in the network; reverse-domain by custom, as Beacon wants it. */
    id: Type.String({ pattern: IDENTIFIER }),
    /** ISO 3166-1 alpha-2. */
    country: Type.String({ pattern: '^[A-Z]{2}$' }),
    name: Type.String({ minLength: 1, maxLength: 200 }),
    records: Type.Union([
      Type.Object({ kind: Type.Literal('sqlite') }, { additionalProperties: false }),
      Type.Object(
        {
          kind: Type.Literal('postgres'),
          /** Name of the environment variable that holds the URL: it may contain a password. */
          urlVariable: Type.String({ pattern: '^[A-Za-z_][A-Za-z0-9_]*$' }),
        },
        { additionalProperties: false },
      ),
    ]),
    disclosure: Type.Object(
      {
        countThreshold: Type.Integer({ minimum: 1 }),
        roundTo: Type.Integer({ minimum: 1 }),
        frequencyMinorCount: Type.Integer({ minimum: 1 }),
        frequencyMinPeople: Type.Integer({ minimum: 1 }),
        publicGranularity: Type.Union([Type.Literal('boolean'), Type.Literal('count')]),
      },
      { additionalProperties: false },
    ),
    /** Of a hub: questions to begin with; each is checked as an asked one is when the hub begins to serve. */
    examples: Type.Optional(
      Type.Array(
        Type.Object(
          { label: Type.String({ minLength: 1, maxLength: 200 }), question: Type.Unknown() },
          { additionalProperties: false },
        ),
        { maxItems: 12 },
      ),
    ),
  },
  { additionalProperties: false },
);

/** What `federome.json` says. No secret stands in it. */
export type NodeConfig = Static<typeof Config>;

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
}

/** Makes a node's home in a directory that is absent or empty. Throws `node/home-exists`, `node/bad-config`, `node/cannot-write`. */
export async function createHome(directory: string, options: InitOptions): Promise<Home> {
  const role = options.role ?? 'node';
  const country = options.country.toUpperCase();
  const config = checked(
    {
      formatVersion: FORMAT_VERSION,
      role,
      id: options.id ?? `federome.${country.toLowerCase()}${role === 'hub' ? '.hub' : ''}`,
      country,
      name: options.name ?? `Federome ${role === 'hub' ? 'hub' : 'node'} ${country}`,
      records: options.records ?? { kind: 'sqlite' },
      disclosure: { ...DISCLOSURE_FLOOR, ...options.disclosure },
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
  return { directory, config: checked(value, path) };
}

export function recordsPath(home: Home): string {
  return join(home.directory, 'records.sqlite');
}

/** `dataset` is an identifier that passed `isIdentifier`. */
export function genotypesPath(home: Home, dataset: string): string {
  return join(home.directory, 'datasets', dataset, 'genotypes');
}

/** Letters, digits, `.`, `_` and `-`, not beginning with a sign: what may become the name of a folder. */
export function isIdentifier(text: string): boolean {
  return new RegExp(IDENTIFIER).test(text);
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

function checked(value: unknown, source: string): NodeConfig {
  const bad = (why: string, cause?: unknown) =>
    new NodeError('node/bad-config', `${source}: ${why}`, { cause });
  if (!matches(Config, value)) {
    const [first] = Errors(Config, value);
    throw bad(`${first?.instancePath.slice(1).replaceAll('/', '.') || 'it'} ${first?.message ?? 'is wrong'}`);
  }
  if (!isCountry(value.country)) {
    throw bad(`country '${value.country}' is not an ISO 3166-1 alpha-2 code such as EE or ES`);
  }
  try {
    assertAtLeastFloor(value.disclosure);
  } catch (cause) {
    if (cause instanceof CoreError) throw bad(cause.message, cause);
    throw cause;
  }
  return value;
}
