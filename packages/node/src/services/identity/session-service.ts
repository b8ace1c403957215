import type { Role } from '@federome/core';
import type { KnownPerson } from '../../stores/people/people.ts';
import type { Session, SessionStore } from '../../stores/sessions/sessions.ts';
import type { PeopleService } from './people-service.ts';
import { hashOf, newId, newSecret, seal, unseal } from './secrets.ts';

/** How long sessions last; each has a default. */
export interface SessionTimes {
  /** Without a request: 30 min. */
  readonly idleMs: number;
  /** Whatever is done: 12 h. */
  readonly absoluteMs: number;
  /** Until the token is another: 15 min. */
  readonly rotationMs: number;
  /** For which requests under way may bring the token before: 20 s. */
  readonly overlapMs: number;
}

const TIMES: SessionTimes = {
  idleMs: 30 * 60_000,
  absoluteMs: 12 * 3_600_000,
  rotationMs: 15 * 60_000,
  overlapMs: 20_000,
};
/** How old the note of the last request may be: not every request writes. */
const SEEN_EVERY_MS = 30_000;

/** A session that holds, with what this node's records say of its person at this moment. */
export interface LiveSession {
  readonly session: Session;
  readonly person: KnownPerson;
  readonly roles: readonly Role[];
  /** The token from now on, where it was rotated. */
  readonly renewed: string | undefined;
}

interface Ports {
  readonly store: SessionStore;
  readonly people: PeopleService;
  readonly now: () => Date;
  readonly times?: Partial<SessionTimes> | undefined;
}

/** Sessions of browsers: a random token in a cookie, of which only the hash is stored. */
export class SessionService {
  readonly #ports: Ports;
  readonly #times: SessionTimes;

  constructor(ports: Ports) {
    this.#ports = ports;
    this.#times = { ...TIMES, ...ports.times };
  }

  /** Begins a session, under a token that nobody has had. */
  async start(
    person: KnownPerson,
    login: { readonly provider: string; readonly providerSession: string; readonly idToken: string },
  ): Promise<string> {
    const token = newSecret();
    const now = this.#ports.now();
    const at = now.toISOString();
    await this.#ports.store.start({
      id: newId(),
      tokenHash: hashOf(token),
      previousHash: '',
      previousUntil: '',
      person: person.id,
      provider: login.provider,
      providerSession: login.providerSession,
      csrfToken: newSecret(),
      sealedIdToken: seal(login.idToken, token),
      roles: rolesText(await this.#ports.people.rolesOf(person.id)),
      startedAt: at,
      seenAt: at,
      rotatedAt: at,
      endsAt: new Date(now.getTime() + this.#times.absoluteMs).toISOString(),
    });
    return token;
  }

  /** The session of a token; `undefined` where it has ended or never was. Rotates the token when it is time. */
  async use(token: string): Promise<LiveSession | undefined> {
    const now = this.#ports.now();
    const session = await this.#ports.store.find(hashOf(token), now);
    if (session === undefined) return undefined;
    const idleMs = now.getTime() - Date.parse(session.seenAt);
    const person = await this.#ports.people.person(session.person);
    if (session.endsAt <= now.toISOString() || idleMs >= this.#times.idleMs || person === undefined) {
      await this.#ports.store.end({ id: session.id, person: session.person });
      return undefined;
    }
    const roles = await this.#ports.people.rolesOf(person.id);
    const renewed = await this.#rotated(session, token, rolesText(roles), now);
    if (renewed === undefined && idleMs >= SEEN_EVERY_MS) await this.#ports.store.seen(session.id, now);
    return { session, person, roles, renewed };
  }

  /** The ID token of a session, which only its own token opens. */
  idTokenOf({ session }: LiveSession, token: string): string | undefined {
    return unseal(session.sealedIdToken, token) || undefined;
  }

  async ofPerson(person: string): Promise<readonly Session[]> {
    const now = this.#ports.now();
    const idleSince = new Date(now.getTime() - this.#times.idleMs).toISOString();
    const all = await this.#ports.store.ofPerson(person);
    return all.filter(({ endsAt, seenAt }) => endsAt > now.toISOString() && seenAt > idleSince);
  }

  async end(...filter: Parameters<SessionStore['end']>): Promise<number> {
    return await this.#ports.store.end(...filter);
  }

  async deleteExpired(): Promise<void> {
    const now = this.#ports.now();
    await this.#ports.store.deleteExpired(now, new Date(now.getTime() - this.#times.idleMs));
  }

  async #rotated(session: Session, token: string, roles: string, now: Date): Promise<string | undefined> {
    // A token of before the last rotation does not rotate again: the browser has the next one already.
    if (session.tokenHash !== hashOf(token)) return undefined;
    const isOld = now.getTime() - Date.parse(session.rotatedAt) >= this.#times.rotationMs;
    if (!isOld && session.roles === roles) return undefined;
    const next = newSecret();
    const isRotated = await this.#ports.store.rotate(session, {
      tokenHash: hashOf(next),
      previousUntil: new Date(now.getTime() + this.#times.overlapMs).toISOString(),
      sealedIdToken: seal(unseal(session.sealedIdToken, token) ?? '', next),
      roles,
      rotatedAt: now.toISOString(),
    });
    return isRotated ? next : undefined;
  }
}

function rolesText(roles: readonly Role[]): string {
  return JSON.stringify([...roles].sort());
}
