import { TlogError } from '../errors.ts';
import { type FullTile, TILE_WIDTH, TreeEdge } from '../merkle/edge.ts';
import { leafHash, sameHash } from '../merkle/hash.ts';
import { parseNote } from '../notes/note.ts';
import { type Policy, type VerifiedCheckpoint, verifyCheckpoint } from '../notes/policy.ts';
import { CHECKPOINT_PATH, tilePath, tileWidth } from '../tiles/path.ts';
import { type ReadPath, TileReader } from '../tiles/reader.ts';

/** How far the verification of a log is. */
export interface VerifyProgress {
  /** Entries that were hashed, and tiles that were compared. */
  readonly entries: number;
  readonly tiles: number;
  /** Entries of the log. */
  readonly size: number;
}

export interface VerifyLogOptions {
  /** Whose signatures make a checkpoint of this log believable. */
  readonly policy: Policy;
  /** The path of the checkpoint: where the cosigned one lies beside that of the log alone. */
  readonly checkpointPath?: string;
  /** Called after every bundle; may throw to stop. */
  readonly onProgress?: (progress: VerifyProgress) => void;
  /** Called with every entry: to compare it with what it is said to commit to. */
  readonly onEntry?: (entry: Uint8Array, index: number) => Promise<void> | void;
}

/** What was verified: the checkpoint, and how much was read. */
export interface VerifiedLog extends VerifyProgress {
  readonly checkpoint: VerifiedCheckpoint;
}

/**
 * Verifies a whole log from its files alone: the checkpoint's signatures against the policy, then every entry into the
 * tree, every tile of every level, and the root. Memory stays bounded. Throws `tlog/bad-tile` naming the first file that
 * is absent or wrong, `tlog/bad-proof` where the tiles agree with each other but not with the root, and what
 * `verifyCheckpoint` throws.
 */
export async function verifyLog(read: ReadPath, options: VerifyLogOptions): Promise<VerifiedLog> {
  const path = options.checkpointPath ?? CHECKPOINT_PATH;
  const note = await read(path);
  if (note === undefined) throw new TlogError('tlog/bad-note', `the log has no ${path}`);
  const checkpoint = verifyCheckpoint(parseNote(Buffer.from(note).toString()), options.policy);
  const progress = await new Verification(read, checkpoint.size, options).run(checkpoint.root);
  return { ...progress, checkpoint };
}

class Verification {
  readonly #read: ReadPath;
  readonly #size: number;
  readonly #options: VerifyLogOptions;
  readonly #full: FullTile[] = [];
  readonly #edge = new TreeEdge((tile) => this.#full.push(tile));
  #tiles = 0;

  constructor(read: ReadPath, size: number, options: VerifyLogOptions) {
    this.#read = read;
    this.#size = size;
    this.#options = options;
  }

  async run(root: Uint8Array): Promise<VerifyProgress> {
    for (let bundle = 0; bundle * TILE_WIDTH < this.#size; bundle++) {
      await this.#addBundle(bundle);
      this.#options.onProgress?.(this.#progress());
    }
    for (const [level, hashes] of this.#edge.partialTiles().entries())
      await this.#comparePartial(level, hashes);
    if (sameHash(this.#edge.root(), root)) return this.#progress();
    throw new TlogError(
      'tlog/bad-proof',
      `the ${this.#size} entries make another root than the checkpoint’s`,
    );
  }

  async #addBundle(bundle: number): Promise<void> {
    // A reader for each bundle, so that none is kept.
    const entries = await new TileReader(this.#read, this.#size).entries(bundle);
    for (const [at, entry] of entries.entries()) {
      await this.#options.onEntry?.(entry, bundle * TILE_WIDTH + at);
      this.#edge.append(leafHash(entry));
    }
    for (const { level, index, hashes } of this.#full.splice(0)) await this.#compare(level, index, hashes);
  }

  async #comparePartial(level: number, hashes: Uint8Array): Promise<void> {
    const index = Math.floor(this.#size / TILE_WIDTH ** (level + 1));
    if (hashes.length > 0) await this.#compare(level, index, hashes);
  }

  async #compare(level: number, index: number, hashes: Uint8Array): Promise<void> {
    const path = tilePath({ level, index, width: tileWidth(level, index, this.#size) });
    const stored = await this.#read(path);
    if (stored === undefined) throw new TlogError('tlog/bad-tile', `${path} is absent`);
    if (!sameHash(stored, hashes))
      throw new TlogError('tlog/bad-tile', `${path} does not hold the hashes of the log’s entries`);
    this.#tiles++;
  }

  #progress(): VerifyProgress {
    return { entries: this.#edge.size, tiles: this.#tiles, size: this.#size };
  }
}
