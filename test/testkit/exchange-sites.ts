import {
  DISCLOSURE_FLOOR,
  type DirectoryMember,
  type DiscoveryAnswers,
  type MemberDirectory,
  type Members,
} from '@federome/core';
import { type FederomeNode, NetworkService, serveNode } from '@federome/node';
import { onTestFinished } from 'vitest';
import { Background } from '../../packages/node/src/background.ts';
import { type ComposedExchange, composeExchange } from '../../packages/node/src/composition/exchange.ts';
import { NodeError } from '../../packages/node/src/errors.ts';
import type { Authentication } from '../../packages/node/src/http/requester.ts';
import { openSqlite, type SqlDatabase } from '../../packages/node/src/stores/database/database.ts';
import { type MeddlingProxy, meddlingProxy } from './meddling-proxy.ts';
import { MemoryKeys } from './memory-keys.ts';
import { temporaryDirectory } from './temporary.ts';

/** A directory of members that a test writes: every site reads the same. */
export class WrittenDirectory {
  members: readonly DirectoryMember[] = [];
  version = 1;
  issuedAt = '2026-01-01T00:00:00.000Z';
  expiresAt = '2100-01-01T00:00:00.000Z';

  current(now: Date): MemberDirectory {
    const { members, version, issuedAt, expiresAt } = this;
    if (expiresAt <= now.toISOString()) {
      throw new NodeError('node/directory-expired', `version ${version} expired at ${expiresAt}`);
    }
    return { network: 'Network', version, issuedAt, expiresAt, threshold: 1, members };
  }

  /** The keys for requests of a member as its store has them now, the next one among them. */
  async publish(site: ExchangeSite): Promise<void> {
    const keys = (await site.keys.signingKeys('request')).map(
      ({ id, purpose, algorithm, publicKey }) => ({ id, purpose, algorithm, publicKey }) as const,
    );
    const { id, role, href: url } = site;
    const entry: DirectoryMember = {
      id,
      name: id,
      country: 'EE',
      role,
      url,
      keys,
      floors: DISCLOSURE_FLOOR,
      dpia: 'DPIA 1',
      joinedAt: '2026-01-01T00:00:00.000Z',
    };
    this.members = [...this.members.filter((member) => member.id !== id), entry];
    this.version += 1;
  }

  remove(id: string): void {
    this.members = this.members.filter((member) => member.id !== id);
    this.version += 1;
  }
}

/** A member with a server, keys and a database of its own; others reach it through a proxy. */
export interface ExchangeSite {
  readonly id: string;
  readonly role: 'node' | 'hub';
  /** Its address in the directory. */
  readonly href: string;
  /** Where it listens itself. */
  readonly url: string;
  readonly keys: MemoryKeys;
  readonly proxy: MeddlingProxy;
  readonly database: SqlDatabase;
  readonly composed: ComposedExchange;
  /** Asks the members of the directory. */
  readonly network: NetworkService;
  /** How far its clock is ahead. */
  readonly clock: { skewMs: number };
  readonly stop: () => Promise<void>;
}

/** Serves what `node` answers as a member of `directory`, with a clock, keys and evidence of its own. */
export async function exchangeSite(
  directory: WrittenDirectory,
  id: string,
  node: FederomeNode,
  role: 'node' | 'hub' = 'node',
): Promise<ExchangeSite> {
  const database = await openSqlite(`${await temporaryDirectory()}/exchange.sqlite`);
  onTestFinished(() => database.close());
  const clock = { skewMs: 0 };
  const now = () => new Date(Date.now() + clock.skewMs);
  const members: Members = {
    current: async () => directory.current(now()),
    member: async (wanted) => directory.current(now()).members.find((member) => member.id === wanted),
  };
  const keys = new MemoryKeys();
  const config = { ...node.config, id, role };
  const composed = composeExchange(
    { config, database, now, background: new Background() },
    { keys, members },
  );
  const network = new NetworkService({
    name: id,
    store: node.records,
    signed: composed.signed,
    genes: node.genes,
    disclosure: config.disclosure,
  });
  const answers = calledItself(node.answers, id);
  const authentication: Authentication = {
    passport: async (passport, through) => ({
      kind: 'person',
      identity: { issuer: 'https://login.example', subject: passport },
      roles: [],
      visas: [],
      through,
    }),
  };
  const served = {
    ...node,
    config,
    authentication,
    answers,
    network,
    exchange: composed.exchange,
    background: undefined,
  };
  const server = await serveNode(
    { ...served, directory: undefined, peers: undefined },
    { requestsPerMinute: false },
  );
  const stop = once(() => server.close());
  onTestFinished(stop);
  const proxy = await meddlingProxy();
  proxy.target = server.url;
  const { href } = proxy;
  const site = { id, role, href, url: server.url, keys, proxy, database, composed, network, clock, stop };
  await directory.publish(site);
  return site;
}

/** The same answers under another name. */
function calledItself(answers: DiscoveryAnswers, id: string): DiscoveryAnswers {
  return {
    describe: async () => ({ ...(await answers.describe()), id }),
    datasets: () => answers.datasets(),
    filteringTerms: (request) => answers.filteringTerms(request),
    individuals: (...asked) => answers.individuals(...asked),
    variants: (...asked) => answers.variants(...asked),
  };
}

function once(work: () => Promise<void>): () => Promise<void> {
  let done: Promise<void> | undefined;
  return () => {
    done ??= work();
    return done;
  };
}
