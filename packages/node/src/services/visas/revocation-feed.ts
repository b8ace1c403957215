import { createHash } from 'node:crypto';
import { Refusal, readCompactToken } from '@federome/core';
import type { SigningKeys } from '../../stores/keys/signing-keys.ts';
import type { Signatures } from './signatures.ts';
import type { VerificationKeys } from './verification-keys.ts';

/** What a member has revoked lately: hashes only, so that the feed tells nobody who lost what. */
export interface RevocationFeed {
  /** The member's id. */
  readonly member: string;
  /** Seconds since 1970, by the member's clock. */
  readonly issuedAt: number;
  /** When the next one should have been read, by the member's clock. */
  readonly nextUpdate: number;
  /** The number of the member's last revocation ever. */
  readonly sequence: number;
  /** `revocationHash` of grants whose visas may still be about. */
  readonly entries: readonly string[];
  /** What whoever read it had sent along: it was signed after that. */
  readonly nonce?: string | undefined;
}

const FEED_TYPE = 'federome.visa-revocations+jwt';
const MAXIMUM_LENGTH = 1_000_000;
const MAXIMUM_ENTRIES = 20_000;

/** How feeds name a grant, or a visa that came from none. */
export function revocationHash(id: string): string {
  return createHash('sha256').update(`federome visa revocation 1\n${id}`).digest('base64url');
}

/** The grant in a visa's `jti`, which is `<grant>.<number used once>`. */
export function grantIdOf(visaId: string): string {
  const dot = visaId.lastIndexOf('.');
  return dot < 0 ? visaId : visaId.slice(0, dot);
}

/** A feed as a compact JWS, signed with a key for visas; the current one where `kid` is omitted. */
export async function writeFeed(
  feed: RevocationFeed,
  keys: SigningKeys,
  kid?: string | undefined,
): Promise<string> {
  const { member, issuedAt, nextUpdate, sequence, entries, nonce } = feed;
  const [current] = await keys.signingKeys('visa');
  const header = { alg: 'ES256', typ: FEED_TYPE, kid: kid ?? current?.id ?? '' };
  const payload = {
    iss: member,
    iat: issuedAt,
    next_update: nextUpdate,
    seq: sequence,
    revoked: entries,
    ...(nonce === undefined ? {} : { nonce }),
  };
  return await signedToken(header, payload, keys);
}

/** A compact JWS by the key for visas that the header names. */
export async function signedToken(
  header: { readonly kid: string } & Readonly<Record<string, string>>,
  payload: object,
  keys: SigningKeys,
): Promise<string> {
  const encoded = [header, payload].map((part) => Buffer.from(JSON.stringify(part)).toString('base64url'));
  const input = encoded.join('.');
  const { signature } = await keys.sign('visa', Buffer.from(input), header.kid);
  return `${input}.${Buffer.from(signature).toString('base64url')}`;
}

/** A feed whose signature is its member's. Throws `Refusal`. */
export async function readFeed(
  text: string,
  member: string,
  ports: { readonly keys: VerificationKeys; readonly signatures: Signatures; readonly nowS: number },
): Promise<RevocationFeed> {
  const { header, payload } = readCompactToken(text, MAXIMUM_LENGTH);
  if (header.typ !== FEED_TYPE || header.crit !== undefined || header.b64 !== undefined) {
    throw new Refusal('wrong-type', `not a token of the type ${FEED_TYPE}`);
  }
  if (header.alg !== 'ES256') throw new Refusal('unsupported-algorithm', 'feeds are signed with ES256');
  if (typeof header.kid !== 'string') throw new Refusal('missing-kid', 'the header names no key');
  if (payload.iss !== member) throw new Refusal('untrusted-issuer', 'the feed is another member’s');
  const key = await ports.keys.ofMember(member, 'visa', header.kid, 'ES256');
  const { nowS } = ports;
  // A feed is read once: nothing of it is worth remembering.
  await ports.signatures.check(text, key, 'ES256', { nowS, expires: nowS });
  const { iat, next_update, seq, revoked, nonce } = payload;
  if (
    typeof iat !== 'number' ||
    typeof next_update !== 'number' ||
    !isCount(seq) ||
    !Array.isArray(revoked)
  ) {
    throw new Refusal('malformed-claim', 'the feed lacks a number or its list');
  }
  if (revoked.length > MAXIMUM_ENTRIES) throw new Refusal('too-long', 'the feed is too long');
  if (nonce !== undefined && typeof nonce !== 'string') throw new Refusal('malformed-claim', 'no nonce');
  const entries = revoked.map((entry) => {
    if (typeof entry !== 'string' || !/^[\w-]{43}$/.test(entry)) {
      throw new Refusal('malformed-claim', 'the feed holds something that is no hash');
    }
    return entry;
  });
  return { member, issuedAt: iat, nextUpdate: next_update, sequence: seq, entries, nonce };
}

function isCount(value: unknown): value is number {
  return typeof value === 'number' && Number.isSafeInteger(value) && value >= 0;
}

/** Whether a value is an object with text under `feed`: how feeds travel. */
export function feedTextOf(value: unknown): string | undefined {
  if (typeof value !== 'object' || value === null || !('feed' in value)) return undefined;
  return typeof value.feed === 'string' ? value.feed : undefined;
}
