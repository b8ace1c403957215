import {
  type DirectoryMember,
  type MemberDirectory,
  type Members,
  type TrustedIssuer,
  VISA_TYPES,
} from '@federome/core';
import { NodeError } from '../../errors.ts';
import type { OutsideIssuer, VisaTrust } from '../../visa-trust.ts';

/** Longest life of a visa of a member, in seconds. */
export const MAXIMUM_VISA_LIFE_S = 3_600;
const DEFAULT_OUTSIDE_AGE_S = 3_600;
/** A link of identities by another country would let it make its own people into ours. */
const MEMBER_TYPES = VISA_TYPES.filter((type) => type !== 'LinkedIdentities');

/** A broker whose passports are taken, and where its keys are. */
export interface TrustedBroker {
  readonly issuer: string;
  readonly legacyType: boolean;
  readonly keys:
    | { readonly kind: 'member'; readonly member: string }
    | { readonly kind: 'url'; readonly url: string };
}

/** Where the keys are with which a member's visas are verified by everybody else. */
export function jkuOf(memberUrl: string): string {
  return `${memberUrl}.well-known/visa-jwks.json`;
}

/** `iss` of the passports that a member's identity provider issues: its address with `oidc`. */
export function brokerIssuerOf(memberUrl: string): string {
  return `${memberUrl}oidc`;
}

/** Whom a node believes: itself, the nodes of the directory that holds now, and whom its configuration names. */
export class Trust {
  readonly #members: Members;
  readonly #outside: VisaTrust;
  readonly self: string;

  constructor(self: string, members: Members, outside: VisaTrust) {
    this.self = self;
    this.#members = members;
    this.#outside = outside;
  }

  /** A hub is not among them: it may sign for nobody's data. */
  async issuers(): Promise<readonly TrustedIssuer[]> {
    const members = (await this.#directory())?.members ?? [];
    const nodes = members.filter(({ role }) => role === 'node').map((member) => this.#memberIssuer(member));
    // A name that is a member's is nobody else's, whatever the configuration says.
    const outside = this.#outside.issuers.filter(({ issuer }) => members.every(({ url }) => url !== issuer));
    return [...nodes, ...outside.map(outsideIssuer)];
  }

  /** Passports say who somebody is, and wrap visas: a hub may be a broker. */
  async brokers(): Promise<readonly TrustedBroker[]> {
    const members = (await this.#directory())?.members ?? [];
    const inside: readonly TrustedBroker[] = members.map(({ id, url }) => ({
      issuer: brokerIssuerOf(url),
      legacyType: false,
      keys: { kind: 'member', member: id },
    }));
    const outside = this.#outside.brokers.filter(({ issuer }) =>
      inside.every((each) => each.issuer !== issuer),
    );
    return [
      ...inside,
      ...outside.map(({ issuer, jwksUri, legacyType }) => ({
        issuer,
        legacyType: legacyType ?? false,
        keys: { kind: 'url' as const, url: jwksUri },
      })),
    ];
  }

  /** This node or hub as the directory has it. Throws `node/no-directory`, `node/directory-expired`. */
  async ownMember(): Promise<DirectoryMember> {
    const member = await this.#members.member(this.self);
    if (member !== undefined) return member;
    throw new NodeError('node/no-directory', `'${this.self}' is in no network: its visas would be nobody's`);
  }

  #memberIssuer({ id, url }: DirectoryMember): TrustedIssuer {
    return {
      issuer: url,
      jku: jkuOf(url),
      member: id,
      types: id === this.self ? VISA_TYPES : MEMBER_TYPES,
      sources: [url, ...(this.#outside.memberSources[id] ?? [])],
      subjectsOf: { kind: 'claim' },
      legacyType: false,
      maximumAgeS: MAXIMUM_VISA_LIFE_S,
    };
  }

  /** A node in no network believes no member; one whose directory has expired believes none any more. */
  async #directory(): Promise<MemberDirectory | undefined> {
    try {
      return await this.#members.current();
    } catch (error) {
      if (!(error instanceof NodeError)) throw error;
      if (error.code === 'node/no-directory' || error.code === 'node/directory-expired') return undefined;
      throw error;
    }
  }
}

function outsideIssuer(outside: OutsideIssuer): TrustedIssuer {
  const { issuer, jku, types, sources, subjectsOf, legacyType, maximumAgeS } = outside;
  return {
    issuer,
    jku,
    types,
    sources,
    subjectsOf: { kind: 'issuer', issuer: subjectsOf ?? issuer },
    legacyType: legacyType ?? false,
    maximumAgeS: maximumAgeS ?? DEFAULT_OUTSIDE_AGE_S,
  };
}
