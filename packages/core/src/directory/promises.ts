import { CoreError } from '../errors.ts';
import {
  type Attempt,
  compareAttempts,
  type DirectoryDocument,
  type DirectorySignature,
} from './document.ts';
import { type DirectoryCrypto, promiseStatement, signingNodes } from './statements.ts';

/**
 * A node's word that it signs nothing of an earlier attempt at a version any more, with the latest that it has signed.
 * An attempt that k nodes promised must go on with the latest of what they had signed: whatever k nodes of an attempt
 * have signed is then among it, so that no version comes about twice (single-decree Paxos: Lamport, The part-time
 * parliament, 1998; signing is accepting).
 */
export interface Promised {
  readonly network: string;
  readonly version: number;
  readonly attempt: Attempt;
  readonly accepted: { readonly attempt: Attempt; readonly hash: string } | null;
}

export interface SignedPromise {
  readonly promise: Promised;
  readonly signature: DirectorySignature;
}

/** What an attempt is bound to: the hash of the latest document that one of the promising nodes has signed, if any. */
export function boundBy(promises: readonly SignedPromise[]): string | undefined {
  const accepted = promises.flatMap(({ promise }) => (promise.accepted === null ? [] : [promise.accepted]));
  return accepted.sort((a, b) => compareAttempts(b.attempt, a.attempt))[0]?.hash;
}

/** Whether a node of `document` gave its word for this attempt at the next version. */
export function isPromiseOf(
  document: DirectoryDocument,
  attempt: Attempt,
  { promise, signature }: SignedPromise,
  crypto: DirectoryCrypto,
): boolean {
  const isOfThis =
    promise.network === document.network &&
    promise.version === document.version + 1 &&
    compareAttempts(promise.attempt, attempt) === 0;
  return isOfThis && signingNodes(document, [signature], () => promiseStatement(promise), crypto).size === 1;
}

/**
 * Throws `core/bad-promise` unless k nodes of `document` promised this attempt at the next version, and the document with
 * `hash` is what they are bound to.
 */
export function assertPromised(
  document: DirectoryDocument,
  attempt: Attempt,
  hash: string,
  promises: readonly SignedPromise[],
  crypto: DirectoryCrypto,
): void {
  const held = promises.filter((promise) => isPromiseOf(document, attempt, promise, crypto));
  const nodes = new Set(held.map(({ signature }) => signature.member));
  if (nodes.size < document.threshold || nodes.size < promises.length) {
    throw badPromise(`${nodes.size} nodes promised the attempt, and it takes ${document.threshold}`);
  }
  const bound = boundBy(held);
  if (bound !== undefined && bound !== hash) {
    throw badPromise('another document was signed in an earlier attempt, and this one leaves it out');
  }
}

function badPromise(why: string): CoreError {
  return new CoreError('core/bad-promise', why);
}
