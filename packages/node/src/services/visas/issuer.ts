import { randomBytes } from 'node:crypto';
import {
  type DirectoryMember,
  type Identity,
  type Ledger,
  SUBJECT_ISSUER_CLAIM,
  VISA_TOKEN_TYPE,
} from '@federome/core';
import type { Grant, GrantStore } from '../../stores/grants/grant-store.ts';
import type { SigningKeys } from '../../stores/keys/signing-keys.ts';
import { revocationHash, signedToken, writeFeed } from './revocation-feed.ts';
import { stands } from './standing.ts';
import { jkuOf, MAXIMUM_VISA_LIFE_S, type Trust } from './trust.ts';

export interface VisaIssuerPorts {
  readonly keys: SigningKeys;
  readonly store: GrantStore;
  readonly ledger: Ledger;
  readonly trust: Trust;
  readonly now: () => Date;
  /** Life of a visa in seconds; 900 by default, 3,600 at most. */
  readonly lifeS?: number | undefined;
  readonly randomBytes?: ((size: number) => Uint8Array) | undefined;
}

const LIFE_S = 900;
/** A grant's visas are all dead after their life and the skew of clocks; then its hash may leave the feed. */
const FEED_KEEPS_S = 2 * MAXIMUM_VISA_LIFE_S;
const FEED_INTERVAL_S = 15;

/** Issues visas (document form, ES256) from the grants of this node, and says which were revoked. */
export class VisaIssuer {
  readonly #ports: VisaIssuerPorts;

  constructor(ports: VisaIssuerPorts) {
    this.#ports = ports;
  }

  /**
   * A visa of each grant of a person that stands now; each issue is in the ledger before its visa leaves. Throws
   * `node/no-directory`, `node/ledger-unavailable`.
   */
  async visasOf(identity: Identity): Promise<readonly string[]> {
    const now = this.#ports.now().toISOString();
    const standing = (await this.#ports.store.grants({ identity })).filter((grant) => stands(grant, now));
    const visas: string[] = [];
    for (const grant of standing) visas.push(await this.#issue(grant));
    return visas;
  }

  /** The public keys with which visas of this node are verified (RFC 7517): current, next and retiring ones. */
  async jwks(): Promise<{ readonly keys: readonly Readonly<Record<string, string>>[] }> {
    const keys = await this.#ports.keys.signingKeys('visa');
    return { keys: keys.map(({ publicKey, id }) => ({ ...publicKey, kid: id, alg: 'ES256', use: 'sig' })) };
  }

  /** What was revoked lately, signed now; `nonce` comes back in it. */
  async feed(nonce?: string | undefined): Promise<string> {
    const nowMs = this.#ports.now().getTime();
    const since = new Date(nowMs - FEED_KEEPS_S * 1_000).toISOString();
    const { grants, last } = await this.#ports.store.revocations(since);
    const issuedAt = Math.floor(nowMs / 1_000);
    const feed = {
      member: this.#ports.trust.self,
      issuedAt,
      nextUpdate: issuedAt + FEED_INTERVAL_S,
      sequence: last,
      entries: grants.map(({ id }) => revocationHash(id)),
      nonce,
    };
    const own = await this.#ports.trust.ownMember().catch(() => undefined);
    return await writeFeed(feed, this.#ports.keys, await this.#keyId(own));
  }

  /**
   * The current key, or the one before it as long as the directory does not have the current one yet: others verify by
   * what the directory says.
   */
  async #keyId(own: DirectoryMember | undefined): Promise<string> {
    const keys = (await this.#ports.keys.signingKeys('visa')).filter(({ state }) => state !== 'next');
    const known = keys.find(({ id }) => own?.keys.some((key) => key.id === id));
    return (known ?? keys[0])?.id ?? '';
  }

  async #issue(grant: Grant): Promise<string> {
    const { keys, trust, ledger } = this.#ports;
    const own = await trust.ownMember();
    const { url } = own;
    const issuedAt = Math.floor(this.#ports.now().getTime() / 1_000);
    const life = Math.min(this.#ports.lifeS ?? LIFE_S, MAXIMUM_VISA_LIFE_S);
    const number = Buffer.from((this.#ports.randomBytes ?? randomBytes)(12)).toString('base64url');
    const claims = {
      iss: url,
      sub: grant.identity.subject,
      iat: issuedAt,
      exp: Math.min(issuedAt + life, Math.floor(Date.parse(grant.until) / 1_000)),
      jti: `${grant.id}.${number}`,
      [SUBJECT_ISSUER_CLAIM]: grant.identity.issuer,
      ga4gh_visa_v1: {
        type: grant.type,
        asserted: Math.floor(Date.parse(grant.grantedAt) / 1_000),
        value: grant.value,
        source: grant.source,
        by: grant.by,
        ...(grant.conditions === undefined ? {} : { conditions: grant.conditions }),
      },
    };
    const header = { alg: 'ES256', typ: VISA_TOKEN_TYPE, kid: await this.#keyId(own), jku: jkuOf(url) };
    const visa = await signedToken(header, claims, keys);
    await ledger.record({
      type: 'visa/issued',
      at: this.#ports.now().toISOString(),
      data: { grant: grant.id, visa: claims.jti, kind: grant.type, until: claims.exp },
    });
    return visa;
  }
}
