import type { Background } from '../background.ts';
import type { Home, NodeConfig } from '../home.ts';
import type { SqlDatabase } from '../stores/database/database.ts';
import type { KeyStore } from '../stores/keys/keys.ts';
import type { RecordStore } from '../stores/records/records.ts';

/** What every part of a node is built on. */
export interface Foundation {
  readonly home: Home;
  readonly config: NodeConfig;
  readonly environment: Readonly<Record<string, string | undefined>>;
  readonly now: () => Date;
  readonly database: SqlDatabase;
  readonly records: RecordStore;
  readonly keys: KeyStore;
  /** What the node does by itself while it serves. */
  readonly background: Background;
}
