import type { Identity, Ledger, Requester, Role } from '@federome/core';
import { NodeError } from '../../errors.ts';
import type { NodeConfig } from '../../node-config.ts';
import type { SigningKeys } from '../../stores/keys/signing-keys.ts';
import type { LocalAccount, MachineClient, OidcStore } from '../../stores/oidc/oidc-store.ts';
import type { KnownPerson } from '../../stores/people/people.ts';
import type { SessionStore } from '../../stores/sessions/sessions.ts';
import { bearerOfToken } from './access-tokens.ts';
import { Accounts } from './embedded/accounts.ts';
import { assertPrivate, demoPeople } from './embedded/demo-people.ts';
import type { EmbeddedProvider, ProviderPages } from './embedded/embedded-provider.ts';
import type { VisasOf } from './embedded/passports.ts';
import { identityKeys } from './key-proof.ts';
import { COMMAND_LINE, EMBEDDED_ISSUER, type PeopleService } from './people-service.ts';
import { type Provider, RelyingParty } from './relying-party.ts';
import type { SessionService } from './session-service.ts';

interface Ports {
  readonly config: Pick<NodeConfig, 'id' | 'name' | 'country' | 'identity'>;
  readonly environment: Readonly<Record<string, string | undefined>>;
  readonly people: PeopleService;
  readonly sessions: SessionService;
  readonly stores: { readonly oidc: OidcStore; readonly sessions: SessionStore };
  readonly keys: SigningKeys;
  readonly ledger: Ledger;
  readonly now: () => Date;
  readonly visasOf?: VisasOf | undefined;
  readonly audience?: (() => Promise<readonly string[]>) | undefined;
  readonly keysForMs?: number | undefined;
}

/** What logs people in while a node is served. */
export interface ServedIdentity {
  readonly url: string;
  readonly people: PeopleService;
  readonly sessions: SessionService;
  readonly relyingParty: RelyingParty;
  readonly embedded: EmbeddedProvider | undefined;
  /** Who is meant in this node's records. */
  recorded(provider: Provider, identity: Identity): Identity;
  /** The issuer by which others know a person of the records. */
  issuerOf(recorded: string): string;
  machineRequester(token: string): Promise<Requester>;
  /** Keys with which this server proves itself to providers, as a JWK set. */
  publicKeys(): Promise<{ readonly keys: readonly object[] }>;
}

/** Accounts and clients of the embedded provider, and what logs people in. */
export class IdentityService {
  readonly #ports: Ports;
  readonly #accounts: Accounts;

  constructor(ports: Ports) {
    this.#ports = ports;
    this.#accounts = new Accounts({ store: ports.stores.oidc, now: ports.now, demo: [] });
  }

  /** Enters a local person, with a role where one is given; the code lets them choose a passphrase. */
  async enrol(
    login: string,
    name: string,
    role: Role | undefined,
  ): Promise<{ readonly account: LocalAccount; readonly code: string }> {
    const enrolled = await this.#accounts.enrol(login, name);
    const identity = { issuer: EMBEDDED_ISSUER, subject: enrolled.account.subject };
    const person = await this.#ports.people.enter(identity, { name });
    if (role !== undefined) await this.#ports.people.grant(person.id, role, COMMAND_LINE);
    return enrolled;
  }

  /** A new code for a local person. Throws `node/unknown-person`. */
  async renewCode(login: string): Promise<string> {
    return await this.#accounts.renew(login);
  }

  /**
   * Forgets somebody: records, roles, sessions, and their account at the embedded provider; all of it also where the ledger
   * cannot be written at once.
   */
  async forget(person: string, by: string): Promise<void> {
    const known = await this.#ports.people.person(person);
    try {
      await this.#ports.people.forget(person, by);
    } finally {
      if ((await this.#ports.people.person(person)) === undefined) await this.#forgetLogins(person, known);
    }
  }

  async #forgetLogins(person: string, known: KnownPerson | undefined): Promise<void> {
    await this.#ports.sessions.end({ person });
    if (known?.issuer === EMBEDDED_ISSUER) await this.#accounts.remove(known.subject);
  }

  /** Registers a machine by its public key. Throws `node/bad-client`. */
  async addClient(client: Omit<MachineClient, 'createdAt'>, roles: readonly Role[]): Promise<void> {
    const jwk = publicJwk(client.jwk);
    const createdAt = this.#ports.now().toISOString();
    if (!(await this.#ports.stores.oidc.addClient({ ...client, jwk, createdAt }))) {
      throw new NodeError('node/bad-client', `there is a client ${client.id} already`);
    }
    const identity = { issuer: EMBEDDED_ISSUER, subject: client.id };
    const machine = await this.#ports.people.enter(identity, { kind: 'machine', name: client.name });
    for (const role of roles) await this.#ports.people.grant(machine.id, role, COMMAND_LINE);
  }

  async clients(): Promise<readonly MachineClient[]> {
    return await this.#ports.stores.oidc.clients();
  }

  /** Throws `node/bad-client` where there is none. */
  async removeClient(id: string): Promise<void> {
    if (!(await this.#ports.stores.oidc.removeClient(id))) {
      throw new NodeError('node/bad-client', `there is no client ${id}`);
    }
    const machine = await this.#ports.people.find({ issuer: EMBEDDED_ISSUER, subject: id });
    if (machine !== undefined) await this.#ports.people.forget(machine.id, COMMAND_LINE);
  }

  /** Throws `node/demo-people-exposed` where demonstration people could be reached from elsewhere. */
  async serveAt(url: string, pages: ProviderPages): Promise<ServedIdentity> {
    const { config, environment, people, sessions, stores, keys, now } = this.#ports;
    const embedded = await this.#embedded(url, pages);
    const providers: Provider[] = (config.identity?.providers ?? []).map((each) => ({
      ...each,
      isOwn: false,
    }));
    if (embedded !== undefined) {
      const { issuer } = embedded;
      const own = { id: 'own', name: config.name, issuer, clientId: 'federome', scopes: ['profile'] };
      providers.unshift({ ...own, isOwn: true });
    }
    const relyingParty = new RelyingParty({ store: stores.sessions, keys, providers, url, environment, now });
    const ownIssuer = embedded?.issuer;
    return {
      url,
      people,
      sessions,
      relyingParty,
      embedded,
      recorded: ({ isOwn }, identity) => (isOwn ? { ...identity, issuer: EMBEDDED_ISSUER } : identity),
      issuerOf: (recorded) => (recorded === EMBEDDED_ISSUER ? (ownIssuer ?? recorded) : recorded),
      publicKeys: () => identityKeys(keys),
      machineRequester: (token) => bearerOfToken(token, { people, keys, relyingParty, ownIssuer, url, now }),
    };
  }

  async #embedded(url: string, pages: ProviderPages): Promise<EmbeddedProvider | undefined> {
    const { config, stores, keys, now, visasOf = async () => [], audience, keysForMs } = this.#ports;
    const kind = config.identity?.embedded;
    if (kind === undefined) return undefined;
    if (kind === 'demo') {
      assertPrivate(new URL(url).hostname);
      await this.#enterDemoPeople();
    }
    const { EmbeddedProvider } = await import('./embedded/embedded-provider.ts');
    const demo = kind === 'demo' ? demoPeople(config.country) : [];
    return new EmbeddedProvider({
      url,
      store: stores.oidc,
      keys,
      visasOf,
      audience,
      demo,
      pages,
      now,
      keysForMs,
    });
  }

  /** Roles that were withdrawn from demonstration people stay so. */
  async #enterDemoPeople(): Promise<void> {
    const { people, config } = this.#ports;
    for (const { subject, name, role } of demoPeople(config.country)) {
      const identity = { issuer: EMBEDDED_ISSUER, subject };
      if ((await people.find(identity)) !== undefined) continue;
      const person = await people.enter(identity, { name });
      await people.grant(person.id, role, COMMAND_LINE);
    }
  }
}

const PUBLIC_MEMBERS: Readonly<Record<string, readonly string[]>> = {
  EC: ['crv', 'x', 'y'],
  OKP: ['crv', 'x'],
  RSA: ['n', 'e'],
};

/** A public key as a client brings it. Throws `node/bad-client`, for private keys too. */
function publicJwk(jwk: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> {
  const members = typeof jwk.kty === 'string' ? PUBLIC_MEMBERS[jwk.kty] : undefined;
  if (members === undefined || !members.every((name) => typeof jwk[name] === 'string')) {
    throw new NodeError('node/bad-client', 'expected a public key as JWK, of kty EC, OKP or RSA');
  }
  if ('d' in jwk) {
    throw new NodeError('node/bad-client', 'this is a private key: keep it, and give the public one');
  }
  const kept = ['kty', 'kid', 'alg', ...members].filter((name) => jwk[name] !== undefined);
  return { ...Object.fromEntries(kept.map((name) => [name, jwk[name]])), use: 'sig' };
}
