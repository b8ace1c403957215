import { CodedError, type DirectoryLink, type SignedProposal, type SignedVote } from '@federome/core';
import { NodeError } from '../../errors.ts';
import type { DirectoryChain } from './chain.ts';
import type { DirectoryPeer } from './peer.ts';
import type { DirectoryPorts } from './ports.ts';
import type { DirectoryProposals } from './proposals.ts';

/** Beside the hub: so many are asked at a time, others the next time. */
const ASKED_AT_A_TIME = 2;

/** What of a refresh others are told of: which addresses answered, and whether anything was new. */
export interface Refreshed {
  readonly answered: number;
  readonly asked: number;
  /** Why the others did not, or were not believed. */
  readonly failures: readonly { readonly url: string; readonly error: CodedError }[];
}

/**
 * Takes in what other members know: from the hub where it is there, and always from some of the others, so that no
 * single member decides what this one gets to see. Everything is verified on the way in, whoever it comes from.
 */
export class DirectoryGossip {
  readonly #ports: DirectoryPorts;
  readonly #chain: DirectoryChain;
  readonly #proposals: DirectoryProposals;
  #turn = 0;

  constructor(ports: DirectoryPorts, chain: DirectoryChain, proposals: DirectoryProposals) {
    this.#ports = ports;
    this.#chain = chain;
    this.#proposals = proposals;
  }

  /** Asks some members, or all of them. Never throws for what one of them does or says. */
  async refresh(all = false): Promise<Refreshed> {
    const addresses = await this.#addresses(all);
    const failures: { url: string; error: CodedError }[] = [];
    for (const url of addresses) {
      try {
        await this.#refreshFrom(this.#ports.peerAt(url));
      } catch (error) {
        if (!(error instanceof CodedError)) throw error;
        failures.push({ url, error });
      }
    }
    return { asked: addresses.length, answered: addresses.length - failures.length, failures };
  }

  /** Tells every other member; whoever is away asks later. */
  async tell(news: {
    readonly link?: DirectoryLink | undefined;
    readonly proposal?: SignedProposal | undefined;
    readonly votes?: readonly SignedVote[] | undefined;
  }): Promise<void> {
    const { link, proposal, votes = [] } = news;
    const addresses = (await this.#everyone()).map(({ url }) => url);
    // Whoever comes in by this version or leaves by it wants to know as well.
    const concerned = (link?.changes ?? []).flatMap(({ proposal: { proposal: each } }) =>
      each.change.kind === 'join' ? [each.change.member.url] : [],
    );
    await Promise.allSettled(
      [...new Set([...addresses, ...concerned])].map(async (url) => {
        const peer = this.#ports.peerAt(url);
        if (proposal !== undefined) await peer.sendProposal(proposal);
        for (const vote of votes) await peer.sendVote(vote);
        if (link !== undefined) await peer.sendVersion(link);
      }),
    );
  }

  async #refreshFrom(peer: DirectoryPeer): Promise<void> {
    for (;;) {
      const head = await this.#ports.store.head();
      const answer = await peer.chain(head?.version ?? 0);
      if (head === undefined) {
        if (answer.anchor === undefined)
          throw new NodeError('node/no-directory', `${peer.url} gave no version 1`);
        await this.#chain.adopt(answer.anchor);
        continue;
      }
      for (const link of answer.links) await this.#chain.accept(link);
      if (answer.links.length === 0) {
        await this.#compare(peer, answer.head, head);
        break;
      }
    }
    for (const { proposal, votes } of await peer.proposals()) {
      await skipRefused(() => this.#proposals.receive(proposal));
      for (const vote of votes) await skipRefused(() => this.#proposals.receiveVote(vote));
    }
  }

  /** A version of the same number that is another one is evidence: it is taken in as such. */
  async #compare(
    peer: DirectoryPeer,
    theirs: { readonly version: number; readonly hash: string },
    ours: { readonly version: number; readonly hash: string },
  ): Promise<void> {
    if (theirs.version > ours.version) return;
    const known = theirs.version === ours.version ? ours : await this.#ports.store.version(theirs.version);
    if (known === undefined || known.hash === theirs.hash || theirs.version < 2) return;
    const { links } = await peer.chain(theirs.version - 1);
    const [link] = links;
    if (link !== undefined) await this.#chain.accept(link);
  }

  async #addresses(all: boolean): Promise<readonly string[]> {
    const everyone = await this.#everyone();
    if (everyone.length === 0) return (await this.#ports.store.network())?.addresses ?? [];
    const hubs = everyone.filter(({ role }) => role === 'hub').map(({ url }) => url);
    const nodes = everyone.filter(({ role }) => role === 'node').map(({ url }) => url);
    if (all || nodes.length <= ASKED_AT_A_TIME) return [...hubs, ...nodes];
    const first = (this.#turn * ASKED_AT_A_TIME) % nodes.length;
    this.#turn += 1;
    return [...hubs, ...[...nodes, ...nodes].slice(first, first + ASKED_AT_A_TIME)];
  }

  async #everyone() {
    const row = await this.#ports.store.version();
    return (row?.document.members ?? []).filter(({ id }) => id !== this.#ports.self);
  }
}

/** What one member passes on of another's need not hold: the rest may. */
async function skipRefused(work: () => Promise<unknown>): Promise<void> {
  try {
    await work();
  } catch (error) {
    if (!(error instanceof CodedError)) throw error;
  }
}
