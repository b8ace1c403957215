import type { Variant } from '@federome/core';
import type { UncalledSets } from '../ingest/record-sets.ts';
import { encodeAlleles } from './alleles.ts';
import { packColumns } from './columns.ts';
import { encodeHeader } from './format.ts';
import { GrowingColumn } from './growing.ts';
import { packSection } from './section.ts';
import { SiteSets } from './site-sets.ts';
import { SiteTable } from './site-table.ts';
import { Span } from './span.ts';

/** A finished segment: its bytes in order, and what the manifest says of it. */
export interface BuiltSegment {
  readonly parts: readonly Uint8Array[];
  readonly headerBytes: number;
  readonly headerCrc: number;
  readonly haploid: boolean;
  /** In order, and the line of the input that each came from. */
  readonly table: SiteTable;
  readonly lines: Uint32Array;
}

/** Collects the sites of one bin for the blocks of a span, in any order, and writes them as one segment. */
export class SegmentBuilder {
  readonly contig: string;
  readonly #sets: SiteSets;
  readonly #positions = new GrowingColumn();
  readonly #codes = new GrowingColumn();
  readonly #origins = new GrowingColumn();
  readonly #places = new GrowingColumn();
  readonly #lines = new GrowingColumn();
  #alleleText = '';
  #originText = '\n';
  #lastOrigin = '';
  #lastOriginAt = 0;
  readonly #append = (line: string): number => {
    this.#alleleText += line;
    return this.#alleleText.length - line.length;
  };

  constructor(contig: string, people: readonly number[]) {
    this.contig = contig;
    this.#sets = new SiteSets(new Span(people));
  }

  get siteCount(): number {
    return this.#positions.length;
  }

  /** Bytes of sets held, without those that wait for their group to be full (8 KB a set and block). */
  get payloadBytes(): number {
    return this.#sets.bytes;
  }

  /** `origin` is the line of origin text; `allele` the 1-based place in the original ALT column. */
  addSite(variant: Variant, origin: string, allele: number, line: number): void {
    this.#positions.push(variant.position);
    this.#codes.push(encodeAlleles(variant.ref, variant.alt, this.#append));
    this.#origins.push(origin === '\n' ? 0 : this.#originOf(origin));
    this.#places.push(allele);
    this.#lines.push(line);
  }

  /** The alleles of one record follow each other and share their line. */
  #originOf(origin: string): number {
    if (origin !== this.#lastOrigin) {
      this.#lastOrigin = origin;
      this.#lastOriginAt = this.#originText.length;
      this.#originText += origin;
    }
    return this.#lastOriginAt;
  }

  /** For the site added last: carriers of the whole span, ascending and none of them uncalled (`RecordSets`). */
  addSets(carriers: Uint32Array, uncalled: UncalledSets): void {
    this.#sets.add(carriers, uncalled);
  }

  /** Ends the segment; the builder is of no use afterwards. */
  finish(): BuiltSegment {
    const rows = Uint32Array.from(this.#positions.values.keys());
    const unsorted = this.#table(rows);
    const order = unsorted.isSorted() ? rows : rows.toSorted((a, b) => unsorted.compareRows(a, b));
    const table = order === rows ? unsorted : this.#table(order);
    const columns = packSection(
      packColumns([
        Uint32Array.from(
          table.positions,
          (position, row) => position - (row === 0 ? 0 : table.positions[row - 1]!),
        ),
        take(this.#codes, order),
        take(this.#origins, order),
        table.places,
      ]),
    );
    const [alleles, origins] = [this.#alleleText, this.#originText].map((text) =>
      packSection(Buffer.from(text, 'utf8')),
    );
    const { index, shared, dense, pages, blocks } = this.#sets.finish(order);
    const { bytes, crc } = encodeHeader({
      contig: this.contig,
      sites: table.size,
      longestRef: table.longestRef,
      columns: columns.section,
      alleles: alleles!.section,
      origins: origins!.section,
      index: index.section,
      shared,
      pages: pages.sections.length,
      dense,
      pageBytes: pages.storedBytes,
      blocks: blocks.map((block) => block.header),
    });
    const sections = [columns, alleles!, origins!, index].map((section) => section.bytes);
    return {
      parts: [
        bytes,
        ...sections,
        ...blocks.map((block) => block.index),
        ...pages.stored,
        ...blocks.flatMap(({ parts }) => parts),
      ],
      headerBytes: bytes.length,
      headerCrc: crc,
      haploid: this.#sets.haploid,
      table,
      lines: take(this.#lines, order),
    };
  }

  #table(order: Uint32Array): SiteTable {
    return new SiteTable(this.contig, {
      positions: Int32Array.from(order, (row) => this.#positions.at(row)),
      codes: take(this.#codes, order),
      origins: take(this.#origins, order),
      places: take(this.#places, order),
      alleleText: this.#alleleText,
      originText: this.#originText,
    });
  }
}

function take(column: GrowingColumn, order: Uint32Array): Uint32Array {
  return order.map((row) => column.at(row));
}
