import { createHmac, generateKeyPairSync, type KeyObject, sign } from 'node:crypto';
import { join } from 'node:path';
import type { Fetch } from '@federome/client';
import type { DirectoryMember, Identity, MemberDirectory, Members } from '@federome/core';
import { MemoryKeys, temporaryDirectory } from '@federome/testkit';
import { JwksCache } from '../../../packages/node/src/services/visas/jwks-cache.ts';
import { revocationHash, writeFeed } from '../../../packages/node/src/services/visas/revocation-feed.ts';
import { RevocationWatch } from '../../../packages/node/src/services/visas/revocation-watch.ts';
import { Signatures } from '../../../packages/node/src/services/visas/signatures.ts';
import { Trust } from '../../../packages/node/src/services/visas/trust.ts';
import { VerificationKeys } from '../../../packages/node/src/services/visas/verification-keys.ts';
import { PassportVerifier } from '../../../packages/node/src/services/visas/verifier.ts';
import { openSqlite, type SqlDatabase } from '../../../packages/node/src/stores/database/database.ts';
import { SqlGrantStore } from '../../../packages/node/src/stores/grants/sql-grant-store.ts';
import type { SigningKey } from '../../../packages/node/src/stores/keys/signing-keys.ts';
import type { VisaTrust } from '../../../packages/node/src/visa-trust.ts';

export const START_S = 1_790_000_000;
export const EE = 'https://ee.example/';
export const FI = 'https://fi.example/';
export const HUB = 'https://hub.example/';
/** The hub's broker; Alice as it knows her. */
export const BROKER = `${HUB}oidc`;
export const ALICE: Identity = { issuer: BROKER, subject: 'alice' };
export const MALLORY: Identity = { issuer: BROKER, subject: 'mallory' };
/** A broker as LS Login is: RS256, `JWT`, its own key set. */
export const LS = 'https://login.ls.example/oidc/';
export const LS_JWKS = 'https://login.ls.example/oidc/jwk';
/** An entitlement system as REMS is: RS256, `JWT`, about subjects of the broker. */
export const REMS = 'https://rems.example/';
export const REMS_JKU = 'https://rems.example/api/jwk';
export const REMS_SOURCE = 'https://dac.example/';
/** A service that says who is the same person. */
export const LINKER = 'https://links.example/';
export const LINKER_JKU = 'https://links.example/jwk';

export const TRUST: VisaTrust = {
  issuers: [
    {
      issuer: REMS,
      jku: REMS_JKU,
      types: ['ControlledAccessGrants', 'ResearcherStatus', 'AffiliationAndRole'],
      sources: [REMS_SOURCE],
      subjectsOf: LS,
      legacyType: true,
    },
    { issuer: LINKER, jku: LINKER_JKU, types: ['LinkedIdentities'], sources: [LINKER], subjectsOf: BROKER },
  ],
  brokers: [{ issuer: LS, jwksUri: LS_JWKS, legacyType: true }],
  memberSources: {},
};

/** Keys of whoever is outside the network, one pair for all worlds: RSA pairs take long to make. */
const RSA = generateKeyPairSync('rsa', { modulusLength: 2_048 });
const WEAK_RSA = generateKeyPairSync('rsa', { modulusLength: 1_024 });
const LINKER_KEY = generateKeyPairSync('ec', { namedCurve: 'P-256' });
export const STRANGER = generateKeyPairSync('ec', { namedCurve: 'P-256' });
export const KOBLITZ = generateKeyPairSync('ec', { namedCurve: 'secp256k1' });
export const P384 = generateKeyPairSync('ec', { namedCurve: 'P-384' });

/** Signs the first two parts of a token. */
export type Sign = (input: string) => Uint8Array | Promise<Uint8Array>;

export const es256 =
  (key: KeyObject): Sign =>
  (input) =>
    sign('sha256', Buffer.from(input), { key, dsaEncoding: 'ieee-p1363' });
export const rs256 =
  (key: KeyObject): Sign =>
  (input) =>
    sign('sha256', Buffer.from(input), key);
export const hs256 =
  (secret: string): Sign =>
  (input) =>
    createHmac('sha256', secret).update(input).digest();
export const unsigned: Sign = () => new Uint8Array();
export const RSA_SIGN = rs256(RSA.privateKey);
export const LINKER_SIGN = es256(LINKER_KEY.privateKey);

let shared: Promise<SqlDatabase> | undefined;

/** One database for all worlds of a file; each has its own grants by their ids. */
async function database(): Promise<SqlDatabase> {
  shared ??= temporaryDirectory().then((directory) => openSqlite(join(directory, 'records.sqlite')));
  return await shared;
}

export async function closeWorlds(): Promise<void> {
  await (await shared)?.close();
  shared = undefined;
}

/** The Estonian node among members, brokers and issuers, with a clock and wires that a test turns. */
export class World {
  nowS = START_S;
  readonly ee = new MemoryKeys();
  readonly fi = new MemoryKeys();
  readonly hub = new MemoryKeys();
  readonly revoked: string[] = [];
  /** How many key sets were fetched, and from where. */
  readonly fetched: string[] = [];
  /** Whether the Finnish node can be reached. */
  finnishWire: 'whole' | 'cut' = 'whole';
  /** Whether outside issuers can be reached. */
  outsideWire: 'whole' | 'cut' = 'whole';
  finnishSequence: number | undefined;
  outsideKid = 'rsa-1';
  directory: MemberDirectory | undefined;
  readonly signatures = new Signatures();
  readonly grants: SqlGrantStore;
  readonly watch: RevocationWatch;
  readonly verifier: PassportVerifier;
  readonly trust: Trust;

  static async make(): Promise<World> {
    const world = new World(await database());
    await world.publish();
    await world.watch.poll();
    return world;
  }

  private constructor(records: SqlDatabase) {
    const now = () => new Date(this.nowS * 1_000);
    const members: Members = {
      current: async () => this.directory!,
      member: async (id) => this.directory?.members.find((each) => each.id === id),
    };
    this.grants = new SqlGrantStore(records);
    this.trust = new Trust('ee.node', members, TRUST);
    const outside = new JwksCache({ now, fetch: this.#outside });
    const keys = new VerificationKeys({ self: 'ee.node', keys: this.ee, members, outside });
    const { signatures, grants, trust } = this;
    this.watch = new RevocationWatch({
      self: 'ee.node',
      members,
      grants,
      keys,
      signatures,
      now,
      fetchFor: () => this.#member,
    });
    this.verifier = new PassportVerifier({ trust, keys, signatures, revocations: this.watch, now });
  }

  /** The directory says what keys there are now. */
  async publish(): Promise<void> {
    const members = await Promise.all([
      member('ee.node', EE, 'node', this.ee),
      member('fi.node', FI, 'node', this.fi),
      member('lu.hub', HUB, 'hub', this.hub),
    ]);
    this.directory = {
      network: 'test',
      version: 1,
      issuedAt: '',
      expiresAt: '',
      threshold: 2,
      members,
    };
  }

  async feed(nonce?: string | undefined): Promise<string> {
    return await writeFeed(
      {
        member: 'fi.node',
        issuedAt: this.nowS,
        nextUpdate: this.nowS + 15,
        sequence: this.finnishSequence ?? this.revoked.length,
        entries: this.revoked.map(revocationHash),
        nonce,
      },
      this.fi,
    );
  }

  readonly #member: Fetch = async (url) => {
    if (this.finnishWire === 'cut') throw new TypeError('cut');
    const nonce = String(url).split('/').at(-1);
    return Response.json({ feed: await this.feed(nonce) });
  };

  readonly #outside: Fetch = async (url) => {
    this.fetched.push(String(url));
    if (this.outsideWire === 'cut') throw new TypeError('cut');
    if (url === LINKER_JKU) {
      return Response.json({
        keys: [
          { ...LINKER_KEY.publicKey.export({ format: 'jwk' }), kid: 'links-1', use: 'sig' },
          { ...P384.publicKey.export({ format: 'jwk' }), kid: 'p384' },
          { ...LINKER_KEY.publicKey.export({ format: 'jwk' }), kid: 'enc', use: 'enc' },
          { ...LINKER_KEY.publicKey.export({ format: 'jwk' }), kid: 'twice' },
          { ...STRANGER.publicKey.export({ format: 'jwk' }), kid: 'twice' },
        ],
      });
    }
    if (url !== REMS_JKU && url !== LS_JWKS) return new Response(null, { status: 404 });
    return Response.json({
      keys: [
        { ...WEAK_RSA.publicKey.export({ format: 'jwk' }), kid: 'weak', use: 'sig', alg: 'RS256' },
        { ...RSA.publicKey.export({ format: 'jwk' }), kid: this.outsideKid, use: 'sig', alg: 'RS256' },
      ],
    });
  };
}

export const WEAK_SIGN = rs256(WEAK_RSA.privateKey);

async function member(
  id: string,
  url: string,
  role: 'node' | 'hub',
  keys: MemoryKeys,
): Promise<DirectoryMember> {
  const purposes = ['visa', 'identity', 'request', 'ledger', 'witness', 'directory'] as const;
  const all: SigningKey[] = [];
  for (const purpose of purposes) all.push(...(await keys.signingKeys(purpose)));
  const floors = {
    countThreshold: 5,
    roundTo: 5,
    frequencyMinorCount: 5,
    frequencyMinPeople: 50,
    publicGranularity: 'count',
  } as const;
  return {
    id,
    url,
    role,
    name: id,
    country: 'EE',
    floors,
    dpia: 'DPIA',
    joinedAt: '',
    keys: all.map(({ id: keyId, purpose, algorithm, publicKey }) => ({
      id: keyId,
      purpose,
      algorithm,
      publicKey,
    })),
  };
}
