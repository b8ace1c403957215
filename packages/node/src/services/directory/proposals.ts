import {
  assertProposal,
  canonicalJson,
  type DirectoryChange,
  type DirectoryDocument,
  isApproved,
  isOwnAffair,
  type KeyProof,
  nextDocument,
  PROPOSAL_LIFETIME_MS,
  proposalHash,
  proposalStatement,
  type SignedProposal,
  type SignedVote,
  signingNodes,
  type Vote,
  voteStatement,
  votesOf,
} from '@federome/core';
import { NodeError } from '../../errors.ts';
import { directoryCrypto as crypto } from '../../stores/directory/directory-crypto.ts';
import type { ProposalRow } from '../../stores/directory/directory-store.ts';
import type { DirectoryChain } from './chain.ts';
import { CLOCK_TOLERANCE_MS, type DirectoryPorts, isNodeOf, signAs } from './ports.ts';

/** Open ones by one proposer. */
const MAXIMUM_OPEN = 50;

/** How a proposal stands. */
export interface Standing {
  readonly id: string;
  readonly proposal: SignedProposal;
  readonly state: ProposalRow['state'];
  readonly for: readonly string[];
  readonly against: readonly string[];
  /** How many nodes must be for it; 0 of what is its proposer's own affair. */
  readonly needed: number;
}

/** Proposals and the votes on them: this member's own, and those that come from others. */
export class DirectoryProposals {
  readonly #ports: DirectoryPorts;
  readonly #chain: DirectoryChain;

  constructor(ports: DirectoryPorts, chain: DirectoryChain) {
    this.#ports = ports;
    this.#chain = chain;
  }

  /** Signs a proposal as this member and enters it. Throws `core/bad-proposal`, `core/bad-directory`. */
  async propose(change: DirectoryChange, proofs: readonly KeyProof[] = []): Promise<SignedProposal> {
    const { document } = await this.#chain.head();
    const now = this.#ports.now();
    const proposal = {
      network: document.network,
      change,
      proposedBy: this.#ports.self,
      proposedAt: now.toISOString(),
      expiresAt: new Date(now.getTime() + PROPOSAL_LIFETIME_MS).toISOString(),
    };
    const signature = await signAs(this.#ports, document, proposalStatement(proposal));
    const signed = { proposal, signature, proofs };
    await this.receive(signed);
    return signed;
  }

  /** The open proposal of a change by this member. */
  async find(change: DirectoryChange): Promise<string | undefined> {
    const text = canonicalJson(change);
    const rows = await this.#ports.store.proposals('open');
    return rows.find(
      ({ proposal: { proposal } }) =>
        proposal.proposedBy === this.#ports.self && canonicalJson(proposal.change) === text,
    )?.id;
  }

  /** As `propose`, of somebody whom this member invited; gives the proposal's hash. */
  async proposeJoin(change: DirectoryChange, proofs: readonly KeyProof[]): Promise<string> {
    return proposalHash((await this.propose(change, proofs)).proposal, crypto);
  }

  /** Enters a proposal that could have its effect now, and says whether it is new. Throws as `propose`, `node/overloaded`. */
  async receive(signed: SignedProposal): Promise<boolean> {
    const { store } = this.#ports;
    const { document } = await this.#chain.head();
    const id = proposalHash(signed.proposal, crypto);
    if ((await store.proposal(id)) !== undefined) return false;
    const now = this.#ports.now();
    assertProposal(document, signed, crypto);
    this.#assertNotEarly(signed.proposal.proposedAt);
    nextDocument(document, latest(document.issuedAt, now.toISOString()), [signed], crypto);
    const open = await store.proposals('open');
    if (
      open.filter((each) => each.proposal.proposal.proposedBy === signed.proposal.proposedBy).length >=
      MAXIMUM_OPEN
    ) {
      throw new NodeError('node/overloaded', `${MAXIMUM_OPEN} proposals of that member are open already`);
    }
    return await store.transaction(async (inside) => {
      if (!(await inside.addProposal(id, signed))) return false;
      const { proposedBy, change } = signed.proposal;
      const member =
        change.kind === 'join' ? change.member.id : change.kind === 'threshold' ? '' : change.member;
      await inside.addEvent({
        type: 'directory/proposed',
        at: now.toISOString(),
        data: { network: document.network, proposal: id, kind: change.kind, member, proposedBy },
      });
      return true;
    });
  }

  /** This node's vote, by its operator. Throws `node/wrong-role` of a hub, `node/unknown-proposal`. */
  async vote(proposal: string, decision: Vote['decision']): Promise<SignedVote> {
    const document = await this.assertVoter();
    const vote = { network: document.network, proposal, decision, at: this.#ports.now().toISOString() };
    const signed = { vote, signature: await signAs(this.#ports, document, voteStatement(vote)) };
    await this.receiveVote(signed);
    return signed;
  }

  /** The directory in which this member votes. Throws `node/wrong-role` of a hub, and of whoever is no member. */
  async assertVoter(): Promise<DirectoryDocument> {
    const { document } = await this.#chain.head();
    if (isNodeOf(document, this.#ports.self)) return document;
    throw new NodeError('node/wrong-role', 'only nodes of the network vote; a hub coordinates');
  }

  /** Enters a vote, and says whether it is news. Throws `node/unknown-proposal`, `core/bad-proposal` where no node signed it. */
  async receiveVote(signed: SignedVote): Promise<boolean> {
    const { store } = this.#ports;
    const { document } = await this.#chain.head();
    const { vote, signature } = signed;
    await this.#open(vote.proposal);
    const bytes = voteStatement(vote);
    if (
      vote.network !== document.network ||
      signingNodes(document, [signature], () => bytes, crypto).size === 0
    ) {
      throw new NodeError('node/unknown-proposal', 'no node of the network cast that vote');
    }
    this.#assertNotEarly(vote.at);
    return await store.transaction(async (inside) => {
      const { votes = [] } = (await inside.proposal(vote.proposal)) ?? {};
      const before = votes.find((each) => each.signature.member === signature.member);
      if (before !== undefined && before.vote.at >= vote.at) return false;
      await inside.putVote(signed);
      await inside.addEvent({
        type: 'directory/voted',
        at: this.#ports.now().toISOString(),
        data: {
          network: vote.network,
          proposal: vote.proposal,
          member: signature.member,
          decision: vote.decision,
        },
      });
      return true;
    });
  }

  /** How proposals stand in the latest version, the eldest first. */
  async standings(state?: ProposalRow['state']): Promise<readonly Standing[]> {
    const { document } = await this.#chain.head();
    const rows = await this.#ports.store.proposals(state);
    return rows.map((row) => standingOf(document, row));
  }

  /** Open proposals that may be made now, in an order that everybody finds, each with what entitles it. */
  async approved(): Promise<readonly ProposalRow[]> {
    const { document } = await this.#chain.head();
    const now = this.#ports.now().toISOString();
    const rows = (await this.#ports.store.proposals('open')).filter(
      ({ proposal, votes }) =>
        proposal.proposal.expiresAt >= now && isApproved(document, { proposal, votes }, crypto),
    );
    return rows.toSorted((a, b) => (orderOf(a) < orderOf(b) ? -1 : 1));
  }

  /** Closes what can have no effect any more: expired, voted down, or overtaken by another change. */
  async tidy(): Promise<void> {
    const { document } = await this.#chain.head();
    const now = this.#ports.now().toISOString();
    const nodes = document.members.filter(({ role }) => role === 'node').length;
    for (const row of await this.#ports.store.proposals('open')) {
      const { against } = standingOf(document, row);
      const isDown = against.length > nodes - document.threshold;
      if (row.proposal.proposal.expiresAt < now)
        await this.#ports.store.closeProposal(row.id, 'expired', now);
      else if (isDown || !isStillPossible(document, row.proposal))
        await this.#ports.store.closeProposal(row.id, 'rejected', now);
    }
    await this.#ports.store.forgetBefore(new Date(Date.parse(now) - 2 * PROPOSAL_LIFETIME_MS).toISOString());
  }

  async #open(id: string): Promise<ProposalRow> {
    const row = await this.#ports.store.proposal(id);
    if (row?.state === 'open') return row;
    throw new NodeError(
      'node/unknown-proposal',
      row === undefined ? `no proposal ${id} is known here` : `the proposal ${id} is ${row.state} already`,
    );
  }

  #assertNotEarly(at: string): void {
    if (Date.parse(at) <= this.#ports.now().getTime() + CLOCK_TOLERANCE_MS) return;
    throw new NodeError('node/directory-early', `${at} is in the future: whose clock is wrong?`);
  }
}

function standingOf(document: DirectoryDocument, { id, proposal, state, votes }: ProposalRow): Standing {
  const counted = votesOf(document, id, votes, crypto);
  return {
    id,
    proposal,
    state,
    for: [...counted.for].sort(),
    against: [...counted.against].sort(),
    needed: isOwnAffair(document, proposal) ? 0 : document.threshold,
  };
}

function isStillPossible(document: DirectoryDocument, signed: SignedProposal): boolean {
  try {
    assertProposal(document, signed, crypto);
    nextDocument(document, document.issuedAt, [signed], crypto);
    return true;
  } catch {
    return false;
  }
}

function orderOf({ proposal, id }: ProposalRow): string {
  return `${proposal.proposal.proposedAt} ${id}`;
}

function latest(a: string, b: string): string {
  return a > b ? a : b;
}
