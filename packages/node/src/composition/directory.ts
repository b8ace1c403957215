import { randomBytes } from 'node:crypto';
import type { Ledger } from '@federome/core';
import type { DirectoryService } from '../services/directory/directory-service.ts';
import { DirectoryMembers } from '../services/directory/members.ts';
import type { PeerAt } from '../services/directory/peer.ts';
import { SqlDirectoryStore } from '../stores/directory/sql-directory-store.ts';
import type { SigningKeys } from '../stores/keys/signing-keys.ts';
import type { Foundation } from './foundation.ts';

export interface DirectoryOptions {
  readonly keys: SigningKeys;
  readonly ledger: Ledger;
  /** Opens every dataset, and says what there is. */
  readonly openStores: () => Promise<string>;
  /** How often the node looks after the directory by itself; 10 s by default. */
  readonly upkeepMs?: number | undefined;
  /** How other members are reached; over HTTP by default. */
  readonly peerAt?: PeerAt | undefined;
}

/** The directory of members of a node. */
export interface Directory {
  readonly members: DirectoryMembers;
  /** Everything but reading it; its modules are loaded by the first call. */
  readonly service: () => Promise<DirectoryService>;
}

const DEFAULT_UPKEEP_MS = 10_000;
const PAUSE_MS = 200;

/** Who is in the network, what is proposed, and the upkeep of both while the node serves. */
export function composeDirectory(foundation: Foundation, options: DirectoryOptions): Directory {
  const { database, now, background } = foundation;
  const store = new SqlDirectoryStore(database);
  let service: Promise<DirectoryService> | undefined;
  const directory: Directory = {
    members: new DirectoryMembers({ store, now }),
    service: () => {
      service ??= load(foundation, store, options);
      return service;
    },
  };
  background.add({
    name: 'directory',
    everyMs: options.upkeepMs ?? DEFAULT_UPKEEP_MS,
    run: async () => {
      // A node that is in no network and wants into none has nothing to look after.
      if ((await store.network()) !== undefined) await (await directory.service()).upkeep();
    },
  });
  return directory;
}

async function load(
  { config, now }: Foundation,
  store: SqlDirectoryStore,
  { keys, ledger, openStores, peerAt }: DirectoryOptions,
): Promise<DirectoryService> {
  const [{ DirectoryService }, { httpPeers }] = await Promise.all([
    import('../services/directory/directory-service.ts'),
    import('../services/directory/http-peer.ts'),
  ]);
  return new DirectoryService({
    self: config.id,
    identity: config,
    store,
    keys,
    ledger,
    now,
    openStores,
    randomBytes,
    peerAt: peerAt ?? httpPeers(),
    idAt: async (url) => {
      const { BeaconClient } = await import('@federome/client');
      return (await new BeaconClient(url, { timeoutMs: 5_000 }).info()).id;
    },
    pause: (attempt) =>
      new Promise((resolve) => setTimeout(resolve, (randomBytes(1)[0]! / 256) * attempt * PAUSE_MS)),
  });
}
