import type { Identity } from '@federome/core';
import { createRemoteJWKSet, jwtVerify } from 'jose';
import * as client from 'openid-client';
import { NodeError } from '../../errors.ts';
import type { ProviderConfig } from '../../node-config.ts';
import type { SigningKeys } from '../../stores/keys/signing-keys.ts';
import type { SessionStore } from '../../stores/sessions/sessions.ts';
import { clientAssertion } from './key-proof.ts';
import { hashOf, newSecret, sameText } from './secrets.ts';

const DISCOVERY_MS = 3_600_000;
const TIMEOUT_SECONDS = 10;
const LOGIN_MS = 10 * 60_000;
/** What providers may sign with; never `none`, never with a shared secret. */
export const ALGORITHMS = ['ES256', 'ES384', 'PS256', 'RS256', 'EdDSA', 'Ed25519'] as const;
const LOGOUT_EVENT = 'http://schemas.openid.net/event/backchannel-logout';

/** A provider at which people log in; `isOwn` is the embedded one. */
export interface Provider extends ProviderConfig {
  readonly isOwn: boolean;
}

/** Who came back from a provider. */
export interface Login {
  readonly provider: Provider;
  readonly identity: Identity;
  readonly name: string | undefined;
  readonly providerSession: string;
  readonly idToken: string;
  readonly returnPath: string;
}

interface Known {
  readonly config: client.Configuration;
  readonly atMs: number;
  readonly ownKeys: string;
  readonly keys: ReturnType<typeof createRemoteJWKSet>;
}

interface Ports {
  readonly store: SessionStore;
  readonly keys: SigningKeys;
  readonly providers: readonly Provider[];
  /** Where this server is reached, without a slash at the end. */
  readonly url: string;
  readonly environment: Readonly<Record<string, string | undefined>>;
  readonly now: () => Date;
}

/** Logs people in at OpenID providers (OpenID Connect Core 1.0: code flow with PKCE, RFC 7636). */
export class RelyingParty {
  readonly #ports: Ports;
  readonly #known = new Map<string, Known>();

  constructor(ports: Ports) {
    this.#ports = ports;
  }

  get providers(): readonly Provider[] {
    return this.#ports.providers;
  }

  /**
   * Where a browser goes to log in; `browser` is a secret that it keeps meanwhile. Throws `node/bad-login` for a
   * provider that is none, `node/provider-unavailable`.
   */
  async begin(providerId: string, returnPath: string, browser: string, language?: string): Promise<URL> {
    const provider = this.#provider(providerId);
    const { config } = await this.#discovered(provider);
    const [state, nonce, verifier] = [newSecret(), newSecret(), client.randomPKCECodeVerifier()];
    await this.#ports.store.begin({
      stateHash: hashOf(state),
      provider: provider.id,
      browserHash: hashOf(browser),
      nonce,
      verifier,
      returnPath,
      expiresAt: new Date(this.#ports.now().getTime() + LOGIN_MS).toISOString(),
    });
    return client.buildAuthorizationUrl(config, {
      redirect_uri: this.#redirectUri,
      scope: ['openid', ...(provider.scopes ?? [])].join(' '),
      code_challenge: await client.calculatePKCECodeChallenge(verifier),
      code_challenge_method: 'S256',
      state,
      nonce,
      ...(language === undefined ? {} : { ui_locales: language }),
    });
  }

  /**
   * Who came back: checks state (once, and only in the browser that began), issuer of the response (RFC 9207), code,
   * and the ID token's signature, issuer, audience, nonce and time. Throws `node/bad-login`,
   * `node/provider-unavailable`.
   */
  async finish(query: string, browser: string | undefined): Promise<Login> {
    const parameters = new URLSearchParams(query);
    const state = parameters.get('state') ?? '';
    const attempt = await this.#ports.store.take(hashOf(state), this.#ports.now());
    if (attempt === undefined) throw badLogin('the login is not known: it was finished, or took too long');
    if (browser === undefined || !sameText(hashOf(browser), attempt.browserHash)) {
      throw badLogin('the login was begun in another browser');
    }
    const provider = this.#provider(attempt.provider);
    const { config } = await this.#discovered(provider);
    let tokens: Awaited<ReturnType<typeof client.authorizationCodeGrant>>;
    try {
      tokens = await client.authorizationCodeGrant(config, new URL(`${this.#redirectUri}?${parameters}`), {
        expectedState: state,
        expectedNonce: attempt.nonce,
        pkceCodeVerifier: attempt.verifier,
        idTokenExpected: true,
      });
    } catch (cause) {
      throw refusalOf(provider, cause);
    }
    const claims = tokens.claims();
    if (claims === undefined || tokens.id_token === undefined)
      throw badLogin('the provider gave no ID token');
    return {
      provider,
      identity: { issuer: claims.iss, subject: claims.sub },
      name: typeof claims.name === 'string' ? claims.name : undefined,
      providerSession: typeof claims.sid === 'string' ? claims.sid : '',
      idToken: tokens.id_token,
      returnPath: attempt.returnPath,
    };
  }

  /** Where a browser goes to log out at its provider (RP-initiated logout); `undefined` where it has no such place. */
  async logoutAddress(providerId: string, idToken: string | undefined): Promise<URL | undefined> {
    const provider = this.#ports.providers.find(({ id }) => id === providerId);
    if (provider === undefined) return undefined;
    try {
      const { config } = await this.#discovered(provider);
      if (config.serverMetadata().end_session_endpoint === undefined) return undefined;
      return client.buildEndSessionUrl(config, {
        post_logout_redirect_uri: `${this.#ports.url}/portal/`,
        ...(idToken === undefined ? {} : { id_token_hint: idToken }),
      });
    } catch {
      // The session here has ended whether or not the provider is there to be told.
      return undefined;
    }
  }

  /** Ends what a provider's logout token names (OpenID Connect Back-Channel Logout 1.0). Throws `node/bad-login`. */
  async loggedOut(logoutToken: string): Promise<{ provider: Provider; session?: string; subject?: string }> {
    for (const provider of this.#ports.providers) {
      const { config, keys } = await this.#discovered(provider).catch((): Partial<Known> => ({}));
      if (config === undefined || keys === undefined) continue;
      const verified = await jwtVerify(logoutToken, keys, {
        issuer: config.serverMetadata().issuer,
        audience: provider.clientId,
        algorithms: [...ALGORITHMS],
        currentDate: this.#ports.now(),
        requiredClaims: ['iat', 'exp', 'jti'],
        maxTokenAge: 300,
      }).catch(() => undefined);
      if (verified === undefined) continue;
      const { events, nonce, sid, sub, jti, exp } = verified.payload;
      const isLogout = typeof events === 'object' && events !== null && LOGOUT_EVENT in events;
      if (!isLogout || nonce !== undefined || (typeof sid !== 'string' && sub === undefined)) break;
      const until = new Date((exp ?? 0) * 1_000).toISOString();
      if (!(await this.#ports.store.firstLogout(hashOf(`${provider.id} ${jti}`), until))) break;
      return {
        provider,
        ...(typeof sid === 'string' ? { session: sid } : {}),
        ...(sub === undefined ? {} : { subject: sub }),
      };
    }
    throw badLogin('the logout token does not hold');
  }

  /** Keys of a provider that named itself as the issuer of a token; `undefined` of any other issuer. */
  async keysOf(issuer: string): Promise<Known['keys'] | undefined> {
    const provider = this.#ports.providers.find((each) => each.issuer === issuer);
    return provider === undefined ? undefined : (await this.#discovered(provider)).keys;
  }

  get #redirectUri(): string {
    return `${this.#ports.url}/auth/callback`;
  }

  #provider(id: string): Provider {
    const provider = this.#ports.providers.find((each) => each.id === id);
    if (provider === undefined) throw badLogin('there is no such identity provider here');
    return provider;
  }

  async #discovered(provider: Provider): Promise<Known> {
    const known = this.#known.get(provider.id);
    const nowMs = this.#ports.now().getTime();
    // The embedded provider's rotation is known at once, not when a cache of its keys has aged.
    const ownKeys = provider.isOwn
      ? (await this.#ports.keys.signingKeys('identity')).map(({ id }) => id).join(' ')
      : '';
    const isFresh = known !== undefined && nowMs - known.atMs < DISCOVERY_MS;
    if (isFresh && known.ownKeys === ownKeys) return known;
    try {
      const config = await client.discovery(
        new URL(provider.issuer),
        provider.clientId,
        undefined,
        this.#clientAuth(provider),
        {
          timeout: TIMEOUT_SECONDS,
          // Signatures of ID tokens are checked too, though TLS says who gave them.
          execute: [
            client.enableNonRepudiationChecks,
            ...(provider.issuer.startsWith('http:') ? [client.allowInsecureRequests] : []),
          ],
        },
      );
      const keysAt = config.serverMetadata().jwks_uri;
      if (keysAt === undefined) throw new Error('the provider publishes no keys');
      const keys = createRemoteJWKSet(new URL(keysAt), { timeoutDuration: TIMEOUT_SECONDS * 1_000 });
      const found = { config, keys, atMs: nowMs, ownKeys };
      this.#known.set(provider.id, found);
      return found;
    } catch (cause) {
      if (known !== undefined) return known;
      throw unavailable(provider, cause);
    }
  }

  #clientAuth({ clientId, clientSecretVariable }: Provider): client.ClientAuth {
    if (clientSecretVariable !== undefined) {
      const secret = this.#ports.environment[clientSecretVariable];
      if (secret === undefined || secret === '') {
        throw new NodeError('node/provider-unavailable', `${clientSecretVariable} is not set`, {
          publicMessage: 'this server is not set up for that identity provider',
        });
      }
      return client.ClientSecretBasic(secret);
    }
    return async (server, _client, body) => {
      const assertion = await clientAssertion(this.#ports.keys, clientId, server.issuer, this.#ports.now());
      body.set('client_id', clientId);
      body.set('client_assertion_type', 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer');
      body.set('client_assertion', assertion);
    };
  }
}

/** A provider that fails is away; anything else that it says or signs makes no login. */
function refusalOf(provider: Provider, cause: unknown): NodeError {
  if (cause instanceof client.AuthorizationResponseError && cause.error === 'access_denied') {
    return badLogin('the login was broken off', cause);
  }
  const code = cause instanceof Error && 'code' in cause ? String(cause.code) : '';
  const isAway = cause instanceof TypeError || code === 'OAUTH_TIMEOUT';
  return isAway && code === ''
    ? unavailable(provider, cause)
    : badLogin('the provider’s answer does not hold', cause);
}

function badLogin(why: string, cause?: unknown): NodeError {
  return new NodeError('node/bad-login', why, { cause });
}

function unavailable({ name }: Provider, cause: unknown): NodeError {
  return new NodeError('node/provider-unavailable', `${name} cannot be reached; try again later`, { cause });
}
