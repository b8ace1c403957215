import type { Requester } from '@federome/core';
import { createLocalJWKSet, decodeJwt, type JWTVerifyGetKey, errors as joseErrors, jwtVerify } from 'jose';
import { NodeError } from '../../errors.ts';
import type { SigningKeys } from '../../stores/keys/signing-keys.ts';
import { identityKeys } from './key-proof.ts';
import { EMBEDDED_ISSUER, type PeopleService } from './people-service.ts';
import { ALGORITHMS, type RelyingParty } from './relying-party.ts';

interface Ports {
  readonly people: PeopleService;
  readonly keys: SigningKeys;
  readonly relyingParty: RelyingParty;
  /** Issuer of the embedded provider; `undefined` where there is none. */
  readonly ownIssuer: string | undefined;
  /** This server, as the audience of tokens that are meant for it. */
  readonly url: string;
  readonly now: () => Date;
}

/**
 * Who brings a JWT access token (RFC 9068): its issuer is a provider of this server, it is meant for this server, of the
 * type `at+jwt`, and in its time. Roles come from this node's records, whatever the token claims. Throws
 * `node/unauthenticated`.
 */
export async function bearerOfToken(token: string, ports: Ports): Promise<Requester> {
  const issuer = issuerOf(token);
  const isOwn = issuer !== undefined && issuer === ports.ownIssuer;
  const keys = isOwn ? await ownKeys(ports.keys) : await ports.relyingParty.keysOf(issuer ?? '');
  if (issuer === undefined || keys === undefined)
    throw unauthenticated('its issuer is no provider of this server');
  const verified = await jwtVerify(token, keys, {
    issuer,
    audience: [ports.url, `${ports.url}/`],
    typ: 'at+jwt',
    algorithms: [...ALGORITHMS],
    currentDate: ports.now(),
    requiredClaims: ['exp', 'iat', 'sub', 'client_id'],
  }).catch((cause: unknown) => {
    throw unauthenticated(cause instanceof joseErrors.JOSEError ? cause.message : 'it does not hold', cause);
  });
  const subject = verified.payload.sub ?? '';
  const recorded = isOwn ? EMBEDDED_ISSUER : issuer;
  const person = await ports.people.find({ issuer: recorded, subject });
  const roles = person === undefined ? [] : await ports.people.rolesOf(person.id);
  const identity = { issuer, subject };
  if (verified.payload.client_id === subject) return { kind: 'machine', identity, roles };
  return { kind: 'person', identity, roles, visas: [] };
}

async function ownKeys(keys: SigningKeys): Promise<JWTVerifyGetKey> {
  return createLocalJWKSet({ keys: [...(await identityKeys(keys)).keys] });
}

function issuerOf(token: string): string | undefined {
  try {
    return decodeJwt(token).iss;
  } catch {
    return undefined;
  }
}

function unauthenticated(why: string, cause?: unknown): NodeError {
  return new NodeError('node/unauthenticated', `the access token is not taken: ${why}`, { cause });
}
