import { VISA_TYPES, type VisaType } from '@federome/core';
import { NodeError } from './errors.ts';

/** A visa issuer outside the network, as `visas.issuers` of federome.json has it. */
export interface OutsideIssuer {
  /** `iss`, exact. */
  readonly issuer: string;
  /** Where its keys are, exact; the only address that is ever fetched for it. */
  readonly jku: string;
  readonly types: readonly VisaType[];
  /** For whom it may speak, exact. */
  readonly sources: readonly string[];
  /** Whose subjects its `sub` are; its own where omitted. */
  readonly subjectsOf?: string | undefined;
  /** Takes the typ `JWT` of before AAI 1.2 too. */
  readonly legacyType?: boolean | undefined;
  /** Seconds after `iat` for which a visa counts; 3,600 where omitted. */
  readonly maximumAgeS?: number | undefined;
}

/** A passport broker outside the network, as `visas.brokers` of federome.json has it. */
export interface OutsideBroker {
  /** `iss`, exact. */
  readonly issuer: string;
  readonly jwksUri: string;
  readonly legacyType?: boolean | undefined;
}

/** Whom this node believes beyond itself and the members of its network: `visas` of federome.json. */
export interface VisaTrust {
  readonly issuers: readonly OutsideIssuer[];
  readonly brokers: readonly OutsideBroker[];
  /** Sources that a member speaks for beyond itself, by its id: universities of its country, say. */
  readonly memberSources: Readonly<Record<string, readonly string[]>>;
}

/** Nobody. */
export const NO_OUTSIDE_TRUST: VisaTrust = { issuers: [], brokers: [], memberSources: {} };

/** Holds a value to the form of `VisaTrust`; `source` is named in `node/bad-config`. */
export function checkedVisaTrust(value: unknown, source: string): VisaTrust {
  const reader = new TrustReader(source);
  const given = reader.object(value, 'visas', ['issuers', 'brokers', 'memberSources']);
  return {
    issuers: reader.list(given.issuers ?? [], 'visas.issuers', (each, place) =>
      issuerOf(reader, each, place),
    ),
    brokers: reader.list(given.brokers ?? [], 'visas.brokers', (each, place) =>
      brokerOf(reader, each, place),
    ),
    memberSources: Object.fromEntries(
      Object.entries(reader.object(given.memberSources ?? {}, 'visas.memberSources')).map(([id, sources]) => [
        id,
        reader.texts(sources, `visas.memberSources.${id}`),
      ]),
    ),
  };
}

function issuerOf(reader: TrustReader, value: unknown, place: string): OutsideIssuer {
  const given = reader.object(value, place, [
    'issuer',
    'jku',
    'types',
    'sources',
    'subjectsOf',
    'legacyType',
    'maximumAgeS',
  ]);
  const types = reader.texts(given.types, `${place}.types`).map((name) => {
    const type = VISA_TYPES.find((each) => each === name);
    return type ?? reader.refuse(`${place}.types must be of ${VISA_TYPES.join(', ')}`);
  });
  return {
    issuer: reader.text(given.issuer, `${place}.issuer`),
    jku: reader.url(given.jku, `${place}.jku`),
    types,
    sources: reader.texts(given.sources, `${place}.sources`),
    subjectsOf:
      given.subjectsOf === undefined ? undefined : reader.text(given.subjectsOf, `${place}.subjectsOf`),
    legacyType: reader.flag(given.legacyType, `${place}.legacyType`),
    maximumAgeS: reader.seconds(given.maximumAgeS, `${place}.maximumAgeS`),
  };
}

function brokerOf(reader: TrustReader, value: unknown, place: string): OutsideBroker {
  const given = reader.object(value, place, ['issuer', 'jwksUri', 'legacyType']);
  return {
    issuer: reader.text(given.issuer, `${place}.issuer`),
    jwksUri: reader.url(given.jwksUri, `${place}.jwksUri`),
    legacyType: reader.flag(given.legacyType, `${place}.legacyType`),
  };
}

class TrustReader {
  readonly #source: string;

  constructor(source: string) {
    this.#source = source;
  }

  refuse(why: string): never {
    throw new NodeError('node/bad-config', `${this.#source}: ${why}`);
  }

  object(value: unknown, name: string, keys?: readonly string[]): Readonly<Record<string, unknown>> {
    if (typeof value !== 'object' || value === null || Array.isArray(value)) {
      return this.refuse(`${name} must be an object`);
    }
    const other = Object.keys(value).find((key) => keys !== undefined && !keys.includes(key));
    if (other !== undefined) this.refuse(`${name}.${other} is not known`);
    return { ...value };
  }

  list<T>(value: unknown, name: string, read: (each: unknown, place: string) => T): readonly T[] {
    if (!Array.isArray(value) || value.length > 100)
      return this.refuse(`${name} must be a list of up to 100`);
    return value.map((each: unknown, at) => read(each, `${name}.${at}`));
  }

  texts(value: unknown, name: string): readonly string[] {
    return this.list(value, name, (each, place) => this.text(each, place));
  }

  text(value: unknown, name: string): string {
    if (typeof value === 'string' && value !== '' && value.length <= 255) return value;
    return this.refuse(`${name} must be a text of up to 255 characters`);
  }

  /** `https`, or `http` on this machine. */
  url(value: unknown, name: string): string {
    const url = this.text(value, name);
    const { protocol, hostname, username } = URL.parse(url) ?? { protocol: '', hostname: '', username: '' };
    const isLocal = protocol === 'http:' && /^(localhost|127\.\d+\.\d+\.\d+|\[::1\])$/.test(hostname);
    if ((protocol === 'https:' || isLocal) && username === '') return url;
    return this.refuse(`${name} must be an https URL`);
  }

  flag(value: unknown, name: string): boolean | undefined {
    if (value === undefined || typeof value === 'boolean') return value;
    return this.refuse(`${name} must be true or false`);
  }

  seconds(value: unknown, name: string): number | undefined {
    if (value === undefined) return undefined;
    if (typeof value === 'number' && Number.isInteger(value) && value >= 60 && value <= 86_400) return value;
    return this.refuse(`${name} must be 60 to 86,400 seconds`);
  }
}
