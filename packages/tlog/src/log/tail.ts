import { type FullTile, TILE_WIDTH, TreeEdge } from '../merkle/edge.ts';
import { HASH_SIZE, leafHash } from '../merkle/hash.ts';
import { encodeEntries } from '../tiles/bundle.ts';
import { type TileRef, tilePath } from '../tiles/path.ts';
import type { Journal, JournalStart } from './journal.ts';
import type { LogFile } from './storage.ts';

/** The end of a log that is not in files of full tiles yet: what the journal holds, in memory. */
export class Tail {
  readonly start: number;
  readonly #edge: TreeEdge;
  readonly #entries: Uint8Array[] = [];
  readonly #tiles: FullTile[] = [];

  constructor({ start, entries }: Journal = { start: { size: 0, tiles: [] }, entries: [] }) {
    this.start = start.size;
    this.#edge = TreeEdge.restore(start.size, start.tiles, (tile) => this.#tiles.push(tile));
    this.append(entries);
  }

  get size(): number {
    return this.#edge.size;
  }

  /** Full bundles that are in the journal still. */
  get fullBundles(): number {
    return Math.floor(this.#entries.length / TILE_WIDTH);
  }

  append(entries: readonly Uint8Array[]): void {
    for (const entry of entries) {
      this.#entries.push(entry);
      this.#edge.append(leafHash(entry));
    }
  }

  root(): Uint8Array {
    return this.#edge.root();
  }

  /** The bytes of a tile or bundle, or of its beginning; undefined where this tail has fewer. */
  read(ref: TileRef): Uint8Array | undefined {
    return ref.level === 'entries' ? this.#bundle(ref) : this.#tile(ref.level, ref);
  }

  /** The files of all bundles and tiles that became full in this tail. */
  fullFiles(): readonly LogFile[] {
    const bundles = Array.from({ length: this.fullBundles }, (_, at) => {
      const ref: TileRef = { level: 'entries', index: this.start / TILE_WIDTH + at, width: TILE_WIDTH };
      return { path: tilePath(ref), bytes: this.#bundle(ref) ?? new Uint8Array() };
    });
    const tiles = this.#tiles.map(({ level, index, hashes }) => ({
      path: tilePath({ level, index, width: TILE_WIDTH }),
      bytes: hashes,
    }));
    return [...bundles, ...tiles];
  }

  /** The journal that is left once the full files are stored. */
  rest(): Journal {
    const size = this.start + this.fullBundles * TILE_WIDTH;
    const [, ...upper] = this.#edge.partialTiles();
    const start: JournalStart = { size, tiles: upper.length > 0 ? [new Uint8Array(), ...upper] : [] };
    return { start, entries: this.#entries.slice(size - this.start) };
  }

  #bundle({ index, width }: TileRef): Uint8Array | undefined {
    const from = index * TILE_WIDTH - this.start;
    if (from < 0 || from + width > this.#entries.length) return undefined;
    return encodeEntries(this.#entries.slice(from, from + width));
  }

  #tile(level: number, { index, width }: TileRef): Uint8Array | undefined {
    const full = this.#tiles.find((tile) => tile.level === level && tile.index === index)?.hashes;
    const hashes = full ?? this.#edge.partialTile(level, index);
    return hashes !== undefined && hashes.length >= width * HASH_SIZE
      ? hashes.subarray(0, width * HASH_SIZE)
      : undefined;
  }
}
