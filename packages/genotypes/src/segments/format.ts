import { crc32 } from 'node:zlib';
import { corruptFile, type Section } from './section.ts';

/**
 * A segment file: `FEDGENO1`, the header's length and CRC-32 (32 bits each, little-endian), the header as JSON, then the
 * sections in the order of the header: site columns, allele text, origin text, and for every block its index; then for
 * every block its pages of carrier sets and its pages of patterns, which the block's index describes.
 */
export const MAGIC = Buffer.from('FEDGENO1', 'latin1');
export const PREAMBLE_BYTES = 16;
/** Pages are closed when they hold this much; sites do not straddle pages. */
export const PAGE_BYTES = 65_536;

export interface BlockHeader {
  readonly people: number;
  readonly patterns: number;
  readonly carrierPages: number;
  readonly patternPages: number;
  readonly index: Section;
  /** Stored bytes of all pages. */
  readonly carrierBytes: number;
  readonly patternBytes: number;
}

export interface SegmentHeader {
  readonly contig: string;
  readonly sites: number;
  readonly columns: Section;
  readonly alleles: Section;
  readonly origins: Section;
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
