import type { Site } from '../api.ts';
import type { StoreSeal } from '../at-rest/store-seal.ts';
import { StoredFile } from '../at-rest/stored-file.ts';
import { planeBytesOf } from '../kernels/kernels.ts';
import type { FileOnDisk } from '../manifest/manifest.ts';
import type { ByteCache } from './cache.ts';
import { startsOf, unpackColumns } from './columns.ts';
import {
  type BlockHeader,
  decodeHeader,
  PREAMBLE_BYTES,
  readPreamble,
  type SegmentHeader,
} from './format.ts';
import { setBytes } from './haplotype-set.ts';
import { corruptFile, type Section, unpackSection } from './section.ts';
import { SiteTable } from './site-table.ts';

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

/** The pages of one kind of payload in one block of a segment. */
export interface PageTable {
  readonly sections: readonly Section[];
  /** Where each page begins, in unpacked bytes and in the file. */
  readonly rawStarts: Uint32Array;
  readonly fileStarts: readonly number[];
}

/** The index of one block in a segment; columns have a row for each site, or for each pattern (number − 1). */
export interface BlockIndex {
  readonly people: number;
  readonly planeBytes: number;
  readonly kinds: Uint32Array;
  readonly units: Uint32Array;
  /** Where each site's carriers begin in the unpacked pages. */
  readonly offsets: Uint32Array;
  readonly uncalled: Uint32Array;
  readonly phase: Uint32Array;
  readonly ac: Uint32Array;
  readonly hom: Uint32Array;
  readonly hemi: Uint32Array;
  readonly patterns: {
    readonly missingKinds: Uint32Array;
    readonly missingUnits: Uint32Array;
    readonly absentKinds: Uint32Array;
    readonly absentUnits: Uint32Array;
    readonly haplotypes: Uint32Array;
    readonly people: Uint32Array;
    readonly offsets: Uint32Array;
  };
  readonly carrierPages: PageTable;
  readonly patternPages: PageTable;
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
      const value = new SiteTable(header.contig, header.sites, columns, alleles, origins);
      return { value, bytes: 16 * header.sites + 2 * (alleles.length + origins.length) };
    });
  }

  async site(row: number): Promise<Site> {
    return (await this.sites()).site(row);
  }

  /** `block` is a block number of the store. */
  index(block: number): Promise<BlockIndex> {
    const place = block - this.entry.firstBlock;
    return this.#cache.get(`${this.path}:i${place}`, async () => {
      const header = await this.header();
      const starts = sectionStarts(this.entry.headerBytes, header);
      const blockHeader = header.blocks[place]!;
      const bytes = await this.#section(starts.indexes[place]!, blockHeader.index);
      const value = readIndex(header.sites, blockHeader, bytes, starts.pages[place]!);
      return { value, bytes: 36 * header.sites + 32 * blockHeader.patterns };
    });
  }

  /** The unpacked bytes of a page. */
  page(block: number, kind: 'carrier' | 'pattern', index: BlockIndex, page: number): Promise<Uint8Array> {
    const table = kind === 'carrier' ? index.carrierPages : index.patternPages;
    return this.#cache.get(`${this.path}:${kind}${block}.${page}`, async () => {
      const value = await this.#section(table.fileStarts[page]!, table.sections[page]!);
      return { value, bytes: value.length };
    });
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
  const indexes = header.blocks.map((block) => {
    at += block.index.storedBytes;
    return at - block.index.storedBytes;
  });
  const pages = header.blocks.map((block) => {
    at += block.carrierBytes + block.patternBytes;
    return at - block.carrierBytes - block.patternBytes;
  });
  return { indexes, pages };
}

function readIndex(sites: number, header: BlockHeader, bytes: Uint8Array, pagesAt: number): BlockIndex {
  const rows = (count: number, length: number): number[] => new Array<number>(count).fill(length);
  const columns = unpackColumns(bytes, [
    ...rows(7, sites),
    ...rows(6, header.patterns),
    ...rows(3, header.carrierPages),
    ...rows(3, header.patternPages),
  ]);
  const planeBytes = planeBytesOf(header.people);
  const column = (place: number): Uint32Array => columns[place]!;
  const lengths = column(0).map((kind, row) => setBytes(kind, column(1)[row]!, planeBytes));
  const patternLengths = column(7).map(
    (kind, row) =>
      setBytes(kind, column(8)[row]!, planeBytes) + setBytes(column(9)[row]!, column(10)[row]!, planeBytes),
  );
  return {
    people: header.people,
    planeBytes,
    kinds: column(0),
    units: column(1),
    offsets: startsOf(lengths),
    uncalled: column(2),
    phase: column(3),
    ac: column(4),
    hom: column(5),
    hemi: column(6),
    patterns: {
      missingKinds: column(7),
      missingUnits: column(8),
      absentKinds: column(9),
      absentUnits: column(10),
      haplotypes: column(11),
      people: column(12),
      offsets: startsOf(patternLengths),
    },
    carrierPages: pageTable(column(13), column(14), column(15), pagesAt),
    patternPages: pageTable(column(16), column(17), column(18), pagesAt + header.carrierBytes),
  };
}

function pageTable(stored: Uint32Array, raw: Uint32Array, crcs: Uint32Array, at: number): PageTable {
  let next = at;
  const sections = Array.from(stored, (storedBytes, page) => ({
    storedBytes,
    rawBytes: raw[page]!,
    crc: crcs[page]!,
  }));
  const fileStarts = sections.map((section) => {
    next += section.storedBytes;
    return next - section.storedBytes;
  });
  return { sections, rawStarts: startsOf(raw), fileStarts };
}
