import type { MemoryKeys } from '@federome/testkit';
import type { SigningPurpose } from '../../../packages/node/src/stores/keys/signing-keys.ts';
import {
  ALICE,
  BROKER,
  EE,
  FI,
  LINKER,
  LINKER_JKU,
  LINKER_SIGN,
  REMS,
  REMS_JKU,
  REMS_SOURCE,
  RSA_SIGN,
  type Sign,
  type World,
} from './world.ts';

export type Members = Record<string, unknown>;

/** How a token differs from the valid one: in exactly what is given. */
export interface Change {
  readonly header?: ((header: Members) => Members) | undefined;
  readonly claims?: ((claims: Members) => Members) | undefined;
  /** Of the JSON text, for what an object cannot hold. */
  readonly headerText?: ((text: string) => string) | undefined;
  readonly claimsText?: ((text: string) => string) | undefined;
  readonly sign?: Sign | undefined;
  /** Of the finished token. */
  readonly token?: ((token: string) => string) | undefined;
}

/** Changes members of `ga4gh_visa_v1`; `undefined` takes one away. */
export function visa(members: Members): Change {
  return {
    claims: (claims) => ({ ...claims, ga4gh_visa_v1: { ...objectOf(claims.ga4gh_visa_v1), ...members } }),
  };
}

/** Changes claims; `undefined` takes one away. */
export function claims(members: Members): Change {
  return { claims: (all) => ({ ...all, ...members }) };
}

/** Changes members of the header; `undefined` takes one away. */
export function header(members: Members): Change {
  return { header: (all) => ({ ...all, ...members }) };
}

export async function signed(
  header: Members,
  claims: Members,
  sign: Sign,
  change: Change = {},
): Promise<string> {
  const headerText = (change.headerText ?? same)(JSON.stringify((change.header ?? same)(header)));
  const claimsText = (change.claimsText ?? same)(JSON.stringify((change.claims ?? same)(claims)));
  const input = [headerText, claimsText].map((part) => Buffer.from(part).toString('base64url')).join('.');
  const signature = Buffer.from(await (change.sign ?? sign)(input)).toString('base64url');
  return (change.token ?? same)(`${input}.${signature}`);
}

export function memberSign(keys: MemoryKeys, purpose: SigningPurpose): Sign {
  return async (input) => (await keys.sign(purpose, Buffer.from(input))).signature;
}

/** A visa of the Finnish node: access to its data, granted to Alice by its committee. */
export async function finnishVisa(world: World, change: Change = {}): Promise<string> {
  return await nodeVisa(world, { url: FI, id: 'fi.node', keys: world.fi }, change);
}

/** A visa of the Estonian node, where everything is verified, from a grant that stands in its store. */
export async function estonianVisa(world: World, change: Change = {}, grant = 'ee-grant'): Promise<string> {
  if ((await world.grants.grant(grant)) === undefined) {
    await world.grants.add({
      id: grant,
      identity: ALICE,
      type: 'ControlledAccessGrants',
      value: 'urn:federome:ee.node:dataset:biobank',
      source: EE,
      by: 'dac',
      from: new Date(0).toISOString(),
      until: new Date((world.nowS + 86_400) * 1_000).toISOString(),
      grantedBy: ALICE,
      grantedAt: new Date(0).toISOString(),
      reason: 'permit',
    });
  }
  const node = { url: EE, id: 'ee.node', keys: world.ee };
  return await nodeVisa(world, node, change, `${grant}.1`);
}

export interface VisaSigner {
  readonly url: string;
  readonly id: string;
  readonly keys: MemoryKeys;
}

export async function nodeVisa(
  world: World,
  { url, id, keys }: VisaSigner,
  change: Change = {},
  jti = `${id}-grant.1`,
): Promise<string> {
  const [key] = await keys.signingKeys('visa');
  const typ = 'vnd.ga4gh.visa+jwt';
  const visaHeader = { alg: 'ES256', typ, kid: key!.id, jku: `${url}.well-known/visa-jwks.json` };
  const visaClaims = {
    iss: url,
    sub: ALICE.subject,
    iat: world.nowS,
    exp: world.nowS + 900,
    jti,
    federome_subject_issuer: ALICE.issuer,
    ga4gh_visa_v1: {
      type: 'ControlledAccessGrants',
      asserted: world.nowS - 1_000,
      value: `urn:federome:${id}:dataset:biobank`,
      source: url,
      by: 'dac',
    },
  };
  return await signed(visaHeader, visaClaims, memberSign(keys, 'visa'), change);
}

/** A visa such as REMS issues: RS256, the typ of before AAI 1.2, the committee as source. */
export async function remsVisa(world: World, change: Change = {}): Promise<string> {
  const visaHeader = { alg: 'RS256', typ: 'JWT', kid: 'rsa-1', jku: REMS_JKU };
  const visaClaims = {
    iss: REMS,
    sub: 'abcd@ls.example',
    iat: world.nowS,
    exp: world.nowS + 31_557_600,
    jti: 'rems-1',
    ga4gh_visa_v1: {
      type: 'ControlledAccessGrants',
      asserted: world.nowS - 86_400,
      value: 'urn:nbn:fi:lb-201403262',
      source: REMS_SOURCE,
      by: 'dac',
    },
  };
  return await signed(visaHeader, visaClaims, RSA_SIGN, change);
}

/** A visa of a trusted service: Alice is also `alice2`. */
export async function linkVisa(world: World, value: string, change: Change = {}): Promise<string> {
  const visaHeader = { alg: 'ES256', typ: 'vnd.ga4gh.visa+jwt', kid: 'links-1', jku: LINKER_JKU };
  const visaClaims = {
    iss: LINKER,
    sub: ALICE.subject,
    iat: world.nowS,
    exp: world.nowS + 600,
    jti: 'link-1',
    ga4gh_visa_v1: { type: 'LinkedIdentities', asserted: world.nowS, value, source: LINKER, by: 'system' },
  };
  return await signed(visaHeader, visaClaims, LINKER_SIGN, change);
}

/** Alice's passport of the hub's broker, for the Estonian node. */
export async function passport(
  world: World,
  visas: readonly unknown[],
  change: Change = {},
): Promise<string> {
  const [key] = await world.hub.signingKeys('identity');
  const passportHeader = { alg: 'ES256', typ: 'vnd.ga4gh.passport+jwt', kid: key!.id };
  const passportClaims = {
    iss: BROKER,
    sub: ALICE.subject,
    aud: [EE, FI],
    iat: world.nowS,
    exp: world.nowS + 300,
    jti: 'passport-1',
    ga4gh_passport_v1: visas,
  };
  return await signed(passportHeader, passportClaims, memberSign(world.hub, 'identity'), change);
}

function objectOf(value: unknown): Members {
  if (typeof value !== 'object' || value === null) throw new TypeError('no object');
  return { ...value };
}

function same<T>(value: T): T {
  return value;
}
