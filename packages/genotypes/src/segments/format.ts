import { crc32 } from 'node:zlib';
import { corruptFile, type Section } from './section.ts';

/**
 * A segment file: `FEDGENO2`, the header's length and CRC-32 (32 bits each, little-endian), the header as JSON, then the
 * sections: site columns, allele text, origin text, index; of every block its index of dense sets; the pages of lists;
 * then of every block its pages of dense sets.
 *
 * A set of numbers is one list of the whole span (see `SET_KIND`), or dense: written block by block. The lists lie in
 * the order of sites: first the carriers of a site, then those sets that it is the first to refer to (who was not
 * called, and so on), in the order of `SITE_SETS`. Sets that sites refer to are numbered from 1 in the order in which
 * they are referred to; 0 is the empty set. So nothing but lengths needs to be stored to find them.
 */
export const MAGIC = Buffer.from('FEDGENO2', 'latin1');
export const PREAMBLE_BYTES = 16;
/** Pages hold at most this much; sets do not straddle pages. */
export const PAGE_BYTES = 65_536;

/** Rows of dense sets of a block that may be written as differences of each other: this many from any multiple of it on. */
export const GROUP_SETS = 256;

/** Columns of the index with a row for each site. */
export const SITE_COLUMNS = ['kinds', 'sizes', 'ac', 'hom', 'hemi', 'both'] as const;
/** Further such columns: the sets that sites share. The last is a phase: see `PHASE`. */
export const SITE_SETS = ['missingPeople', 'missing', 'absent', 'phased'] as const;
/** Columns of the index with a row for each set that sites share, from number 1 on. */
export const SHARED_COLUMNS = ['kinds', 'sizes', 'counts', 'ofPeople'] as const;
/** Columns of a block's index with a row for each dense set. */
export const CELL_COLUMNS = ['kinds', 'units', 'sizes'] as const;

/**
 * A stored phase says how calls are usually phased (bit 0: they are not), whether people who are wholly missing are
 * otherwise (bit 1), and from bit 2 on the number of a set of further people who are otherwise.
 */
export const PHASE = { all: 0, none: 1, missingToo: 2, setBit: 2 } as const;

export interface BlockHeader {
  readonly people: number;
  readonly index: Section;
  readonly pages: number;
  /** Stored bytes of all pages. */
  readonly pageBytes: number;
}

export interface SegmentHeader {
  readonly contig: string;
  readonly sites: number;
  /** Length of the longest `ref`. */
  readonly longestRef: number;
  readonly columns: Section;
  readonly alleles: Section;
  readonly origins: Section;
  readonly index: Section;
  /** Sets that sites share, pages of lists, and dense sets. */
  readonly shared: number;
  readonly pages: number;
  readonly dense: number;
  /** Stored bytes of all pages of lists. */
  readonly pageBytes: number;
  readonly blocks: readonly BlockHeader[];
}

export function encodeHeader(header: SegmentHeader): { readonly bytes: Uint8Array; readonly crc: number } {
  const json = Buffer.from(JSON.stringify(header), 'utf8');
  const bytes = Buffer.alloc(PREAMBLE_BYTES + json.length);
  const crc = crc32(json);
  MAGIC.copy(bytes, 0);
  bytes.writeUInt32LE(json.length, 8);
  bytes.writeUInt32LE(crc, 12);
  json.copy(bytes, PREAMBLE_BYTES);
  return { bytes, crc };
}

/** Length of the JSON that follows the preamble; the manifest's CRC must be the preamble's. */
export function readPreamble(preamble: Buffer, crc: number, file: string): number {
  const holds =
    preamble.length === PREAMBLE_BYTES &&
    preamble.subarray(0, 8).equals(MAGIC) &&
    preamble.readUInt32LE(12) === crc;
  if (!holds) throw corruptFile(file);
  return preamble.readUInt32LE(8);
}

/** The header, once its bytes match the CRC of the manifest (which vouches for their shape). */
export function decodeHeader(json: Buffer, crc: number, file: string): SegmentHeader {
  if (crc32(json) !== crc) throw corruptFile(file);
  return JSON.parse(json.toString('utf8')) as SegmentHeader;
}
