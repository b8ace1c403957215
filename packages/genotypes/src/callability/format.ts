import { crc32 } from 'node:zlib';
import type { FileOnDisk } from '../at-rest/stored-file.ts';
import { packColumns, unpackColumns } from '../segments/columns.ts';
import { corruptFile, packSection, type Section, unpackSection } from '../segments/section.ts';

/**
 * Where the people of one block were called on one contig: changes by position and person, in pages that begin with the
 * state of everyone. A file is `FEDCALL1`, the length and CRC-32 of its header (32 bits each, little-endian), the header
 * as JSON, the index, then the pages.
 */
const MAGIC = Buffer.from('FEDCALL1', 'latin1');
const PREAMBLE_BYTES = 16;
/** Changes of a page: with their 8 bytes each and two bitmaps of the block below 64 KiB. */
export const PAGE_CHANGES = 6_000;

/** What the manifest knows of such a file. */
export interface CallabilityEntry {
  readonly file: string;
  readonly bytes: number;
  readonly headerBytes: number;
  readonly headerCrc: number;
  readonly contig: string;
  readonly block: number;
  readonly people: number;
  readonly stored: FileOnDisk;
}

interface Header {
  readonly people: number;
  readonly pages: number;
  readonly index: Section;
}

/** Changes in order of position, then place in the block; copies 0 is not called, 1 and 2 is called with so many. */
export interface Changes {
  /** From −1 on, which is what lies before the first base. */
  readonly positions: Int32Array;
  readonly places: Uint16Array;
  readonly copies: Uint8Array;
}

/** Who is called, as bitmaps of places. */
export interface Called {
  /** With two copies, and with one. */
  readonly two: Uint32Array;
  readonly one: Uint32Array;
}

/** Everyone's state before the first change of a page, and its changes. */
export interface Page extends Changes {
  readonly before: Called;
}

export interface PageEntry {
  /** Position of the first change. */
  readonly first: number;
  readonly changes: number;
  /** Where it begins, from the end of the index. */
  readonly start: number;
  readonly section: Section;
}

export function encodePage({ before, positions, places, copies }: Page) {
  const bitmaps = [before.two, before.one].map(
    (words) => new Uint8Array(words.buffer, words.byteOffset, words.byteLength),
  );
  const gaps = Uint32Array.from(positions, (position, at) => position - positions[at === 0 ? 0 : at - 1]!);
  const states = Uint32Array.from(places, (place, at) => 4 * place + copies[at]!);
  return packSection(Buffer.concat([...bitmaps, packColumns([gaps, states])]));
}

/** Inverse of `encodePage`; `genotypes/corrupt` on anything else. */
export function decodePage(entry: PageEntry, people: number, bytes: Uint8Array, file: string): Page {
  const raw = unpackSection(entry.section, bytes, file);
  const bitmapBytes = 4 * wordsOf(people);
  if (raw.length < 2 * bitmapBytes) throw corruptFile(file);
  const [gaps, states] = unpackColumns(raw.subarray(2 * bitmapBytes), [entry.changes, entry.changes]);
  const bitmap = (at: number) => new Uint32Array(new Uint8Array(raw.subarray(at, at + bitmapBytes)).buffer);
  let position = entry.first;
  const page = {
    before: { two: bitmap(0), one: bitmap(bitmapBytes) },
    positions: Int32Array.from(gaps!, (gap) => {
      position += gap;
      return position;
    }),
    places: Uint16Array.from(states!, (state) => state >>> 2),
    copies: Uint8Array.from(states!, (state) => state & 3),
  };
  if (states!.some((state) => state >>> 2 >= people || (state & 3) === 3)) throw corruptFile(file);
  return page;
}

export function wordsOf(people: number): number {
  return Math.ceil(people / 32);
}

/** The header with its preamble, and the index. */
export function encodeHead(people: number, pages: readonly PageEntry[]) {
  const column = (of: (page: PageEntry) => number) => Uint32Array.from(pages, of);
  const index = packSection(
    packColumns([
      column(({ first }) => first + 1),
      column(({ changes }) => changes),
      column(({ section }) => section.storedBytes),
      column(({ section }) => section.rawBytes),
      column(({ section }) => section.crc),
    ]),
  );
  const header: Header = { people, pages: pages.length, index: index.section };
  const json = Buffer.from(JSON.stringify(header), 'utf8');
  const head = Buffer.alloc(PREAMBLE_BYTES + json.length);
  MAGIC.copy(head, 0);
  head.writeUInt32LE(json.length, 8);
  head.writeUInt32LE(crc32(json), 12);
  json.copy(head, PREAMBLE_BYTES);
  return { head, headerCrc: crc32(head), index: index.bytes };
}

/** The header whose bytes match the manifest's CRC, which vouches for their shape. */
export function decodeHeader(bytes: Uint8Array, entry: CallabilityEntry, file: string): Header {
  const preambleHolds = MAGIC.equals(bytes.subarray(0, MAGIC.length));
  if (!preambleHolds || crc32(bytes) !== entry.headerCrc) throw corruptFile(file);
  return JSON.parse(Buffer.from(bytes.subarray(PREAMBLE_BYTES)).toString('utf8')) as Header;
}

/** Inverse of the index of `encodeHead`. */
export function decodeIndex({ pages, index }: Header, bytes: Uint8Array, file: string): readonly PageEntry[] {
  const columns = unpackColumns(unpackSection(index, bytes, file), new Array<number>(5).fill(pages));
  const [firsts, changes, stored, raw, crcs] = columns;
  let start = 0;
  return Array.from(firsts!, (first, page) => {
    const section = { storedBytes: stored![page]!, rawBytes: raw![page]!, crc: crcs![page]! };
    start += section.storedBytes;
    return { first: first - 1, changes: changes![page]!, start: start - section.storedBytes, section };
  });
}
