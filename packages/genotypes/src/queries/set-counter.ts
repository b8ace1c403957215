import type { PeopleSet } from '@federome/core';
import { COHORT_BYTES, type Kernels, planeBytesOf, SET_KIND } from '../kernels/kernels.ts';
import { pageOf } from '../segments/page-table.ts';
import { corruptFile } from '../segments/section.ts';
import type { Segment } from '../segments/segment.ts';
import type { Span } from '../segments/span.ts';
import type { SpanIndex, StoredSet } from '../segments/span-index.ts';
import { CounterArena, MAX_SETS } from './counter-arena.ts';

/** Counts sets of one segment in cohorts; holds the arena of its kernels until another is made with them. */
export class SetCounter {
  readonly segment: Segment;
  readonly index: SpanIndex;
  /** Members of each cohort in the span. */
  readonly members: Uint32Array;
  readonly #arena: CounterArena;
  /** The set of haplotypes that do not exist whose planes are in the arena. */
  #marked = 0;

  constructor(kernels: Kernels, segment: Segment, index: SpanIndex, cohorts: readonly PeopleSet[]) {
    this.segment = segment;
    this.index = index;
    this.#arena = new CounterArena(kernels, index.span, cohorts.length);
    this.members = this.#arena.select(cohorts, segment.entry.firstBlock, index.span);
  }

  get #span(): Span {
    return this.index.span;
  }

  /**
   * Three numbers a set and cohort (members, people with two, and 0); the sets are of one unit and in the order in which
   * they lie in the file.
   */
  async count(sets: readonly StoredSet[]): Promise<Uint32Array> {
    const width = 3 * this.#arena.cohortCount;
    const counts = new Uint32Array(width * sets.length);
    for (let from = 0; from < sets.length; ) {
      const to = this.#endOfBatch(sets, from);
      if (to > from) counts.set(await this.#countLists(sets.slice(from, to)), width * from);
      else counts.set(await this.#countDense(sets[from]!, false), width * from);
      from = Math.max(to, from + 1);
    }
    return counts;
  }

  /** The end of a run of lists that lie in one page; `from` where a dense set is next. */
  #endOfBatch(sets: readonly StoredSet[], from: number): number {
    let page = -1;
    let to = from;
    for (; to < sets.length && to < from + MAX_SETS; to += 1) {
      const { kind, bytes, offset } = sets[to]!;
      if (kind === SET_KIND.dense) break;
      if (bytes === 0) continue;
      const own = pageOf(this.index.pages, offset, Math.max(page, 0));
      if (page >= 0 && own !== page) break;
      page = own;
    }
    return to;
  }

  async #countLists(sets: readonly StoredSet[], uncalled = 0): Promise<Uint32Array> {
    const arena = this.#arena;
    const { pages } = this.index;
    const stored = sets.find(({ bytes }) => bytes > 0);
    const page = stored === undefined ? -1 : pageOf(pages, stored.offset);
    const bytes = page < 0 ? new Uint8Array(0) : await this.segment.page(page);
    arena.load(bytes);
    const start = page < 0 ? 0 : pages.rawStarts[page]!;
    const { buffer } = arena;
    const column = (at: number) => new Uint32Array(buffer, at, sets.length);
    const [counts, offsets, lengths] = [arena.counts, arena.offsets, arena.lengths].map(column);
    const kinds = new Uint8Array(buffer, arena.kinds, sets.length);
    const limit = this.#span.limit(sets[0]!.unit);
    sets.forEach((set, place) => {
      const offset = set.bytes === 0 ? 0 : set.offset - start;
      if (offset + set.bytes > bytes.length || set.count > limit) throw corruptFile(this.segment.path);
      kinds[place] = set.kind;
      counts![place] = listed(set, limit);
      offsets![place] = offset;
      lengths![place] = set.bytes;
    });
    const whole = arena.kernels.countLists({
      sets: sets.length,
      kinds: arena.kinds,
      counts: arena.counts,
      offsets: arena.offsets,
      lengths: arena.lengths,
      payload: arena.payload,
      limit,
      unit: sets[0]!.unit,
      cohorts: arena.cohorts,
      stride: arena.stride,
      cohortCount: arena.cohortCount,
      members: arena.members,
      uncalled,
      out: arena.out,
    });
    if (!whole) throw corruptFile(this.segment.path);
    return new Uint32Array(buffer, arena.out, 3 * sets.length * arena.cohortCount);
  }

  /** Of a set of people, who are in both planes, the second of the three numbers is moved to the first. */
  async #countDense(set: StoredSet, uncalled: boolean): Promise<Uint32Array> {
    const arena = this.#arena;
    this.#clearOut();
    for (let place = 0; place < this.#span.people.length; place += 1) {
      if (!arena.isPeopled(place) || !(await this.#loadCell(set, place))) continue;
      this.#countPlanes(
        place,
        arena.planes,
        arena.planes + COHORT_BYTES,
        uncalled ? arena.uncalled + place * COHORT_BYTES : 0,
      );
    }
    const counts = this.#out().slice();
    if (set.unit === 'people')
      for (let at = 0; at < counts.length; at += 3) counts.set([counts[at + 1]!, 0], at);
    return counts;
  }

  #clearOut(): void {
    this.#out().fill(0);
  }

  #out(): Uint32Array {
    return new Uint32Array(this.#arena.buffer, this.#arena.out, 3 * this.#arena.cohortCount);
  }

  #countPlanes(place: number, first: number, second: number, uncalled: number): void {
    const arena = this.#arena;
    const { stride, cohortCount, out } = arena;
    const planeBytes = planeBytesOf(this.#span.people[place]!);
    const cohorts = arena.cohorts + place * COHORT_BYTES;
    arena.kernels.countPlanes({ first, second, planeBytes }, { cohorts, stride, cohortCount }, uncalled, out);
  }

  /** Puts a dense set's planes of a block into the arena; false where nobody is in it. */
  async #loadCell(set: StoredSet, place: number): Promise<boolean> {
    const arena = this.#arena;
    const { kernels, planes } = arena;
    const people = this.#span.people[place]!;
    const cells = await this.segment.cells(this.segment.entry.firstBlock + place, set.row);
    if (cells.length === 1 && cells[0]!.kind === SET_KIND.empty) return false;
    cells.forEach(({ kind, units, bytes }, step) => {
      arena.load(bytes);
      const cell = { kind, units, payload: arena.payload, bytes: bytes.length, people, unit: set.unit };
      const whole =
        step === 0
          ? kernels.loadCell(cell, planes, planes + COHORT_BYTES)
          : kernels.flipCell(cell, planes, planes + COHORT_BYTES);
      if (!whole) throw corruptFile(this.segment.path);
    });
    return true;
  }

  /** Adds a set to the planes of uncalled haplotypes, or takes it away again. */
  async #flip(set: StoredSet): Promise<void> {
    const arena = this.#arena;
    if (set.kind !== SET_KIND.dense) {
      const bytes = await this.segment.list(set);
      const limit = this.#span.limit(set.unit);
      if (set.count > limit) throw corruptFile(this.segment.path);
      arena.load(bytes);
      const cell = {
        kind: set.kind,
        units: listed(set, limit),
        payload: arena.payload,
        bytes: bytes.length,
        unit: set.unit,
      };
      if (!arena.kernels.flipList(cell, limit, arena.uncalled, arena.stride))
        throw corruptFile(this.segment.path);
      return;
    }
    for (let place = 0; place < this.#span.people.length; place += 1) {
      if (!(await this.#loadCell(set, place))) continue;
      const words = new Uint32Array(arena.buffer);
      for (let copy = 0; copy < 2; copy += 1) {
        const from = (arena.planes + copy * COHORT_BYTES) >> 2;
        const to = (arena.uncalled + copy * arena.stride + place * COHORT_BYTES) >> 2;
        for (let i = 0; i < planeBytesOf(this.#span.people[place]!) >> 2; i += 1)
          words[to + i] = words[to + i]! ^ words[from + i]!;
      }
    }
  }

  /** Makes the planes of uncalled haplotypes those that do not exist, by the number of their set. */
  async #mark(absent: number): Promise<void> {
    if (absent === this.#marked) return;
    new Uint8Array(this.#arena.buffer, this.#arena.uncalled, 2 * this.#arena.stride).fill(0);
    this.#marked = -1;
    if (absent !== 0) await this.#flip(this.index.shared(absent));
    this.#marked = absent;
  }

  /** For each block and cohort of a set of haplotypes that do not exist: how many, and people without any. */
  async countAbsent(absent: number): Promise<readonly Uint32Array[]> {
    await this.#mark(absent);
    const { uncalled, stride } = this.#arena;
    return this.#span.people.map((_, place) => {
      this.#clearOut();
      const first = uncalled + place * COHORT_BYTES;
      this.#countPlanes(place, first, first + stride, 0);
      return this.#out().filter((__, at) => at % 3 !== 2);
    });
  }

  /** For each cohort what needs the partners of a row's uncalled haplotypes: people with one carrier whose other is uncalled, and people both of whose are without being wholly missing. */
  async countHalves(row: number): Promise<{ readonly hemi: Uint32Array; readonly both: Uint32Array }> {
    const { index } = this;
    const missing = index.shared(index.missing[row]!);
    await this.#mark(index.absent[row]!);
    this.#marked = -1;
    await this.#flip(missing);
    this.#clearOut();
    const { uncalled, stride } = this.#arena;
    for (let place = 0; place < this.#span.people.length; place += 1) {
      const first = uncalled + place * COHORT_BYTES;
      this.#countPlanes(place, first, first + stride, 0);
    }
    const both = this.#out().filter((_, at) => at % 3 === 1);
    const carriers = index.carriers(row);
    const counts =
      carriers.kind === SET_KIND.dense
        ? await this.#countDense(carriers, true)
        : (await this.#countLists([carriers], uncalled)).slice();
    await this.#flip(missing);
    this.#marked = index.absent[row]!;
    return { hemi: counts.filter((_, at) => at % 3 === 2), both };
  }
}

/** Numbers that a list or complement writes down. */
function listed({ kind, count }: StoredSet, limit: number): number {
  return kind >= SET_KIND.complement && kind < SET_KIND.runs ? limit - count : count;
}
