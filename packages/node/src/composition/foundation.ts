import type { Background } from '../background.ts';
import type { Home, NodeConfig } from '../home.ts';
import type { SqlDatabase } from '../stores/database/database.ts';
import type { KeyBackend } from '../stores/keys/file-keys.ts';
import type { RecordStore } from '../stores/records/records.ts';

/** What every part of a node is built on. */
export interface Foundation {
  readonly home: Home;
  readonly config: NodeConfig;
  readonly environment: Readonly<Record<string, string | undefined>>;
  readonly now: () => Date;
  readonly database: SqlDatabase;
  readonly records: RecordStore;
  readonly keys: KeyBackend;
  /** What the node does by itself while it serves. */
  readonly background: Background;
}
