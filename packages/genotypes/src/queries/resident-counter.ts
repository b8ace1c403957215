import type { AlleleCounts, PeopleSet, Variant } from '@federome/core';
import type { Kernels } from '../kernels/kernels.ts';
import { SET_KIND } from '../kernels/kernels.ts';
import type { Segment } from '../segments/segment.ts';
import type { SpanIndex, StoredSet } from '../segments/span-index.ts';
import { type ResidentCohort, ResidentSets } from './resident-sets.ts';
import { COUNTS } from './segment-counter.ts';
import { holdsBlock, type Snapshot } from './snapshot.ts';

/** Loading what lacks may push out what was there: then it is loaded again, and so often that it must fit if it can. */
const ATTEMPTS = 4;

/** A set that has to be brought into memory before a row can be counted. */
interface Lacking {
  readonly segment: Segment;
  readonly key: number;
  readonly set: StoredSet;
  readonly index: SpanIndex;
}

interface Row {
  readonly segment: Segment;
  readonly index: SpanIndex;
  readonly row: number;
}

/** Counts so far of one cohort. */
interface Sums {
  ac: number;
  an: number;
  hom: number;
  missing: number;
}

/**
 * Counts single variants from what earlier questions left in memory: then at once, without waiting and without making
 * anything but the answer. One for all questions of a store: a count runs to its end before another begins.
 */
export class ResidentCounter {
  readonly #make: () => ResidentSets;
  #sets: ResidentSets | undefined;

  /** `kernels` is called once, for an arena of `bytes` that is nobody else's. */
  constructor(kernels: () => Kernels, bytes: number) {
    this.#make = () => new ResidentSets(kernels(), bytes);
  }

  /**
   * The counts of a variant in each cohort, or `undefined` where they cannot be had in this way: men's X, half calls, or
   * more than fits in memory.
   */
  async count(
    snapshot: Snapshot,
    variant: Variant,
    cohorts: readonly PeopleSet[],
  ): Promise<readonly AlleleCounts[] | undefined> {
    for (let attempt = 0; attempt < ATTEMPTS; attempt += 1) {
      const rows = this.#rows(snapshot, variant) ?? (await readRows(snapshot, variant));
      if (!isSimple(snapshot, variant, rows)) return undefined;
      const lacking = this.#lacking(rows);
      if (lacking.length === 0) {
        const counts = this.#count(snapshot, variant, rows, cohorts);
        if (counts !== undefined) return counts;
      }
      this.#sets ??= this.#make();
      for (const { segment, key, set, index } of lacking)
        await this.#sets.load(segment, key, set, index.span);
    }
    return undefined;
  }

  /**
   * Counts of rows of a segment, `COUNTS` a cohort; `undefined` where they cannot be had in this way. What is lacking of
   * a row is brought here before it is counted.
   */
  async rows(
    segment: Segment,
    from: number,
    to: number,
    cohorts: readonly PeopleSet[],
  ): Promise<Uint32Array | undefined> {
    const index = await segment.index();
    for (let row = from; row < to; row += 1) if (!isWhole({ index, row })) return undefined;
    const width = cohorts.length * COUNTS;
    const counts = new Uint32Array((to - from) * width);
    for (let row = from; row < to; row += 1) {
      const place = (row - from) * width;
      const own = counts.subarray(place, place + width);
      if (!(await this.#countRow({ segment, index, row }, cohorts, own))) return undefined;
    }
    return counts;
  }

  async #countRow(row: Row, cohorts: readonly PeopleSet[], counts: Uint32Array): Promise<boolean> {
    this.#sets ??= this.#make();
    for (let attempt = 0; attempt < ATTEMPTS; attempt += 1) {
      const lacking = this.#lacking([row]);
      // No promise where nothing is lacking: a gene has thousands of rows.
      if (lacking.length > 0) await this.#load(lacking);
      else if (countRow(this.#sets, row, cohorts, counts)) return true;
    }
    return false;
  }

  async #load(lacking: readonly Lacking[]): Promise<void> {
    this.#sets ??= this.#make();
    for (const { segment, key, set, index } of lacking) await this.#sets.load(segment, key, set, index.span);
  }

  /** The rows that list a variant; `undefined` where that has to be read. */
  #rows(snapshot: Snapshot, variant: Variant): readonly Row[] | undefined {
    const rows: Row[] = [];
    for (const segment of snapshot.segmentsAt(variant.contig, variant.position)) {
      const here = segment.here();
      if (here === undefined) return undefined;
      const row = here.table.lowerBound(variant);
      if (row < here.table.size && here.table.compare(row, variant) === 0)
        rows.push({ segment, index: here.index, row });
    }
    return rows;
  }

  #lacking(rows: readonly Row[]): readonly Lacking[] {
    const lacking: Lacking[] = [];
    for (const { segment, index, row } of rows) {
      const need = (key: number, set: StoredSet) => {
        if (set.kind === SET_KIND.empty || this.#sets?.has(segment, key) === true) return;
        lacking.push({ segment, key, set, index });
      };
      need(2 * row, index.carriers(row));
      for (const number of [index.missingPeople[row]!, index.missing[row]!, index.absent[row]!])
        if (number !== 0) need(2 * number + 1, index.shared(number));
    }
    return lacking;
  }

  #count(
    snapshot: Snapshot,
    variant: Variant,
    rows: readonly Row[],
    cohorts: readonly PeopleSet[],
  ): readonly AlleleCounts[] | undefined {
    this.#sets ??= this.#make();
    const sets = this.#sets;
    const { generation } = sets;
    const counts: AlleleCounts[] = [];
    for (const people of cohorts) {
      const sums: Sums = { ac: 0, an: 0, hom: 0, missing: 0 };
      for (const row of rows) {
        const { segment, index } = row;
        const cohort = sets.cohort(people, segment.entry.firstBlock, index.span);
        // A cohort that was brought here may have pushed out what was.
        if (cohort === undefined || sets.generation !== generation) return undefined;
        addRow(sets, row, cohort, sums);
      }
      addAbsent(snapshot, variant, rows, people, sums);
      const { ac, an, hom, missing } = sums;
      counts.push({ ac, an, hom, het: ac - 2 * hom, hemi: 0, missing });
    }
    return counts;
  }
}

/** False where a cohort that was brought here has pushed out what was, or does not fit. */
function countRow(sets: ResidentSets, row: Row, cohorts: readonly PeopleSet[], counts: Uint32Array): boolean {
  const { generation } = sets;
  return cohorts.every((people, place) => {
    const cohort = sets.cohort(people, row.segment.entry.firstBlock, row.index.span);
    if (cohort === undefined || sets.generation !== generation) return false;
    const sums: Sums = { ac: 0, an: 0, hom: 0, missing: 0 };
    addRow(sets, row, cohort, sums);
    counts.set([sums.ac, sums.an, sums.hom, 0, sums.missing], place * COUNTS);
    return true;
  });
}

function addRow(sets: ResidentSets, { segment, index, row }: Row, cohort: ResidentCohort, sums: Sums): void {
  const carriers = index.carriers(row);
  if (carriers.kind !== SET_KIND.empty) {
    const found = sets.count(segment, 2 * row, carriers, index.span, cohort);
    sums.ac += found[0]!;
    sums.hom += found[1]!;
  }
  const missing = shared(sets, segment, index, index.missingPeople[row]!, cohort);
  const single =
    shared(sets, segment, index, index.missing[row]!, cohort) +
    shared(sets, segment, index, index.absent[row]!, cohort);
  sums.missing += missing;
  sums.an += 2 * cohort.size - 2 * missing - single;
}

function shared(
  sets: ResidentSets,
  segment: Segment,
  index: SpanIndex,
  number: number,
  cohort: ResidentCohort,
): number {
  if (number === 0) return 0;
  const set = index.shared(number);
  if (set.kind === SET_KIND.empty) return 0;
  return sets.count(segment, 2 * number + 1, set, index.span, cohort)[0]!;
}

/** Blocks that do not list the variant: everyone has two copies of the reference there, or nobody was called. */
function addAbsent(
  snapshot: Snapshot,
  { contig }: Variant,
  rows: readonly Row[],
  people: PeopleSet,
  sums: Sums,
): void {
  for (const block of snapshot.blocksOn(contig)) {
    if (rows.some(({ segment }) => holdsBlock(segment, block))) continue;
    const members = snapshot.membersOf(people, block);
    if (snapshot.manifest.absent === 'missing') sums.missing += members;
    else sums.an += 2 * members;
  }
}

async function readRows(snapshot: Snapshot, variant: Variant): Promise<readonly Row[]> {
  const rows: Row[] = [];
  for (const segment of snapshot.segmentsAt(variant.contig, variant.position)) {
    const table = await segment.sites();
    const index = await segment.index();
    const row = table.lowerBound(variant);
    if (row < table.size && table.compare(row, variant) === 0) rows.push({ segment, index, row });
  }
  return rows;
}

/** Whether each call of a row is of two alleles or of none, so that nobody's partner allele matters. */
function isWhole({ index, row }: Pick<Row, 'index' | 'row'>): boolean {
  return index.hemi[row]! + index.both[row]! === 0;
}

/** Whether it is plain what absence counts as, and no half call matters. */
function isSimple(snapshot: Snapshot, { contig }: Variant, rows: readonly Row[]): boolean {
  if (!rows.every(isWhole)) return false;
  const listed = (block: number) => rows.some(({ segment }) => holdsBlock(segment, block));
  if (snapshot.blocksOn(contig).every(listed)) return true;
  if (snapshot.hasCallability(contig)) return false;
  return snapshot.manifest.absent === 'missing' || !snapshot.hasHaploid(contig);
}
