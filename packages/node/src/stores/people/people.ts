import type { Identity, Role } from '@federome/core';

/** Somebody or something that is known here; issuer and subject together say who. */
export interface KnownPerson extends Identity {
  /** Of this node's own making; says nothing of the person. */
  readonly id: string;
  readonly kind: 'person' | 'machine';
  /** Only while it is needed: an operator tells people apart by it. Never in a log, ledger or audit. */
  readonly name: string | undefined;
  readonly createdAt: string;
}

/** That somebody has a role, from and until when, and who said so. */
export interface RoleGrant {
  readonly role: Role;
  /** ISO 8601. */
  readonly from: string;
  readonly until: string | undefined;
  /** Id of a person, or `command line`. */
  readonly by: string;
}

/** `none`: there was nothing to take; `last`: nothing was taken, since nobody else has that role. */
export type Withdrawal = 'done' | 'none' | 'last';

/** A code that gives whoever redeems it a role, once. */
export interface Invitation {
  /** SHA-256 of the code, base64url: the code itself is kept nowhere. */
  readonly codeHash: string;
  readonly role: Role;
  readonly by: string;
  readonly expiresAt: string;
}

/** Every change is durable when it returns. Throws `node/store`. */
export interface PeopleStore {
  /** Enters somebody, or gives who they are already, with the latest name where one is given. */
  enter(person: Omit<KnownPerson, 'id'>, id: string): Promise<KnownPerson>;
  person(id: string): Promise<KnownPerson | undefined>;
  find(identity: Identity): Promise<KnownPerson | undefined>;
  /** The eldest first. */
  list(): Promise<readonly KnownPerson[]>;
  /** Grants that hold at an instant. */
  rolesOf(person: string, at: Date): Promise<readonly RoleGrant[]>;
  /** Everybody who has a role at an instant. */
  having(role: Role, at: Date): Promise<readonly string[]>;
  grant(person: string, grant: RoleGrant): Promise<void>;
  /**
   * Ends a grant that holds at an instant. Of the role `kept` somebody stays: whoever is the last that has it keeps it,
   * however many are withdrawn at once.
   */
  withdraw(person: string, role: Role, at: Date, kept: Role): Promise<Withdrawal>;
  /** Deletes a person and every role they had, unless they are the last that has the role `kept`. */
  forget(person: string, at: Date, kept: Role): Promise<Withdrawal>;
  invite(invitation: Invitation): Promise<void>;
  /** Takes an invitation, which nobody can take again; `undefined` where there is none or it has expired. */
  redeem(codeHash: string, at: Date): Promise<Invitation | undefined>;
  /** Deletes invitations that nobody took in time. */
  deleteExpired(at: Date): Promise<void>;
}
