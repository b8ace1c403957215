import { createPublicKey, type KeyObject, randomBytes } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { type Context, ExternalSigningKey, type Interaction, Provider } from 'oidc-provider';
import type { SigningKey, SigningKeys } from '../../../stores/keys/signing-keys.ts';
import type { MachineClient, OidcStore } from '../../../stores/oidc/oidc-store.ts';
import { identityKeys } from '../key-proof.ts';
import { type Account, Accounts } from './accounts.ts';
import { adapterOver } from './adapter.ts';
import type { DemoPerson } from './demo-people.ts';
import { offerPassports, PASSPORT_SCOPE, TOKEN_EXCHANGE, type VisasOf } from './passports.ts';

/** How the pages of the provider look; HTTP's business. */
export interface ProviderPages {
  loggingOut(context: Context, form: string, isSure: boolean): string;
  loggedOut(context: Context): string;
  failure(context: Context, error: { readonly error: string; readonly error_description?: string }): string;
}

interface Ports {
  /** Where this server is reached, without a slash at the end. */
  readonly url: string;
  readonly store: OidcStore;
  readonly keys: SigningKeys;
  readonly visasOf: VisasOf;
  /** For whom its passports are. */
  readonly audience?: (() => Promise<readonly string[]>) | undefined;
  readonly demo: readonly DemoPerson[];
  readonly pages: ProviderPages;
  readonly now: () => Date;
  /** How long the keys that sign are taken as known; 5 s by default. */
  readonly keysForMs?: number | undefined;
}

/** The node's own client at its own provider. */
export const OWN_CLIENT = 'federome';
const KEYS_FOR_MS = 5_000;
const SIGNED_WITH = 'ES256';
const CLIENT_ALGORITHMS = ['ES256', 'PS256', 'RS256', 'EdDSA', 'Ed25519'];
const HOUR = 3_600;

/**
 * An OpenID provider within a node's server, at `/oidc`: for people of a demonstration, for a country without a provider
 * of its own, and for machines with a key. Its keys stay in the node's key store: it is made anew when they change, and
 * what it knows of sessions is in the database.
 */
export class EmbeddedProvider {
  readonly accounts: Accounts;
  readonly issuer: string;
  readonly #ports: Ports;
  readonly #cookieKey = randomBytes(32).toString('base64url');
  #made: { readonly provider: Provider; readonly keyIds: string; readonly atMs: number } | undefined;

  constructor(ports: Ports) {
    this.#ports = ports;
    this.issuer = `${ports.url}/oidc`;
    this.accounts = new Accounts({ store: ports.store, now: ports.now, demo: ports.demo });
  }

  /** Answers a request whose path begins after `/oidc`. */
  async handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    await (await this.#provider()).callback()(request, response);
  }

  /** What a person who was sent to log in is asked. */
  async interaction(request: IncomingMessage, response: ServerResponse): Promise<Interaction> {
    return await (await this.#provider()).interactionDetails(request, response);
  }

  /** Where the browser goes on after somebody logged in. */
  async loggedIn(request: IncomingMessage, response: ServerResponse, { subject }: Account): Promise<string> {
    const provider = await this.#provider();
    const login = { accountId: subject, remember: true };
    return await provider.interactionResult(request, response, { login }, { mergeWithLastSubmission: false });
  }

  /** Where the browser goes on after somebody did not want to. */
  async brokenOff(request: IncomingMessage, response: ServerResponse): Promise<string> {
    const result = { error: 'access_denied', error_description: 'the person broke off' };
    return await (await this.#provider()).interactionResult(request, response, result);
  }

  async #provider(): Promise<Provider> {
    const nowMs = performance.now();
    if (this.#made !== undefined && nowMs - this.#made.atMs < (this.#ports.keysForMs ?? KEYS_FOR_MS)) {
      return this.#made.provider;
    }
    const keys = await this.#ports.keys.signingKeys('identity');
    const keyIds = keys.map(({ id }) => id).join(' ');
    const provider = keyIds === this.#made?.keyIds ? this.#made.provider : await this.#make(keys);
    this.#made = { provider, keyIds, atMs: nowMs };
    return provider;
  }

  async #make(keys: readonly SigningKey[]): Promise<Provider> {
    const provider = new Provider(this.issuer, await this.#configuration(keys));
    provider.proxy = true;
    offerPassports(provider, this.#ports);
    return provider;
  }

  async #configuration(keys: readonly SigningKey[]): Promise<object> {
    const { url, store, now, pages } = this.#ports;
    const port = new URL(url).port || 'own';
    return {
      adapter: adapterOver(store, now, (client) => metadataOf(client)),
      clients: [await this.#ownClient()],
      jwks: { keys: keys.map((key) => storedKey(key, this.#ports.keys)) },
      cookies: {
        keys: [this.#cookieKey],
        // Of several nodes on one machine, whose ports share their cookies, each has its own.
        names: {
          session: `_session-${port}`,
          interaction: `_interaction-${port}`,
          resume: `_resume-${port}`,
        },
        long: { sameSite: 'lax' },
        short: { sameSite: 'lax' },
      },
      scopes: ['openid', 'profile', PASSPORT_SCOPE],
      claims: { openid: ['sub'], profile: ['name'], [PASSPORT_SCOPE]: [PASSPORT_SCOPE] },
      responseTypes: ['code'],
      clientAuthMethods: ['private_key_jwt'],
      clientDefaults: {
        id_token_signed_response_alg: SIGNED_WITH,
        token_endpoint_auth_method: 'private_key_jwt',
        response_types: ['code'],
        grant_types: ['authorization_code'],
      },
      enabledJWA: {
        idTokenSigningAlgValues: [SIGNED_WITH],
        clientAuthSigningAlgValues: CLIENT_ALGORITHMS,
      },
      pkce: { required: () => true },
      // A resource server's answer about a person comes at userinfo, never in an ID token's extra claims.
      conformIdTokenClaims: false,
      ttl: {
        AccessToken: 900,
        AuthorizationCode: 60,
        ClientCredentials: 600,
        Grant: 12 * HOUR,
        IdToken: HOUR,
        Interaction: 900,
        Session: 12 * HOUR,
      },
      findAccount: async (_context: Context, subject: string) => await this.#account(subject),
      loadExistingGrant: grantOf,
      interactions: { url: (_context: Context, { uid }: Interaction) => `${url}/oidc/interaction/${uid}` },
      renderError: (
        context: Context,
        out: { readonly error: string; readonly error_description?: string },
      ) => {
        context.type = 'html';
        context.body = pages.failure(context, out);
      },
      features: this.#features(),
    };
  }

  #features(): object {
    const { url, pages } = this.#ports;
    const off = { enabled: false };
    const on = { enabled: true };
    return {
      devInteractions: off,
      registration: off,
      introspection: off,
      revocation: on,
      userinfo: on,
      clientCredentials: on,
      backchannelLogout: on,
      externalSigningSupport: { enabled: true, ack: 'experimental-01' },
      rpInitiatedLogout: {
        enabled: true,
        logoutSource: (context: Context, form: string) => {
          context.body = pages.loggingOut(context, form, context.oidc.entities.IdTokenHint !== undefined);
        },
        postLogoutSuccessSource: (context: Context) => {
          context.type = 'html';
          context.body = pages.loggedOut(context);
        },
      },
      resourceIndicators: {
        enabled: true,
        defaultResource: ({ oidc }: Context, _client: unknown, oneOf?: readonly string[]) =>
          oneOf?.[0] ?? (oidc.params.grant_type === 'client_credentials' ? url : undefined),
        useGrantedResource: () => false,
        getResourceServerInfo: (_context: Context, resource: string) => {
          if (resource !== url && resource !== `${url}/`) throw new Error('no such resource');
          return {
            scope: '',
            audience: url,
            accessTokenTTL: 600,
            accessTokenFormat: 'jwt',
            jwt: { sign: { alg: SIGNED_WITH } },
          };
        },
      },
    };
  }

  async #account(subject: string) {
    const account = await this.accounts.find(subject);
    if (account === undefined) return undefined;
    return {
      accountId: subject,
      claims: async (use: string, scope: string) => ({
        sub: subject,
        name: account.name,
        // Access tokens and ID tokens hold no visas (GA4GH AAI 1.2).
        ...(use === 'userinfo' && scope.split(' ').includes(PASSPORT_SCOPE)
          ? { [PASSPORT_SCOPE]: await this.#ports.visasOf({ issuer: this.issuer, subject }) }
          : {}),
      }),
    };
  }

  async #ownClient(): Promise<object> {
    const { url, keys } = this.#ports;
    return {
      client_id: OWN_CLIENT,
      client_name: 'Federome',
      redirect_uris: [`${url}/auth/callback`],
      post_logout_redirect_uris: [`${url}/portal/`],
      backchannel_logout_uri: `${url}/auth/backchannel-logout`,
      backchannel_logout_session_required: true,
      jwks: await identityKeys(keys),
    };
  }
}

/** A registered client has been vetted by the operator: what it may ask for is granted without asking again. */
async function grantOf(context: Context): Promise<object | undefined> {
  const { provider, client, session, params, requestParamScopes } = context.oidc;
  if (session.accountId === undefined) return undefined;
  const grant = new provider.Grant({ clientId: client.clientId, accountId: session.accountId });
  grant.addOIDCScope([...requestParamScopes].join(' '));
  for (const resource of [params.resource].flat()) {
    if (typeof resource === 'string') grant.addResourceScope(resource, '');
  }
  await grant.save();
  return grant;
}

function metadataOf({ id, name, jwk, redirectUris }: MachineClient) {
  const isForPeople = redirectUris.length > 0;
  return {
    client_id: id,
    client_name: name,
    redirect_uris: redirectUris,
    post_logout_redirect_uris: [],
    response_types: isForPeople ? ['code'] : [],
    grant_types: ['client_credentials', ...(isForPeople ? ['authorization_code', TOKEN_EXCHANGE] : [])],
    jwks: { keys: [jwk] },
  };
}

/** A key of the node's key store, which signs where it lies. */
function storedKey(key: SigningKey, keys: SigningKeys): ExternalSigningKey {
  const publicKey = createPublicKey({ key: key.publicKey, format: 'jwk' });
  class StoredKey extends ExternalSigningKey {
    override keyObject(): KeyObject {
      return publicKey;
    }

    override async sign(data: Buffer): Promise<Buffer> {
      return Buffer.from((await keys.sign('identity', data, key.id)).signature);
    }
  }
  const stored = new StoredKey();
  stored.kid = key.id;
  stored.alg = SIGNED_WITH;
  return stored;
}
