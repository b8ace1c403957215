import { TlogError } from '../errors.ts';
import { TILE_WIDTH } from '../merkle/edge.ts';
import { sameHash } from '../merkle/hash.ts';
import { type Checkpoint, formatCheckpoint, parseCheckpoint } from '../notes/checkpoint.ts';
import { parseNote } from '../notes/note.ts';
import { type Signers, signNote } from '../notes/signer.ts';
import { MAX_ENTRY_SIZE } from '../tiles/bundle.ts';
import { CHECKPOINT_PATH, parseTilePath, tileWidth } from '../tiles/path.ts';
import { TileReader } from '../tiles/reader.ts';
import { loadCheckpoint, loadTail, readServed } from './files.ts';
import { CHECKPOINTS_PATH, encodeCheckpoint, encodeFrame, encodeJournal, JOURNAL_PATH } from './journal.ts';
import type { LogFile, LogStorage } from './storage.ts';
import { Tail } from './tail.ts';

/** The latest checkpoint that other members cosigned; kept beside `checkpoint`, which carries the log's own signatures. */
export const COSIGNED_PATH = 'checkpoint.cosigned';

/** Full bundles in the journal at which they are written to their files: a trade of syncs against memory and restart. */
const SEAL_BUNDLES = 16;
/** Bytes of entries in one commit; more waiting entries go into the next. */
const COMMIT_BYTES = 8 << 20;
/** Full tiles above the leaves that are kept in memory, 8 KiB each: those of 67 million entries, and of more the latest. */
const KEPT_TILES = 1 << 10;
/** Entries that an import holds in memory. */
const IMPORT_CHUNK = 1 << 15;

export interface TileLogOptions {
  /** The log's name, first line of its checkpoints. */
  readonly origin: string;
  /** Who signs checkpoints: one key, or two while one replaces the other. */
  readonly signers: Signers;
  readonly storage: LogStorage;
}

/** Where appended entries are, and the checkpoint that promises it. */
export interface Appended {
  /** Number of the first of them, from 0. */
  readonly index: number;
  /** Entries in the tree of that checkpoint. */
  readonly size: number;
  /** Signed note. */
  readonly checkpoint: string;
}

interface Waiting {
  readonly entries: readonly Uint8Array[];
  resolve(appended: Appended): void;
  reject(error: unknown): void;
}

/**
 * A log with one writer, this one. What is acknowledged is on disk and in a published checkpoint; a crash at any moment
 * leaves a tree that holds all of it. After a failed write the log reads its storage again before the next one.
 */
export class TileLog {
  readonly origin: string;
  readonly #storage: LogStorage;
  readonly #signers: Signers;
  readonly #unlock: () => Promise<void>;
  readonly #upperTiles = new Map<string, Uint8Array>();
  #tail = new Tail();
  #checkpoint = '';
  #published = 0;
  #isDamaged = false;
  #closing: Promise<void> | undefined;
  #waiting: Waiting[] = [];
  #turn: Promise<unknown> = Promise.resolve();

  private constructor({ origin, signers, storage }: TileLogOptions, unlock: () => Promise<void>) {
    this.origin = origin;
    this.#storage = storage;
    this.#signers = signers;
    this.#unlock = unlock;
  }

  /**
   * Opens a log, or begins one where there is none, and becomes its writer. Throws `tlog/locked` while there is another,
   * `tlog/inconsistent` where files contradict what a checkpoint promised.
   */
  static async open(options: TileLogOptions): Promise<TileLog> {
    const unlock = await options.storage.lock();
    const log = new TileLog(options, unlock);
    try {
      await log.#load();
      return log;
    } catch (error) {
      await unlock();
      throw error;
    }
  }

  /** Entries that the published checkpoint holds. */
  get size(): number {
    return this.#published;
  }

  /** The published checkpoint, a signed note. */
  get checkpoint(): string {
    return this.#checkpoint;
  }

  /**
   * Adds entries, one after the other, and resolves once they are durable and in the published checkpoint. Calls that
   * wait together share one write. Throws `tlog/not-durable` where storing or signing failed: the entries may then be
   * in the log or not.
   */
  append(entries: readonly Uint8Array[]): Promise<Appended> {
    const long = entries.find((entry) => entry.length > MAX_ENTRY_SIZE);
    if (long !== undefined)
      return Promise.reject(new TlogError('tlog/entry-too-long', `an entry has ${long.length} bytes`));
    if (this.#closing !== undefined) return Promise.reject(closed());
    // Not `slice`, which gives a Buffer's own bytes.
    const copies = entries.map((entry) => new Uint8Array(entry));
    return new Promise((resolve, reject) => {
      this.#waiting.push({ entries: copies, resolve, reject });
      if (this.#waiting.length === 1) this.#commitSoon();
    });
  }

  /**
   * Adds very many entries without the journal, straight into full tiles: faster than `append`, and all or nothing. They
   * count from the moment when this resolves; a crash before leaves the log without them. Other calls wait.
   */
  importEntries(entries: AsyncIterable<Uint8Array> | Iterable<Uint8Array>): Promise<Appended> {
    if (this.#closing !== undefined) return Promise.reject(closed());
    return this.#exclusive(async () => {
      await this.#repair();
      const index = this.#tail.size;
      await this.#importAll(entries);
      await this.#restart();
      await this.#publish();
      return { index, size: this.#published, checkpoint: this.#checkpoint };
    });
  }

  /**
   * Keeps a checkpoint of this log with the cosignatures that it got, at `checkpoint.cosigned`; false, changing nothing,
   * where a larger one is kept already. Throws `tlog/inconsistent` where it is not of this log. Whose cosignatures count
   * is for the caller to check before (`verifyCheckpoint`).
   */
  async keepCosigned(checkpoint: string): Promise<boolean> {
    const head = this.#parse(checkpoint);
    return this.#exclusive(async () => {
      await this.#repair();
      if (head.size > this.size || !sameHash(await this.tree().root(head.size), head.root))
        throw new TlogError(
          'tlog/inconsistent',
          `the cosigned checkpoint of ${head.size} entries is not of this log`,
        );
      const kept = await this.#storage.read(COSIGNED_PATH);
      if (kept !== undefined && this.#parse(Buffer.from(kept).toString()).size > head.size) return false;
      await this.#storage.put([{ path: COSIGNED_PATH, bytes: Buffer.from(checkpoint) }]);
      return true;
    });
  }

  /** Signs the tree as it is once more: after a key was replaced. */
  republish(): Promise<string> {
    return this.#exclusive(async () => {
      await this.#repair();
      await this.#publish();
      return this.#checkpoint;
    });
  }

  /** The bytes that this log serves at a path (`checkpoint`, `tile/…`); throws `tlog/bad-path` for malformed ones. */
  async read(path: string): Promise<Uint8Array | undefined> {
    if (path === CHECKPOINT_PATH) return Buffer.from(this.#checkpoint);
    const kept = this.#upperTiles.get(path);
    if (kept !== undefined) return kept;
    const bytes = await readServed(path, this.#tail, this.#storage);
    if (bytes !== undefined && this.#isFixedUpperTile(path)) this.#keep(path, bytes);
    return bytes;
  }

  /** A full tile above the leaves, all of whose entries are published: every proof needs some, and none ever changes. */
  #isFixedUpperTile(path: string): boolean {
    if (path === COSIGNED_PATH) return false;
    const ref = parseTilePath(path);
    if (ref.level === 'entries' || ref.level === 0) return false;
    return ref.width === TILE_WIDTH && tileWidth(ref.level, ref.index, this.#published) === TILE_WIDTH;
  }

  #keep(path: string, bytes: Uint8Array): void {
    const [eldest] = this.#upperTiles.keys();
    if (this.#upperTiles.size >= KEPT_TILES && eldest !== undefined) this.#upperTiles.delete(eldest);
    this.#upperTiles.set(path, bytes);
  }

  /** The tree of the first `size` entries; as published where not given. */
  tree(size = this.size): TileReader {
    if (size > this.size) throw new TlogError('tlog/out-of-range', `the log has ${this.size} entries only`);
    return new TileReader((path) => this.read(path), size);
  }

  /** Ends the writing: what was asked for is finished first. */
  close(): Promise<void> {
    this.#closing ??= this.#finish().finally(this.#unlock);
    return this.#closing;
  }

  async #finish(): Promise<void> {
    for (let turn: unknown; turn !== this.#turn; ) {
      turn = this.#turn;
      await turn;
    }
    if (!this.#isDamaged) await this.#storage.put(checkpointFiles(this.#checkpoint));
  }

  #commitSoon(): void {
    void this.#exclusive(() => this.#commit()).catch(() => {});
  }

  /** One at a time. After a failure the storage is read again before the next. */
  #exclusive<T>(work: () => Promise<T>): Promise<T> {
    const result = this.#turn.then(work).catch((error: unknown) => {
      this.#isDamaged = true;
      throw notDurable(error);
    });
    this.#turn = result.catch(() => {});
    return result;
  }

  async #commit(): Promise<void> {
    const batch = this.#takeBatch();
    if (this.#waiting.length > 0) this.#commitSoon();
    let index: number;
    try {
      await this.#repair();
      index = this.#tail.size;
      await this.#add(batch.flatMap(({ entries }) => entries));
      await this.#publish();
    } catch (error) {
      for (const { reject } of batch) reject(notDurable(error));
      throw error;
    }
    for (const { entries, resolve } of batch) {
      resolve({ index, size: this.#published, checkpoint: this.#checkpoint });
      index += entries.length;
    }
    if (this.#tail.fullBundles >= SEAL_BUNDLES) await this.#seal();
  }

  async #repair(): Promise<void> {
    if (this.#isDamaged) await this.#load();
  }

  #takeBatch(): readonly Waiting[] {
    let bytes = 0;
    let count = 0;
    while (count < this.#waiting.length && (count === 0 || bytes < COMMIT_BYTES))
      bytes += this.#waiting[count++]!.entries.reduce((sum, entry) => sum + entry.length + 2, 0);
    return this.#waiting.splice(0, count);
  }

  async #add(entries: readonly Uint8Array[]): Promise<void> {
    if (entries.length === 0) return;
    await this.#storage.append(JOURNAL_PATH, encodeFrame(entries));
    this.#tail.append(entries);
  }

  async #importAll(entries: AsyncIterable<Uint8Array> | Iterable<Uint8Array>): Promise<void> {
    let chunk: Uint8Array[] = [];
    for await (const entry of entries) {
      chunk.push(new Uint8Array(entry));
      if (chunk.length < IMPORT_CHUNK) continue;
      await this.#storeFull(chunk);
      chunk = [];
    }
    await this.#storeFull(chunk);
  }

  async #storeFull(entries: readonly Uint8Array[]): Promise<void> {
    this.#tail.append(entries);
    await this.#storage.put(this.#tail.fullFiles());
    this.#tail = new Tail(this.#tail.rest());
  }

  /** Signs and stores the checkpoint of all that is durable. */
  async #publish(): Promise<void> {
    const { size } = this.#tail;
    const text = formatCheckpoint({ origin: this.origin, size, root: this.#tail.root() });
    const note = await signNote(text, this.#signers);
    await this.#storage.append(CHECKPOINTS_PATH, encodeCheckpoint(note));
    this.#checkpoint = note;
    this.#published = size;
  }

  /** Writes full bundles and tiles to their files, then lets the journal begin behind them. */
  async #seal(): Promise<void> {
    await this.#storage.put(this.#tail.fullFiles());
    await this.#restart();
  }

  /** Lets journal and checkpoints begin anew. Neither contradicts the other in its old or its new form. */
  async #restart(): Promise<void> {
    const rest = this.#tail.rest();
    await this.#storage.put([
      { path: JOURNAL_PATH, bytes: encodeJournal(rest) },
      ...checkpointFiles(this.#checkpoint),
    ]);
    this.#tail = new Tail(rest);
  }

  /** Reads the storage, checks it, and writes the journal anew: without a torn end, and surely on the disk. */
  async #load(): Promise<void> {
    const tail = await loadTail(this.#storage);
    const note = await loadCheckpoint(this.#storage);
    const promised = note === undefined ? undefined : this.#parse(note);
    await this.#requireKept(tail, promised);
    this.#tail = tail;
    this.#checkpoint = note ?? '';
    this.#published = promised?.size ?? 0;
    await this.#seal();
    if (promised?.size !== tail.size) await this.#publish();
    this.#isDamaged = false;
  }

  #parse(note: string): Checkpoint {
    const checkpoint = parseCheckpoint(parseNote(note).text);
    if (checkpoint.origin === this.origin) return checkpoint;
    throw new TlogError('tlog/inconsistent', `the checkpoint is of ${checkpoint.origin}, not ${this.origin}`);
  }

  async #requireKept(tail: Tail, promised: Checkpoint | undefined): Promise<void> {
    if (promised === undefined) {
      if (tail.start > 0) throw inconsistent('its checkpoint is absent');
      return;
    }
    if (promised.size > tail.size)
      throw inconsistent(`its checkpoint promised ${promised.size} entries, ${tail.size} are there`);
    const reader = new TileReader((path) => readServed(path, tail, this.#storage), tail.size);
    if (!sameHash(await reader.root(promised.size), promised.root))
      throw inconsistent(`its ${promised.size} entries are not those of its checkpoint`);
  }
}

/** The file of checkpoints with this one alone, and it as it is served, for who reads the directory itself. */
function checkpointFiles(note: string): readonly LogFile[] {
  if (note === '') return [{ path: CHECKPOINTS_PATH, bytes: new Uint8Array() }];
  return [
    { path: CHECKPOINTS_PATH, bytes: encodeCheckpoint(note) },
    { path: CHECKPOINT_PATH, bytes: Buffer.from(note) },
  ];
}

const inconsistent = (what: string) =>
  new TlogError('tlog/inconsistent', `the log cannot be opened: ${what}`);
const closed = () => new TlogError('tlog/closed', 'the log is closed');

function notDurable(error: unknown): TlogError {
  return error instanceof TlogError
    ? error
    : new TlogError('tlog/not-durable', 'entries could not be stored or signed', { cause: error });
}
