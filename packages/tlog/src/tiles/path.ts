import { TlogError } from '../errors.ts';
import { TILE_WIDTH } from '../merkle/edge.ts';

/** Where the latest checkpoint of a log is read (C2SP tlog-tiles). */
export const CHECKPOINT_PATH = 'checkpoint';

/** A tile of hashes of a level, or a bundle of entries; `width` 1 to 256, partial below 256. */
export interface TileRef {
  readonly level: number | 'entries';
  readonly index: number;
  readonly width: number;
}

/** The path of a tile or bundle: `tile/<L>/<N>[.p/<W>]`, N in groups of three digits (`x001/234`). */
export function tilePath({ level, index, width }: TileRef): string {
  const digits = String(index);
  const padded = digits.padStart(Math.ceil(digits.length / 3) * 3, '0');
  const groups = padded.match(/\d{3}/g) ?? [];
  const number = groups.map((group, at) => (at < groups.length - 1 ? `x${group}` : group)).join('/');
  return `tile/${level}/${number}${width === TILE_WIDTH ? '' : `.p/${width}`}`;
}

const TILE_PATH =
  /^tile\/(entries|0|[1-9]|[1-5]\d|6[0-3])\/((?:x\d{3}\/)*\d{3})(?:\.p\/([1-9]|[1-9]\d|1\d\d|2[0-4]\d|25[0-5]))?$/;

/** Reads a path of a tile or bundle; throws `tlog/bad-path` for any other text, and for a longer way to write it. */
export function parseTilePath(path: string): TileRef {
  const [, level, number, width] = TILE_PATH.exec(path) ?? [];
  if (level === undefined || number === undefined)
    throw new TlogError('tlog/bad-path', `expected tile/<level>/<number>[.p/<width>], not ${path}`);
  const ref = {
    level: level === 'entries' ? level : Number(level),
    index: Number(number.replaceAll(/[x/]/g, '')),
    width: width === undefined ? TILE_WIDTH : Number(width),
  } as const;
  if (!Number.isSafeInteger(ref.index) || tilePath(ref) !== path)
    throw new TlogError(
      'tlog/bad-path',
      `the number of the tile has needless zeroes or is too large: ${path}`,
    );
  return ref;
}

/** How wide tile `index` of a level is in a tree of `size` leaves: 256, less at the right edge, 0 where there is none. */
export function tileWidth(level: number | 'entries', index: number, size: number): number {
  const hashes = Math.floor(size / TILE_WIDTH ** (level === 'entries' ? 0 : level));
  return Math.max(0, Math.min(TILE_WIDTH, hashes - index * TILE_WIDTH));
}
