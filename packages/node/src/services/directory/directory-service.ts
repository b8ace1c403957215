import type {
  DirectoryChange,
  DirectoryLink,
  DirectorySignature,
  Ledger,
  MemberKey,
  Requester,
  SelfCheck,
  SignedDirectory,
  SignedProposal,
  SignedVote,
  Vote,
} from '@federome/core';
import { CodedError, type DirectoryDocument, proposalHash } from '@federome/core';
import { NodeError } from '../../errors.ts';
import { directoryCrypto } from '../../stores/directory/directory-crypto.ts';
import type { ForkRow } from '../../stores/directory/directory-store.ts';
import { DirectoryAcceptor } from './acceptor.ts';
import { DirectoryChain, MAXIMUM_LINKS } from './chain.ts';
import { DirectoryComposer } from './composer.ts';
import { tellEvents } from './events.ts';
import { DirectoryGossip, type Refreshed } from './gossip.ts';
import { DirectoryJoining, type FoundingOptions, type MembershipOptions, parseToken } from './joining.ts';
import type {
  AttemptAnswer,
  AttemptRequest,
  ChainAnswer,
  JoinRequest,
  OpenProposal,
  SignatureRequest,
} from './peer.ts';
import type { DirectoryPorts } from './ports.ts';
import { DirectoryProposals, type Standing } from './proposals.ts';
import { type SelfCheckPorts, selfCheck } from './self-check.ts';

export interface DirectoryServiceOptions extends DirectoryPorts, Omit<SelfCheckPorts, keyof DirectoryPorts> {
  readonly ledger: Ledger;
  readonly randomBytes: (size: number) => Uint8Array;
  /** Between attempts at a version that another node got in the way of. */
  readonly pause: (attempt: number) => Promise<void>;
}

/** The directory of members, as this member's operator, other members and its own background work use it. */
export class DirectoryService {
  readonly #options: DirectoryServiceOptions;
  readonly #chain: DirectoryChain;
  readonly #proposals: DirectoryProposals;
  readonly #acceptor: DirectoryAcceptor;
  readonly #composer: DirectoryComposer;
  readonly #gossip: DirectoryGossip;
  readonly #joining: DirectoryJoining;
  #telling: Promise<void> = Promise.resolve();
  #catchingUp: { readonly running: Promise<unknown>; next?: Promise<unknown> | undefined } | undefined;

  constructor(options: DirectoryServiceOptions) {
    this.#options = options;
    const chain = new DirectoryChain(options);
    const proposals = new DirectoryProposals(options, chain);
    const acceptor = new DirectoryAcceptor(options, chain);
    this.#chain = chain;
    this.#proposals = proposals;
    this.#acceptor = acceptor;
    this.#composer = new DirectoryComposer(options, { chain, proposals, acceptor, pause: options.pause });
    this.#gossip = new DirectoryGossip(options, chain, proposals);
    this.#joining = new DirectoryJoining(options, { ...options, chain, proposals });
  }

  // What an operator does.

  /** Founds a network with this node alone. */
  async found(options: FoundingOptions): Promise<SignedDirectory> {
    await this.#joining.found(options);
    await this.#tell();
    return await this.#chain.signed();
  }

  async invite(lifetimeMs?: number): Promise<string> {
    return await this.#joining.invite(lifetimeMs);
  }

  /** What this node finds of itself; `token` names whose clock ours is compared with. */
  async selfCheck(options: MembershipOptions, token?: string): Promise<readonly SelfCheck[]> {
    const inviter = token === undefined ? undefined : parseToken(token, this.#options.now()).addresses[0];
    return await selfCheck(this.#options, { ...options, inviter });
  }

  async join(
    token: string,
    options: MembershipOptions & {
      readonly checks: readonly SelfCheck[];
      readonly rekey?: boolean | undefined;
    },
  ): Promise<string> {
    return await this.#joining.join(parseToken(token, this.#options.now()), options);
  }

  /** Proposes a change as this member, tells the others, and makes it where nobody else has to agree. */
  async propose(change: DirectoryChange): Promise<string> {
    const proposal = await this.#proposals.propose(change);
    await this.#spread({ proposal });
    return proposalHash(proposal.proposal, directoryCrypto);
  }

  /** Proposes what this member wants to be otherwise of itself; `undefined` where nothing is. */
  async updateSelf(given: { readonly url?: string; readonly dpia?: string; readonly name?: string } = {}) {
    const update = await this.#joining.ownUpdate(given);
    if (update === undefined) return undefined;
    const proposal = await this.#proposals.propose(update.change, update.proofs);
    await this.#spread({ proposal });
    return proposalHash(proposal.proposal, directoryCrypto);
  }

  /** This node's votes; what they bring about comes in one version. */
  async vote(proposals: readonly string[], decision: Vote['decision']): Promise<void> {
    await this.#proposals.assertVoter();
    const votes: SignedVote[] = [];
    for (const proposal of proposals) votes.push(await this.#proposals.vote(proposal, decision));
    await this.#spread({ votes });
  }

  /**
   * As `vote`, of somebody who came over the network. Throws `node/unauthenticated`; `node/forbidden` of whoever is no
   * operator of this very node.
   */
  async voteAs(
    requester: Requester,
    proposals: readonly string[],
    decision: Vote['decision'],
  ): Promise<void> {
    if (requester.kind === 'anonymous') {
      throw new NodeError('node/unauthenticated', 'whoever votes for this node must be known to it');
    }
    const isOperator = requester.kind !== 'member' && requester.roles.includes('operator');
    const isPassedOn = requester.kind === 'person' && requester.through !== undefined;
    if (!isOperator || isPassedOn) {
      throw new NodeError(
        'node/forbidden',
        'only operators of this node vote for it, and at the node itself',
      );
    }
    await this.vote(proposals, decision);
  }

  async standings(state?: Standing['state']): Promise<readonly Standing[]> {
    return await this.#proposals.standings(state);
  }

  async forks(): Promise<readonly ForkRow[]> {
    return await this.#options.store.forks();
  }

  /** The latest version, expired or not. Throws `node/no-directory`; `node/not-found` for a number not known. */
  async signed(version?: number): Promise<SignedDirectory> {
    return await this.#chain.signed(version);
  }

  /** The public keys of this member, as its key store has them now. */
  async ownKeys(): Promise<readonly MemberKey[]> {
    return await this.#joining.ownKeys();
  }

  /** Whether this member is in the latest version. */
  async isMember(): Promise<boolean> {
    const row = await this.#options.store.version();
    return row?.document.members.some(({ id }) => id === this.#options.self) ?? false;
  }

  // What other members ask for.

  async chain(after: number): Promise<ChainAnswer> {
    const { document, version, hash } = await this.#chain.head();
    const { store, now } = this.#options;
    return {
      network: document.network,
      head: { version, hash },
      ...(after === 0 && { anchor: await this.#chain.signed(1) }),
      links: await store.links(Math.max(after, 1), MAXIMUM_LINKS),
      at: now().toISOString(),
    };
  }

  async openProposals(): Promise<readonly OpenProposal[]> {
    const rows = await this.#options.store.proposals('open');
    return rows.map(({ proposal, votes }) => ({ proposal, votes }));
  }

  async receiveVersion(link: DirectoryLink): Promise<void> {
    try {
      await this.#chain.accept(link);
    } catch (error) {
      const isMissing =
        error instanceof NodeError && ['node/directory-behind', 'node/no-directory'].includes(error.code);
      if (!isMissing) throw error;
      await this.#catchUp();
    } finally {
      await this.#tell();
    }
  }

  async receiveProposal(proposal: SignedProposal): Promise<void> {
    await this.#proposals.receive(proposal);
    await this.#tell();
  }

  async receiveVote(vote: SignedVote): Promise<void> {
    await this.#proposals.receiveVote(vote);
    await this.#tell();
  }

  async receiveJoin(request: JoinRequest): Promise<string> {
    const id = await this.#joining.receive(request);
    const row = await this.#options.store.proposal(id);
    await this.#gossip.tell({ proposal: row?.proposal });
    await this.#tell();
    return id;
  }

  async promise(request: AttemptRequest): Promise<AttemptAnswer> {
    return await this.#caughtUp(() => this.#acceptor.promise(request));
  }

  async sign(request: SignatureRequest): Promise<DirectorySignature> {
    return await this.#caughtUp(() => this.#acceptor.sign(request));
  }

  // What the node does by itself.

  /** Asks others for what is new. */
  async refresh(all = false): Promise<Refreshed> {
    try {
      return await this.#gossip.refresh(all);
    } finally {
      await this.#tell();
    }
  }

  /**
   * One round of upkeep of a member: what is new, what is over, keys that rotated, and the next version where it is due.
   * Gives the version that it made. Throws `node/directory-unreachable` where too few agreed.
   */
  async upkeep(): Promise<DirectoryDocument | undefined> {
    await this.refresh();
    if (!(await this.isMember())) return undefined;
    await this.#proposals.tidy();
    const update = await this.#joining.ownUpdate();
    if (update !== undefined && !(await this.#isProposed(update.change))) {
      const proposal = await this.#proposals.propose(update.change, update.proofs);
      await this.#gossip.tell({ proposal });
    }
    return await this.composeIfDue();
  }

  /** Makes the next version where it is due, and tells the others. */
  async composeIfDue(): Promise<DirectoryDocument | undefined> {
    const link = await this.#composer.compose();
    await this.#tell();
    if (link === undefined) return undefined;
    await this.#gossip.tell({ link });
    return (await this.#chain.head()).document;
  }

  /** News of this member's, and what follows from it here: others' part comes with their own upkeep. */
  async #spread(news: {
    readonly proposal?: SignedProposal;
    readonly votes?: readonly SignedVote[];
  }): Promise<void> {
    await this.#gossip.tell(news);
    try {
      await this.composeIfDue();
    } catch (error) {
      // The news is out; a version comes about once enough nodes are there.
      if (!(error instanceof NodeError && error.code === 'node/directory-unreachable')) throw error;
    }
    await this.#tell();
  }

  async #isProposed(change: DirectoryChange): Promise<boolean> {
    const open = await this.#options.store.proposals('open');
    return open.some(({ proposal }) => JSON.stringify(proposal.proposal.change) === JSON.stringify(change));
  }

  async #caughtUp<T>(work: () => Promise<T>): Promise<T> {
    try {
      return await work();
    } catch (error) {
      if (!(error instanceof NodeError && error.code === 'node/directory-behind')) throw error;
      await this.#catchUp();
      return await work();
    }
  }

  /**
   * Asks everybody, because of what somebody sent: one run at a time and one that waits for it, however many ask. The run
   * begins after the call, so that what was news then is in it.
   */
  async #catchUp(): Promise<void> {
    if (this.#catchingUp === undefined) {
      this.#catchingUp = { running: this.#gossip.refresh(true) };
      await this.#catchingUp.running.finally(() => {
        this.#catchingUp = undefined;
      });
      return;
    }
    const { running } = this.#catchingUp;
    this.#catchingUp.next ??= running.catch(() => undefined).then(() => this.#catchUp());
    await this.#catchingUp.next;
  }

  /** One after the other, so that no event is told twice. */
  async #tell(): Promise<void> {
    this.#telling = this.#telling.then(() => this.#tellNow());
    await this.#telling;
  }

  /** The ledger may be away: events wait for it. */
  async #tellNow(): Promise<void> {
    try {
      await tellEvents(this.#options.store, this.#options.ledger);
    } catch (error) {
      if (!(error instanceof CodedError)) throw error;
    }
  }
}
