import {
  type DirectoryDocument,
  type DirectoryLink,
  documentHash,
  proposalHash,
  type SignedDirectory,
  signingNodes,
  verifiedAnchor,
  verifiedLink,
  versionStatement,
} from '@federome/core';
import { NodeError } from '../../errors.ts';
import { directoryCrypto as crypto } from '../../stores/directory/directory-crypto.ts';
import type { DirectoryStore, VersionRow } from '../../stores/directory/directory-store.ts';
import { eventsOf } from './events.ts';
import { CLOCK_TOLERANCE_MS, type DirectoryPorts } from './ports.ts';

export const MAXIMUM_LINKS = 200;

/** The versions of the directory, each verified by the one before it, down to the trust anchor. */
export class DirectoryChain {
  readonly #ports: DirectoryPorts;

  constructor(ports: DirectoryPorts) {
    this.#ports = ports;
  }

  /** The latest version, expired or not. Throws `node/no-directory`. */
  async head(): Promise<VersionRow> {
    const row = await this.#ports.store.version();
    if (row === undefined) {
      throw new NodeError(
        'node/no-directory',
        'this node is in no network: it knows no directory of members',
      );
    }
    return row;
  }

  /** A version with its content. Throws `node/not-found`, `node/no-directory`. */
  async signed(version?: number): Promise<SignedDirectory> {
    const row = version === undefined ? await this.head() : await this.#ports.store.version(version);
    if (row === undefined) throw new NodeError('node/not-found', `there is no version ${version} here`);
    const { version: _, issuedAt: __, ...rest } = row.link;
    return { directory: row.document, ...rest };
  }

  /** Version 1 of the network that the node wants into. Throws `core/bad-directory` where it is another one. */
  async adopt(anchor: SignedDirectory): Promise<void> {
    const { store } = this.#ports;
    const network = await store.network();
    if (network === undefined) {
      throw new NodeError('node/no-directory', 'this node has not asked to come into a network');
    }
    const document = verifiedAnchor(anchor, network.anchor, crypto);
    const { directory: _, ...rest } = anchor;
    const link = { version: 1, issuedAt: document.issuedAt, ...rest };
    await this.#add(undefined, { version: 1, hash: network.anchor, link, document });
  }

  /**
   * Takes in the next version, and says whether it was new. Throws what the rules refuse (`core/directory-under-signed`,
   * `core/bad-directory`, `core/bad-proposal`), `node/directory-rolled-back` for a version that others followed,
   * `node/directory-forked` for a second one of a number, `node/directory-behind` where one in between is missing,
   * `node/directory-early` for one from the future.
   */
  async accept(link: DirectoryLink): Promise<boolean> {
    const head = await this.head();
    if (link.version <= head.version) return await this.#compare(link, head);
    if (link.version > head.version + 1) {
      throw new NodeError(
        'node/directory-behind',
        `version ${link.version} does not follow version ${head.version}, the latest that is known here`,
      );
    }
    const document = verifiedLink(head.document, link, crypto);
    if (Date.parse(document.issuedAt) > this.#ports.now().getTime() + CLOCK_TOLERANCE_MS) {
      throw new NodeError(
        'node/directory-early',
        `version ${link.version} is from the future (${document.issuedAt}): whose clock is wrong?`,
      );
    }
    const row = { version: link.version, hash: documentHash(document, crypto), link, document };
    if (await this.#add(head.document, row)) return true;
    return await this.accept(link);
  }

  async #compare(link: DirectoryLink, head: VersionRow): Promise<boolean> {
    const { store } = this.#ports;
    const [before, known] = [await store.version(link.version - 1), await store.version(link.version)];
    if (before === undefined || known === undefined) throw rolledBack(link.version, head.version);
    const hash = documentHash(verifiedLink(before.document, link, crypto), crypto);
    if (hash === known.hash) {
      if (link.version === head.version) return false;
      throw rolledBack(link.version, head.version);
    }
    const both = this.#signersOfBoth(before.document, known, { link, hash });
    await store.transaction(async (inside) => {
      const at = this.#ports.now().toISOString();
      const seen = (await inside.forks()).some((fork) => fork.hash === hash);
      await inside.addFork({ version: link.version, hash, link, seenAt: at });
      if (seen) return;
      const { network, version } = known.document;
      await inside.addEvent({
        type: 'directory/fork-seen',
        at,
        data: { network, version, hash: known.hash, otherHash: hash, signedBoth: both },
      });
    });
    throw new NodeError(
      'node/directory-forked',
      `there are two versions ${link.version} of the directory, ${known.hash} and ${hash}; ${both.join(', ')} signed both`,
    );
  }

  #signersOfBoth(
    before: DirectoryDocument,
    known: VersionRow,
    other: { readonly link: DirectoryLink; readonly hash: string },
  ): readonly string[] {
    const signers = ({ link, hash }: { readonly link: DirectoryLink; readonly hash: string }) => {
      const bytes = versionStatement(before.network, link.version, hash, link.attempt);
      return signingNodes(before, link.signatures, () => bytes, crypto);
    };
    const others = signers(other);
    return [...signers(known)].filter((member) => others.has(member)).sort();
  }

  async #add(before: DirectoryDocument | undefined, row: VersionRow): Promise<boolean> {
    const now = this.#ports.now().toISOString();
    return await this.#ports.store.transaction(async (inside) => {
      if (!(await inside.addVersion(row))) return false;
      for (const { proposal } of row.link.changes) {
        const id = proposalHash(proposal.proposal, crypto);
        await inside.addProposal(id, proposal);
        await inside.closeProposal(id, 'applied', now);
      }
      // A version that was followed long since renewed nothing for us.
      const isNews = before === undefined || row.link.changes.length > 0 || row.document.expiresAt > now;
      if (isNews) await addEvents(inside, eventsOf(before, row, now));
      return true;
    });
  }
}

async function addEvents(
  store: DirectoryStore,
  events: readonly Parameters<DirectoryStore['addEvent']>[0][],
): Promise<void> {
  for (const event of events) await store.addEvent(event);
}

function rolledBack(version: number, latest: number): NodeError {
  return new NodeError(
    'node/directory-rolled-back',
    `version ${version} of the directory was followed by others: the latest is ${latest}`,
  );
}
