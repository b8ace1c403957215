import type { Identity, Json, VisaBy, VisaType } from '@federome/core';

/** An entitlement or a statement about a person, from which visas are issued while it stands. */
export interface Grant {
  readonly id: string;
  readonly identity: Identity;
  readonly type: VisaType;
  readonly value: string;
  readonly source: string;
  readonly by: VisaBy;
  /** As Passport 1.2 has them; of other visas. */
  readonly conditions?: Json | undefined;
  /** ISO 8601. */
  readonly from: string;
  /** ISO 8601; there is no grant without an end. */
  readonly until: string;
  readonly grantedBy: Identity;
  readonly grantedAt: string;
  readonly reason: string;
  readonly revokedAt?: string | undefined;
  readonly revokedBy?: Identity | undefined;
  readonly revokedReason?: string | undefined;
  /** The number of its revocation among all of this node, from 1. */
  readonly revocation?: number | undefined;
}

/** What may be asked of grants. */
export interface GrantFilter {
  readonly identity?: Identity | undefined;
  readonly value?: string | undefined;
}

/** Grants of a node. Every change is durable when it returns. Throws `node/store`. */
export interface GrantStore {
  add(grant: Grant): Promise<void>;
  grant(id: string): Promise<Grant | undefined>;
  /** In the order of their granting. */
  grants(filter: GrantFilter): Promise<readonly Grant[]>;
  /** Gives the grant as it is then; one that is revoked already stays as it was. `undefined` where there is none. */
  revoke(
    id: string,
    revocation: { readonly at: string; readonly by: Identity; readonly reason: string },
  ): Promise<Grant | undefined>;
  /** Grants whose revocation is at or after an instant, and the number of the last revocation ever (0 for none). */
  revocations(since: string): Promise<{ readonly grants: readonly Grant[]; readonly last: number }>;
  /** Revocations that are not in the ledger yet. */
  unrecorded(): Promise<readonly Grant[]>;
  /** A revocation is in the ledger. */
  recorded(id: string): Promise<void>;
  /** Deletes grants that ended before an instant; how many. The one with the last revocation stays, for its number. */
  deleteEndedBefore(instant: string): Promise<number>;
}
