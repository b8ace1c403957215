import { PEOPLE_PER_BLOCK, type PeopleSet } from '@federome/core';
import { COHORT_BYTES, type Kernels, SET_KIND } from '../kernels/kernels.ts';
import { setBytes } from '../segments/haplotype-set.ts';
import type { BlockIndex, PageTable, Segment } from '../segments/segment.ts';

/** Numbers a cohort has in a row of counts: ac, an, hom, hemi, missing. */
export const COUNTS = 5;
/** Cohorts that are counted in one pass. */
export const MAX_COHORTS = 64;
const MAX_SITES = 1_024;

const COHORTS = 64;
const UNCALLED = COHORTS + MAX_COHORTS * COHORT_BYTES;
const SCRATCH = UNCALLED + 2 * COHORT_BYTES;
const PATTERN = SCRATCH + 2 * COHORT_BYTES;
const KINDS = PATTERN + 4 * COHORT_BYTES;
const UNITS = KINDS + MAX_SITES;
const OFFSETS = UNITS + 4 * MAX_SITES;
const OUT = OFFSETS + 4 * MAX_SITES;
const PAGE = OUT + 12 * MAX_SITES * MAX_COHORTS;
const WORDS = PEOPLE_PER_BLOCK / 32;

/** For each cohort alleles called (an) and people without any (missing), were everyone whose copies are known homozygous reference. */
export type AbsentCounts = Uint32Array;

export interface SegmentRows {
  /** `COUNTS` numbers a cohort and row, summed over the blocks of the segment. */
  readonly counts: Uint32Array;
  /** By block of the segment and row: what a site that is absent after this row counts as. */
  readonly absent: readonly (readonly AbsentCounts[])[];
}

/** Counts rows of segments for up to `MAX_COHORTS` cohorts. Holds kernels of its own: one query at a time. */
export class SegmentCounter {
  readonly cohorts: readonly PeopleSet[];
  readonly #kernels: Kernels;
  #buffer: ArrayBuffer;
  #block = -1;
  #members = new Uint32Array(0);
  readonly #plain = new Map<number, AbsentCounts>();

  constructor(kernels: Kernels, cohorts: readonly PeopleSet[]) {
    this.#kernels = kernels;
    this.cohorts = cohorts;
    this.#buffer = kernels.reserve(PAGE + (1 << 17));
  }

  /** Of each cohort, how many are in a block of that many people. */
  members(block: number, people: number): Uint32Array {
    this.#select(block, people);
    return this.#members;
  }

  /** Absent counts of a block all of whose people have two copies; the same object every time. */
  plainAbsent(block: number, people: number): AbsentCounts {
    let plain = this.#plain.get(block);
    if (plain === undefined) {
      plain = new Uint32Array(2 * this.cohorts.length);
      this.members(block, people).forEach((members, cohort) => {
        plain![2 * cohort] = 2 * members;
      });
      this.#plain.set(block, plain);
    }
    return plain;
  }

  async rows(segment: Segment, from: number, to: number): Promise<SegmentRows> {
    const { firstBlock, blocks } = segment.entry;
    const counts = new Uint32Array((to - from) * this.cohorts.length * COUNTS);
    const absent: AbsentCounts[][] = [];
    for (let block = firstBlock; block < firstBlock + blocks; block += 1) {
      absent.push(await this.#addBlock(segment, block, from, to, counts));
    }
    return { counts, absent };
  }

  /** Absent counts after a row of a segment. */
  async absentAfter(segment: Segment, block: number, row: number): Promise<AbsentCounts> {
    const index = await segment.index(block);
    this.#select(block, index.people);
    const pattern = index.uncalled[row]!;
    if (!lacksCopies(index, pattern)) return this.plainAbsent(block, index.people);
    return (await this.#pattern(segment, block, index, pattern)).absent;
  }

  async #addBlock(
    segment: Segment,
    block: number,
    from: number,
    to: number,
    counts: Uint32Array,
  ): Promise<AbsentCounts[]> {
    const index = await segment.index(block);
    const absent: AbsentCounts[] = [];
    const known = new Map<number, PatternCounts>();
    let loaded = -1;
    let page = 0;
    for (let row = from; row < to; ) {
      const pattern = index.uncalled[row]!;
      const group = nextGroup(index, row, to, page);
      if (group.page >= 0 && group.page !== loaded) {
        const bytes = await segment.page(block, 'carrier', index, group.page);
        this.#buffer = this.#kernels.reserve(PAGE + bytes.length);
        new Uint8Array(this.#buffer, PAGE).set(bytes);
        loaded = group.page;
        page = group.page;
      }
      this.#select(block, index.people);
      let uncalled = known.get(pattern);
      // Carriers beside uncalled alleles need the planes; alike patterns in a row need them once.
      if (uncalled === undefined || (pattern !== 0 && group.page >= 0)) {
        uncalled = await this.#pattern(segment, block, index, pattern);
        known.set(pattern, uncalled);
      }
      this.#countGroup(index, row, group.end, loaded, pattern);
      this.#accumulate(row - from, group.end - row, uncalled, counts);
      for (; row < group.end; row += 1) absent.push(uncalled.absent);
    }
    return absent;
  }

  #countGroup(index: BlockIndex, from: number, to: number, page: number, pattern: number): void {
    const pageStart = index.carrierPages.rawStarts[page] ?? 0;
    new Uint8Array(this.#buffer, KINDS, to - from).set(index.kinds.subarray(from, to));
    new Uint32Array(this.#buffer, UNITS, to - from).set(index.units.subarray(from, to));
    const offsets = new Uint32Array(this.#buffer, OFFSETS, to - from);
    for (let row = from; row < to; row += 1) offsets[row - from] = index.offsets[row]! - pageStart;
    this.#kernels.countCarriers({
      sites: to - from,
      kinds: KINDS,
      units: UNITS,
      offsets: OFFSETS,
      payload: PAGE,
      planeBytes: index.planeBytes,
      people: index.people,
      cohorts: COHORTS,
      cohortCount: this.cohorts.length,
      uncalled: pattern === 0 ? 0 : UNCALLED,
      scratch: SCRATCH,
      out: OUT,
    });
  }

  #accumulate(firstRow: number, rows: number, uncalled: PatternCounts, counts: Uint32Array): void {
    const cohorts = this.cohorts.length;
    const found = new Uint32Array(this.#buffer, OUT, rows * cohorts * 3);
    let to = firstRow * cohorts * COUNTS;
    for (let from = 0; from < found.length; from += 3, to += COUNTS) {
      const cohort = (from / 3) % cohorts;
      counts[to] = counts[to]! + found[from]!;
      counts[to + 1] = counts[to + 1]! + uncalled.called[cohort]!;
      counts[to + 2] = counts[to + 2]! + found[from + 1]!;
      counts[to + 3] = counts[to + 3]! + found[from + 2]!;
      counts[to + 4] = counts[to + 4]! + uncalled.missing[cohort]!;
    }
  }

  /** Puts the cohorts' bitmaps of a block into the arena. */
  #select(block: number, people: number): void {
    if (block === this.#block) return;
    this.#block = block;
    this.#members = new Uint32Array(this.cohorts.length);
    const words = new Uint32Array(this.#buffer, COHORTS, WORDS * this.cohorts.length).fill(0);
    this.cohorts.forEach((cohort, place) => {
      const members = cohort.block(block);
      if (members === undefined) return;
      const target = words.subarray(place * WORDS, (place + 1) * WORDS);
      target.set(members);
      target.fill(0, Math.ceil(people / 32));
      if (people % 32 !== 0) target[people >> 5] = target[people >> 5]! & ((1 << (people % 32)) - 1);
      let size = 0;
      for (let word = 0; word < WORDS; word += 1) size += popcount(target[word]!);
      this.#members[place] = size;
    });
  }

  /** Loads a pattern's uncalled haplotypes into the planes and counts them. */
  async #pattern(
    segment: Segment,
    block: number,
    index: BlockIndex,
    pattern: number,
  ): Promise<PatternCounts> {
    if (pattern === 0) {
      const called = this.#members.map((members) => 2 * members);
      return {
        called,
        missing: new Uint32Array(called.length),
        absent: this.plainAbsent(block, index.people),
      };
    }
    const { absentKinds, absentUnits, missingKinds, missingUnits, offsets } = index.patterns;
    const row = pattern - 1;
    const page = pageOf(index.patternPages, offsets[row]!);
    const bytes = await segment.page(block, 'pattern', index, page);
    const start = offsets[row]! - index.patternPages.rawStarts[page]!;
    const missingBytes = setBytes(missingKinds[row]!, missingUnits[row]!, index.planeBytes);
    const absentBytes = setBytes(absentKinds[row]!, absentUnits[row]!, index.planeBytes);
    const arena = new Uint8Array(this.#buffer);
    arena.set(bytes.subarray(start, start + missingBytes + absentBytes), PATTERN);
    arena.fill(0, UNCALLED, UNCALLED + 2 * index.planeBytes);
    const { planeBytes, people } = index;
    let absent = this.plainAbsent(block, people);
    if (lacksCopies(index, pattern)) {
      const from = PATTERN + missingBytes;
      this.#kernels.addSet(absentKinds[row]!, absentUnits[row]!, from, UNCALLED, planeBytes, people);
      absent = this.#countUncalled(planeBytes);
    }
    // `addSet` of a complement sets everyone first: it must come before what it would not clear.
    this.#addMissing(index, row);
    const uncalled = this.#countUncalled(planeBytes);
    return {
      called: uncalled.filter((_, place) => place % 2 === 0),
      missing: uncalled.filter((_, place) => place % 2 === 1),
      absent,
    };
  }

  #addMissing(index: BlockIndex, row: number): void {
    const { missingKinds, missingUnits } = index.patterns;
    const { planeBytes, people } = index;
    const arena = new Uint8Array(this.#buffer);
    arena.fill(0, SCRATCH, SCRATCH + 2 * planeBytes);
    this.#kernels.addSet(missingKinds[row]!, missingUnits[row]!, PATTERN, SCRATCH, planeBytes, people);
    this.#kernels.addSet(SET_KIND.planes, 0, SCRATCH, UNCALLED, planeBytes, people);
  }

  /** Called alleles and people without any, by cohort, as the planes say. */
  #countUncalled(planeBytes: number): AbsentCounts {
    this.#kernels.countUncalled(UNCALLED, planeBytes, COHORTS, this.cohorts.length, OUT);
    const counts = new Uint32Array(this.#buffer, OUT, 2 * this.cohorts.length).slice();
    this.#members.forEach((members, cohort) => {
      counts[2 * cohort] = 2 * members - counts[2 * cohort]!;
    });
    return counts;
  }
}

interface PatternCounts {
  readonly called: Uint32Array;
  readonly missing: Uint32Array;
  readonly absent: AbsentCounts;
}

function lacksCopies({ patterns }: BlockIndex, pattern: number): boolean {
  return pattern !== 0 && patterns.absentKinds[pattern - 1] !== SET_KIND.empty;
}

/** The longest stretch of rows with one pattern whose carriers lie in one page (−1 where none has any). */
function nextGroup(index: BlockIndex, from: number, to: number, hint: number) {
  const pattern = index.uncalled[from]!;
  const limit = Math.min(to, from + MAX_SITES);
  let page = -1;
  let end = from;
  for (; end < limit && index.uncalled[end] === pattern; end += 1) {
    if (index.kinds[end] === SET_KIND.empty) continue;
    const own = pageOf(index.carrierPages, index.offsets[end]!, page < 0 ? hint : page);
    if (page >= 0 && own !== page) break;
    page = own;
  }
  return { page, end };
}

/** The page in which a payload begins; `hint` is a page at or before it. */
export function pageOf({ rawStarts }: PageTable, offset: number, hint = 0): number {
  if ((rawStarts[hint + 1] ?? Number.POSITIVE_INFINITY) > offset && rawStarts[hint]! <= offset) return hint;
  let low = 0;
  let high = rawStarts.length;
  while (high - low > 1) {
    const middle = (low + high) >>> 1;
    if (rawStarts[middle]! <= offset) low = middle;
    else high = middle;
  }
  return low;
}

function popcount(word: number): number {
  const pairs = word - ((word >>> 1) & 0x55555555);
  const nibbles = (pairs & 0x33333333) + ((pairs >>> 2) & 0x33333333);
  return Math.imul((nibbles + (nibbles >>> 4)) & 0x0f0f0f0f, 0x01010101) >>> 24;
}
