import { SET_KIND } from '../kernels/kernels.ts';
import { PHASE } from '../segments/format.ts';
import { membersOf } from '../segments/members.ts';
import { pageOf } from '../segments/page-table.ts';
import { corruptFile } from '../segments/section.ts';
import type { Segment } from '../segments/segment.ts';
import type { SpanIndex } from '../segments/span-index.ts';
import { readList } from '../segments/span-set.ts';
import type { Places } from './export-places.ts';
import { holdsBlock } from './snapshot.ts';

const NOBODY = new Uint32Array(0);

/** Who of the exported people is in a set that many sites share. */
interface SharedSet {
  readonly number: number;
  readonly members: Uint32Array;
}

/** People who are wholly missing, and both their haplotypes. */
interface WhollyMissing extends SharedSet {
  readonly copies: Uint32Array;
}

const EMPTY: SharedSet = { number: 0, members: NOBODY };

/** How the exported people of a segment are phased at a site: all or none, but for some places. */
export interface Phase {
  readonly usual: 'all' | 'none';
  readonly unusual: Uint32Array;
}

const ALL_PHASED: Phase = { usual: 'all', unusual: NOBODY };
const NONE_PHASED: Phase = { usual: 'none', unusual: NOBODY };

/**
 * The sets of a segment's sites, as places of an export. What needs no reading is given at once, so that a pass over
 * sparse sites seldom waits; sets that sites share are kept from one site to the next.
 */
export class SegmentSets {
  readonly segment: Segment;
  /** Blocks of the segment of which anyone is exported. */
  readonly blocks: readonly number[];
  readonly #index: SpanIndex;
  readonly #places: Places;
  #page = -1;
  #pageBytes: Uint8Array = new Uint8Array(0);
  #missingPeople: WhollyMissing = { ...EMPTY, copies: NOBODY };
  #missing = EMPTY;
  #absent = EMPTY;
  #unusual = EMPTY;

  private constructor(segment: Segment, index: SpanIndex, places: Places) {
    this.segment = segment;
    this.#index = index;
    this.#places = places;
    this.blocks = places.blocks.filter((block) => holdsBlock(segment, block));
  }

  static async open(segment: Segment, places: Places): Promise<SegmentSets> {
    return new SegmentSets(segment, await segment.index(), places);
  }

  /** Haplotypes that carry the allele; valid until the next call. */
  carriers(row: number): Uint32Array | Promise<Uint32Array> {
    const set = this.#index.carriers(row);
    if (set.count === 0) return NOBODY;
    if (set.kind === SET_KIND.dense) return this.#read(row);
    if (set.bytes > 0 && pageOf(this.#index.pages, set.offset) !== this.#page) return this.#read(row);
    return this.#ofList(row);
  }

  /** Haplotypes that were not called. */
  async missing(row: number): Promise<Uint32Array> {
    const { copies } = await this.#wholly(row);
    const single = this.#index.missing[row]!;
    if (single !== this.#missing.number)
      this.#missing = { number: single, members: (await this.#shared(single)).slice() };
    return single === 0 ? copies : concatenated([copies, this.#missing.members]);
  }

  /** Haplotypes that their people do not have. */
  async absent(row: number): Promise<Uint32Array> {
    const number = this.#index.absent[row]!;
    if (number !== this.#absent.number)
      this.#absent = { number, members: (await this.#shared(number)).slice() };
    return this.#absent.members;
  }

  async phase(row: number): Promise<Phase> {
    const { usual, missingToo, unusual } = this.#index.phase(row);
    if (unusual !== this.#unusual.number)
      this.#unusual = { number: unusual, members: (await this.#shared(unusual)).slice() };
    const { members } = this.#unusual;
    if (!missingToo) return { usual, unusual: members };
    return { usual, unusual: concatenated([(await this.#wholly(row)).members, members]) };
  }

  /** The phase of a site where nobody is uncalled and all are phased alike; `undefined` elsewhere. */
  plainPhase(row: number): Phase | undefined {
    const { missingPeople, missing, absent, phased } = this.#index;
    if ((missingPeople[row]! | missing[row]! | absent[row]!) !== 0) return undefined;
    return phased[row] === PHASE.all ? ALL_PHASED : phased[row] === PHASE.none ? NONE_PHASED : undefined;
  }

  async #wholly(row: number): Promise<WhollyMissing> {
    const number = this.#index.missingPeople[row]!;
    if (number !== this.#missingPeople.number) {
      const members = (await this.#shared(number)).slice();
      this.#missingPeople = { number, members, copies: bothCopies(members) };
    }
    return this.#missingPeople;
  }

  async #read(row: number): Promise<Uint32Array> {
    const set = this.#index.carriers(row);
    if (set.kind === SET_KIND.dense)
      return this.#places.haplotypesOf(await membersOf(this.segment, set), this.segment.entry.firstBlock);
    const page = pageOf(this.#index.pages, set.offset);
    this.#pageBytes = await this.segment.page(page);
    this.#page = page;
    return this.#ofList(row);
  }

  /** Carriers whose list is in the page at hand, or has no bytes. */
  #ofList(row: number): Uint32Array {
    const set = this.#index.carriers(row);
    const start = set.bytes === 0 ? 0 : set.offset - this.#index.pages.rawStarts[this.#page]!;
    const bytes = this.#pageBytes.subarray(start, start + set.bytes);
    const limit = this.#index.span.limit(set.unit);
    const members = readList(set.kind, set.count, limit, bytes);
    if (members === undefined) throw corruptFile(this.segment.path);
    return this.#places.haplotypesOf(members, this.segment.entry.firstBlock);
  }

  /** A set that sites share, as haplotypes or places; valid until the next call. */
  async #shared(number: number): Promise<Uint32Array> {
    const set = this.#index.shared(number);
    const members = await membersOf(this.segment, set);
    const { firstBlock } = this.segment.entry;
    if (set.unit === 'people') return this.#places.placesOf(members, firstBlock);
    return this.#places.haplotypesOf(members, firstBlock);
  }
}

/** Both haplotypes of people. */
export function bothCopies(places: Uint32Array): Uint32Array {
  const haplotypes = new Uint32Array(2 * places.length);
  for (let i = 0; i < places.length; i += 1) {
    haplotypes[2 * i] = 2 * places[i]!;
    haplotypes[2 * i + 1] = 2 * places[i]! + 1;
  }
  return haplotypes;
}

export function concatenated(lists: readonly Uint32Array[]): Uint32Array {
  if (lists.length === 1) return lists[0]!;
  const all = new Uint32Array(lists.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const list of lists) {
    all.set(list, at);
    at += list.length;
  }
  return all;
}
