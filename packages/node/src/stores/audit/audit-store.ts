import type { AccessLevel, Anomaly, AuditEvent, AuditOperation, Purpose } from '@federome/core';

/** What a search holds events to; all that is given must hold. */
export interface AuditFilter {
  /** ISO 8601, inclusive. */
  readonly from?: string | undefined;
  /** ISO 8601, exclusive. */
  readonly to?: string | undefined;
  /** The subject of a person or client, or the id of a member. */
  readonly who?: string | undefined;
  readonly kind?: string | undefined;
  readonly operation?: AuditOperation | undefined;
  readonly dataset?: string | undefined;
  readonly decision?: AuditEvent['decision'] | undefined;
  readonly level?: AccessLevel | undefined;
  readonly purpose?: Purpose | undefined;
}

/** An event as it is kept. */
export interface KeptEvent {
  /** Ascending in the order of writing. */
  readonly sequence: number;
  readonly event: AuditEvent;
}

/** How many events there were in an hour or a day. */
export interface AuditBucket {
  /** ISO 8601, the beginning: `2026-01-31T10` or `2026-01-31`. */
  readonly from: string;
  readonly level: AccessLevel;
  readonly decision: AuditEvent['decision'];
  readonly events: number;
}

/** Keeps the audit; append-only but for what is older than it has to be kept. Every implementation passes the contract. */
export interface AuditStore {
  /** All of them or none, durable when it returns. Throws `node/store`. */
  append(events: readonly AuditEvent[]): Promise<void>;
  /** The latest first, those before `before` (a `sequence`) where given. */
  search(
    filter: AuditFilter,
    page: { readonly before?: number; readonly limit: number },
  ): Promise<readonly KeptEvent[]>;
  /** Events that match in each hour or day, ascending. */
  timeline(filter: AuditFilter, by: 'hour' | 'day'): Promise<readonly AuditBucket[]>;
  /** Deletes events from before an instant, at most `limit`, and says how many. */
  deleteBefore(at: Date, limit: number): Promise<number>;
  /** Writes anomalies; one that is there already (by its id) stays as it is. Says which are new. */
  addAnomalies(anomalies: readonly Anomaly[], at: Date): Promise<readonly Anomaly[]>;
  /** The latest first. */
  anomalies(page: {
    readonly limit: number;
    readonly since?: string | undefined;
  }): Promise<readonly FoundAnomaly[]>;
}

/** An anomaly, and when the node found it. */
export interface FoundAnomaly {
  /** ISO 8601. */
  readonly foundAt: string;
  readonly anomaly: Anomaly;
}
