import { eventText, type Ledger, type LedgerEvent, SALT_SIZE } from '@federome/core';
import { type TileLog, TlogError } from '@federome/tlog';
import { NodeError } from '../../errors.ts';
import type { LedgerStore, NewRecord } from '../../stores/ledger/ledger-store.ts';
import { hexOf } from './commitments.ts';
import { appendPending } from './ledger-writer.ts';
import type { LogTurns } from './log-turns.ts';

interface Waiting {
  readonly record: NewRecord;
  resolve(index: number): void;
  reject(error: unknown): void;
}

/** Events that are stored together. */
const GROUP = 4_096;

/**
 * Records events: database first, then log, then their place. Events that wait together share each of these writes. A
 * record may be appended by another process, which sees it in the database, while this one waits. Fails closed: whatever
 * goes wrong is `node/ledger-unavailable`, and then the event may be in the ledger or not.
 */
export class LedgerRecorder implements Ledger {
  readonly #store: LedgerStore;
  readonly #turns: LogTurns<TileLog>;
  readonly #randomBytes: (size: number) => Uint8Array;
  #waiting: Waiting[] = [];
  #draining: Promise<void> | undefined;

  constructor(store: LedgerStore, turns: LogTurns<TileLog>, randomBytes: (size: number) => Uint8Array) {
    this.#store = store;
    this.#turns = turns;
    this.#randomBytes = randomBytes;
  }

  /** Never inside a transaction of the database, which would hold the ledger's own up. */
  async record(event: LedgerEvent): Promise<number> {
    const { type, at } = event;
    const record = { type, at, salt: hexOf(this.#randomBytes(SALT_SIZE)), event: eventText(event) };
    return await new Promise((resolve, reject) => {
      this.#waiting.push({ record, resolve, reject });
      this.#draining ??= this.#drain();
    });
  }

  /** Waits for what was asked for, and gives the log back. */
  async close(): Promise<void> {
    await this.#draining;
    await this.#turns.close();
  }

  async #drain(): Promise<void> {
    // Whoever asks in the same tick shares the first write.
    await Promise.resolve();
    while (this.#waiting.length > 0) await this.#recordAll(this.#waiting.splice(0, GROUP));
    // In the same step as the last look at what waits: nothing that comes after is left waiting.
    this.#draining = undefined;
  }

  async #recordAll(group: readonly Waiting[]): Promise<void> {
    try {
      await this.#store.add(group.map(({ record }) => record));
      const places = await this.#place(group).catch((error: unknown) => {
        // Once more with the log opened anew: a key may have been replaced and destroyed meanwhile.
        if (error instanceof TlogError && error.code === 'tlog/not-durable') return this.#place(group);
        throw error;
      });
      for (const { record, resolve } of group) resolve(places.get(record.salt)!);
    } catch (error) {
      const refusal = unavailable(error);
      for (const { reject } of group) reject(refusal);
    }
  }

  #place(group: readonly Waiting[]): Promise<ReadonlyMap<string, number>> {
    return this.#turns.use(
      (log) => this.#placed(log, group),
      () => this.#placedByOthers(group),
    );
  }

  async #placed(log: TileLog, group: readonly Waiting[]): Promise<ReadonlyMap<string, number>> {
    const places = await appendPending(log, this.#store);
    if (group.every(({ record }) => places.has(record.salt))) return places;
    // Another process appended some of them before this one got its turn.
    const all = await this.#placedByOthers(group);
    if (all === undefined) throw new NodeError('node/store', 'a record that was just added is not there');
    return all;
  }

  async #placedByOthers(group: readonly Waiting[]): Promise<ReadonlyMap<string, number> | undefined> {
    const places = await this.#store.placesOf(group.map(({ record }) => record.salt));
    return places.size === group.length ? places : undefined;
  }
}

/** What whoever asks is told; the operator finds the cause in the message. */
export function unavailable(cause: unknown): NodeError {
  if (cause instanceof NodeError && cause.code === 'node/ledger-unavailable') return cause;
  const why = cause instanceof Error ? cause.message : String(cause);
  const deeper = cause instanceof Error && cause.cause instanceof Error ? ` (${cause.cause.message})` : '';
  return new NodeError('node/ledger-unavailable', `the ledger cannot be written: ${why}${deeper}`, {
    cause,
    publicMessage: 'the ledger is not available',
  });
}
