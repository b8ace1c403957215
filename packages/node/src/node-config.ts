import { assertAtLeastFloor, CoreError, type DisclosurePolicy } from '@federome/core';
import { isCountry } from './countries.ts';
import { NodeError } from './errors.ts';
import { checkedVisaTrust, type VisaTrust } from './visa-trust.ts';

export const FORMAT_VERSION = 1;
const LEAST_AUDIT_DAYS = 366;
const IDENTIFIER = /^[A-Za-z0-9][A-Za-z0-9._-]{0,99}$/;

/** What `federome.json` says. No secret stands in it. */
export interface NodeConfig {
  readonly formatVersion: typeof FORMAT_VERSION;
  readonly role: 'node' | 'hub';
  /** Unique in the network; reverse-domain by custom, as Beacon wants it. */
  readonly id: string;
  /** ISO 3166-1 alpha-2. */
  readonly country: string;
  readonly name: string;
  readonly records:
    | { readonly kind: 'sqlite' }
    /** `urlVariable` names the environment variable that holds the URL: it may contain a password. */
    | { readonly kind: 'postgres'; readonly urlVariable: string };
  readonly disclosure: DisclosurePolicy;
  /** Where the node's keys are: a directory, absolute or within the home. `keys` in homes that do not say. */
  readonly keys?:
    | { readonly kind: 'files'; readonly path: string }
    /** A process that alone holds the keys, at an absolute path. */
    | { readonly kind: 'process'; readonly socket: string };
  /** How new datasets are kept: `sealed` (encrypted, unless it says otherwise), or `plain` on a volume that is encrypted. */
  readonly segments?: 'sealed' | 'plain';
  /** How many days receipts of exchanges with other members are kept; 90 in homes that do not say. */
  readonly receiptDays?: number;
  /** How many days the audit is kept, at least 366; 1,096 (three years) in homes that do not say. */
  readonly auditDays?: number;
  /** Whom outside the network this node believes about passports and visas; nobody in homes that do not say. */
  readonly visas?: VisaTrust;
  /** How people log in; nobody can where it is left out. */
  readonly identity?: IdentityConfig;
  /** Of a hub: questions to begin with; each is checked as an asked one is when the hub begins to serve. */
  readonly examples?: readonly { readonly label: string; readonly question: unknown }[];
}

/** An OpenID provider at which people may log in. */
export interface ProviderConfig {
  readonly id: string;
  readonly name: string;
  readonly issuer: string;
  readonly clientId: string;
  /** Environment variable that holds the secret; without one the node proves itself with its own key (RFC 7523). */
  readonly clientSecretVariable?: string;
  /** Asked for besides `openid`. */
  readonly scopes?: readonly string[];
}

export interface IdentityConfig {
  /** The embedded provider: of people with passphrases, or of demonstration people (on loopback only). */
  readonly embedded?: 'local' | 'demo';
  readonly providers?: readonly ProviderConfig[];
}

/** Letters, digits, `.`, `_` and `-`, not beginning with a sign: what may become the name of a folder. */
export function isIdentifier(text: string): boolean {
  return IDENTIFIER.test(text);
}

/**
 * Holds a value to the form of `NodeConfig`, member by member and no other; `source` is named in `node/bad-config`.
 * By hand: a validator's modules would be a tenth of the start of every command.
 */
export function checkedConfig(value: unknown, source: string): NodeConfig {
  const reader = new Reader(source);
  const given = reader.object(value, '', [
    'formatVersion',
    'role',
    'id',
    'country',
    'name',
    'records',
    'disclosure',
    'keys',
    'segments',
    'receiptDays',
    'auditDays',
    'visas',
    'identity',
    'examples',
  ]);
  const {
    formatVersion,
    role,
    id,
    country,
    name,
    records,
    disclosure,
    keys,
    segments,
    receiptDays,
    auditDays,
    visas,
    identity,
    examples,
  } = given;
  const config: NodeConfig = {
    formatVersion: reader.oneOf(formatVersion, 'formatVersion', [FORMAT_VERSION]),
    role: reader.oneOf(role, 'role', ['node', 'hub']),
    id: reader.text(id, 'id', IDENTIFIER),
    country: reader.text(country, 'country', /^[A-Z]{2}$/),
    name: reader.text(name, 'name', /^[\s\S]{1,200}$/),
    records: recordsOf(reader, records),
    disclosure: disclosureOf(reader, disclosure),
    ...(keys === undefined ? {} : { keys: keysOf(reader, keys) }),
    ...(segments === undefined ? {} : { segments: reader.oneOf(segments, 'segments', ['sealed', 'plain']) }),
    ...(receiptDays === undefined ? {} : { receiptDays: reader.count(receiptDays, 'receiptDays') }),
    ...(auditDays === undefined ? {} : { auditDays: auditDaysOf(reader, auditDays) }),
    ...(visas === undefined ? {} : { visas: checkedVisaTrust(visas, source) }),
    ...(identity === undefined ? {} : { identity: identityOf(reader, identity) }),
    ...(examples === undefined ? {} : { examples: examplesOf(reader, examples) }),
  };
  if (!isCountry(config.country)) {
    reader.refuse(`country '${config.country}' is not an ISO 3166-1 alpha-2 code such as EE or ES`);
  }
  try {
    assertAtLeastFloor(config.disclosure);
  } catch (cause) {
    if (cause instanceof CoreError) return reader.refuse(cause.message, cause);
    throw cause;
  }
  return config;
}

/** Logs of access are kept for a year at least (Regulation (EU) 2025/327, Article 73). */
function auditDaysOf(reader: Reader, value: unknown): number {
  const days = reader.count(value, 'auditDays');
  if (days < LEAST_AUDIT_DAYS) reader.refuse(`auditDays must be at least ${LEAST_AUDIT_DAYS}`);
  return days;
}

function recordsOf(reader: Reader, value: unknown): NodeConfig['records'] {
  const { kind, urlVariable } = reader.object(value, 'records', ['kind', 'urlVariable']);
  if (reader.oneOf(kind, 'records.kind', ['sqlite', 'postgres']) === 'sqlite') {
    if (urlVariable !== undefined) reader.refuse('records.urlVariable belongs to PostgreSQL only');
    return { kind: 'sqlite' };
  }
  return {
    kind: 'postgres',
    urlVariable: reader.text(urlVariable, 'records.urlVariable', /^[A-Za-z_][A-Za-z0-9_]*$/),
  };
}

function keysOf(reader: Reader, value: unknown): NonNullable<NodeConfig['keys']> {
  const { kind, path, socket } = reader.object(value, 'keys', ['kind', 'path', 'socket']);
  if (reader.oneOf(kind, 'keys.kind', ['files', 'process']) === 'process') {
    if (path !== undefined) reader.refuse('keys.path belongs to keys in files only');
    return { kind: 'process', socket: reader.text(socket, 'keys.socket', /^\/[^\0]{1,100}$/) };
  }
  if (socket !== undefined) reader.refuse('keys.socket belongs to a process of keys only');
  return {
    kind: 'files',
    path: reader.text(path, 'keys.path', /^[^\0]+$/),
  };
}

function identityOf(reader: Reader, value: unknown): IdentityConfig {
  const { embedded, providers } = reader.object(value, 'identity', ['embedded', 'providers']);
  const given: readonly unknown[] = Array.isArray(providers) ? providers : [];
  if (providers !== undefined && (!Array.isArray(providers) || providers.length > 20)) {
    reader.refuse('identity.providers must be a list of at most 20');
  }
  const known = given.map((each, index) => providerOf(reader, each, `identity.providers.${index}`));
  const ids = known.map(({ id }) => id);
  if (new Set([...ids, 'own']).size !== ids.length + 1) {
    reader.refuse('identity.providers need ids that differ, and none may be own');
  }
  return {
    ...(embedded === undefined
      ? {}
      : { embedded: reader.oneOf(embedded, 'identity.embedded', ['local', 'demo']) }),
    ...(providers === undefined ? {} : { providers: known }),
  };
}

function providerOf(reader: Reader, value: unknown, of: string): ProviderConfig {
  const given = reader.object(value, of, [
    'id',
    'name',
    'issuer',
    'clientId',
    'clientSecretVariable',
    'scopes',
  ]);
  const { clientSecretVariable: variable, scopes } = given;
  if (scopes !== undefined && !Array.isArray(scopes)) reader.refuse(`${of}.scopes must be a list`);
  const asked: readonly unknown[] = Array.isArray(scopes) ? scopes : [];
  return {
    id: reader.text(given.id, `${of}.id`, IDENTIFIER),
    name: reader.text(given.name, `${of}.name`, /^[\s\S]{1,200}$/),
    // Without TLS only on this machine.
    issuer: reader.text(
      given.issuer,
      `${of}.issuer`,
      /^(https:\/\/|http:\/\/(127\.0\.0\.1|localhost|\[::1\])[:/])\S{1,500}$/,
    ),
    clientId: reader.text(given.clientId, `${of}.clientId`, /^\S{1,300}$/),
    ...(variable === undefined
      ? {}
      : {
          clientSecretVariable: reader.text(
            variable,
            `${of}.clientSecretVariable`,
            /^[A-Za-z_][A-Za-z0-9_]*$/,
          ),
        }),
    ...(scopes === undefined
      ? {}
      : {
          scopes: asked.map((scope, index) => reader.text(scope, `${of}.scopes.${index}`, /^[!-~]{1,100}$/)),
        }),
  };
}

function disclosureOf(reader: Reader, value: unknown): DisclosurePolicy {
  const of = 'disclosure';
  const given = reader.object(value, of, [
    'countThreshold',
    'roundTo',
    'frequencyMinorCount',
    'frequencyMinPeople',
    'publicGranularity',
  ]);
  return {
    countThreshold: reader.count(given.countThreshold, `${of}.countThreshold`),
    roundTo: reader.count(given.roundTo, `${of}.roundTo`),
    frequencyMinorCount: reader.count(given.frequencyMinorCount, `${of}.frequencyMinorCount`),
    frequencyMinPeople: reader.count(given.frequencyMinPeople, `${of}.frequencyMinPeople`),
    publicGranularity: reader.oneOf(given.publicGranularity, `${of}.publicGranularity`, ['boolean', 'count']),
  };
}

function examplesOf(reader: Reader, value: unknown): NonNullable<NodeConfig['examples']> {
  if (!Array.isArray(value) || value.length > 12)
    return reader.refuse('examples must be at most 12 questions');
  return value.map((each: unknown, index) => {
    const place = `examples.${index}`;
    const example = reader.object(each, place, ['label', 'question']);
    if (!('question' in example)) reader.refuse(`${place}.question must be given`);
    return {
      label: reader.text(example.label, `${place}.label`, /^[\s\S]{1,200}$/),
      question: example.question,
    };
  });
}

class Reader {
  readonly #source: string;

  constructor(source: string) {
    this.#source = source;
  }

  refuse(why: string, cause?: unknown): never {
    throw new NodeError('node/bad-config', `${this.#source}: ${why}`, { cause });
  }

  object<const Key extends string>(
    value: unknown,
    name: string,
    keys: readonly Key[],
  ): { readonly [Each in Key]?: unknown } {
    if (typeof value !== 'object' || value === null || Array.isArray(value)) {
      return this.refuse(`${name === '' ? 'it' : name} must be an object`);
    }
    const known: readonly string[] = keys;
    const other = Object.keys(value).find((key) => !known.includes(key));
    if (other !== undefined) this.refuse(`${name === '' ? '' : `${name}.`}${other} is not known`);
    return value;
  }

  text(value: unknown, name: string, form: RegExp): string {
    if (typeof value === 'string' && form.test(value)) return value;
    return this.refuse(`${name} must be a text of the form ${form.source}`);
  }

  count(value: unknown, name: string): number {
    if (typeof value === 'number' && Number.isInteger(value) && value >= 1) return value;
    return this.refuse(`${name} must be a whole number from 1`);
  }

  oneOf<const Value extends string | number>(value: unknown, name: string, values: readonly Value[]): Value {
    const found = values.find((each) => each === value);
    return found ?? this.refuse(`${name} must be ${values.join(' or ')}`);
  }
}
