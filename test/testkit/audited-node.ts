import { Writable } from 'node:stream';
import {
  type AcceptedVisa,
  type AuditEvent,
  datasetUrl,
  type Ledger,
  type Requester,
  type Role,
} from '@federome/core';
import { type FederomeNode, NodeError } from '@federome/node';
import type { FastifyInstance } from 'fastify';
import { onTestFinished } from 'vitest';
import { Background } from '../../packages/node/src/background.ts';
import { type ComposedAudit, composeAudit } from '../../packages/node/src/composition/audit.ts';
import { recordsPath } from '../../packages/node/src/home.ts';
import { buildServer } from '../../packages/node/src/http/server.ts';
import type { AuditFilter } from '../../packages/node/src/stores/audit/audit-store.ts';
import { SqlAuditStore } from '../../packages/node/src/stores/audit/sql-audit-store.ts';
import { openSqlite } from '../../packages/node/src/stores/database/database.ts';
import { TODAY } from './beacon-node.ts';

const ISSUER = 'https://idp.example';

/** A person's requester, by the name that their bearer token has. */
export type People = Readonly<Record<string, Requester>>;

export function person(
  subject: string,
  roles: readonly Role[],
  visas: readonly AcceptedVisa[] = [],
): Requester {
  return { kind: 'person', identity: { issuer: ISSUER, subject }, roles, visas };
}

/** A visa that passed every check; of this node's committee where nothing else is said. */
export function visa(rest: Partial<AcceptedVisa>): AcceptedVisa {
  return {
    type: 'ControlledAccessGrants',
    value: 'https://example.org',
    source: 'https://ee.example',
    by: 'dac',
    asserted: 0,
    issuer: 'https://ee.example',
    subject: 'somebody',
    id: 'visa',
    expires: TODAY.getTime() / 1_000 + 3_600,
    ...rest,
  };
}

/** Grants for datasets of a node, one visa each. */
export function grants(node: FederomeNode, ...datasets: readonly string[]): readonly AcceptedVisa[] {
  return datasets.map((id) => visa({ value: datasetUrl(node.config.id, id), id: `grant-${id}` }));
}

export interface AuditedServer {
  readonly server: FastifyInstance;
  readonly audit: ComposedAudit;
  /** Everything in the audit since the server was made, the eldest first; what waits is written before. */
  readonly events: (filter?: AuditFilter) => Promise<readonly AuditEvent[]>;
  /** Everything that the ledger was given. */
  readonly uses: readonly Parameters<Ledger['record']>[0][];
  /** All that the server wrote to its log. */
  readonly log: () => string;
}

/** A node's server with people who have tokens, and with the audit at hand. `ledger` may refuse. */
export async function auditedServer(
  node: FederomeNode,
  people: People = {},
  options: {
    readonly ledger?: () => Promise<void>;
    readonly requestsPerMinute?: number | false /** Whether the portal is served, as it was built. */;
    readonly withPortal?: boolean;
  } = {},
): Promise<AuditedServer> {
  const database = await openSqlite(recordsPath(node.home));
  const store = new SqlAuditStore(database);
  const before = (await store.search({}, { limit: 1 }))[0]?.sequence ?? 0;
  const uses: Parameters<Ledger['record']>[0][] = [];
  const ledger: Ledger = {
    record: async (event) => {
      await options.ledger?.();
      return uses.push(event) - 1;
    },
  };
  const foundation = { config: node.config, database, now: () => TODAY, background: new Background() };
  const audit = composeAudit(foundation, { ledger });
  const lines: string[] = [];
  const log = new Writable({
    write: (text: Buffer, _encoding, done) => {
      lines.push(text.toString());
      done();
    },
  });
  const machine = async (token: string) => {
    const requester = Object.hasOwn(people, token) ? people[token] : undefined;
    if (requester === undefined) throw new NodeError('node/unauthenticated', 'no such token');
    return requester;
  };
  const requestsPerMinute = options.requestsPerMinute ?? false;
  const server = await buildServer(
    { ...node, audit, authentication: { machine } },
    { log, requestsPerMinute, portal: options.withPortal === true ? undefined : '/none' },
  );
  onTestFinished(async () => {
    await server.close();
    await audit.close();
    await database.close();
  });
  return {
    server,
    audit,
    uses,
    log: () => lines.join(''),
    events: async (filter = {}) => {
      await audit.close();
      const kept = await store.search(filter, { limit: 10_000 });
      return kept
        .filter(({ sequence }) => sequence > before)
        .map(({ event }) => event)
        .reverse();
    },
  };
}
