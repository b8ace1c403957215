import type { Generated } from 'kysely';

/** The ledger's records, what was witnessed of others' ledgers, and what contradicts itself. */
export interface LedgerTables {
  ledger_record: {
    sequence: Generated<number>;
    /** Place in the log; `null` until the entry is there. */
    log_index: number | null;
    type: string;
    /** ISO 8601. */
    at: string;
    /** 32 bytes in hexadecimal; `null` once erased. */
    salt: string | null;
    /** Canonical JSON; `null` once erased. */
    event: string | null;
    /** ISO 8601. */
    erased_at: string | null;
  };
  ledger_witnessed: {
    origin: string;
    size: number;
    /** Signed note. */
    checkpoint: string;
  };
  ledger_alarm: {
    id: string;
    kind: string;
    origin: string;
    /** ISO 8601. */
    seen_at: string;
    /** Who brought it to light. */
    source: string;
    /** Signed notes. */
    first: string;
    second: string;
  };
}
