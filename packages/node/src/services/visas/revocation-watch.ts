import { randomBytes } from 'node:crypto';
import type { Fetch } from '@federome/client';
import { type Members, Refusal, type TrustedIssuer, type VisaClaims } from '@federome/core';
import type { GrantStore } from '../../stores/grants/grant-store.ts';
import { feedTextOf, grantIdOf, type RevocationFeed, readFeed, revocationHash } from './revocation-feed.ts';
import type { Signatures } from './signatures.ts';
import { MAXIMUM_VISA_LIFE_S } from './trust.ts';
import type { VerificationKeys } from './verification-keys.ts';
import type { Revocations } from './verifier.ts';

export interface RevocationWatchPorts {
  readonly self: string;
  readonly members: Members;
  readonly grants: GrantStore;
  readonly keys: VerificationKeys;
  readonly signatures: Signatures;
  readonly now: () => Date;
  /** How a member is asked; the platform's `fetch` or a signed one. */
  readonly fetchFor: (member: string) => Fetch;
  readonly randomBytes?: ((size: number) => Uint8Array) | undefined;
}

/** Longest time, in seconds, from a revocation until no node accepts a visa of it, whatever the network does. */
export const REVOCATION_BOUND_S = 60;

/** How long a feed that was read lets visas of its member count; what is left of the bound is for the reading itself. */
const FEED_LIFE_S = 50;
const READ_TIMEOUT_MS = 5_000;
const MAXIMUM_FEED_BYTES = 1_000_000;

interface Watched {
  /** Seconds since 1970 by our clock: the feed was signed after this. `undefined` before the first was read. */
  readonly readAt: number | undefined;
  readonly sequence: number;
  /** Hash → until when it is kept, in seconds since 1970. */
  readonly revoked: ReadonlyMap<string, number>;
}

const UNREAD: Watched = { readAt: undefined, sequence: 0, revoked: new Map() };

/**
 * Knows what each member has revoked. A member's visas count only while its feed was read lately: whoever cannot hear of a
 * revocation accepts nothing that might have been revoked. How old a feed is follows from our own clock and a number that
 * we sent along, never from the other's clock.
 */
export class RevocationWatch implements Revocations {
  readonly #ports: RevocationWatchPorts;
  readonly #watched = new Map<string, Watched>();

  constructor(ports: RevocationWatchPorts) {
    this.#ports = ports;
  }

  async check({ member }: TrustedIssuer, { id }: VisaClaims): Promise<number> {
    // Outside issuers have no feed: how long their visas count after `iat` bounds it.
    if (member === undefined) return Number.POSITIVE_INFINITY;
    if (member === this.#ports.self) return await this.#checkOwn(id);
    const { readAt, revoked } = this.#watched.get(member) ?? UNREAD;
    if (revoked.has(revocationHash(grantIdOf(id)))) throw new Refusal('revoked', 'its issuer has revoked it');
    const until = (readAt ?? Number.NEGATIVE_INFINITY) + FEED_LIFE_S;
    if (until > this.#nowS()) return until;
    throw new Refusal('revocation-unknown', `what '${member}' revokes could not be read lately`);
  }

  /** Our own records say at once. A visa that came from none of our grants is none. */
  async #checkOwn(id: string): Promise<number> {
    const grant = await this.#ports.grants.grant(grantIdOf(id));
    const nowS = this.#nowS();
    if (grant === undefined || grant.revokedAt !== undefined || Date.parse(grant.until) <= nowS * 1_000) {
      throw new Refusal('revoked', 'the grant is revoked, has ended or is gone');
    }
    return Math.min(nowS + FEED_LIFE_S, Date.parse(grant.until) / 1_000);
  }

  /** Reads the feeds of all other nodes at once, each within its time; what cannot be read stays as old as it was. */
  async poll(signal?: AbortSignal | undefined): Promise<{ readonly unread: readonly string[] }> {
    const { members } = await this.#ports.members.current();
    const others = members.filter(({ id, role }) => role === 'node' && id !== this.#ports.self);
    for (const id of this.#watched.keys())
      if (!others.some((each) => each.id === id)) this.#watched.delete(id);
    const read = await Promise.all(
      others.map(async ({ id, url }) => {
        try {
          await this.#read(id, url, signal);
          return undefined;
        } catch {
          return id;
        }
      }),
    );
    return { unread: read.filter((id) => id !== undefined) };
  }

  /**
   * Takes a feed that a member brought by itself. It can only add revocations: how fresh we are follows from our own
   * reading. Throws `Refusal`.
   */
  async receive(member: string, text: string): Promise<void> {
    const feed = await this.#feed(member, text);
    const before = this.#watched.get(member) ?? UNREAD;
    this.#keep(feed, before.readAt, before);
  }

  async #read(member: string, url: string, signal: AbortSignal | undefined): Promise<void> {
    const readAt = this.#nowS();
    const nonce = Buffer.from((this.#ports.randomBytes ?? randomBytes)(16)).toString('base64url');
    const timeout = AbortSignal.timeout(READ_TIMEOUT_MS);
    const response = await this.#ports.fetchFor(member)(`${url}visas/revocations/${nonce}`, {
      redirect: 'error',
      signal: signal === undefined ? timeout : AbortSignal.any([signal, timeout]),
    });
    const text = feedTextOf(JSON.parse(await bounded(response)));
    if (response.status !== 200 || text === undefined) throw new Refusal('not-json', 'no feed');
    const feed = await this.#feed(member, text);
    if (feed.nonce !== nonce) throw new Refusal('too-old', 'the feed answers somebody else');
    const before = this.#watched.get(member) ?? UNREAD;
    // A member that forgot revocations may have forgotten others too: its feed says nothing until it knows them again.
    if (feed.sequence < before.sequence) throw new Refusal('too-old', 'the feed was rolled back');
    this.#keep(feed, Math.max(readAt, before.readAt ?? 0), before);
  }

  async #feed(member: string, text: string): Promise<RevocationFeed> {
    const { keys, signatures } = this.#ports;
    return await readFeed(text, member, { keys, signatures, nowS: this.#nowS() });
  }

  #keep({ member, sequence, entries }: RevocationFeed, readAt: number | undefined, before: Watched): void {
    const nowS = this.#nowS();
    const kept = [...before.revoked].filter(([, until]) => until > nowS);
    const until = nowS + 2 * MAXIMUM_VISA_LIFE_S;
    const revoked = new Map([...kept, ...entries.map((entry) => [entry, until] as const)]);
    this.#watched.set(member, { readAt, sequence: Math.max(sequence, before.sequence), revoked });
  }

  #nowS(): number {
    return this.#ports.now().getTime() / 1_000;
  }
}

async function bounded(response: Response): Promise<string> {
  const chunks: Uint8Array[] = [];
  let bytes = 0;
  for await (const chunk of response.body ?? []) {
    bytes += chunk.length;
    if (bytes > MAXIMUM_FEED_BYTES) throw new Refusal('too-long', 'the feed is too long');
    chunks.push(chunk);
  }
  return new TextDecoder('utf-8', { fatal: true }).decode(Buffer.concat(chunks));
}
