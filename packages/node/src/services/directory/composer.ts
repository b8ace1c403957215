import {
  type Attempt,
  boundBy,
  compareAttempts,
  composed,
  type DirectoryLink,
  documentHash,
  isPromiseOf,
  isSignedBy,
  lifetimeMs,
  nextDocument,
  type SignedProposal,
  versionStatement,
} from '@federome/core';
import { NodeError } from '../../errors.ts';
import { directoryCrypto as crypto } from '../../stores/directory/directory-crypto.ts';
import type { VersionRow } from '../../stores/directory/directory-store.ts';
import { type DirectoryAcceptor, renewalDueMs } from './acceptor.ts';
import type { DirectoryChain } from './chain.ts';
import type { AttemptAnswer, DirectoryPeer } from './peer.ts';
import { type DirectoryPorts, isNodeOf } from './ports.ts';
import type { DirectoryProposals } from './proposals.ts';

const ATTEMPTS = 4;
/** Renewals are due one node after the other, so that rarely two compose. */
const STAGGER_OF_LIFETIME = 1 / 48;

type Promised = Extract<AttemptAnswer, { readonly kind: 'promised' }>;

/**
 * Composes the next version and gathers the signatures of the others. Any node does, whenever there is something to do;
 * of two that do at once one succeeds, or both with the same version.
 */
export class DirectoryComposer {
  readonly #ports: DirectoryPorts;
  readonly #chain: DirectoryChain;
  readonly #proposals: DirectoryProposals;
  readonly #acceptor: DirectoryAcceptor;
  readonly #pause: (attempt: number) => Promise<void>;

  constructor(
    ports: DirectoryPorts,
    parts: {
      readonly chain: DirectoryChain;
      readonly proposals: DirectoryProposals;
      readonly acceptor: DirectoryAcceptor;
      readonly pause: (attempt: number) => Promise<void>;
    },
  ) {
    this.#ports = ports;
    this.#chain = parts.chain;
    this.#proposals = parts.proposals;
    this.#acceptor = parts.acceptor;
    this.#pause = parts.pause;
  }

  /** Whether this node should compose now: changes were approved, or it is its turn to renew. */
  async isDue(): Promise<boolean> {
    const head = await this.#chain.head();
    if (!isNodeOf(head.document, this.#ports.self)) return false;
    if ((await this.#feasible(head)).length > 0) return true;
    const nodes = head.document.members.filter(({ role }) => role === 'node').map(({ id }) => id);
    const place = (nodes.indexOf(this.#ports.self) + head.version) % nodes.length;
    const staggerMs = place * lifetimeMs(head.document) * STAGGER_OF_LIFETIME;
    return this.#ports.now().getTime() >= renewalDueMs(head.document) + staggerMs;
  }

  /**
   * Makes the next version and gives its link, or `undefined` where there is nothing to make. Throws
   * `node/directory-unreachable` where too few nodes agreed.
   */
  async compose(): Promise<DirectoryLink | undefined> {
    let refusal: unknown;
    let number = 1;
    for (let attempt = 0; attempt < ATTEMPTS; attempt += 1) {
      if (attempt > 0) await this.#pause(attempt);
      if (!(await this.isDue())) return undefined;
      const head = await this.#chain.head();
      try {
        const link = await this.#attempt(head, number);
        await this.#chain.accept(link);
        return link;
      } catch (error) {
        refusal = error;
        if (!(error instanceof PassedOver)) break;
        number = error.promised.number + 1;
      }
    }
    throw refusal;
  }

  async #attempt(head: VersionRow, atLeast: number): Promise<DirectoryLink> {
    const request = await this.#acceptor.begin(atLeast);
    const others = this.#others(head);
    const own = await this.#acceptor.promise(request);
    // Another process of this node has the number: one attempt is one version only.
    if (own.kind === 'passed-over') throw tooFew(0, head.document.threshold, own.promised);
    const answers = [own, ...(await gather(others, (peer) => peer.promise(request)))];
    const promised = answers.filter(
      (answer): answer is Promised => answer.kind === 'promised' && isHeld(head, request.attempt, answer),
    );
    const { threshold } = head.document;
    if (promised.length < threshold) throw tooFew(promised.length, threshold, latestOf(answers));
    const promises = promised.map(({ promise }) => promise);
    const link = await this.#bound(head, request.attempt, promised, boundBy(promises));
    const asked = { link, promises };
    const given = [await this.#acceptor.sign(asked), ...(await gather(others, (peer) => peer.sign(asked)))];
    const hash = documentHash(composed(head.document, link, crypto), crypto);
    const bytes = versionStatement(head.document.network, link.version, hash, link.attempt);
    const signatures = given.filter((each) => isSignedBy(head.document, each, bytes, crypto));
    if (signatures.length < threshold) throw tooFew(signatures.length, threshold, undefined);
    return { ...link, signatures };
  }

  /** What this attempt must propose: what another one may have brought about already, or else what is approved here. */
  async #bound(
    head: VersionRow,
    attempt: Attempt,
    promised: readonly Promised[],
    hash: string | undefined,
  ): Promise<DirectoryLink> {
    if (hash !== undefined) {
      const link = promised.flatMap((answer) => answer.link ?? []).find((each) => isOf(head, each, hash));
      if (link === undefined)
        throw new NodeError('node/directory-behind', 'a promise came without its version');
      return { ...link, attempt, signatures: [] };
    }
    const now = this.#ports.now().toISOString();
    const issuedAt = now > head.document.issuedAt ? now : head.document.issuedAt;
    const changes = (await this.#feasible(head)).map(({ proposal, votes }) => ({ proposal, votes }));
    return { version: head.version + 1, issuedAt, attempt, changes, signatures: [] };
  }

  /** Approved changes that can be made one after the other; what contradicts an earlier one is left out. */
  async #feasible({ document }: VersionRow) {
    const made: SignedProposal[] = [];
    return (await this.#proposals.approved()).filter(({ proposal }) => {
      try {
        nextDocument(document, document.issuedAt, [...made, proposal], crypto);
        made.push(proposal);
        return true;
      } catch {
        return false;
      }
    });
  }

  #others({ document }: VersionRow): readonly DirectoryPeer[] {
    return document.members
      .filter(({ id, role }) => role === 'node' && id !== this.#ports.self)
      .map(({ url }) => this.#ports.peerAt(url));
  }
}

/** Another attempt was promised: the next one has to be later. */
class PassedOver extends NodeError {
  readonly promised: Attempt;

  constructor(message: string, promised: Attempt) {
    super('node/directory-unreachable', message);
    this.promised = promised;
  }
}

/** What those answered that answered. */
async function gather<T>(
  peers: readonly DirectoryPeer[],
  ask: (peer: DirectoryPeer) => Promise<T>,
): Promise<readonly T[]> {
  const answers = await Promise.allSettled(peers.map(ask));
  return answers.flatMap((answer) => (answer.status === 'fulfilled' ? [answer.value] : []));
}

/** One that promises what it cannot show, or in nobody's name, holds up nobody. */
function isHeld(head: VersionRow, attempt: Attempt, { promise, link }: Promised): boolean {
  const { accepted } = promise.promise;
  if (!isPromiseOf(head.document, attempt, promise, crypto)) return false;
  return accepted === null || (link !== undefined && isOf(head, link, accepted.hash));
}

function isOf({ document }: VersionRow, link: DirectoryLink, hash: string): boolean {
  try {
    return documentHash(composed(document, link, crypto), crypto) === hash;
  } catch {
    return false;
  }
}

function latestOf(answers: readonly AttemptAnswer[]): Attempt | undefined {
  return answers
    .flatMap((answer) => (answer.kind === 'passed-over' ? [answer.promised] : []))
    .sort((a, b) => compareAttempts(b, a))[0];
}

function tooFew(agreed: number, needed: number, promised: Attempt | undefined): NodeError {
  const message = `${agreed} nodes agreed to the next version of the directory, and it takes ${needed}`;
  return promised === undefined
    ? new NodeError('node/directory-unreachable', message)
    : new PassedOver(message, promised);
}
