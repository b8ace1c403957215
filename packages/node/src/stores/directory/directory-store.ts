import type {
  Attempt,
  DirectoryDocument,
  DirectoryLink,
  LedgerEvent,
  SignedProposal,
  SignedVote,
} from '@federome/core';

/** Which network the node is in, or asked to come into. */
export interface NetworkRow {
  readonly network: string;
  /** Hash of version 1. */
  readonly anchor: string;
  /** Where to ask as long as no version is known. */
  readonly addresses: readonly string[];
}

export interface VersionRow {
  readonly version: number;
  readonly hash: string;
  readonly link: DirectoryLink;
  readonly document: DirectoryDocument;
}

export type ProposalState = 'open' | 'applied' | 'rejected' | 'expired';

export interface ProposalRow {
  /** Its hash. */
  readonly id: string;
  readonly proposal: SignedProposal;
  readonly state: ProposalState;
  readonly votes: readonly SignedVote[];
}

/** Which attempts at a version this node gave its word and its signature to. */
export interface AttemptRow {
  readonly version: number;
  readonly promised: Attempt;
  readonly accepted: AcceptedVersion | undefined;
}

export interface AcceptedVersion {
  readonly hash: string;
  /** Without signatures. */
  readonly link: DirectoryLink;
}

export interface InvitationRow {
  readonly secretHash: string;
  readonly expiresAt: string;
  /** What it was used for. */
  readonly usedBy: string | undefined;
}

/** A second version of one number, kept as evidence. */
export interface ForkRow {
  readonly version: number;
  readonly hash: string;
  readonly link: DirectoryLink;
  readonly seenAt: string;
}

/**
 * What a node knows of the directory. Whatever comes in here has passed its checks. Every implementation passes
 * `directory-store.contract.ts`; each change is durable when it returns. Throws `node/store`.
 */
export interface DirectoryStore {
  /** Several operations as one, one after the other whoever else has one; inside one it is the same. */
  transaction<T>(work: (store: DirectoryStore) => Promise<T>): Promise<T>;

  network(): Promise<NetworkRow | undefined>;
  putNetwork(row: NetworkRow): Promise<void>;

  /** Number and hash of the latest version. */
  head(): Promise<{ readonly version: number; readonly hash: string } | undefined>;
  /** The latest one where no number is given; `undefined` for one that is not known. */
  version(version?: number): Promise<VersionRow | undefined>;
  /** What makes each version after `version` of the one before, in order. */
  links(version: number, limit: number): Promise<readonly DirectoryLink[]>;
  /** The next version; false where another one has its number already. Promises for it and earlier ones are forgotten. */
  addVersion(row: VersionRow): Promise<boolean>;

  proposals(state?: ProposalState): Promise<readonly ProposalRow[]>;
  proposal(id: string): Promise<ProposalRow | undefined>;
  /** False where it is there already. */
  addProposal(id: string, proposal: SignedProposal): Promise<boolean>;
  closeProposal(id: string, state: Exclude<ProposalState, 'open'>, at: string): Promise<void>;
  /** In place of an earlier vote of that member. */
  putVote(vote: SignedVote): Promise<void>;

  attempt(version: number): Promise<AttemptRow | undefined>;
  putAttempt(row: AttemptRow): Promise<void>;

  addInvitation(secretHash: string, expiresAt: string): Promise<void>;
  invitation(secretHash: string): Promise<InvitationRow | undefined>;
  /** False where it was used for something else, or there is none. */
  useInvitation(secretHash: string, use: string): Promise<boolean>;

  addFork(row: ForkRow): Promise<void>;
  forks(): Promise<readonly ForkRow[]>;

  /** Events that the ledger does not have yet, the eldest first. */
  events(limit: number): Promise<readonly { readonly sequence: number; readonly event: LedgerEvent }[]>;
  addEvent(event: LedgerEvent): Promise<void>;
  removeEvent(sequence: number): Promise<void>;

  /** Forgets closed proposals and invitations that ended before an instant. */
  forgetBefore(at: string): Promise<void>;
}
