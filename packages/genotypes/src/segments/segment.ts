import type { Site } from '../api.ts';
import type { StoreSeal } from '../at-rest/store-seal.ts';
import { type FileOnDisk, StoredFile } from '../at-rest/stored-file.ts';
import { SET_KIND } from '../kernels/kernels.ts';
import type { ByteCache } from './cache.ts';
import type { EncodedCell } from './cells.ts';
import { readDifference } from './differences.ts';
import { decodeHeader, PREAMBLE_BYTES, readPreamble, type SegmentHeader } from './format.ts';
import { type PageTable, pageOf } from './page-table.ts';
import { corruptFile, type Section, unpackSection } from './section.ts';
import { SiteTable } from './site-table.ts';
import { type BlockIndex, readBlockIndex, SpanIndex, type StoredSet } from './span-index.ts';

/** What the manifest knows of a segment. */
export interface SegmentEntry {
  readonly file: string;
  readonly bytes: number;
  readonly headerBytes: number;
  readonly headerCrc: number;
  readonly contig: string;
  readonly bin: number;
  /** The consecutive blocks whose people it holds. */
  readonly firstBlock: number;
  readonly blocks: number;
  readonly sites: number;
  /** Positions of the first and the last site, and the greatest end of a site's `ref`. */
  readonly first: number;
  readonly last: number;
  readonly end: number;
  /** Whether anyone in it lacks a second copy at any of its sites. */
  readonly haploid: boolean;
  readonly stored: FileOnDisk;
}

/** One immutable segment, read in parts through a cache; whatever is read has its checksum verified first. */
export class Segment {
  readonly entry: SegmentEntry;
  readonly path: string;
  readonly #cache: ByteCache;
  readonly #file: StoredFile;

  constructor(path: string, entry: SegmentEntry, cache: ByteCache, seal: StoreSeal | undefined) {
    this.path = path;
    this.entry = entry;
    this.#cache = cache;
    this.#file = new StoredFile(path, entry.bytes, seal);
  }

  header(): Promise<SegmentHeader> {
    const { headerBytes, headerCrc } = this.entry;
    return this.#cache.get(`${this.path}:h`, async () => {
      const bytes = await this.#read(0, headerBytes);
      const length = readPreamble(bytes.subarray(0, PREAMBLE_BYTES), headerCrc, this.path);
      if (length !== headerBytes - PREAMBLE_BYTES) throw corruptFile(this.path);
      return {
        value: decodeHeader(bytes.subarray(PREAMBLE_BYTES), headerCrc, this.path),
        bytes: 2 * headerBytes,
      };
    });
  }

  sites(): Promise<SiteTable> {
    return this.#cache.get(`${this.path}:s`, async () => {
      const header = await this.header();
      const at = this.entry.headerBytes;
      const columns = await this.#section(at, header.columns);
      const alleles = await this.#section(at + header.columns.storedBytes, header.alleles);
      const origins = await this.#section(
        at + header.columns.storedBytes + header.alleles.storedBytes,
        header.origins,
      );
      const value = SiteTable.unpack(header.contig, header.sites, columns, alleles, origins);
      return { value, bytes: 16 * header.sites + 2 * (alleles.length + origins.length) };
    });
  }

  /** What `sites` and `index` give, where both were read before and are still here. */
  here(): { readonly table: SiteTable; readonly index: SpanIndex } | undefined {
    const table = this.#cache.peek<SiteTable>(`${this.path}:s`);
    const index = this.#cache.peek<SpanIndex>(`${this.path}:i`);
    return table === undefined || index === undefined ? undefined : { table, index };
  }

  async site(row: number): Promise<Site> {
    return (await this.sites()).site(row);
  }

  index(): Promise<SpanIndex> {
    return this.#cache.get(`${this.path}:i`, async () => {
      const header = await this.header();
      const starts = sectionStarts(this.entry.headerBytes, header);
      const bytes = await this.#section(starts.index, header.index);
      const value = new SpanIndex(header, bytes, starts.pages, this.path);
      return { value, bytes: value.bytes };
    });
  }

  /** The index of the dense sets of a block; `block` is a block number of the store. */
  block(block: number): Promise<BlockIndex> {
    const place = block - this.entry.firstBlock;
    return this.#cache.get(`${this.path}:i${place}`, async () => {
      const header = await this.header();
      const starts = sectionStarts(this.entry.headerBytes, header);
      const own = header.blocks[place]!;
      const bytes = await this.#section(starts.indexes[place]!, own.index);
      const value = readBlockIndex(header, own, bytes, starts.blocks[place]!, this.path);
      return { value, bytes: 16 * header.dense + 80 * own.pages };
    });
  }

  /** The unpacked bytes of a page of lists. */
  async page(page: number): Promise<Uint8Array> {
    return this.#page('p', (await this.index()).pages, page);
  }

  /** The unpacked bytes of a page of a block's dense sets. */
  async cellPage(block: number, page: number): Promise<Uint8Array> {
    return this.#page(`b${block}.`, (await this.block(block)).pages, page);
  }

  /** The payload of a list. */
  async list(set: StoredSet): Promise<Uint8Array> {
    const { pages } = await this.index();
    if (set.bytes === 0) return new Uint8Array(0);
    const page = pageOf(pages, set.offset);
    return this.#slice(await this.page(page), set.offset - pages.rawStarts[page]!, set.bytes);
  }

  /** A dense set as it is written in a block: a set by itself, then the differences that lead from it to this one. */
  async cells(block: number, row: number): Promise<readonly EncodedCell[]> {
    const chain: EncodedCell[] = [];
    for (let next = row; ; ) {
      const cell = await this.#cell(block, next);
      if (cell.kind !== SET_KIND.difference) return [cell, ...chain.reverse()];
      const difference = readDifference(cell, next);
      if (difference === undefined) throw corruptFile(this.path);
      chain.push(difference.cell);
      next = difference.base;
    }
  }

  async #cell(block: number, row: number): Promise<EncodedCell> {
    const { kinds, units, sizes, offsets, pages } = await this.block(block);
    if (row >= kinds.length) throw corruptFile(this.path);
    const cell = { kind: kinds[row]!, units: units[row]! };
    if (sizes[row] === 0) return { ...cell, bytes: new Uint8Array(0) };
    const page = pageOf(pages, offsets[row]!);
    const start = offsets[row]! - pages.rawStarts[page]!;
    return { ...cell, bytes: this.#slice(await this.cellPage(block, page), start, sizes[row]!) };
  }

  #page(kind: string, { sections, fileStarts }: PageTable, page: number): Promise<Uint8Array> {
    return this.#cache.get(`${this.path}:${kind}${page}`, async () => {
      const value = await this.#section(fileStarts[page]!, sections[page]!);
      return { value, bytes: value.length };
    });
  }

  #slice(page: Uint8Array, start: number, length: number): Uint8Array {
    if (start + length > page.length) throw corruptFile(this.path);
    return page.subarray(start, start + length);
  }

  async #section(at: number, section: Section): Promise<Uint8Array> {
    return unpackSection(section, await this.#read(at, section.storedBytes), this.path);
  }

  async #read(at: number, length: number): Promise<Buffer> {
    const bytes = await this.#file.read(at, length);
    return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length);
  }
}

function sectionStarts(headerBytes: number, header: SegmentHeader) {
  let at = headerBytes + header.columns.storedBytes + header.alleles.storedBytes + header.origins.storedBytes;
  const take = (bytes: number): number => {
    at += bytes;
    return at - bytes;
  };
  const index = take(header.index.storedBytes);
  const indexes = header.blocks.map((block) => take(block.index.storedBytes));
  const pages = take(header.pageBytes);
  const blocks = header.blocks.map(({ pageBytes }) => take(pageBytes));
  return { index, indexes, pages, blocks };
}
