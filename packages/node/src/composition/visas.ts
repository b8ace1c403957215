import type { Fetch } from '@federome/client';
import {
  type AcceptedVisa,
  type Identity,
  type Ledger,
  type Members,
  Refusal,
  type Requester,
  type Role,
} from '@federome/core';
import { NodeError } from '../errors.ts';
import type { GrantService } from '../services/visas/grants.ts';
import type { VisaIssuer } from '../services/visas/issuer.ts';
import type { RevocationWatch } from '../services/visas/revocation-watch.ts';
import type { CollectedVisas } from '../services/visas/spread.ts';
import type { Trust } from '../services/visas/trust.ts';
import type { PassportVerifier } from '../services/visas/verifier.ts';
import { SqlGrantStore } from '../stores/grants/sql-grant-store.ts';
import type { SigningKeys } from '../stores/keys/signing-keys.ts';
import { SqlPeopleStore } from '../stores/people/sql-people-store.ts';
import { NO_OUTSIDE_TRUST } from '../visa-trust.ts';
import type { Foundation } from './foundation.ts';

/** What of a node's foundation visas stand on. */
export type VisaFoundation = Pick<Foundation, 'config' | 'database' | 'records' | 'now' | 'background'>;

export interface VisaOptions {
  readonly keys: SigningKeys;
  readonly members: Members;
  readonly ledger: Ledger;
  /** A `fetch` that signs the request to a member. */
  readonly fetchFor: (member: string) => Fetch;
  /** How key sets of outside issuers are fetched; the platform's by default. */
  readonly fetch?: Fetch | undefined;
  /** How often members' revocations are read; every 15 s by default. */
  readonly pollMs?: number | undefined;
}

/** The parts that verify, issue and revoke. */
export interface VisaServices {
  readonly verifier: PassportVerifier;
  readonly grants: GrantService;
  readonly issuer: VisaIssuer;
  readonly watch: RevocationWatch;
  readonly trust: Trust;
  /** Visas of a person from all other nodes, for a passport broker. */
  readonly collect: (identity: Identity) => Promise<CollectedVisas>;
}

/** Passports and visas of a node. */
export interface Visas {
  /** Its modules are loaded by the first call. */
  readonly services: () => Promise<VisaServices>;
  /** Who a passport is of, with the visas that count and the roles of this node's records. Throws `node/bad-passport`. */
  readonly passport: (token: string, through?: string | undefined) => Promise<Requester>;
  /**
   * Visas of a person from this node and every other that can be asked, for a passport broker: `visasOf` of the embedded
   * provider. None where this server is in no network.
   */
  readonly visasOf: (identity: Identity) => Promise<readonly string[]>;
  /** What this node's own grants say of somebody now: for a person with a session, who has no passport. */
  readonly standing: (identity: Identity) => Promise<readonly AcceptedVisa[]>;
  /** Roles that this node's records give somebody now. */
  readonly rolesOf: (identity: Identity) => Promise<readonly Role[]>;
  /** What `aud` of a passport must hold one of, to be taken here. */
  readonly audience: () => Promise<readonly string[]>;
  /** Takes a feed that a member brings. Throws `node/bad-request`. */
  readonly receiveFeed: (member: string, feed: string) => Promise<void>;
}

const DEFAULT_POLL_MS = 15_000;
const RECORD_MS = 60_000;
/** As services/identity has it: the issuer in the records of people of the node's own provider. */
const EMBEDDED_ISSUER = 'urn:federome:embedded';

/** `aud` of a passport that every member of a network may take. */
export function networkAudience(network: string): string {
  return `urn:federome:network:${encodeURIComponent(network)}`;
}

/** Composes visas, and adds to the background what reads revocations and what tells the ledger late. */
export function composeVisas(foundation: VisaFoundation, options: VisaOptions): Visas {
  let loaded: Promise<VisaServices> | undefined;
  const services = () => {
    loaded ??= load(foundation, options);
    return loaded;
  };
  const isMember = async () => {
    const current = await options.members.current().catch((error: unknown) => {
      if (error instanceof NodeError && error.code === 'node/no-directory') return undefined;
      throw error;
    });
    return current !== undefined;
  };
  foundation.background.add({
    name: 'revocations of visas',
    everyMs: options.pollMs ?? DEFAULT_POLL_MS,
    run: async (signal) => {
      if (await isMember()) await (await services()).watch.poll(signal);
    },
  });
  foundation.background.add({
    name: 'grants',
    everyMs: RECORD_MS,
    run: async () => {
      const { grants } = await services();
      await grants.recordRevocations();
      await grants.deleteOld();
    },
  });
  const audience = async () => {
    const own = `urn:federome:${foundation.config.id}`;
    if (!(await isMember())) return [own];
    const { trust } = await services();
    const [{ url }, { network }] = [await trust.ownMember(), await options.members.current()];
    return [own, url, networkAudience(network)];
  };
  const people = new SqlPeopleStore(foundation.database);
  // People of the node's own provider are in the records under a name that does not change with its address.
  const recorded = async (identity: Identity): Promise<Identity> => {
    const own = await options.members.member(foundation.config.id).catch(() => undefined);
    const isOwn = own !== undefined && identity.issuer === `${own.url}oidc`;
    return isOwn ? { ...identity, issuer: EMBEDDED_ISSUER } : identity;
  };
  const rolesOf = async (identity: Identity): Promise<readonly Role[]> => {
    const person = await people.find(await recorded(identity));
    if (person === undefined) return [];
    return (await people.rolesOf(person.id, foundation.now())).map(({ role }) => role);
  };
  return {
    services,
    audience,
    rolesOf,
    standing: async (identity) => {
      const { standingVisas } = await import('../services/visas/standing.ts');
      const own = await options.members.member(foundation.config.id).catch(() => undefined);
      const issuer = own?.url ?? `urn:federome:${foundation.config.id}`;
      const store = new SqlGrantStore(foundation.database);
      return await standingVisas(identity, { store, issuer, now: foundation.now() });
    },
    visasOf: async (identity) => {
      if (!(await isMember())) return [];
      const { issuer, collect } = await services();
      const [own, others] = await Promise.all([issuer.visasOf(identity), collect(identity)]);
      return [...own, ...others.visas];
    },
    passport: async (token, through) => {
      const { verifier } = await services();
      const { identity, visas } = await verifier.verify(token, { audience: await audience() });
      const roles = await rolesOf(identity);
      return { kind: 'person', identity, roles, visas, ...(through !== undefined && { through }) };
    },
    receiveFeed: async (member, feed) => {
      try {
        await (await services()).watch.receive(member, feed);
      } catch (cause) {
        if (!(cause instanceof Refusal)) throw cause;
        throw new NodeError('node/bad-request', `the feed is refused: ${cause.message}`, { cause });
      }
    },
  };
}

async function load(
  { config, database, records, now }: VisaFoundation,
  options: VisaOptions,
): Promise<VisaServices> {
  const [keysModule, cache, spread, trusts, verifiers, watches, issuers, grantsModule, signing] =
    await Promise.all([
      import('../services/visas/verification-keys.ts'),
      import('../services/visas/jwks-cache.ts'),
      import('../services/visas/spread.ts'),
      import('../services/visas/trust.ts'),
      import('../services/visas/verifier.ts'),
      import('../services/visas/revocation-watch.ts'),
      import('../services/visas/issuer.ts'),
      import('../services/visas/grants.ts'),
      import('../services/visas/signatures.ts'),
    ]);
  const { keys: signingKeys, members, ledger, fetchFor, fetch } = options;
  const self = config.id;
  const outsideTrust = config.visas ?? NO_OUTSIDE_TRUST;
  const store = new SqlGrantStore(database);
  const trust = new trusts.Trust(self, members, outsideTrust);
  const outside = new cache.JwksCache({ now, fetch });
  const keys = new keysModule.VerificationKeys({ self, keys: signingKeys, members, outside });
  const signatures = new signing.Signatures();
  const watch = new watches.RevocationWatch({
    self,
    members,
    grants: store,
    keys,
    signatures,
    now,
    fetchFor,
  });
  const issuer = new issuers.VisaIssuer({ keys: signingKeys, store, ledger, trust, now });
  const reach = { self, members, fetchFor };
  const grants = new grantsModule.GrantService({
    store,
    ledger,
    trust,
    sources: outsideTrust.memberSources[self] ?? [],
    hasDataset: async (id) => (await records.datasets()).some((dataset) => dataset.id === id),
    now,
    revoked: async () => await spread.pushFeed(await issuer.feed(), reach),
  });
  const verifier = new verifiers.PassportVerifier({ trust, keys, signatures, revocations: watch, now });
  const collect = (identity: Identity) => spread.collectVisas(identity, reach);
  return { verifier, grants, issuer, watch, trust, collect };
}
