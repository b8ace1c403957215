import type { Generated } from 'kysely';

/** What was asked and done, and what of it looked unusual. JSON is text, truth values are 0 and 1. */
export interface AuditTables {
  audit_event: {
    /** Given by the database, in the order of writing: also the cursor of a search. */
    sequence: Generated<number | string>;
    id: string;
    at: string;
    operation: string;
    who_kind: string;
    issuer: string | null;
    subject: string | null;
    member: string | null;
    organisation: string | null;
    /** `["a","b"]`. */
    datasets: string;
    purpose: string | null;
    decision: string;
    code: string | null;
    level: string;
    /** `["…"]`. */
    permits: string;
    answer_count: number | null;
    answer_records: number | null;
    suppressed: number | null;
    filters: number | null;
    small: number | null;
    repeated: number | null;
    duration_ms: number | null;
    ledger_index: number | null;
  };
  audit_anomaly: {
    id: string;
    found_at: string;
    severity: string;
    /** JSON: an `Anomaly`. */
    anomaly: string;
  };
}
