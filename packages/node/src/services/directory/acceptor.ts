import {
  type Attempt,
  assertPromised,
  attemptStatement,
  compareAttempts,
  composed,
  type DirectorySignature,
  documentHash,
  lifetimeMs,
  promiseStatement,
  signingNodes,
  versionStatement,
} from '@federome/core';
import { NodeError } from '../../errors.ts';
import { directoryCrypto as crypto } from '../../stores/directory/directory-crypto.ts';
import type { DirectoryStore, VersionRow } from '../../stores/directory/directory-store.ts';
import type { DirectoryChain } from './chain.ts';
import type { AttemptAnswer, AttemptRequest, SignatureRequest } from './peer.ts';
import { CLOCK_TOLERANCE_MS, type DirectoryPorts, isNodeOf, signAs } from './ports.ts';

/**
 * What this node promises and signs of versions that somebody composes. It believes nothing that it did not verify, and
 * what it gave its word to is durable before it leaves.
 */
export class DirectoryAcceptor {
  readonly #ports: DirectoryPorts;
  readonly #chain: DirectoryChain;

  constructor(ports: DirectoryPorts, chain: DirectoryChain) {
    this.#ports = ports;
    this.#chain = chain;
  }

  /** An attempt of this node's own, later than whatever it was promised here. */
  async begin(atLeast: number): Promise<AttemptRequest> {
    const head = await this.#signingHead();
    const { self, store } = this.#ports;
    const known = await store.attempt(head.version + 1);
    const number = Math.max(atLeast, (known?.promised.number ?? 0) + 1);
    const attempt = { number, member: self };
    const { network } = head.document;
    const signature = await signAs(this.#ports, head.document, attemptStatement(network, head.hash, attempt));
    return { network, previous: head.hash, attempt, signature };
  }

  /** Promises an attempt, unless a later one was promised. Throws `node/directory-behind`, `node/forbidden`. */
  async promise(request: AttemptRequest): Promise<AttemptAnswer> {
    const head = await this.#signingHead();
    const { attempt, signature } = request;
    const version = head.version + 1;
    const { network } = head.document;
    if (request.network !== network || request.previous !== head.hash) throw this.#behind(head);
    const bytes = attemptStatement(network, head.hash, attempt);
    const isByComposer = signature.member === attempt.member;
    if (!isByComposer || signingNodes(head.document, [signature], () => bytes, crypto).size === 0) {
      throw new NodeError('node/forbidden', 'no node of the network asked for that');
    }
    return await this.#ports.store.transaction(async (store) => {
      await assertHead(store, head, () => this.#behind(head));
      const known = await store.attempt(version);
      if (known !== undefined && compareAttempts(known.promised, attempt) >= 0) {
        return { kind: 'passed-over', promised: known.promised };
      }
      const accepted = known?.accepted;
      const promise = {
        network,
        version,
        attempt,
        accepted: accepted === undefined ? null : { attempt: accepted.link.attempt, hash: accepted.hash },
      };
      const promised = {
        promise,
        signature: await signAs(this.#ports, head.document, promiseStatement(promise)),
      };
      await store.putAttempt({ version, promised: attempt, accepted });
      return { kind: 'promised', promise: promised, ...(accepted && { link: accepted.link }) };
    });
  }

  /**
   * Signs the next version, once everything about it holds: content, votes, promises, dates. Throws what the rules refuse,
   * `node/directory-behind`, `node/directory-early`, `node/overloaded` where a later attempt was promised.
   */
  async sign({ link, promises }: SignatureRequest): Promise<DirectorySignature> {
    const head = await this.#signingHead();
    if (link.version !== head.version + 1) throw this.#behind(head);
    const { attempt } = link;
    const document = composed(head.document, link, crypto);
    const hash = documentHash(document, crypto);
    assertPromised(head.document, attempt, hash, promises, crypto);
    const isCarriedOn = promises.some(({ promise }) => promise.accepted?.hash === hash);
    if (!isCarriedOn) this.#assertTimely(head, link);
    const bytes = versionStatement(document.network, link.version, hash, attempt);
    return await this.#ports.store.transaction(async (store) => {
      await assertHead(store, head, () => this.#behind(head));
      const known = await store.attempt(link.version);
      if (known !== undefined && compareAttempts(known.promised, attempt) > 0) {
        throw new NodeError('node/overloaded', `a later attempt at version ${link.version} is under way`);
      }
      const accepted = known?.accepted;
      const isSameAttempt = accepted !== undefined && compareAttempts(accepted.link.attempt, attempt) === 0;
      if (isSameAttempt && accepted.hash !== hash) {
        throw new NodeError('node/forbidden', `${attempt.member} composed two versions in one attempt`);
      }
      const signature = await signAs(this.#ports, head.document, bytes);
      await store.putAttempt({
        version: link.version,
        promised: attempt,
        accepted: { hash, link: { ...link, signatures: [] } },
      });
      return signature;
    });
  }

  /** Which attempt was promised last, of whomever. */
  async promised(): Promise<Attempt | undefined> {
    const head = await this.#chain.head();
    return (await this.#ports.store.attempt(head.version + 1))?.promised;
  }

  #assertTimely({ document }: VersionRow, { issuedAt, changes, version }: SignatureRequest['link']): void {
    const ageMs = this.#ports.now().getTime() - Date.parse(issuedAt);
    if (Math.abs(ageMs) > CLOCK_TOLERANCE_MS) {
      throw new NodeError(
        'node/directory-early',
        `version ${version} would be of ${issuedAt}: whose clock is wrong?`,
      );
    }
    const isDue = Date.parse(issuedAt) + CLOCK_TOLERANCE_MS >= renewalDueMs(document);
    if (changes.length === 0 && !isDue) {
      throw new NodeError('node/directory-early', `version ${version} would renew before its time`);
    }
  }

  async #signingHead(): Promise<VersionRow> {
    const head = await this.#chain.head();
    if (isNodeOf(head.document, this.#ports.self)) return head;
    throw new NodeError('node/wrong-role', 'only nodes of the network sign its directory', {
      publicMessage: 'this member signs no versions of the directory',
    });
  }

  #behind(head: VersionRow): NodeError {
    return new NodeError(
      'node/directory-behind',
      `the latest version here is ${head.version} (${head.hash}), and another one was meant`,
    );
  }
}

/** When a version is to be renewed: at half of its life. */
export function renewalDueMs(document: VersionRow['document']): number {
  return Date.parse(document.issuedAt) + lifetimeMs(document) / 2;
}

/** Another process of this node may have gone on. */
async function assertHead(store: DirectoryStore, head: VersionRow, refusal: () => NodeError): Promise<void> {
  if ((await store.head())?.hash !== head.hash) throw refusal();
}
