import {
  COSIGNED_PATH,
  type NoteKey,
  parseCheckpoint,
  parseNote,
  quorumOf,
  type ReadPath,
  sameHash,
  TileReader,
  TlogError,
  verifyCheckpoint,
  verifyLog,
} from '@federome/tlog';
import type { LedgerStore, LoggedRecord } from '../../stores/ledger/ledger-store.ts';
import { entryOf } from './commitments.ts';

/** What was read of a ledger, and what does not hold, in words. */
export interface LedgerVerification {
  readonly entries: number;
  readonly erased: number;
  readonly pending: number;
  readonly cosignedEntries: number;
  readonly cosigners: number;
  readonly faults: readonly string[];
}

export interface VerifyHomeOptions {
  readonly store: LedgerStore;
  readonly read: ReadPath;
  /** With which the log may have signed. */
  readonly logKeys: readonly NoteKey[];
  /** Of the witnesses that count. */
  readonly witnessKeys: readonly NoteKey[];
  readonly needed: number;
}

const PAGE = 1_000;

/**
 * Holds the whole log of a home against its signed heads, and every record of the database against its entry. A log that
 * was never begun is whole as long as no record says that it was.
 */
export async function verifyHome(options: VerifyHomeOptions): Promise<LedgerVerification> {
  const { store, read } = options;
  const known = await store.size();
  const pending = await store.pendingCount();
  const none = { entries: 0, erased: 0, pending, cosignedEntries: 0, cosigners: 0 };
  if ((await read('checkpoint')) === undefined)
    return { ...none, faults: known === 0 ? [] : [`the log is gone: ${known} records tell of it`] };
  const faults: string[] = [];
  const records = new RecordsInOrder(store, faults);
  try {
    const { size } = await verifyLog(read, {
      policy: quorumOf(0, options.logKeys, []),
      onEntry: (entry, index) => records.compare(entry, index),
    });
    await records.end(size, known, pending);
    const cosigned = await verifyCosigned(options, size);
    return { ...none, ...cosigned, entries: size, erased: records.erased, faults };
  } catch (error) {
    if (!(error instanceof TlogError)) throw error;
    return { ...none, erased: records.erased, faults: [...faults, `the log: ${error.message}`] };
  }
}

async function verifyCosigned(
  { read, logKeys, witnessKeys, needed }: VerifyHomeOptions,
  size: number,
): Promise<Pick<LedgerVerification, 'cosignedEntries' | 'cosigners'>> {
  const bytes = await read(COSIGNED_PATH);
  if (bytes === undefined) return { cosignedEntries: 0, cosigners: 0 };
  const note = parseNote(Buffer.from(bytes).toString());
  const head = parseCheckpoint(note.text);
  if (head.size > size)
    throw new TlogError(
      'tlog/bad-proof',
      `its cosigned head has ${head.size} entries, and ${size} are there`,
    );
  if (!sameHash(await new TileReader(read, size).root(head.size), head.root))
    throw new TlogError('tlog/bad-proof', `its first ${head.size} entries are not those that were cosigned`);
  const { cosignatures } = verifyCheckpoint(note, quorumOf(needed, logKeys, witnessKeys));
  return { cosignedEntries: head.size, cosigners: cosignatures.length };
}

/** The records of the database beside the entries of the log. */
class RecordsInOrder {
  readonly #store: LedgerStore;
  readonly #faults: string[];
  #page: LoggedRecord[] = [];
  erased = 0;

  constructor(store: LedgerStore, faults: string[]) {
    this.#store = store;
    this.#faults = faults;
  }

  async compare(entry: Uint8Array, index: number): Promise<void> {
    if (this.#page.length === 0) this.#page = [...(await this.#store.records(index, PAGE))];
    const record = this.#page[0];
    // The last ones may be pending: `end` says whether they are.
    if (record?.index !== index) {
      if (record !== undefined) this.#faults.push(`entry ${index}: its record is gone`);
      return;
    }
    this.#page.shift();
    if (record.content === undefined) this.erased++;
    else if (!sameHash(entryOf(record.content), entry))
      this.#faults.push(`entry ${index} (${record.type}): its event or salt was changed`);
    else if (!isSame(record)) this.#faults.push(`entry ${index}: its type or instant was changed`);
  }

  async end(size: number, known: number, pending: number): Promise<void> {
    if (known > size)
      this.#faults.push(`the log has ${size} entries and its records tell of ${known}: it was rolled back`);
    else if (size - known > pending)
      this.#faults.push(`entries ${known} to ${size - 1}: their records are gone`);
  }
}

function isSame({ type, at, content }: LoggedRecord): boolean {
  const event: unknown = JSON.parse(content?.event ?? 'null');
  return (
    typeof event === 'object' &&
    event !== null &&
    'type' in event &&
    event.type === type &&
    'at' in event &&
    event.at === at
  );
}
