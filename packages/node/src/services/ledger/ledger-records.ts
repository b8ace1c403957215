import {
  type Ledger,
  type LedgerEvent,
  type LedgerReceipt,
  ledgerReceipt,
  readLedgerEvent,
} from '@federome/core';
import { formatReceipt, parseCheckpoint, parseNote, TileReader } from '@federome/tlog';
import { NodeError } from '../../errors.ts';
import type { LedgerStore, LoggedRecord } from '../../stores/ledger/ledger-store.ts';
import type { LogFiles } from './log-files.ts';

/** A record as an operator or auditor sees it. */
export interface LedgerEntry {
  readonly index: number;
  readonly type: string;
  /** ISO 8601. */
  readonly at: string;
  /** `undefined` once erased. */
  readonly event: LedgerEvent | undefined;
  /** ISO 8601. */
  readonly erasedAt: string | undefined;
}

/** Reads what the ledger holds, makes receipts, and erases. */
export class LedgerRecords {
  readonly #store: LedgerStore;
  readonly #files: LogFiles;
  readonly #ledger: Ledger;
  readonly #now: () => Date;

  constructor(store: LedgerStore, files: LogFiles, ledger: Ledger, now: () => Date) {
    this.#store = store;
    this.#files = files;
    this.#ledger = ledger;
    this.#now = now;
  }

  /** The latest first. */
  async list(options: Parameters<LedgerStore['latest']>[0]): Promise<readonly LedgerEntry[]> {
    return (await this.#store.latest(options)).map(entryOfRecord);
  }

  /** Throws `node/unknown-entry`. */
  async show(index: number): Promise<LedgerEntry> {
    return entryOfRecord(await this.#record(index));
  }

  /**
   * Proves one event to whoever gets it, under the latest head that enough members cosigned; under the log's own where the
   * event is too new for that, or the node in no network. Throws `node/unknown-entry`, of erased events too.
   */
  async receipt(index: number): Promise<LedgerReceipt> {
    const { content } = await this.#record(index);
    if (content === undefined)
      throw new NodeError('node/unknown-entry', `the event of entry ${index} was erased`);
    const read = await this.#files.view();
    const notes = [await this.#files.cosigned(), await this.#files.latest()];
    const checkpoint = notes.find((note) => note !== undefined && sizeOf(note) > index);
    if (checkpoint === undefined)
      throw new NodeError('node/unknown-entry', `the log has no entry ${index}: its files were changed`);
    const proof = await new TileReader(read, sizeOf(checkpoint)).inclusionProof(index);
    const event = readLedgerEvent(JSON.parse(content.event));
    return ledgerReceipt(event, content.salt, formatReceipt({ index, proof, checkpoint }));
  }

  /**
   * Removes an event and its salt from this server for good. The entry stays in the log, and says nothing any more; that
   * it was erased is an event of its own. Throws `node/unknown-entry`.
   */
  async erase(index: number, reason: string): Promise<void> {
    const { type, erasedAt } = await this.#record(index);
    if (erasedAt !== undefined)
      throw new NodeError('node/unknown-entry', `the event of entry ${index} was erased at ${erasedAt}`);
    const at = this.#now().toISOString();
    await this.#ledger.record({ type: 'ledger/entry-erased', at, data: { entry: index, type, reason } });
    await this.#store.erase(index, at);
  }

  async #record(index: number): Promise<LoggedRecord> {
    const record = await this.#store.record(index);
    if (record === undefined) throw new NodeError('node/unknown-entry', `the ledger has no entry ${index}`);
    return record;
  }
}

function sizeOf(note: string): number {
  return parseCheckpoint(parseNote(note).text).size;
}

function entryOfRecord({ index, type, at, content, erasedAt }: LoggedRecord): LedgerEntry {
  const event = content === undefined ? undefined : readLedgerEvent(JSON.parse(content.event));
  return { index, type, at, event, erasedAt };
}
