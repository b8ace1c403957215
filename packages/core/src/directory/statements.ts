import { canonicalJson } from '../ledger/canonical-json.ts';
import type { MemberKey } from './directory.ts';
import type {
  Attempt,
  DirectoryChange,
  DirectoryDocument,
  DirectorySignature,
  Proposal,
  Vote,
} from './document.ts';

/** What the rules of the directory need of cryptography. */
export interface DirectoryCrypto {
  /** SHA-256, base64url. */
  hash(bytes: Uint8Array): string;
  /** Whether `signature` (base64url) over `bytes` is by the key; false for whatever cannot be. */
  verify(key: MemberKey, bytes: Uint8Array, signature: string): boolean;
}

/** Name and hash of an object, so that no signature over one kind of thing can be taken for another. */
function statement(kind: string, value: unknown): Uint8Array {
  return new TextEncoder().encode(`federome ${kind} 1\n${canonicalJson(value)}`);
}

/** What a version is known by; what the next one names, and of version 1 the trust anchor. */
export function documentHash(document: DirectoryDocument, crypto: DirectoryCrypto): string {
  return crypto.hash(statement('directory', document));
}

/** What a proposal is known by, and voted on. */
export function proposalHash(proposal: Proposal, crypto: DirectoryCrypto): string {
  return crypto.hash(statement('proposal', proposal));
}

/** What nodes sign of a version. The attempt is in it: signatures of several attempts do not add up. */
export function versionStatement(
  network: string,
  version: number,
  hash: string,
  attempt: Attempt,
): Uint8Array {
  return statement('directory-version', { network, version, hash, attempt });
}

export function proposalStatement(proposal: Proposal): Uint8Array {
  return statement('proposal', proposal);
}

/** What each new key of a change signs. */
export function changeStatement(network: string, change: DirectoryChange): Uint8Array {
  return statement('directory-change', { network, change });
}

export function voteStatement(vote: Vote): Uint8Array {
  return statement('directory-vote', vote);
}

/** What a node promises before it signs; see `Promised` of promises.ts. */
export function promiseStatement(promise: unknown): Uint8Array {
  return statement('directory-promise', promise);
}

/** What a node signs that begins an attempt at the version after the one with `previous` as its hash. */
export function attemptStatement(network: string, previous: string, attempt: Attempt): Uint8Array {
  return statement('directory-attempt', { network, previous, attempt });
}

/** RFC 7638: SHA-256 over the required members of the key, base64url. */
export function keyThumbprint(key: Pick<MemberKey, 'publicKey'>, crypto: DirectoryCrypto): string {
  return crypto.hash(new TextEncoder().encode(canonicalJson(key.publicKey)));
}

/** Whether a signature is by a directory key that the document gives its member. */
export function isSignedBy(
  document: DirectoryDocument,
  { member, keyId, signature }: DirectorySignature,
  bytes: Uint8Array,
  crypto: DirectoryCrypto,
): boolean {
  const key = document.members
    .find(({ id }) => id === member)
    ?.keys.find(({ id, purpose }) => id === keyId && purpose === 'directory');
  return key !== undefined && crypto.verify(key, bytes, signature);
}

/** The distinct nodes whose signatures hold. A hub's counts nothing, nor does a second one of the same node. */
export function signingNodes(
  document: DirectoryDocument,
  signatures: readonly DirectorySignature[],
  bytes: (signature: DirectorySignature) => Uint8Array,
  crypto: DirectoryCrypto,
): ReadonlySet<string> {
  const nodes = new Set(document.members.filter(({ role }) => role === 'node').map(({ id }) => id));
  const held = signatures.filter(
    (signature) => nodes.has(signature.member) && isSignedBy(document, signature, bytes(signature), crypto),
  );
  return new Set(held.map(({ member }) => member));
}
