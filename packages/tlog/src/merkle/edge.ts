import { EMPTY_ROOT, HASH_SIZE, nodeHash } from './hash.ts';

/** Hashes in a full tile; a tile is a subtree of this many leaves (C2SP tlog-tiles). */
export const TILE_WIDTH = 256;
const TILE_HEIGHT = 8;

/** A tile that became full: its hashes never change again. */
export interface FullTile {
  readonly level: number;
  readonly index: number;
  readonly hashes: Uint8Array;
}

/** The partial tiles at the right edge of a tree: of each level the hashes, concatenated (shorter than a full tile). */
export type EdgeTiles = readonly Uint8Array[];

interface OpenTile {
  index: number;
  width: number;
  hashes: Uint8Array;
}

/**
 * The right edge of a growing tree: all that is needed to append leaves and to know the root, in O(log n) memory.
 * Costs one node hash a leaf.
 */
export class TreeEdge {
  #size = 0;
  /** Roots of the full subtrees from which the tree is composed, by height; absent heights are undefined. */
  readonly #roots: (Uint8Array | undefined)[] = [];
  readonly #open: OpenTile[] = [];
  readonly #onFull: (tile: FullTile) => void;

  /** `onFull` is told of every tile as it becomes full, lower levels first. */
  constructor(onFull: (tile: FullTile) => void = () => {}) {
    this.#onFull = onFull;
  }

  /** The edge of a tree of `size` leaves whose partial tiles are `tiles`, level 0 first. */
  static restore(size: number, tiles: EdgeTiles, onFull?: (tile: FullTile) => void): TreeEdge {
    const edge = new TreeEdge(onFull);
    for (let level = tiles.length - 1; level >= 0; level--) {
      const hashes = tiles[level]!;
      edge.#openAt(level).index = Math.floor(size / TILE_WIDTH ** (level + 1));
      for (let at = 0; at < hashes.length; at += HASH_SIZE)
        edge.#add(level * TILE_HEIGHT, hashes.slice(at, at + HASH_SIZE));
    }
    edge.#size = size;
    return edge;
  }

  get size(): number {
    return this.#size;
  }

  append(leaf: Uint8Array): void {
    this.#add(0, leaf);
    this.#size++;
  }

  /** The root of the tree as it is now. */
  root(): Uint8Array {
    let right: Uint8Array | undefined;
    for (const left of this.#roots) {
      if (left === undefined) continue;
      right = right === undefined ? left : nodeHash(left, right);
    }
    return right ?? EMPTY_ROOT;
  }

  /** Copies of the partial tiles, level 0 first; an empty one where the level has no partial tile. */
  partialTiles(): EdgeTiles {
    return this.#open.map((tile) => tile.hashes.slice(0, tile.width * HASH_SIZE));
  }

  /** The hashes so far of the partial tile with this number; undefined where that is not the partial one. */
  partialTile(level: number, index: number): Uint8Array | undefined {
    const tile = this.#open[level];
    return tile?.index === index && tile.width > 0 ? tile.hashes.slice(0, tile.width * HASH_SIZE) : undefined;
  }

  #add(height: number, hash: Uint8Array): void {
    let node = hash;
    let at = height;
    this.#place(at, node);
    for (let left = this.#roots[at]; left !== undefined; left = this.#roots[at]) {
      node = nodeHash(left, node);
      this.#roots[at++] = undefined;
      if (at % TILE_HEIGHT === 0) this.#place(at, node);
    }
    this.#roots[at] = node;
  }

  #place(height: number, hash: Uint8Array): void {
    const level = height / TILE_HEIGHT;
    const tile = this.#openAt(level);
    tile.hashes.set(hash, tile.width++ * HASH_SIZE);
    if (tile.width < TILE_WIDTH) return;
    this.#open[level] = emptyTile(tile.index + 1);
    this.#onFull({ level, index: tile.index, hashes: tile.hashes });
  }

  #openAt(level: number): OpenTile {
    for (let each = this.#open.length; each <= level; each++) this.#open.push(emptyTile(0));
    return this.#open[level]!;
  }
}

const emptyTile = (index: number): OpenTile => ({
  index,
  width: 0,
  hashes: new Uint8Array(TILE_WIDTH * HASH_SIZE),
});
