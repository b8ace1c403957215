import { SET_KIND, type SetUnit } from '../kernels/kernels.ts';
import { startsOf, unpackColumns } from './columns.ts';
import {
  type BlockHeader,
  CELL_COLUMNS,
  PHASE,
  type SegmentHeader,
  SHARED_COLUMNS,
  SITE_COLUMNS,
  SITE_SETS,
} from './format.ts';
import { type PageTable, pageTable } from './page-table.ts';
import { corruptFile } from './section.ts';
import { Span } from './span.ts';

/** Where a set of a segment is written. */
export interface StoredSet {
  /** `SET_KIND` of a span. */
  readonly kind: number;
  readonly unit: SetUnit;
  /** Members in the span. */
  readonly count: number;
  /** Of a list: where it begins in the pages, and its bytes. */
  readonly offset: number;
  readonly bytes: number;
  /** Of a dense set: its row in every block. */
  readonly row: number;
}

/** How the calls of a site are phased. */
export interface SitePhase {
  readonly usual: 'all' | 'none';
  /** Whether people who are wholly missing are phased otherwise. */
  readonly missingToo: boolean;
  /** The number of a set of further people who are phased otherwise. */
  readonly unusual: number;
}

/** The index of a segment: columns with a row for each site, and for each set that sites share (number − 1). */
export class SpanIndex {
  readonly span: Span;
  /** Of each site: its carriers' kind, and the bytes of their list or the row of the dense set. */
  readonly kinds: Uint32Array;
  readonly sizes: Uint32Array;
  /** Where the list of each site begins in the pages. */
  readonly offsets: Uint32Array;
  /** Carriers' haplotypes, people with two, people with one whose other is uncalled. */
  readonly ac: Uint32Array;
  readonly hom: Uint32Array;
  readonly hemi: Uint32Array;
  /** People without any called allele beyond those of `missingPeople`. */
  readonly both: Uint32Array;
  /** Numbers of shared sets: people wholly missing, other missing haplotypes, haplotypes that do not exist; `PHASE`. */
  readonly missingPeople: Uint32Array;
  readonly missing: Uint32Array;
  readonly absent: Uint32Array;
  readonly phased: Uint32Array;
  readonly pages: PageTable;
  readonly #shared: readonly StoredSet[];

  /** `pagesAt`: where the pages begin in the file. */
  constructor(header: SegmentHeader, bytes: Uint8Array, pagesAt: number, file: string) {
    this.span = new Span(header.blocks.map(({ people }) => people));
    const lengths = [
      ...new Array<number>(SITE_COLUMNS.length + SITE_SETS.length).fill(header.sites),
      ...new Array<number>(SHARED_COLUMNS.length).fill(header.shared),
      ...new Array<number>(3).fill(header.pages),
    ];
    const columns = unpackColumns(bytes, lengths);
    const [kinds, sizes, ac, hom, hemi, both, missingPeople, missing, absent, phased] = columns;
    this.kinds = kinds!;
    this.sizes = sizes!;
    this.ac = ac!;
    this.hom = hom!;
    this.hemi = hemi!;
    this.both = both!;
    this.missingPeople = missingPeople!;
    this.missing = missing!;
    this.absent = absent!;
    this.phased = phased!;
    this.pages = pageTable(columns[14]!, columns[15]!, columns[16]!, pagesAt);
    this.offsets = new Uint32Array(header.sites);
    const shared = columns.slice(10, 14);
    const starts = this.#locate(shared[0]!, shared[1]!);
    if (starts === undefined) throw corruptFile(file);
    this.#shared = Array.from(starts, (offset, entry) => ({
      kind: shared[0]![entry]!,
      unit: shared[3]![entry] === 1 ? ('people' as const) : ('haplotypes' as const),
      count: shared[2]![entry]!,
      offset,
      bytes: shared[1]![entry]!,
      row: shared[1]![entry]!,
    }));
  }

  /** Walks the lists in the order of format.ts; `undefined` where that does not come out. */
  #locate(kinds: Uint32Array, sizes: Uint32Array): Uint32Array | undefined {
    const starts = new Uint32Array(kinds.length);
    const { missingPeople, missing, absent, phased } = this;
    let at = 0;
    let known = 0;
    for (let row = 0; row < this.kinds.length; row += 1) {
      this.offsets[row] = at;
      if (this.kinds[row] !== SET_KIND.dense) at += this.sizes[row]!;
      for (let column = 0; column < 4; column += 1) {
        const number =
          column === 0
            ? missingPeople[row]!
            : column === 1
              ? missing[row]!
              : column === 2
                ? absent[row]!
                : phased[row]! >>> PHASE.setBit;
        if (number <= known) continue;
        if (number !== known + 1 || number > kinds.length) return undefined;
        starts[known] = at;
        if (kinds[known] !== SET_KIND.dense) at += sizes[known]!;
        known = number;
      }
    }
    return known === kinds.length && at === this.pages.rawBytes ? starts : undefined;
  }

  carriers(row: number): StoredSet {
    const size = this.sizes[row]!;
    return {
      kind: this.kinds[row]!,
      unit: 'haplotypes',
      count: this.ac[row]!,
      offset: this.offsets[row]!,
      bytes: size,
      row: size,
    };
  }

  /** How the calls of a site are phased: `PHASE`, taken apart. */
  phase(row: number): SitePhase {
    const phase = this.phased[row]!;
    return {
      usual: (phase & PHASE.none) === 0 ? 'all' : 'none',
      missingToo: (phase & PHASE.missingToo) !== 0,
      unusual: phase >>> PHASE.setBit,
    };
  }

  /** A set that sites share, by its number; 0 is empty. */
  shared(number: number): StoredSet {
    return number === 0 ? EMPTY : this.#shared[number - 1]!;
  }

  /** Bytes that this takes in memory, about. */
  get bytes(): number {
    return 44 * this.kinds.length + 80 * this.#shared.length + 80 * this.pages.sections.length;
  }
}

const EMPTY: StoredSet = { kind: SET_KIND.empty, unit: 'haplotypes', count: 0, offset: 0, bytes: 0, row: 0 };

/** The dense sets of one block: a row each. */
export interface BlockIndex {
  readonly people: number;
  readonly kinds: Uint32Array;
  readonly units: Uint32Array;
  readonly sizes: Uint32Array;
  readonly offsets: Uint32Array;
  readonly pages: PageTable;
}

/** `at`: where the block's pages begin in the file. */
export function readBlockIndex(
  header: SegmentHeader,
  block: BlockHeader,
  bytes: Uint8Array,
  at: number,
  file: string,
): BlockIndex {
  const columns = unpackColumns(bytes, [
    ...new Array<number>(CELL_COLUMNS.length).fill(header.dense),
    ...new Array<number>(3).fill(block.pages),
  ]);
  const [kinds, units, sizes] = columns;
  const pages = pageTable(columns[3]!, columns[4]!, columns[5]!, at);
  if (sizes!.reduce((sum, size) => sum + size, 0) !== pages.rawBytes) throw corruptFile(file);
  return {
    people: block.people,
    kinds: kinds!,
    units: units!,
    sizes: sizes!,
    offsets: startsOf(sizes!),
    pages,
  };
}
