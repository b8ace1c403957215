import type { PeopleSet } from '@federome/core';
import { ARENA_START, COHORT_BYTES, type Kernels, SET_KIND } from '../kernels/kernels.ts';
import { corruptFile } from '../segments/section.ts';
import type { Segment } from '../segments/segment.ts';
import type { Span } from '../segments/span.ts';
import type { StoredSet } from '../segments/span-index.ts';
import { copyMembers } from './counter-arena.ts';

/** What the kernels may read beyond a list. */
const SPARE_BYTES = 16;
/** The kernel counts planes of at most this many bytes at once: its sums have 16 bits. */
const PLANE_RUN_BYTES = 4 * COHORT_BYTES;
const WORDS = COHORT_BYTES / 4;
const OUT = ARENA_START;
const ONE_SET = { kinds: OUT + 16, counts: OUT + 32, offsets: OUT + 48, lengths: OUT + 64 };
const FIRST = OUT + 80;

/** A cohort's people of a span, in the kernels' memory. */
export interface ResidentCohort {
  readonly at: number;
  readonly size: number;
}

/**
 * Cohorts and sets of haplotypes that were asked for before, kept where kernels count them: cohorts as bitmaps, rare
 * carriers as the lists that they are stored as, common ones as planes. What is counted here waits for nothing. When the
 * memory is full it begins anew.
 */
export class ResidentSets {
  readonly #kernels: Kernels;
  readonly #limitBytes: number;
  readonly #buffer: ArrayBuffer;
  #cohorts = new Map<PeopleSet, Map<string, ResidentCohort>>();
  #sets = new Map<Segment, Map<number, number>>();
  #free = FIRST;
  /** Grows when everything was forgotten: what was here before is no longer. */
  generation = 0;

  constructor(kernels: Kernels, limitBytes: number) {
    this.#kernels = kernels;
    this.#limitBytes = limitBytes;
    this.#buffer = kernels.reserve(limitBytes);
  }

  /** The people of a cohort in a span; `undefined` where it is too large for the memory. May forget everything else. */
  cohort(people: PeopleSet, firstBlock: number, span: Span): ResidentCohort | undefined {
    const key = `${firstBlock} ${span.peopleLimit}`;
    const known = this.#cohorts.get(people)?.get(key);
    if (known !== undefined) return known;
    const stride = span.people.length * COHORT_BYTES;
    const at = this.#take(stride + 16);
    if (at === undefined) return undefined;
    const words = new Uint32Array(this.#buffer, at, stride / 4).fill(0);
    let size = 0;
    span.people.forEach((count, place) => {
      const own = people.block(firstBlock + place);
      const target = words.subarray(place * WORDS, (place + 1) * WORDS);
      if (own !== undefined) size += copyMembers(own, count, target);
    });
    new Uint32Array(this.#buffer, at + stride, 1)[0] = size;
    const cohort = { at, size };
    const spans = this.#cohorts.get(people) ?? new Map<string, ResidentCohort>();
    this.#cohorts.set(people, spans.set(key, cohort));
    return cohort;
  }

  has(segment: Segment, key: number): boolean {
    return this.#sets.get(segment)?.has(key) === true;
  }

  /** Brings a set here, under a number of the caller's; nothing happens where it does not fit. */
  async load(segment: Segment, key: number, set: StoredSet, span: Span): Promise<void> {
    if (set.kind === SET_KIND.dense) await this.#loadPlanes(segment, key, set, span);
    else {
      const bytes = await segment.list(set);
      const at = this.#take(bytes.length + SPARE_BYTES);
      if (at === undefined) return;
      new Uint8Array(this.#buffer).set(bytes, at);
      this.#remember(segment, key, at);
    }
  }

  /** Adds up in `found` how many of a set are copies of a cohort's people (or people), and how many of these have two. */
  count(
    segment: Segment,
    key: number,
    set: StoredSet,
    span: Span,
    cohort: ResidentCohort,
  ): Readonly<Uint32Array> {
    const at = this.#sets.get(segment)!.get(key)!;
    const out = new Uint32Array(this.#buffer, OUT, 3).fill(0);
    if (set.kind === SET_KIND.dense) this.#countPlanes(at, span, cohort);
    else this.#countList(segment, at, set, span, cohort);
    if (set.unit === 'people' && set.kind === SET_KIND.dense) out[0] = out[1]!;
    return out;
  }

  #countPlanes(at: number, span: Span, cohort: ResidentCohort): void {
    const stride = span.people.length * COHORT_BYTES;
    for (let from = 0; from < stride; from += PLANE_RUN_BYTES) {
      const planeBytes = Math.min(PLANE_RUN_BYTES, stride - from);
      const planes = { first: at + from, second: at + stride + from, planeBytes };
      this.#kernels.countPlanes(planes, { cohorts: cohort.at + from, stride, cohortCount: 1 }, 0, OUT);
    }
  }

  #countList(segment: Segment, at: number, set: StoredSet, span: Span, cohort: ResidentCohort): void {
    const { kinds, counts, offsets, lengths } = ONE_SET;
    const limit = span.limit(set.unit);
    const isComplement = set.kind >= SET_KIND.complement;
    new Uint8Array(this.#buffer, kinds, 1)[0] = set.kind;
    new Uint32Array(this.#buffer, counts, 1)[0] = isComplement ? limit - set.count : set.count;
    new Uint32Array(this.#buffer, offsets, 1)[0] = 0;
    new Uint32Array(this.#buffer, lengths, 1)[0] = set.bytes;
    const stride = span.people.length * COHORT_BYTES;
    const whole = this.#kernels.countLists({
      sets: 1,
      ...ONE_SET,
      payload: at,
      limit,
      unit: set.unit,
      cohorts: cohort.at,
      stride,
      cohortCount: 1,
      members: cohort.at + stride,
      uncalled: 0,
      out: OUT,
    });
    if (!whole || set.count > limit) throw corruptFile(segment.path);
  }

  async #loadPlanes(segment: Segment, key: number, set: StoredSet, span: Span): Promise<void> {
    const { firstBlock } = segment.entry;
    const blocks = await Promise.all(
      span.people.map((_, place) => segment.cells(firstBlock + place, set.row)),
    );
    const stride = span.people.length * COHORT_BYTES;
    const largest = Math.max(...blocks.flat().map(({ bytes }) => bytes.length));
    const at = this.#take(2 * stride + largest + SPARE_BYTES);
    if (at === undefined) return;
    const payload = at + 2 * stride;
    new Uint8Array(this.#buffer, at, 2 * stride).fill(0);
    blocks.forEach((cells, place) => {
      const first = at + place * COHORT_BYTES;
      cells.forEach(({ kind, units, bytes }, step) => {
        if (step === 0 && kind === SET_KIND.empty) return;
        new Uint8Array(this.#buffer).set(bytes, payload);
        const cell = {
          kind,
          units,
          payload,
          bytes: bytes.length,
          people: span.people[place]!,
          unit: set.unit,
        };
        const isWhole =
          step === 0
            ? this.#kernels.loadCell(cell, first, first + stride)
            : this.#kernels.flipCell(cell, first, first + stride);
        if (!isWhole) throw corruptFile(segment.path);
      });
    });
    this.#free = payload;
    this.#remember(segment, key, at);
  }

  #remember(segment: Segment, key: number, at: number): void {
    const sets = this.#sets.get(segment) ?? new Map<number, number>();
    this.#sets.set(segment, sets.set(key, at));
  }

  /** Room for so many bytes; `undefined` where there never is. */
  #take(bytes: number): number | undefined {
    const rounded = Math.ceil(bytes / 16) * 16;
    if (this.#free + rounded > this.#limitBytes) {
      this.#cohorts = new Map();
      this.#sets = new Map();
      this.#free = FIRST;
      this.generation += 1;
    }
    const at = this.#free;
    if (at + rounded > this.#limitBytes) return undefined;
    this.#free += rounded;
    return at;
  }
}
