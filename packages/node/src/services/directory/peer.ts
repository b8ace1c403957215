import type {
  Attempt,
  DirectoryChange,
  DirectoryLink,
  DirectorySignature,
  KeyProof,
  SignedDirectory,
  SignedPromise,
  SignedProposal,
  SignedVote,
} from '@federome/core';

/** What another member knows beyond a version. */
export interface ChainAnswer {
  readonly network: string;
  readonly head: { readonly version: number; readonly hash: string };
  /** Version 1, where the chain was asked for from its beginning. */
  readonly anchor?: SignedDirectory | undefined;
  /** In order; not all of them where they are many. */
  readonly links: readonly DirectoryLink[];
  /** Its clock; ISO 8601. */
  readonly at: string;
}

export interface OpenProposal {
  readonly proposal: SignedProposal;
  readonly votes: readonly SignedVote[];
}

export interface AttemptRequest {
  readonly network: string;
  /** Hash of the version that the next one is to follow. */
  readonly previous: string;
  readonly attempt: Attempt;
  /** By the member that composes. */
  readonly signature: DirectorySignature;
}

/** A promise, with what it is bound to; or which later attempt somebody else has been promised. */
export type AttemptAnswer =
  | {
      readonly kind: 'promised';
      readonly promise: SignedPromise;
      /** Without signatures: what the promise names as accepted. */
      readonly link?: DirectoryLink | undefined;
    }
  | { readonly kind: 'passed-over'; readonly promised: Attempt };

export interface SignatureRequest {
  /** Without signatures. */
  readonly link: DirectoryLink;
  readonly promises: readonly SignedPromise[];
}

export interface JoinRequest {
  readonly secret: string;
  readonly change: DirectoryChange;
  readonly proofs: readonly KeyProof[];
}

/** Another member, as the directory's parts talk to it. Every operation throws `node/directory-unreachable`, or what it was refused with. */
export interface DirectoryPeer {
  readonly url: string;
  chain(after: number): Promise<ChainAnswer>;
  proposals(): Promise<readonly OpenProposal[]>;
  sendVersion(link: DirectoryLink): Promise<void>;
  sendProposal(proposal: SignedProposal): Promise<void>;
  sendVote(vote: SignedVote): Promise<void>;
  promise(request: AttemptRequest): Promise<AttemptAnswer>;
  sign(request: SignatureRequest): Promise<DirectorySignature>;
  /** The proposal's hash. */
  join(request: JoinRequest): Promise<string>;
}

/** `url` ends with a slash. */
export type PeerAt = (url: string) => DirectoryPeer;
