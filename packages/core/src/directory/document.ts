import type { DisclosurePolicy } from '../disclosure/policy.ts';
import type { DirectoryMember, MemberDirectory, MemberKey } from './directory.ts';

/** How many nodes must agree: more than half of them, or a number, which never counts for less than that. */
export type ThresholdRule = 'majority' | number;

/** A version of the directory as it is hashed and signed. */
export interface DirectoryDocument extends MemberDirectory {
  /** Hash of the document before; `null` of version 1, whose own hash is the network's trust anchor. */
  readonly previous: string | null;
  readonly rule: ThresholdRule;
  /** Proposals that had their effect and would still be valid by date: none has it twice. */
  readonly applied: readonly { readonly proposal: string; readonly until: string }[];
}

/** One thing that whoever wants to join looked at, and what was seen. */
export interface SelfCheck {
  readonly name: string;
  readonly passed: boolean;
  readonly detail: string;
}

/** What may become different from one version to the next. */
export type DirectoryChange =
  | {
      readonly kind: 'join';
      readonly member: Omit<DirectoryMember, 'joinedAt'>;
      /** What the node said of itself; for those who vote, and believed by nobody else. */
      readonly checks: readonly SelfCheck[];
    }
  | { readonly kind: 'leave'; readonly member: string }
  | {
      readonly kind: 'update';
      readonly member: string;
      readonly name?: string | undefined;
      readonly url?: string | undefined;
      readonly dpia?: string | undefined;
      readonly floors?: DisclosurePolicy | undefined;
      readonly keys?: readonly MemberKey[] | undefined;
    }
  | { readonly kind: 'threshold'; readonly rule: ThresholdRule };

/** A change that a member asks the others for. */
export interface Proposal {
  readonly network: string;
  readonly change: DirectoryChange;
  /** A member; of a join, the one that invited the new member. */
  readonly proposedBy: string;
  /** ISO 8601. */
  readonly proposedAt: string;
  /** Has no effect in versions that are issued later. */
  readonly expiresAt: string;
}

/** By a directory key of a member; base64url. */
export interface DirectorySignature {
  readonly member: string;
  readonly keyId: string;
  readonly signature: string;
}

/** Shows that whoever wants a key in the directory has its private half. */
export interface KeyProof {
  readonly keyId: string;
  /** base64url. */
  readonly signature: string;
}

export interface SignedProposal {
  readonly proposal: Proposal;
  /** By `proposedBy`. */
  readonly signature: DirectorySignature;
  /** By every key that the change brings. */
  readonly proofs: readonly KeyProof[];
}

/** What the operator of a node says to a proposal; a later one of the same node stands for an earlier one. */
export interface Vote {
  readonly network: string;
  /** The proposal's hash. */
  readonly proposal: string;
  readonly decision: 'for' | 'against';
  /** ISO 8601. */
  readonly at: string;
}

export interface SignedVote {
  readonly vote: Vote;
  readonly signature: DirectorySignature;
}

/** A change with what entitles it to be made. */
export interface ApprovedChange {
  readonly proposal: SignedProposal;
  readonly votes: readonly SignedVote[];
}

/** Which go at a version this is. Attempts are ordered by number, then by the member that composes. */
export interface Attempt {
  /** From 1. */
  readonly number: number;
  readonly member: string;
}

/** All that makes the next version of the one before: everything else follows from `nextDocument`. */
export interface DirectoryLink {
  readonly version: number;
  /** ISO 8601. */
  readonly issuedAt: string;
  readonly attempt: Attempt;
  readonly changes: readonly ApprovedChange[];
  /** Of the same attempt, all of them. */
  readonly signatures: readonly DirectorySignature[];
}

/** A version with its content written out, as it is served. */
export interface SignedDirectory extends Omit<DirectoryLink, 'version' | 'issuedAt'> {
  readonly directory: DirectoryDocument;
}

/** Negative where `a` comes before `b`. */
export function compareAttempts(a: Attempt, b: Attempt): number {
  return a.number - b.number || (a.member < b.member ? -1 : a.member > b.member ? 1 : 0);
}
