/** An event as it is stored before it is in the log. */
export interface NewRecord {
  readonly type: string;
  /** ISO 8601. */
  readonly at: string;
  /** 32 bytes in hexadecimal. */
  readonly salt: string;
  /** Canonical JSON of the event. */
  readonly event: string;
}

/** A record whose entry is not in the log yet, as far as the database knows. */
export interface PendingRecord extends NewRecord {
  readonly sequence: number;
}

/** A record whose entry is in the log. */
export interface LoggedRecord {
  readonly index: number;
  readonly type: string;
  readonly at: string;
  /** `undefined` once erased. */
  readonly content: { readonly salt: string; readonly event: string } | undefined;
  readonly erasedAt: string | undefined;
}

/**
 * Events and salts to which a log commits. A record is pending first and gets its place in the log when its entry is
 * durable there; whatever was acknowledged as added is never missing. Passes `ledger-store.contract.ts`.
 */
export interface LedgerStore {
  /** Durable when it returns. */
  add(records: readonly NewRecord[]): Promise<void>;
  /** In the order of their coming. */
  pending(limit: number): Promise<readonly PendingRecord[]>;
  pendingCount(): Promise<number>;
  /** Gives pending records their places. */
  place(places: readonly { readonly sequence: number; readonly index: number }[]): Promise<void>;
  /** The places of records by their salts; those that are pending are left out. */
  placesOf(salts: readonly string[]): Promise<ReadonlyMap<string, number>>;
  /** How many entries of the log the records tell of: one more than the highest place. */
  size(): Promise<number>;
  record(index: number): Promise<LoggedRecord | undefined>;
  /** From one place on, in order. */
  records(from: number, limit: number): Promise<readonly LoggedRecord[]>;
  /** The latest first; `before` is a place. */
  latest(options: {
    readonly limit: number;
    readonly before?: number | undefined;
    readonly type?: string | undefined;
  }): Promise<readonly LoggedRecord[]>;
  /** Removes event and salt for good; false where there is no such record or it is erased already. */
  erase(index: number, at: string): Promise<boolean>;
}

/** What cannot both be true of a log, with the log's own signatures. */
export interface LedgerAlarm {
  readonly id: string;
  /** `fork`: two histories. `rollback`: a shorter log than was seen. */
  readonly kind: 'fork' | 'rollback';
  /** Whose log. */
  readonly origin: string;
  /** ISO 8601. */
  readonly seenAt: string;
  /** The member that brought the second to light. */
  readonly source: string;
  /** Signed notes. */
  readonly first: string;
  readonly second: string;
}

/** Alarms are never deleted: they are evidence. */
export interface AlarmStore {
  /** False where it is known already. */
  add(alarm: LedgerAlarm): Promise<boolean>;
  /** The latest first. */
  list(): Promise<readonly LedgerAlarm[]>;
}
