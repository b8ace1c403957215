import { randomUUID } from 'node:crypto';
import type { Identity } from '@federome/core';
import { type Context, errors, type Provider } from 'oidc-provider';
import type { SigningKeys } from '../../../stores/keys/signing-keys.ts';
import { signedClaims } from '../key-proof.ts';

/** Visas (compact JWS) of a person, from this node and the members of its directory. */
export type VisasOf = (identity: Identity) => Promise<readonly string[]>;

export const TOKEN_EXCHANGE = 'urn:ietf:params:oauth:grant-type:token-exchange';
export const PASSPORT_SCOPE = 'ga4gh_passport_v1';
const PASSPORT = 'urn:ga4gh:params:oauth:token-type:passport';
const ACCESS_TOKEN = 'urn:ietf:params:oauth:token-type:access_token';
const LIFE_SECONDS = 900;

interface Ports {
  readonly keys: SigningKeys;
  readonly visasOf: VisasOf;
  /** For whom its passports are; see `audience` of composition/visas.ts. */
  readonly audience?: (() => Promise<readonly string[]>) | undefined;
  readonly now: () => Date;
}

/**
 * Gives a client the passport of a person who gave it an access token (RFC 8693; GA4GH AAI 1.2): the client proves
 * itself with its key, the token is its own, and carries the scope.
 */
export function offerPassports(provider: Provider, { keys, visasOf, audience, now }: Ports): void {
  const parameters = ['requested_token_type', 'subject_token', 'subject_token_type', 'audience', 'scope'];
  provider.registerGrantType(
    TOKEN_EXCHANGE,
    async (context) => {
      const { params, client } = context.oidc;
      if (client.clientAuthMethod === 'none') throw new errors.InvalidClient('the client must prove itself');
      if (params.requested_token_type !== PASSPORT) throw new errors.InvalidRequest(`expected ${PASSPORT}`);
      if (params.subject_token_type !== ACCESS_TOKEN)
        throw new errors.InvalidRequest(`expected ${ACCESS_TOKEN}`);
      const accountId = await subjectOf(context, params.subject_token);
      const iat = Math.floor(now().getTime() / 1_000);
      const passport = await signedClaims(keys, 'vnd.ga4gh.passport+jwt', {
        iss: provider.issuer,
        sub: accountId,
        ...(audience !== undefined && { aud: await audience() }),
        iat,
        exp: iat + LIFE_SECONDS,
        jti: randomUUID(),
        ga4gh_passport_v1: await visasOf({ issuer: provider.issuer, subject: accountId }),
      });
      context.body = {
        access_token: passport,
        issued_token_type: PASSPORT,
        token_type: 'Bearer',
        expires_in: LIFE_SECONDS,
      };
    },
    parameters,
  );
}

async function subjectOf({ oidc }: Context, given: unknown): Promise<string> {
  const token = typeof given === 'string' ? await oidc.provider.AccessToken.find(given) : undefined;
  const scopes = token?.scope?.split(' ') ?? [];
  if (!token?.isValid || token.clientId !== oidc.client.clientId || !scopes.includes(PASSPORT_SCOPE)) {
    throw new errors.InvalidGrant('the subject token does not hold');
  }
  return token.accountId;
}
