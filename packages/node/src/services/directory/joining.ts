import { createHash } from 'node:crypto';
import {
  CodedError,
  changeStatement,
  type DirectoryChange,
  type DirectoryMember,
  type DisclosurePolicy,
  documentHash,
  foundingDocument,
  type KeyProof,
  type MemberKey,
  type SelfCheck,
  type ThresholdRule,
  versionStatement,
} from '@federome/core';
import { NodeError } from '../../errors.ts';
import { directoryCrypto as crypto } from '../../stores/directory/directory-crypto.ts';
import type { DirectoryChain } from './chain.ts';
import type { JoinRequest } from './peer.ts';
import { type DirectoryPorts, MEMBER_KEY_PURPOSES } from './ports.ts';
import type { DirectoryProposals } from './proposals.ts';
import { readToken } from './wire.ts';

const TOKEN = 'federome-join-';
const DEFAULT_INVITATION_MS = 7 * 86_400_000;

/** Who this node is, as its home says. */
export interface MemberIdentity {
  readonly id: string;
  readonly name: string;
  /** ISO 3166-1 alpha-2. */
  readonly country: string;
  readonly role: 'node' | 'hub';
  readonly disclosure: DisclosurePolicy;
}

/** What an operator adds. */
export interface MembershipOptions {
  /** Where other members reach the node. */
  readonly url: string;
  /** Reference of its data protection impact assessment. */
  readonly dpia: string;
}

export interface FoundingOptions extends MembershipOptions {
  readonly network: string;
  readonly lifetimeMs?: number | undefined;
  readonly rule?: ThresholdRule | undefined;
}

/** What a join token says. */
export interface JoinToken {
  readonly network: string;
  readonly anchor: string;
  readonly addresses: readonly string[];
  readonly secret: string;
  readonly expiresAt: string;
}

/** Founding a network, inviting into it, and coming in. */
export class DirectoryJoining {
  readonly #ports: DirectoryPorts;
  readonly #identity: MemberIdentity;
  readonly #chain: DirectoryChain;
  readonly #proposals: DirectoryProposals;
  readonly #randomBytes: (size: number) => Uint8Array;

  constructor(
    ports: DirectoryPorts,
    parts: {
      readonly identity: MemberIdentity;
      readonly chain: DirectoryChain;
      readonly proposals: DirectoryProposals;
      readonly randomBytes: (size: number) => Uint8Array;
    },
  ) {
    this.#ports = ports;
    this.#identity = parts.identity;
    this.#chain = parts.chain;
    this.#proposals = parts.proposals;
    this.#randomBytes = parts.randomBytes;
  }

  /** Version 1 of a new network, with this node alone. Throws `node/member-exists` where it is in one, `node/wrong-role` of a hub. */
  async found(options: FoundingOptions): Promise<void> {
    await this.#assertFree();
    const { self, keys, now, store } = this.#ports;
    if (this.#identity.role !== 'node') {
      throw new NodeError('node/wrong-role', 'a network is founded by a node: a hub has no vote in it');
    }
    const issuedAt = now().toISOString();
    const member: DirectoryMember = { ...(await this.#member(options)), joinedAt: issuedAt };
    const document = foundingDocument(options.network, [member], issuedAt, crypto, {
      ...(options.rule !== undefined && { rule: options.rule }),
      ...(options.lifetimeMs !== undefined && { lifetimeMs: options.lifetimeMs }),
    });
    const hash = documentHash(document, crypto);
    const attempt = { number: 1, member: self };
    const signed = await keys.sign('directory', versionStatement(options.network, 1, hash, attempt));
    const signature = {
      member: self,
      keyId: signed.keyId,
      signature: Buffer.from(signed.signature).toString('base64url'),
    };
    await store.putNetwork({ network: options.network, anchor: hash, addresses: [] });
    await this.#chain.adopt({ directory: document, attempt, changes: [], signatures: [signature] });
  }

  /** A token with which one member may ask to join, through this one. Throws `node/no-directory`. */
  async invite(lifetimeMs = DEFAULT_INVITATION_MS): Promise<string> {
    const { document } = await this.#chain.head();
    const { store, self, now } = this.#ports;
    const network = await store.network();
    const own = document.members.find(({ id }) => id === self);
    if (network === undefined || own === undefined) {
      throw new NodeError('node/no-directory', `'${self}' is no member of ${document.network}`);
    }
    const secret = Buffer.from(this.#randomBytes(32)).toString('base64url');
    const expiresAt = new Date(now().getTime() + lifetimeMs).toISOString();
    await store.addInvitation(hashOf(secret), expiresAt);
    const others = document.members.filter(({ id }) => id !== self).map(({ url }) => url);
    const token: JoinToken = {
      network: network.network,
      anchor: network.anchor,
      // The first one is who invited; the others know the directory as well.
      addresses: [own.url, ...others],
      secret,
      expiresAt,
    };
    return TOKEN + Buffer.from(JSON.stringify(token)).toString('base64url');
  }

  /**
   * Asks to come in, and gives the proposal that it becomes; `rekey` of a member whose keys were lost. From now on the
   * node asks for the directory of that network. Throws `node/self-check-failed`, and what the inviting member refuses.
   */
  async join(
    token: JoinToken,
    options: MembershipOptions & {
      readonly checks: readonly SelfCheck[];
      readonly rekey?: boolean | undefined;
    },
  ): Promise<string> {
    const { network, anchor, addresses, secret } = token;
    await this.#assertFree(options.rekey === true ? network : undefined);
    const failed = options.checks.filter(({ passed }) => !passed);
    if (failed.length > 0) {
      const list = failed.map(({ name, detail }) => `${name} (${detail})`).join('; ');
      throw new NodeError('node/self-check-failed', `the node is not fit to join: ${list}`);
    }
    const member = await this.#member(options);
    const change: DirectoryChange = options.rekey
      ? { kind: 'update', member: member.id, url: member.url, dpia: member.dpia, keys: member.keys }
      : { kind: 'join', member, checks: options.checks };
    const proofs = await this.#proofs(network, change, member.keys);
    const [inviter] = addresses;
    if (inviter === undefined) throw badInvitation('it names no address');
    await this.#ports.store.putNetwork({ network, anchor, addresses });
    return await this.#ports.peerAt(inviter).join({ secret, change, proofs });
  }

  /** Makes a proposal of a request that came with a token of this member's. Throws `node/bad-invitation`. */
  async receive({ secret, change, proofs }: JoinRequest): Promise<string> {
    const { store, now } = this.#ports;
    const hash = hashOf(secret);
    const invitation = await store.invitation(hash);
    if (invitation === undefined) throw badInvitation('it is not of this member');
    if (change.kind !== 'join' && change.kind !== 'update') throw badInvitation('it invites to join only');
    const { document } = await this.#chain.head();
    const use = crypto.hash(changeStatement(document.network, change));
    if (invitation.usedBy === undefined && invitation.expiresAt < now().toISOString()) {
      throw badInvitation(`it expired at ${invitation.expiresAt}`);
    }
    if (!(await store.useInvitation(hash, use))) throw badInvitation('it was used already');
    // Whoever did not hear the answer asks again, and for the same.
    return (await this.#proposals.find(change)) ?? (await this.#proposals.proposeJoin(change, proofs));
  }

  /** This member as it should stand in the directory, by its home and its key store. */
  async #member({ url, dpia }: MembershipOptions): Promise<Omit<DirectoryMember, 'joinedAt'>> {
    const { id, name, country, role, disclosure } = this.#identity;
    return { id, name, country, role, url, keys: await this.ownKeys(), floors: disclosure, dpia };
  }

  /** The public keys of every purpose, those to come and those going included. */
  async ownKeys(): Promise<readonly MemberKey[]> {
    const all: MemberKey[] = [];
    for (const purpose of MEMBER_KEY_PURPOSES) {
      for (const { id, algorithm, publicKey } of await this.#ports.keys.signingKeys(purpose)) {
        all.push({ id, purpose, algorithm, publicKey });
      }
    }
    return all;
  }

  async #proofs(
    network: string,
    change: DirectoryChange,
    keys: readonly MemberKey[],
  ): Promise<readonly KeyProof[]> {
    const bytes = changeStatement(network, change);
    const proofs: KeyProof[] = [];
    for (const { id, purpose } of keys) {
      const { signature } = await this.#ports.keys.sign(purpose, bytes, id);
      proofs.push({ keyId: id, signature: Buffer.from(signature).toString('base64url') });
    }
    return proofs;
  }

  /**
   * What this member's home and key store say otherwise than the directory, as a proposal: rotated keys, a stricter
   * policy. `undefined` where nothing differs, or it is no member.
   */
  async ownUpdate(given: { readonly url?: string; readonly dpia?: string; readonly name?: string } = {}) {
    const { document } = await this.#chain.head();
    const own = document.members.find(({ id }) => id === this.#ports.self);
    if (own === undefined) return undefined;
    const keys = await this.ownKeys();
    const floors = this.#identity.disclosure;
    const change = {
      kind: 'update' as const,
      member: own.id,
      ...given,
      ...(namesOf(keys) !== namesOf(own.keys) && { keys }),
      ...(JSON.stringify(floors) !== JSON.stringify(own.floors) && { floors }),
    };
    if (Object.keys(change).length === 2) return undefined;
    const known = new Set(own.keys.map(({ id }) => id));
    const fresh = keys.filter(({ id }) => !known.has(id));
    return { change, proofs: await this.#proofs(document.network, change, fresh) };
  }

  async #assertFree(rejoins?: string): Promise<void> {
    const row = await this.#ports.store.version();
    if (row === undefined || row.document.network === rejoins) return;
    throw new NodeError(
      'node/member-exists',
      `this node knows the directory of ${row.document.network} already: a node is in one network only`,
    );
  }
}

/** Reads a token as `invite` wrote it. Throws `node/bad-invitation`. */
export function parseToken(text: string, now: Date): JoinToken {
  const trimmed = text.trim();
  if (!trimmed.startsWith(TOKEN)) throw badInvitation(`a join token begins with ${TOKEN}`);
  let token: JoinToken;
  try {
    token = readToken(JSON.parse(Buffer.from(trimmed.slice(TOKEN.length), 'base64url').toString('utf8')));
  } catch (cause) {
    if (!(cause instanceof SyntaxError || cause instanceof CodedError)) throw cause;
    throw badInvitation('it is damaged');
  }
  if (token.expiresAt < now.toISOString()) throw badInvitation(`it expired at ${token.expiresAt}`);
  return token;
}

function namesOf(keys: readonly MemberKey[]): string {
  return keys
    .map(({ id }) => id)
    .sort()
    .join();
}

function hashOf(secret: string): string {
  return createHash('sha256').update(secret).digest('base64url');
}

function badInvitation(why: string): NodeError {
  return new NodeError('node/bad-invitation', `the join token is no use: ${why}`);
}
