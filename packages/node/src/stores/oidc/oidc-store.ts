/** What the provider keeps of a session, code, grant or token; `kind` is the model's name. */
export interface OidcEntry {
  readonly kind: string;
  readonly id: string;
  readonly payload: Readonly<Record<string, unknown>>;
  readonly grantId?: string | undefined;
  readonly uid?: string | undefined;
  /** Seconds since 1970. */
  readonly expiresAt: number;
}

/** A machine that logs in with a key of its own (RFC 7523). */
export interface MachineClient {
  readonly id: string;
  readonly name: string;
  /** Public key only. */
  readonly jwk: Readonly<Record<string, unknown>>;
  /** Where people come back to whom it sends to log in; none of a machine that acts for itself alone. */
  readonly redirectUris: readonly string[];
  readonly createdAt: string;
}

/** Somebody who logs in at the embedded provider with a passphrase. */
export interface LocalAccount {
  readonly subject: string;
  readonly login: string;
  readonly name: string;
  /** scrypt; `undefined` until the person has chosen one. */
  readonly passphrase: string | undefined;
  /** Of the code with which the person chooses one. */
  readonly code: { readonly hash: string; readonly expiresAt: string } | undefined;
  readonly createdAt: string;
}

/** What the embedded provider keeps. Every change is durable when it returns. Throws `node/store`. */
export interface OidcStore {
  put(entry: OidcEntry): Promise<void>;
  get(kind: string, id: string, atSeconds: number): Promise<OidcEntry | undefined>;
  getByUid(kind: string, uid: string, atSeconds: number): Promise<OidcEntry | undefined>;
  /** Marks an entry as used; of two at once, one succeeds. */
  consume(kind: string, id: string, atSeconds: number): Promise<boolean>;
  remove(kind: string, id: string): Promise<void>;
  removeGrant(grantId: string): Promise<void>;
  deleteExpired(atSeconds: number): Promise<void>;
  addClient(client: MachineClient): Promise<boolean>;
  client(id: string): Promise<MachineClient | undefined>;
  clients(): Promise<readonly MachineClient[]>;
  removeClient(id: string): Promise<boolean>;
  addAccount(account: LocalAccount): Promise<boolean>;
  account(by: { readonly subject: string } | { readonly login: string }): Promise<LocalAccount | undefined>;
  removeAccount(subject: string): Promise<void>;
  setCode(subject: string, code: NonNullable<LocalAccount['code']>): Promise<void>;
  /** Sets a passphrase with a code, which goes with it; `undefined` where no account has such a code now. */
  choosePassphrase(codeHash: string, passphrase: string, at: Date): Promise<LocalAccount | undefined>;
}
