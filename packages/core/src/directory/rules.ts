import { strictest } from '../disclosure/policy.ts';
import { CoreError } from '../errors.ts';
import type { DirectoryMember } from './directory.ts';
import type {
  ApprovedChange,
  DirectoryChange,
  DirectoryDocument,
  DirectoryLink,
  SignedDirectory,
  SignedProposal,
  SignedVote,
  ThresholdRule,
} from './document.ts';
import { assertMembers, badDirectory } from './member-rules.ts';
import {
  changeStatement,
  type DirectoryCrypto,
  documentHash,
  isSignedBy,
  proposalHash,
  proposalStatement,
  signingNodes,
  versionStatement,
  voteStatement,
} from './statements.ts';

/** Longer than operators need to come together, and an end to what a lost vote could still do. */
export const PROPOSAL_LIFETIME_MS = 30 * 86_400_000;
export const DEFAULT_LIFETIME_MS = 86_400_000;
const MINIMUM_LIFETIME_MS = 60_000;
const MAXIMUM_LIFETIME_MS = 30 * 86_400_000;

/** How many of `nodes` must agree: always more than half, so that two agreements have a node in common. */
export function thresholdOf(rule: ThresholdRule, nodes: number): number {
  const majority = Math.floor(nodes / 2) + 1;
  return rule === 'majority' ? majority : Math.min(nodes, Math.max(rule, majority));
}

/** Version 1: `members` have founded the network, and all its nodes sign. Throws `core/bad-directory`. */
export function foundingDocument(
  network: string,
  members: readonly DirectoryMember[],
  issuedAt: string,
  crypto: DirectoryCrypto,
  { rule = 'majority', lifetimeMs = DEFAULT_LIFETIME_MS }: { rule?: ThresholdRule; lifetimeMs?: number } = {},
): DirectoryDocument {
  if (network.trim() === '' || network.length > 200 || /\p{Cc}/u.test(network)) {
    throw badDirectory('a network needs a name of 1 to 200 characters in one line');
  }
  if (!(lifetimeMs >= MINIMUM_LIFETIME_MS && lifetimeMs <= MAXIMUM_LIFETIME_MS)) {
    throw badDirectory('a version is valid for at least a minute and at most 30 days');
  }
  assertMembers(members, crypto);
  return {
    network,
    version: 1,
    previous: null,
    issuedAt,
    expiresAt: after(issuedAt, lifetimeMs),
    rule,
    threshold: thresholdOf(rule, nodesOf(members)),
    members: inOrder(members),
    applied: [],
  };
}

/**
 * The next version's content: the one before with the changes made, in their order. Two who know the same changes and
 * the same instant compose the same document. Throws `core/bad-directory` where a change cannot be made.
 */
export function nextDocument(
  document: DirectoryDocument,
  issuedAt: string,
  changes: readonly SignedProposal[],
  crypto: DirectoryCrypto,
): DirectoryDocument {
  if (!isInstant(issuedAt) || issuedAt < document.issuedAt) {
    throw badDirectory(`version ${document.version + 1} would be older than the one before`);
  }
  const changed = changes.reduce((current, { proposal }) => changedBy(current, proposal.change, issuedAt), {
    members: document.members,
    rule: document.rule,
  });
  if (changes.length > 0) assertMembers(changed.members, crypto);
  const applied = changes.map(({ proposal }) => ({
    proposal: proposalHash(proposal, crypto),
    until: proposal.expiresAt,
  }));
  return {
    network: document.network,
    version: document.version + 1,
    previous: documentHash(document, crypto),
    issuedAt,
    expiresAt: after(issuedAt, lifetimeMs(document)),
    rule: changed.rule,
    threshold: thresholdOf(changed.rule, nodesOf(changed.members)),
    members: inOrder(changed.members),
    applied: [...document.applied, ...applied].filter(({ until }) => until >= issuedAt),
  };
}

/**
 * Throws `core/bad-proposal` where a proposal could have no effect on the next version of `document`: another network's,
 * not signed by a member, a key without its proof, or one that had its effect before.
 */
export function assertProposal(
  document: DirectoryDocument,
  signed: SignedProposal,
  crypto: DirectoryCrypto,
): void {
  const { proposal, signature, proofs } = signed;
  const { change } = proposal;
  if (proposal.network !== document.network) throw badProposal('it is of another network');
  const livesMs = Date.parse(proposal.expiresAt) - Date.parse(proposal.proposedAt);
  if (![proposal.proposedAt, proposal.expiresAt].every(isInstant) || livesMs > PROPOSAL_LIFETIME_MS) {
    throw badProposal('its dates are no instants at most 30 days apart');
  }
  if (document.applied.some((each) => each.proposal === proposalHash(proposal, crypto))) {
    throw badProposal('it had its effect before');
  }
  const isByProposer = signature.member === proposal.proposedBy;
  if (!isByProposer || !isSignedBy(document, signature, proposalStatement(proposal), crypto)) {
    throw badProposal(`no key of the member '${proposal.proposedBy.slice(0, 100)}' signed it`);
  }
  const known = new Set(document.members.flatMap((member) => member.keys.map(({ id }) => id)));
  const bytes = changeStatement(proposal.network, change);
  for (const key of keysOf(change)) {
    if (known.has(key.id)) continue;
    const proof = proofs.find(({ keyId }) => keyId === key.id);
    if (proof === undefined || !crypto.verify(key, bytes, proof.signature)) {
      throw badProposal(`nobody has shown to have the private key of ${key.id.slice(0, 50)}`);
    }
  }
}

/**
 * Whether a change needs no votes: a member leaves by itself, rotates its own keys, or becomes stricter. What others know
 * it by, where their requests to it go, and what it lets out more than before, is theirs to decide as well.
 */
export function isOwnAffair(document: DirectoryDocument, { proposal }: SignedProposal): boolean {
  const { change, proposedBy } = proposal;
  if (change.kind !== 'leave' && change.kind !== 'update') return false;
  if (change.member !== proposedBy) return false;
  if (change.kind === 'leave') return true;
  if (change.name !== undefined || change.dpia !== undefined || change.url !== undefined) return false;
  const { floors } = document.members.find(({ id }) => id === change.member) ?? {};
  return change.floors === undefined || (floors !== undefined && isStricter(change.floors, floors));
}

/** The nodes of `document` whose votes on a proposal hold: each by its latest. */
export function votesOf(
  document: DirectoryDocument,
  proposal: string,
  votes: readonly SignedVote[],
  crypto: DirectoryCrypto,
): { readonly for: ReadonlySet<string>; readonly against: ReadonlySet<string> } {
  const latest = new Map<string, SignedVote>();
  for (const signed of votes) {
    const { vote, signature } = signed;
    if (vote.proposal !== proposal || vote.network !== document.network) continue;
    if (signingNodes(document, [signature], () => voteStatement(vote), crypto).size === 0) continue;
    const before = latest.get(signature.member);
    // Of two at one instant the refusal holds.
    const isLater =
      before === undefined ||
      vote.at > before.vote.at ||
      (vote.at === before.vote.at && vote.decision === 'against');
    if (isLater) latest.set(signature.member, signed);
  }
  const whoSaid = (decision: string) =>
    new Set([...latest].filter(([, { vote }]) => vote.decision === decision).map(([member]) => member));
  return { for: whoSaid('for'), against: whoSaid('against') };
}

/** Whether a change may be made: its proposer's own affair, or as many votes for it as the version's threshold. */
export function isApproved(
  document: DirectoryDocument,
  { proposal, votes }: ApprovedChange,
  crypto: DirectoryCrypto,
): boolean {
  if (isOwnAffair(document, proposal)) return true;
  return (
    votesOf(document, proposalHash(proposal.proposal, crypto), votes, crypto).for.size >= document.threshold
  );
}

/**
 * The version that a link makes of the one before, without regard to its signatures. Throws `core/bad-proposal`,
 * `core/bad-directory`.
 */
export function composed(
  document: DirectoryDocument,
  link: Pick<DirectoryLink, 'version' | 'issuedAt' | 'changes'>,
  crypto: DirectoryCrypto,
): DirectoryDocument {
  if (link.version !== document.version + 1) {
    throw badDirectory(`version ${link.version} does not follow version ${document.version}`);
  }
  for (const change of link.changes) {
    assertProposal(document, change.proposal, crypto);
    if (change.proposal.proposal.expiresAt < link.issuedAt) throw badProposal('it had expired');
    if (!isApproved(document, change, crypto)) {
      throw badProposal(`fewer than ${document.threshold} nodes voted for it`);
    }
  }
  return nextDocument(
    document,
    link.issuedAt,
    link.changes.map(({ proposal }) => proposal),
    crypto,
  );
}

/**
 * The version that a link makes of the one before, once enough nodes of that one signed it. Throws
 * `core/directory-under-signed`, and as `composed`.
 */
export function verifiedLink(
  document: DirectoryDocument,
  link: DirectoryLink,
  crypto: DirectoryCrypto,
): DirectoryDocument {
  const next = composed(document, link, crypto);
  const bytes = versionStatement(next.network, next.version, documentHash(next, crypto), link.attempt);
  assertSigned(document, link, bytes, document.threshold, crypto);
  return next;
}

/** Version 1 under the trust anchor, which is its hash. Throws `core/bad-directory`, `core/directory-under-signed`. */
export function verifiedAnchor(
  { directory, ...link }: SignedDirectory,
  anchor: string,
  crypto: DirectoryCrypto,
): DirectoryDocument {
  const hash = documentHash(directory, crypto);
  if (hash !== anchor) throw badDirectory('it is not the version 1 that the trust anchor names');
  const founded = foundingDocument(directory.network, directory.members, directory.issuedAt, crypto, {
    rule: directory.rule,
    lifetimeMs: lifetimeMs(directory),
  });
  if (documentHash(founded, crypto) !== hash) throw badDirectory('it cannot be version 1 of a network');
  const bytes = versionStatement(directory.network, 1, hash, link.attempt);
  assertSigned(directory, link, bytes, nodesOf(directory.members), crypto);
  return directory;
}

/** How long every version of a network is valid. */
export function lifetimeMs({ issuedAt, expiresAt }: DirectoryDocument): number {
  return Date.parse(expiresAt) - Date.parse(issuedAt);
}

function assertSigned(
  document: DirectoryDocument,
  { signatures }: Pick<DirectoryLink, 'signatures'>,
  bytes: Uint8Array,
  threshold: number,
  crypto: DirectoryCrypto,
): void {
  const { size } = signingNodes(document, signatures, () => bytes, crypto);
  if (size >= threshold) return;
  throw new CoreError(
    'core/directory-under-signed',
    `${size} nodes of the version before signed it, and it takes ${threshold}`,
  );
}

interface Content {
  readonly members: readonly DirectoryMember[];
  readonly rule: ThresholdRule;
}

function changedBy({ members, rule }: Content, change: DirectoryChange, at: string): Content {
  if (change.kind === 'threshold') {
    if (change.rule !== 'majority' && !(Number.isSafeInteger(change.rule) && change.rule >= 1)) {
      throw badDirectory("a threshold is 'majority' or a whole number from 1");
    }
    return { members, rule: change.rule };
  }
  if (change.kind === 'join') return { members: [...members, { ...change.member, joinedAt: at }], rule };
  if (!members.some(({ id }) => id === change.member)) {
    throw badDirectory(`'${change.member.slice(0, 100)}' is no member`);
  }
  if (change.kind === 'leave') return { members: members.filter(({ id }) => id !== change.member), rule };
  const { kind: _, member: id, ...given } = change;
  const known = Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined));
  return { members: members.map((each) => (each.id === id ? { ...each, ...known } : each)), rule };
}

function keysOf(change: DirectoryChange) {
  if (change.kind === 'join') return change.member.keys;
  return change.kind === 'update' ? (change.keys ?? []) : [];
}

function isStricter(policy: DirectoryMember['floors'], than: DirectoryMember['floors']): boolean {
  const merged = strictest(policy, than);
  return Object.entries(merged).every(([name, value]) =>
    Object.entries(policy).some(([own, given]) => own === name && given === value),
  );
}

function nodesOf(members: readonly DirectoryMember[]): number {
  return members.filter(({ role }) => role === 'node').length;
}

function inOrder(members: readonly DirectoryMember[]): readonly DirectoryMember[] {
  return members.toSorted((a, b) => (a.id < b.id ? -1 : 1));
}

/** As `Date.toISOString` writes it: such texts are in the order of their instants. */
function isInstant(text: string): boolean {
  const ms = Date.parse(text);
  return Number.isFinite(ms) && new Date(ms).toISOString() === text;
}

function after(instant: string, ms: number): string {
  if (!isInstant(instant)) throw badDirectory(`'${instant.slice(0, 40)}' is no instant`);
  return new Date(Date.parse(instant) + ms).toISOString();
}

function badProposal(why: string): CoreError {
  return new CoreError('core/bad-proposal', why);
}
