import type { Ledger } from '@federome/core';
import type { NodeConfig } from '../node-config.ts';
import type { ProviderPages } from '../services/identity/embedded/embedded-provider.ts';
import type { VisasOf } from '../services/identity/embedded/passports.ts';
import type { IdentityService, ServedIdentity } from '../services/identity/identity-service.ts';
import { PeopleService } from '../services/identity/people-service.ts';
import { SessionService, type SessionTimes } from '../services/identity/session-service.ts';
import type { SigningKeys } from '../stores/keys/signing-keys.ts';
import { SqlOidcStore } from '../stores/oidc/sql-oidc-store.ts';
import { SqlPeopleStore } from '../stores/people/sql-people-store.ts';
import { SqlSessionStore } from '../stores/sessions/sql-session-store.ts';
import type { Foundation } from './foundation.ts';

export interface IdentityOptions {
  readonly keys: SigningKeys;
  readonly ledger: Ledger;
  /** Visas of a person for their passport; none by default. */
  readonly visasOf?: VisasOf | undefined;
  /** For whom passports are; other members take none without it. */
  readonly audience?: (() => Promise<readonly string[]>) | undefined;
  readonly times?: Partial<SessionTimes> | undefined;
  /** How long the embedded provider takes its keys as known. */
  readonly keysForMs?: number | undefined;
}

/** Who people are, and what they may do here. */
export interface Identity {
  readonly config: NodeConfig;
  readonly people: PeopleService;
  readonly sessions: SessionService;
  /** Accounts and machine clients of the embedded provider; loaded by the first call. */
  readonly service: () => Promise<IdentityService>;
  /** What logs people in, once it is known where the server is reached. */
  readonly serveAt: (url: string, pages: ProviderPages) => Promise<ServedIdentity>;
}

const CLEAN_EVERY_MS = 60_000;

/** People, roles, sessions and logins. What speaks OpenID is loaded when the node is served, and not before. */
export function composeIdentity(foundation: Foundation, options: IdentityOptions): Identity {
  const { database, now, config, environment, background } = foundation;
  const { ledger } = options;
  const stores = { oidc: new SqlOidcStore(database), sessions: new SqlSessionStore(database) };
  const people = new PeopleService({ store: new SqlPeopleStore(database), ledger, now });
  const sessions = new SessionService({ store: stores.sessions, people, now, times: options.times });
  background.add({
    name: 'identity',
    everyMs: CLEAN_EVERY_MS,
    run: async () => {
      await people.deleteExpired();
      await sessions.deleteExpired();
      await stores.oidc.deleteExpired(Math.floor(now().getTime() / 1_000));
    },
  });
  const service = async () => {
    const { IdentityService } = await import('../services/identity/identity-service.ts');
    return new IdentityService({ ...options, config, environment, people, sessions, stores, now });
  };
  const serveAt: Identity['serveAt'] = async (url, pages) => await (await service()).serveAt(url, pages);
  return { config, people, sessions, service, serveAt };
}
