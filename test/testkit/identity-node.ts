import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Background } from '../../packages/node/src/background.ts';
import {
  composeIdentity,
  type Identity,
  type IdentityOptions,
} from '../../packages/node/src/composition/identity.ts';
import { type RunningServer, serveNode } from '../../packages/node/src/http/server.ts';
import { type FederomeNode, initNode, openNode } from '../../packages/node/src/main.ts';
import type { SqlDatabase } from '../../packages/node/src/stores/database/database.ts';
import type { SigningKeys } from '../../packages/node/src/stores/keys/signing-keys.ts';
import { MemoryKeys } from './memory-keys.ts';

/** A served node at which people log in, with a clock that a test turns. */
export interface IdentityNode {
  readonly url: string;
  readonly home: string;
  readonly node: FederomeNode;
  readonly identity: Identity;
  readonly keys: SigningKeys;
  /** Events of the ledger, by type. */
  readonly events: readonly { readonly type: string; readonly data: unknown }[];
  turnClock(ms: number): void;
  /** The database, for what no interface shows. */
  readonly database: SqlDatabase;
  close(): Promise<void>;
}

/** Serves a node with an embedded provider of demonstration people, unless `config` says otherwise. */
export async function startIdentityNode(
  config: object = { embedded: 'demo' },
  options: Partial<IdentityOptions> & { readonly environment?: Record<string, string> } = {},
): Promise<IdentityNode> {
  const home = await mkdtemp(join(tmpdir(), 'federome-identity-'));
  const path = join(home, 'node');
  await initNode(path, { country: 'EE' });
  const file = join(path, 'federome.json');
  await writeFile(file, JSON.stringify({ ...JSON.parse(await readFile(file, 'utf8')), identity: config }));
  let shiftMs = 0;
  const now = () => new Date(Date.now() + shiftMs);
  const node = await openNode(path, { now });
  const { openSqlite } = await import('../../packages/node/src/stores/database/database.ts');
  const database = await openSqlite(join(path, 'records.sqlite'));
  const keys = options.keys ?? new MemoryKeys();
  const events: { type: string; data: unknown }[] = [];
  const identity = composeIdentity(
    {
      home: node.home,
      config: node.config,
      environment: options.environment ?? {},
      now,
      database,
      records: node.records,
      keys: node.keys,
      background: new Background(),
    },
    {
      ledger: { record: async (event) => events.push(event) },
      keysForMs: 0,
      ...options,
      keys,
    },
  );
  // Two connections of one process would wait for each other: nothing but identity writes here.
  const server: RunningServer = await serveNode({ ...node, identity, background: undefined });
  return {
    url: server.url,
    home: path,
    node,
    identity,
    keys,
    events,
    database,
    turnClock: (ms) => {
      shiftMs += ms;
    },
    close: async () => {
      await server.close();
      await database.close();
      await node.close();
      await rm(home, { recursive: true, force: true });
    },
  };
}
