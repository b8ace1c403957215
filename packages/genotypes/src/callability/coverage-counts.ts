import type { PeopleSet } from '@federome/core';
import { setState } from './builder.ts';
import { type Callability, lowerBound } from './callability.ts';
import { type Called, type Changes, wordsOf } from './format.ts';

/** For each cohort, called alleles and people without any. */
export type CoverageTotals = Uint32Array;

/** What a set of called people of a block comes to in each cohort. */
export function countCalled(
  called: Called,
  block: number,
  people: number,
  cohorts: readonly PeopleSet[],
): CoverageTotals {
  const totals = new Uint32Array(2 * cohorts.length);
  cohorts.forEach((cohort, place) => {
    const members = cohort.block(block);
    if (members === undefined) return;
    let [all, two, one] = [0, 0, 0];
    for (let word = 0; word < wordsOf(people); word += 1) {
      const own = word === people >>> 5 ? members[word]! & ((1 << (people & 31)) - 1) : members[word]!;
      all += popcount(own);
      two += popcount(own & called.two[word]!);
      one += popcount(own & called.one[word]!);
    }
    totals[2 * place] = 2 * two + one;
    totals[2 * place + 1] = all - two - one;
  });
  return totals;
}

/** The same for one site after the other, in order of position, at a cost that follows the changes between them. */
export class CoverageCounts {
  readonly #callability: Callability;
  readonly #cohorts: readonly PeopleSet[];
  #pages: AsyncGenerator<Changes> | undefined;
  #loaded: Changes[] = [];
  #done = false;
  #at = 0;
  #two: Uint32Array;
  #one: Uint32Array;
  #totals: CoverageTotals = new Uint32Array(0);

  constructor(callability: Callability, cohorts: readonly PeopleSet[]) {
    this.#callability = callability;
    this.#cohorts = cohorts;
    this.#two = new Uint32Array(wordsOf(callability.entry.people));
    this.#one = this.#two.slice();
  }

  /** Makes ready for sites from `start` on that end by `end`; a later call goes on where the one before ended. */
  async load(start: number, end: number): Promise<void> {
    if (this.#pages === undefined) {
      const pages = this.#callability.from(start);
      this.#pages = pages;
      const first = (await pages.next()).value;
      if (first !== undefined) {
        [this.#two, this.#one] = [first.before.two.slice(), first.before.one.slice()];
        this.#loaded = [first];
      }
      const { block, people } = this.#callability.entry;
      this.#totals = countCalled({ two: this.#two, one: this.#one }, block, people, this.#cohorts);
    }
    while (!this.#done && (this.#loaded.at(-1)?.positions.at(-1) ?? -1) < end) {
      const next = await this.#pages.next();
      if (next.done === true) this.#done = true;
      else this.#loaded.push(next.value);
    }
  }

  /** Counts of a site that nobody lists; the same array as before where they are the same. */
  at(start: number, end: number): CoverageTotals {
    this.#advance(start);
    let totals = this.#totals;
    const ended = new Set<number>();
    this.#changesUpTo(end, (place, copies) => {
      if (copies > 0 || ended.has(place) || this.#copiesOf(place) === 0) return;
      ended.add(place);
      if (totals === this.#totals) totals = totals.slice();
      this.#move(totals, place, this.#copiesOf(place), 0);
    });
    return totals;
  }

  #advance(position: number): void {
    let moved = false;
    for (;;) {
      const page = this.#loaded[0];
      if (page === undefined) return;
      const until = lowerBound(page.positions, position + 1);
      for (; this.#at < until; this.#at += 1) {
        if (!moved) this.#totals = this.#totals.slice();
        moved = true;
        const place = page.places[this.#at]!;
        this.#move(this.#totals, place, this.#copiesOf(place), page.copies[this.#at]!);
        setState(this.#two, this.#one, place, page.copies[this.#at]!);
      }
      if (until < page.positions.length || this.#loaded.length === 1) return;
      this.#loaded.shift();
      this.#at = 0;
    }
  }

  #changesUpTo(end: number, take: (place: number, copies: number) => void): void {
    let from = this.#at;
    for (const { positions, places, copies } of this.#loaded) {
      for (let at = from; at < positions.length; at += 1) {
        if (positions[at]! >= end) return;
        take(places[at]!, copies[at]!);
      }
      from = 0;
    }
  }

  #copiesOf(place: number): number {
    const bit = 1 << (place & 31);
    if ((this.#two[place >>> 5]! & bit) !== 0) return 2;
    return (this.#one[place >>> 5]! & bit) === 0 ? 0 : 1;
  }

  #move(totals: CoverageTotals, place: number, from: number, to: number): void {
    const { block } = this.#callability.entry;
    for (let cohort = 0; cohort < this.#cohorts.length; cohort += 1) {
      const word = this.#cohorts[cohort]!.block(block)?.[place >>> 5] ?? 0;
      if ((word & (1 << (place & 31))) === 0) continue;
      totals[2 * cohort] = totals[2 * cohort]! + to - from;
      totals[2 * cohort + 1] = totals[2 * cohort + 1]! + (to === 0 ? 1 : 0) - (from === 0 ? 1 : 0);
    }
  }
}

function popcount(word: number): number {
  const pairs = word - ((word >>> 1) & 0x55555555);
  const nibbles = (pairs & 0x33333333) + ((pairs >>> 2) & 0x33333333);
  return Math.imul((nibbles + (nibbles >>> 4)) & 0x0f0f0f0f, 0x01010101) >>> 24;
}
