import type { UncalledSets } from '../ingest/record-sets.ts';
import { SET_KIND } from '../kernels/kernels.ts';
import { scatter } from './cell-encoder.ts';
import { packColumns } from './columns.ts';
import { DenseSets } from './dense-sets.ts';
import type { BlockHeader, SITE_COLUMNS, SITE_SETS } from './format.ts';
import { PHASE } from './format.ts';
import { GrowingColumn } from './growing.ts';
import { PageWriter, PayloadBuffer, sectionColumns } from './payload.ts';
import { packSection, type Section } from './section.ts';
import { SetBook } from './set-book.ts';
import type { Span } from './span.ts';
import { pairsIn, UncalledState } from './uncalled.ts';
import { isThin, writeList } from './write-list.ts';

/** Carriers are one list of the span where they, or those without, are fewer than a part in this many. */
const THIN_SHARE = 256;

/** The part of a segment that says who carries what. */
export interface FinishedSets {
  readonly index: { readonly section: Section; readonly bytes: Uint8Array };
  readonly shared: number;
  readonly dense: number;
  readonly pages: PageWriter;
  readonly blocks: readonly {
    readonly header: BlockHeader;
    readonly index: Uint8Array;
    readonly parts: readonly Uint8Array[];
  }[];
}

/** The sets of the sites of a segment while it is built, in the order in which sites come. */
export class SiteSets {
  /** Whether anyone lacks a copy at any site. */
  haploid = false;
  readonly #span: Span;
  readonly #payload = new PayloadBuffer();
  readonly #dense: DenseSets;
  readonly #book: SetBook;
  readonly #uncalled: UncalledState;
  /** Where the carriers' list begins. */
  readonly #offsets = new GrowingColumn();
  readonly #columns: Record<(typeof SITE_COLUMNS | typeof SITE_SETS)[number], GrowingColumn> = {
    kinds: new GrowingColumn(),
    sizes: new GrowingColumn(),
    ac: new GrowingColumn(),
    hom: new GrowingColumn(),
    hemi: new GrowingColumn(),
    both: new GrowingColumn(),
    missingPeople: new GrowingColumn(),
    missing: new GrowingColumn(),
    absent: new GrowingColumn(),
    phased: new GrowingColumn(),
  };

  constructor(span: Span) {
    this.#span = span;
    this.#dense = new DenseSets(span);
    this.#book = new SetBook(span, this.#payload, this.#dense);
    this.#uncalled = new UncalledState(span, this.#book);
  }

  /** Bytes of sets held, without those that wait for their group to be full. */
  get bytes(): number {
    return this.#payload.length + this.#dense.bytes;
  }

  /** The next site: carriers, none of them uncalled. */
  add(carriers: Uint32Array, uncalled: UncalledSets): void {
    const state = this.#uncalled;
    const columns = this.#columns;
    state.load(uncalled);
    columns.ac.push(carriers.length);
    columns.hom.push(this.#addCarriers(carriers));
    let hemi = 0;
    if (state.halves) for (let i = 0; i < carriers.length; i += 1) hemi += state.isUncalled(carriers[i]! ^ 1);
    columns.hemi.push(hemi);
    columns.both.push(state.both);
    columns.missingPeople.push(state.missingPeople);
    columns.missing.push(state.missing);
    columns.absent.push(state.absent);
    columns.phased.push(state.phased);
    this.haploid ||= state.absent !== 0;
  }

  /** Returns how many people have two copies. */
  #addCarriers(carriers: Uint32Array): number {
    const limit = this.#span.haplotypeLimit;
    const { kinds, sizes } = this.#columns;
    if (isThin(carriers.length, limit, THIN_SHARE)) {
      const list = writeList(carriers, limit, this.#payload);
      if (list !== undefined) {
        kinds.push(list.kind);
        sizes.push(list.bytes);
        this.#offsets.push(list.offset);
        return pairsIn(carriers);
      }
    }
    kinds.push(SET_KIND.dense);
    const { planes, pairs } = scatter(carriers, 'haplotypes', this.#span);
    sizes.push(this.#dense.add(planes, 'haplotypes'));
    this.#offsets.push(0);
    return pairs;
  }

  /** `order`: the row of each site in the order to be written. Nothing is added afterwards. */
  finish(order: Uint32Array): FinishedSets {
    const { kinds, sizes, ac, hom, hemi, both, missingPeople, missing, absent, phased } = this.#columns;
    const take = (column: GrowingColumn): Uint32Array => order.map((row) => column.at(row));
    const pages = new PageWriter(false);
    const references = [missingPeople, missing, absent, phased].map(take);
    const bookOrder = this.#writeLists(order, references, pages);
    const ofBook = (column: GrowingColumn): Uint32Array => bookOrder.map((row) => column.at(row));
    const book = this.#book;
    const index = packSection(
      packColumns([
        ...[kinds, sizes, ac, hom, hemi, both].map(take),
        ...references,
        ...[book.kinds, book.sizes, book.counts, book.ofPeople].map(ofBook),
        ...sectionColumns(pages.sections),
      ]),
    );
    const blocks = this.#finishBlocks();
    return { index, shared: bookOrder.length, dense: this.#dense.size, pages, blocks };
  }

  /** Writes lists in the order of format.ts, and gives the sets that sites share the numbers of that order. */
  #writeLists(order: Uint32Array, references: readonly Uint32Array[], pages: PageWriter): Uint32Array {
    const { kinds, sizes } = this.#columns;
    const book = this.#book;
    const numbers = new Uint32Array(book.size + 1);
    const bookOrder = new Uint32Array(book.size);
    let known = 0;
    for (let place = 0; place < order.length; place += 1) {
      const row = order[place]!;
      if (kinds.at(row) !== SET_KIND.dense)
        pages.add(this.#payload.bytes, this.#offsets.at(row), sizes.at(row));
      for (let column = 0; column < references.length; column += 1) {
        const values = references[column]!;
        const bit = column === 3 ? PHASE.setBit : 0;
        const old = values[place]! >>> bit;
        if (old === 0) continue;
        if (numbers[old] === 0) {
          const entry = old - 1;
          if (book.kinds.at(entry) !== SET_KIND.dense)
            pages.add(this.#payload.bytes, book.offsets.at(entry), book.sizes.at(entry));
          bookOrder[known] = entry;
          known += 1;
          numbers[old] = known;
        }
        values[place] = (numbers[old]! << bit) | (values[place]! & ((1 << bit) - 1));
      }
    }
    pages.finish();
    return bookOrder.subarray(0, known);
  }

  #finishBlocks(): FinishedSets['blocks'] {
    return this.#dense.finish().map(({ columns, pages }, place) => {
      const index = packSection(packColumns([...columns, ...sectionColumns(pages.sections)]));
      const header: BlockHeader = {
        people: this.#span.people[place]!,
        index: index.section,
        pages: pages.sections.length,
        pageBytes: pages.storedBytes,
      };
      return { header, index: index.bytes, parts: pages.stored };
    });
  }
}
