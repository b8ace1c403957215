import type { UncalledSets } from '../ingest/record-sets.ts';
import { GrowingColumn } from '../segments/growing.ts';
import type { Stretch } from './stretch.ts';
import { ABSENT, MISSING, STRETCH_BITS, THIS, withoutThis } from './words.ts';

const UNLISTED = 0xff;
const EVERYWHERE = 0x7fffffff;

/** One variant of the merge; the sets are those of `RecordSets`, valid until the next. */
export interface MergedVariant {
  readonly position: number;
  readonly ref: string;
  readonly alt: string;
  readonly ids: readonly string[];
  readonly carriers: Uint32Array;
  readonly uncalled: UncalledSets;
}

/** From a position on, a person is called with so many copies; 0: is not called. */
export interface CoverageChange {
  readonly position: number;
  readonly person: number;
  readonly copies: number;
}

/** Who is called where nothing is listed, at the start of a contig. */
export interface ContigStart {
  /** 1 where a person's file states where it was called. */
  readonly statesCoverage: Uint8Array;
  /** Copies that the others have before the first record of their file; 0 where what is not listed is not called. */
  readonly copies: Uint8Array;
}

/**
 * Gives every variant of a contig with the calls of everyone, stretch by stretch: of those who list it as they do; of
 * those who list another allele at its position, without this one; of all others by where they were called.
 */
export class SiteMerger {
  /** Number of each person within the span. */
  readonly #numbers: Uint32Array;
  readonly #calls: Uint8Array;
  readonly #ends: Int32Array;
  readonly #copies: Uint8Array;
  readonly #carriers = new GrowingColumn();
  readonly #missing = new GrowingColumn();
  readonly #absent = new GrowingColumn();
  /** Of those who list the variant with two copies. */
  readonly #phased = new GrowingColumn();
  readonly #unphased = new GrowingColumn();
  #statesCoverage: Uint8Array = new Uint8Array(0);
  /** Ends of intervals, by the stretch in which they lie. */
  readonly #pendingEnds = new Map<number, CoverageChange[]>();
  #changes: CoverageChange[] = [];

  constructor(numbers: Uint32Array) {
    this.#numbers = numbers;
    this.#calls = new Uint8Array(numbers.length).fill(UNLISTED);
    this.#ends = new Int32Array(numbers.length);
    this.#copies = new Uint8Array(numbers.length);
  }

  /** Begins a contig; what it gives is who is called from its start on. */
  begin({ statesCoverage, copies }: ContigStart): readonly CoverageChange[] {
    this.#statesCoverage = statesCoverage;
    this.#pendingEnds.clear();
    const changes: CoverageChange[] = [];
    for (let person = 0; person < this.#numbers.length; person += 1) {
      const called = statesCoverage[person] === 0 ? copies[person]! : 0;
      this.#ends[person] = called > 0 ? EVERYWHERE : -EVERYWHERE;
      this.#copies[person] = called;
      if (called > 0) changes.push({ position: -1, person, copies: called });
    }
    return changes;
  }

  /** Stretches in which intervals end that began before, whether or not anything else lies in them. */
  pending(): Iterable<number> {
    return this.#pendingEnds.keys();
  }

  /**
   * The variants of a stretch, which begins at `base`, in order of position; the return value is where people's coverage
   * changes within it, by position and person. `onRepeat` raises the error for a variant that a person lists twice.
   */
  *variants(
    stretch: Stretch,
    base: number,
    onRepeat: (person: number, position: number, ref: string, alt: string) => Error,
  ): Generator<MergedVariant, readonly CoverageChange[]> {
    const number = base >> STRETCH_BITS;
    this.#changes = this.#pendingEnds.get(number) ?? [];
    this.#pendingEnds.delete(number);
    let interval = 0;
    for (let at = 0; at < stretch.starts.length - 1; at += 1) {
      const from = stretch.starts[at]!;
      const to = stretch.starts[at + 1]!;
      if (from === to) continue;
      interval = this.#cover(stretch, base, interval, at);
      this.#follow(stretch, base + at, from, to);
      for (const code of codesOf(stretch, from, to)) {
        const { ref, alt } = stretch.alleles(code);
        this.#list(stretch, from, to, code, ref, (person) => onRepeat(person, base + at, ref, alt));
        const uncalled = this.#collect(base + at + ref.length);
        yield {
          position: base + at,
          ref,
          alt,
          ids: stretch.ids(at, code),
          carriers: this.#carriers.values,
          uncalled,
        };
        for (let event = from; event < to; event += 1)
          this.#calls[stretch.people.at(stretch.order[event]!)] = UNLISTED;
      }
    }
    this.#cover(stretch, base, interval, stretch.starts.length);
    return inOrder(this.#changes);
  }

  /** Takes the intervals that start up to a position; returns the first that does not. */
  #cover(stretch: Stretch, base: number, from: number, upTo: number): number {
    const { starts, lengths, people, covers } = stretch.intervals;
    let next = from;
    for (; next < starts.length; next += 1) {
      const interval = stretch.intervalOrder[next]!;
      if (starts.at(interval) > upTo) break;
      const person = people.at(interval);
      const position = base + starts.at(interval);
      const end = position + lengths.at(interval);
      const cover = covers.at(interval);
      const copies = (cover & 1) + 1;
      this.#ends[person] = end;
      this.#copies[person] = copies;
      if ((cover & 2) !== 0) continue;
      this.#changes.push({ position, person, copies });
      this.#endAt({ position: end, person, copies: 0 }, base >> STRETCH_BITS);
    }
    return next;
  }

  #endAt(change: CoverageChange, stretch: number): void {
    const own = change.position >> STRETCH_BITS;
    if (own === stretch) {
      this.#changes.push(change);
      return;
    }
    const known = this.#pendingEnds.get(own);
    if (known === undefined) this.#pendingEnds.set(own, [change]);
    else known.push(change);
  }

  /** Notes the calls of those who list the variant, and of those who list another at its position. */
  #list(
    stretch: Stretch,
    from: number,
    to: number,
    code: number,
    ref: string,
    onRepeat: (person: number) => Error,
  ): void {
    for (let at = from; at < to; at += 1) {
      const event = stretch.order[at]!;
      if (stretch.codes.at(event) !== code) continue;
      const person = stretch.people.at(event);
      if (this.#calls[person] !== UNLISTED) throw onRepeat(person);
      this.#calls[person] = stretch.calls.at(event);
    }
    for (let at = from; at < to; at += 1) {
      const event = stretch.order[at]!;
      const person = stretch.people.at(event);
      if (this.#calls[person] !== UNLISTED) continue;
      if (stretch.alleles(stretch.codes.at(event)).ref.length < ref.length) continue;
      this.#calls[person] = withoutThis(stretch.calls.at(event));
    }
  }

  /** Everyone's calls as sets; a variant that ends at `end` must be covered up to there. */
  #collect(end: number): UncalledSets {
    const columns = [this.#carriers, this.#missing, this.#absent, this.#phased, this.#unphased];
    for (const column of columns) column.length = 0;
    for (let person = 0; person < this.#calls.length; person += 1) {
      const call = this.#calls[person]!;
      const haplotype = 2 * this.#numbers[person]!;
      if (call === UNLISTED) {
        if (this.#ends[person]! < end) {
          this.#missing.push(haplotype);
          this.#missing.push(haplotype + 1);
        } else if (this.#copies[person] === 1) this.#absent.push(haplotype + 1);
        continue;
      }
      const second = (call >> 2) & 3;
      this.#push(call & 3, haplotype);
      this.#push(second, haplotype + 1);
      if (second === ABSENT || (call & 15) === (MISSING | (MISSING << 2))) continue;
      (call >> 4 === 1 ? this.#phased : this.#unphased).push(haplotype >>> 1);
    }
    // The phase of those who only have the reference says nothing: they are as most others are.
    const usualPhase = this.#phased.length > this.#unphased.length ? 'all' : 'none';
    return {
      missing: this.#missing.values,
      absent: this.#absent.values,
      usualPhase,
      unusualPhase: (usualPhase === 'all' ? this.#unphased : this.#phased).values,
    };
  }

  #push(state: number, haplotype: number): void {
    if (state === THIS) this.#carriers.push(haplotype);
    else if (state === MISSING) this.#missing.push(haplotype);
    else if (state === ABSENT) this.#absent.push(haplotype);
  }

  /** From a record on, people whose file does not state its coverage have the copies of the record. */
  #follow(stretch: Stretch, position: number, from: number, to: number): void {
    for (let at = from; at < to; at += 1) {
      const event = stretch.order[at]!;
      const person = stretch.people.at(event);
      if (this.#statesCoverage[person] === 1 || this.#copies[person] === 0) continue;
      const copies = ((stretch.calls.at(event) >> 2) & 3) === ABSENT ? 1 : 2;
      if (copies === this.#copies[person]) continue;
      this.#copies[person] = copies;
      this.#changes.push({ position, person, copies });
    }
  }
}

function codesOf(stretch: Stretch, from: number, to: number): ReadonlySet<number> {
  const codes = new Set<number>();
  for (let at = from; at < to; at += 1) codes.add(stretch.codes.at(stretch.order[at]!));
  return codes;
}

/** By position and person; of several of one person at one position, the one that calls. */
function inOrder(changes: CoverageChange[]): readonly CoverageChange[] {
  const ends = ({ copies }: CoverageChange) => (copies === 0 ? 0 : 1);
  changes.sort((a, b) => a.position - b.position || a.person - b.person || ends(a) - ends(b));
  return changes.filter((change, at) => {
    const next = changes[at + 1];
    return next === undefined || next.position !== change.position || next.person !== change.person;
  });
}
