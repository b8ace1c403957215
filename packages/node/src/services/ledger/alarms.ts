import type { Ledger } from '@federome/core';
import type { AlarmStore, LedgerAlarm } from '../../stores/ledger/ledger-store.ts';
import { digestOfTexts } from './commitments.ts';

/** Told of every alarm that is new. */
export type AlarmListener = (alarm: LedgerAlarm) => void;

/** Keeps what contradicts itself, makes it an event of this ledger too, and tells whoever listens. Each alarm once. */
export class Alarms {
  readonly #store: AlarmStore;
  readonly #ledger: Ledger;
  readonly #now: () => Date;
  readonly #listeners: AlarmListener[] = [];

  constructor(store: AlarmStore, ledger: Ledger, now: () => Date) {
    this.#store = store;
    this.#ledger = ledger;
    this.#now = now;
  }

  listen(listener: AlarmListener): void {
    this.#listeners.push(listener);
  }

  async list(): Promise<readonly LedgerAlarm[]> {
    return await this.#store.list();
  }

  /** The evidence is kept before anything else; the event waits for no one. */
  async raise(seen: Omit<LedgerAlarm, 'id' | 'seenAt'>): Promise<void> {
    const at = this.#now().toISOString();
    const id = digestOfTexts(seen.kind, seen.origin, seen.first, seen.kind === 'fork' ? seen.second : '');
    const alarm = { ...seen, id, seenAt: at };
    if (!(await this.#store.add(alarm))) return;
    for (const listener of this.#listeners) listener(alarm);
    const { kind, origin, source } = seen;
    await this.#ledger.record({ type: 'ledger/fork-seen', at, data: { alarm: id, kind, origin, source } });
  }
}
