/** A browser that somebody logged in with. Of its token only hashes (SHA-256, base64url) are kept. */
export interface Session {
  /** Names the session to its person; opens nothing. */
  readonly id: string;
  readonly tokenHash: string;
  /** The token before the last rotation, which parallel requests may still bring until `previousUntil`. */
  readonly previousHash: string;
  readonly previousUntil: string;
  readonly person: string;
  readonly provider: string;
  /** `sid` at the provider; empty where it names none. */
  readonly providerSession: string;
  readonly csrfToken: string;
  /** The ID token, sealed under the session's token: whoever reads the database learns nothing from it. */
  readonly sealedIdToken: string;
  /** Roles when the token was last rotated: another set of them rotates it. */
  readonly roles: string;
  readonly startedAt: string;
  readonly seenAt: string;
  readonly rotatedAt: string;
  readonly endsAt: string;
}

/** A login that was sent to a provider and has not come back. */
export interface LoginAttempt {
  readonly stateHash: string;
  readonly provider: string;
  /** Hash of a cookie: only the browser that began may finish. */
  readonly browserHash: string;
  readonly nonce: string;
  readonly verifier: string;
  readonly returnPath: string;
  readonly expiresAt: string;
}

/** Whose sessions end. */
export type SessionFilter =
  | { readonly id: string; readonly person: string }
  | { readonly person: string }
  | { readonly provider: string; readonly providerSession: string };

/** Every change is durable when it returns. Throws `node/store`. */
export interface SessionStore {
  start(session: Session): Promise<void>;
  /** By the hash of its token or, for as long as both are taken, of the one before. */
  find(tokenHash: string, at: Date): Promise<Session | undefined>;
  ofPerson(person: string): Promise<readonly Session[]>;
  seen(id: string, at: Date): Promise<void>;
  /** Gives a session another token, unless it has another already: of two at once, one succeeds. */
  rotate(
    session: Session,
    next: Pick<Session, 'tokenHash' | 'previousUntil' | 'sealedIdToken' | 'roles' | 'rotatedAt'>,
  ): Promise<boolean>;
  /** Ends sessions, and tells how many. */
  end(filter: SessionFilter): Promise<number>;
  begin(attempt: LoginAttempt): Promise<void>;
  /** Takes an attempt, which nobody can take again; `undefined` where there is none or it has expired. */
  take(stateHash: string, at: Date): Promise<LoginAttempt | undefined>;
  /** Whether a logout token (by the hash of its id) had not been seen. */
  firstLogout(id: string, expiresAt: string): Promise<boolean>;
  /** Deletes sessions last seen before an instant or ended, and attempts that have expired. */
  deleteExpired(at: Date, idleSince: Date): Promise<void>;
}
