import type { Ledger } from '@federome/core';
import { AuditKeeper } from '../services/audit/audit-keeper.ts';
import { AuditReader } from '../services/audit/audit-reader.ts';
import { AuditService } from '../services/audit/audit-service.ts';
import { SqlAuditStore } from '../stores/audit/sql-audit-store.ts';
import type { Foundation } from './foundation.ts';

/** What of a node's foundation the audit stands on. */
export type AuditFoundation = Pick<Foundation, 'config' | 'database' | 'now' | 'background'>;

export interface AuditOptions {
  readonly ledger: Ledger;
  /** How often unusual behaviour is looked for; every 15 minutes by default. */
  readonly watchMs?: number | undefined;
  /** How often what is too old is deleted; every hour by default. */
  readonly expireMs?: number | undefined;
}

/** The audit of a node: written by everything, read by operators and auditors, watched and kept by itself. */
export interface ComposedAudit {
  readonly service: AuditService;
  readonly reader: AuditReader;
  readonly keeper: AuditKeeper;
  /** Writes what waits. */
  close(): Promise<void>;
}

const DEFAULT_KEEP_DAYS = 1_096;
const DEFAULT_WATCH_MS = 900_000;
const DEFAULT_EXPIRE_MS = 3_600_000;

/** Composes the audit, and adds to the background what looks for anomalies and deletes what is too old. */
export function composeAudit(
  { config, database, now, background }: AuditFoundation,
  { ledger, watchMs, expireMs }: AuditOptions,
): ComposedAudit {
  const store = new SqlAuditStore(database);
  const service = new AuditService({ store, ledger, now, nodeId: config.id });
  const keepDays = config.auditDays ?? DEFAULT_KEEP_DAYS;
  const keeper = new AuditKeeper({ store, audit: service, ledger, now, keepDays });
  background.add({
    name: 'anomalies',
    everyMs: watchMs ?? DEFAULT_WATCH_MS,
    run: async () => {
      await keeper.watch();
    },
  });
  background.add({
    name: 'old audit',
    everyMs: expireMs ?? DEFAULT_EXPIRE_MS,
    run: async () => {
      await keeper.expire();
    },
  });
  return {
    service,
    reader: new AuditReader({ store, audit: service }),
    keeper,
    close: () => service.close(),
  };
}
