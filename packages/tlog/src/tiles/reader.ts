import { TlogError } from '../errors.ts';
import { TILE_WIDTH } from '../merkle/edge.ts';
import { EMPTY_ROOT, foldHashes, HASH_SIZE, nodeHash } from '../merkle/hash.ts';
import { consistencyProof, inclusionProof, splitPoint } from '../merkle/proof.ts';
import { decodeEntries } from './bundle.ts';
import { type TileRef, tilePath, tileWidth } from './path.ts';

/** Reads a file of a log by its path (`checkpoint`, `tile/…`), from a disk or over HTTP; undefined where there is none. */
export type ReadPath = (path: string) => Promise<Uint8Array | undefined>;

const TILE_HEIGHT = 8;

/**
 * The tree of `size` entries, read from tiles, each once. What it computes is as true as the tiles: check a root against
 * a verified checkpoint, or a proof with `verifyInclusion`.
 */
export class TileReader {
  readonly size: number;
  readonly #read: ReadPath;
  readonly #tiles = new Map<string, Promise<Uint8Array>>();

  constructor(read: ReadPath, size: number) {
    this.#read = read;
    this.size = size;
  }

  /** The root of the tree, or of its first `size` entries. */
  root(size = this.size): Promise<Uint8Array> {
    return size === 0 ? Promise.resolve(EMPTY_ROOT) : this.#subtree(0, size);
  }

  /** Audit path of an entry in the tree of the first `size` entries; reads about one tile for every level. */
  async inclusionProof(index: number, size = this.size): Promise<readonly Uint8Array[]> {
    this.#requireSize(size);
    return inclusionProof(index, size, this.#subtree);
  }

  /** That the tree of `size` entries begins with that of `oldSize`. */
  async consistencyProof(oldSize: number, size = this.size): Promise<readonly Uint8Array[]> {
    this.#requireSize(size);
    return consistencyProof(oldSize, size, this.#subtree);
  }

  /** One entry. */
  async entry(index: number): Promise<Uint8Array> {
    const bundle = await this.entries(Math.floor(index / TILE_WIDTH));
    const entry = bundle[index % TILE_WIDTH];
    if (entry === undefined) throw new TlogError('tlog/out-of-range', `there is no entry ${index}`);
    return entry;
  }

  /** The entries of a bundle, as far as the tree goes. */
  async entries(bundle: number): Promise<readonly Uint8Array[]> {
    const ref = this.#ref('entries', bundle);
    const entries = decodeEntries(await this.#load(ref));
    if (entries.length !== ref.width)
      throw new TlogError(
        'tlog/bad-tile',
        `${tilePath(ref)} has ${entries.length} entries instead of ${ref.width}`,
      );
    return entries;
  }

  readonly #subtree = async (from: number, to: number): Promise<Uint8Array> => {
    const length = to - from;
    if (length === 1 || splitPoint(length) * 2 === length) return this.#fullSubtree(from, length);
    const middle = from + splitPoint(length);
    const [left, right] = await Promise.all([
      this.#fullSubtree(from, middle - from),
      this.#subtree(middle, to),
    ]);
    return nodeHash(left, right);
  };

  /** The hash of `length` leaves, a power of two, that begin at a multiple of it. */
  async #fullSubtree(from: number, length: number): Promise<Uint8Array> {
    const level = Math.floor(Math.log2(length) / TILE_HEIGHT);
    const first = from / TILE_WIDTH ** level;
    const tile = await this.#hashes(level, Math.floor(first / TILE_WIDTH));
    const at = (first % TILE_WIDTH) * HASH_SIZE;
    return foldHashes(tile.subarray(at, at + (length / TILE_WIDTH ** level) * HASH_SIZE));
  }

  #hashes(level: number, index: number): Promise<Uint8Array> {
    const ref = this.#ref(level, index);
    const path = tilePath(ref);
    const known = this.#tiles.get(path);
    if (known !== undefined) return known;
    const loading = this.#load(ref).then((bytes) => {
      if (bytes.length === ref.width * HASH_SIZE) return bytes;
      throw new TlogError('tlog/bad-tile', `${path} has ${bytes.length} bytes: not ${ref.width} hashes`);
    });
    this.#tiles.set(path, loading);
    return loading;
  }

  async #load(ref: TileRef): Promise<Uint8Array> {
    const bytes = await this.#read(tilePath(ref));
    if (bytes === undefined) throw new TlogError('tlog/bad-tile', `${tilePath(ref)} is absent`);
    return bytes;
  }

  #ref(level: number | 'entries', index: number): TileRef {
    const width = tileWidth(level, index, this.size);
    if (width === 0) throw new TlogError('tlog/out-of-range', `the tree has no tile ${index} of ${level}`);
    return { level, index, width };
  }

  #requireSize(size: number): void {
    if (size > this.size) throw new TlogError('tlog/out-of-range', `the tree has ${this.size} entries only`);
  }
}
