import { type Anomaly, type Audit, findAnomalies, type Ledger } from '@federome/core';
import type { AuditStore } from '../../stores/audit/audit-store.ts';

export interface AuditKeeperOptions {
  readonly store: AuditStore;
  readonly audit: Audit;
  readonly ledger: Ledger;
  readonly now: () => Date;
  /** How long events are kept. */
  readonly keepDays: number;
}

const DAY_MS = 86_400_000;
/** What is usual is learnt from this long. */
const LEARN_DAYS = 28;
/** What was found is looked for again from before the last run: a day is judged as a whole. */
const LOOK_BACK_MS = DAY_MS;
const PAGE = 5_000;
const MOST_EVENTS = 500_000;
const DELETED_AT_ONCE = 10_000;

/** Looks for unusual behaviour, and deletes what is older than it has to be kept. */
export class AuditKeeper {
  readonly #options: AuditKeeperOptions;

  constructor(options: AuditKeeperOptions) {
    this.#options = options;
  }

  /** Finds what is unusual since yesterday, keeps it, and records each anomaly once. Gives those that are new. */
  async watch(): Promise<readonly Anomaly[]> {
    const { store, audit, now } = this.#options;
    const at = now();
    const from = new Date(at.getTime() - LEARN_DAYS * DAY_MS).toISOString();
    const found = findAnomalies(await this.#eventsSince(from), new Date(at.getTime() - LOOK_BACK_MS));
    const fresh = await store.addAnomalies(found, at);
    for (const { who, kind } of fresh) {
      await audit.record({ operation: 'anomaly', who, decision: 'answered', code: kind });
    }
    return fresh;
  }

  /**
   * Deletes what is older than it is kept, and says how many events. The ledger has it first, so that nothing goes
   * unprovably; afterwards it is an event of the audit too.
   */
  async expire(): Promise<number> {
    const { store, audit, ledger, now, keepDays } = this.#options;
    const before = new Date(now().getTime() - keepDays * DAY_MS);
    const [old] = await store.search({ to: before.toISOString() }, { limit: 1 });
    if (old === undefined) return 0;
    const data = { before: before.toISOString() };
    await ledger.record({ type: 'audit/deleted', at: now().toISOString(), data });
    let deleted = 0;
    for (let step = DELETED_AT_ONCE; step === DELETED_AT_ONCE; deleted += step) {
      step = await store.deleteBefore(before, DELETED_AT_ONCE);
    }
    await audit.record({
      operation: 'audit-deletion',
      who: { kind: 'operator' },
      decision: 'answered',
      answer: { count: deleted, records: 0, suppressed: false },
    });
    return deleted;
  }

  async #eventsSince(from: string) {
    const events = [];
    let before: number | undefined;
    while (events.length < MOST_EVENTS) {
      const page = await this.#options.store.search(
        { from },
        { limit: PAGE, ...(before !== undefined && { before }) },
      );
      events.push(...page.map(({ event }) => event));
      if (page.length < PAGE) break;
      before = page.at(-1)?.sequence;
    }
    return events;
  }
}
