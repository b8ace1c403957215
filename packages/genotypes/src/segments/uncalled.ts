import { PEOPLE_PER_BLOCK } from '@federome/core';
import type { UncalledSets } from '../ingest/record-sets.ts';
import type { SetUnit } from '../kernels/kernels.ts';
import { PHASE } from './format.ts';
import type { SetBook } from './set-book.ts';
import type { Span } from './span.ts';

/**
 * Who was not called in the record at hand, and how it was phased, as numbers of shared sets. What a record has in
 * common with the one before (all of it between the alleles of one record; those who lack a copy, on a sex chromosome)
 * is compared, not taken in again.
 */
export class UncalledState {
  /** Numbers of the sets: people wholly missing, other missing haplotypes, haplotypes that do not exist. */
  missingPeople = 0;
  missing = 0;
  absent = 0;
  /** As stored: see `PHASE`. */
  phased: number = PHASE.all;
  /** People who have no called allele though they are not wholly missing. */
  both = 0;
  /** Whether any haplotype is uncalled without its person being wholly missing. */
  halves = false;
  readonly #span: Span;
  readonly #book: SetBook;
  /** A bit a haplotype: those uncalled, without people who are wholly missing. */
  readonly #marks: Uint8Array;
  readonly #lastMissing = new KeptList();
  readonly #lastAbsent = new KeptList();
  readonly #lastUnusual = new KeptList();
  #lastUsual = '';
  #people = new Uint32Array(64);
  #wholly = 0;
  #single = new Uint32Array(64);
  #singles = 0;
  #absentBoth = 0;
  #scratch = new Uint32Array(64);

  constructor(span: Span, book: SetBook) {
    this.#span = span;
    this.#book = book;
    this.#marks = new Uint8Array((span.haplotypeLimit >>> 3) + 1);
  }

  load({ missing, absent, usualPhase, unusualPhase }: UncalledSets): void {
    const sameAbsent = this.#lastAbsent.equals(absent);
    if (!sameAbsent) this.#loadAbsent(absent);
    const sameMissing = this.#lastMissing.equals(missing);
    if (!sameMissing) this.#loadMissing(missing);
    if (!sameAbsent || !sameMissing) {
      this.both = this.#absentBoth;
      for (let i = 0; i < this.#singles; i += 1) this.both += this.isUncalled(this.#single[i]! ^ 1);
      this.halves = this.#singles + absent.length > 0;
    }
    if (!sameMissing || usualPhase !== this.#lastUsual || !this.#lastUnusual.equals(unusualPhase))
      this.#loadPhase(usualPhase, unusualPhase);
  }

  /** 1 where a haplotype is uncalled and its person not wholly missing, else 0. */
  isUncalled(haplotype: number): number {
    return (this.#marks[haplotype >>> 3]! >> (haplotype & 7)) & 1;
  }

  #loadAbsent(absent: Uint32Array): void {
    this.#flip(this.#lastAbsent.numbers, this.#lastAbsent.length);
    this.#lastAbsent.keep(absent);
    this.#flip(absent, absent.length);
    this.absent = this.#book.intern(absent, 'haplotypes');
    this.#absentBoth = pairsIn(absent);
  }

  #loadMissing(missing: Uint32Array): void {
    this.#flip(this.#single, this.#singles);
    this.#lastMissing.keep(missing);
    if (this.#people.length < missing.length) {
      this.#people = new Uint32Array(2 * missing.length);
      this.#single = new Uint32Array(2 * missing.length);
    }
    let people = 0;
    let singles = 0;
    for (let i = 0; i < missing.length; i += 1) {
      const haplotype = missing[i]!;
      if ((haplotype & 1) === 0 && missing[i + 1] === haplotype + 1) {
        this.#people[people++] = haplotype >>> 1;
        i += 1;
      } else this.#single[singles++] = haplotype;
    }
    this.#wholly = people;
    this.#singles = singles;
    this.#flip(this.#single, singles);
    this.missingPeople = this.#intern(this.#people, people, 'people');
    this.missing = this.#intern(this.#single, singles, 'haplotypes');
  }

  /** Calls that are missing are seldom phased as the others are: those of people who are wholly missing need no set. */
  #loadPhase(usual: 'all' | 'none', unusual: Uint32Array): void {
    this.#lastUsual = usual;
    this.#lastUnusual.keep(unusual);
    const few = 2 * unusual.length <= this.#span.peopleLimit;
    const otherwise = few ? unusual : this.#othersThan(unusual);
    const none = (usual === 'none') === few ? PHASE.none : PHASE.all;
    const people = this.#people;
    if (this.#scratch.length < otherwise.length) this.#scratch = new Uint32Array(2 * otherwise.length);
    let rest = 0;
    let next = 0;
    for (let i = 0; i < otherwise.length; i += 1) {
      const person = otherwise[i]!;
      while (next < this.#wholly && people[next]! < person) next += 1;
      if (next === this.#wholly || people[next] !== person) this.#scratch[rest++] = person;
    }
    const missingToo = this.#wholly > 0 && otherwise.length - rest === this.#wholly;
    const number = missingToo
      ? this.#intern(this.#scratch, rest, 'people')
      : this.#intern(otherwise, otherwise.length, 'people');
    this.phased = (number << PHASE.setBit) | (missingToo ? PHASE.missingToo : 0) | none;
  }

  /** The people of the span who are not in an ascending list. */
  #othersThan(people: Uint32Array): Uint32Array {
    const others = new Uint32Array(this.#span.people.reduce((sum, count) => sum + count, 0) - people.length);
    let to = 0;
    let next = 0;
    this.#span.people.forEach((count, block) => {
      const start = block * PEOPLE_PER_BLOCK;
      for (let person = start; person < start + count; person += 1) {
        if (people[next] === person) next += 1;
        else others[to++] = person;
      }
    });
    return others;
  }

  #intern(numbers: Uint32Array, count: number, unit: SetUnit): number {
    return count === 0 ? 0 : this.#book.intern(numbers.subarray(0, count), unit);
  }

  #flip(haplotypes: Uint32Array, count: number): void {
    const marks = this.#marks;
    for (let i = 0; i < count; i += 1) {
      const haplotype = haplotypes[i]!;
      marks[haplotype >>> 3] = marks[haplotype >>> 3]! ^ (1 << (haplotype & 7));
    }
  }
}

/** People both of whose haplotypes are among ascending ones. */
export function pairsIn(haplotypes: Uint32Array): number {
  let pairs = 0;
  for (let i = 1; i < haplotypes.length; i += 1) {
    if ((haplotypes[i]! & 1) === 1 && haplotypes[i - 1] === haplotypes[i]! - 1) pairs += 1;
  }
  return pairs;
}

/** A copy of a list, in the same memory as the ones before. */
class KeptList {
  numbers = new Uint32Array(64);
  length = 0;

  keep(list: Uint32Array): void {
    if (list.length > this.numbers.length) this.numbers = new Uint32Array(2 * list.length);
    this.numbers.set(list);
    this.length = list.length;
  }

  equals(list: Uint32Array): boolean {
    if (list.length !== this.length) return false;
    const { numbers } = this;
    for (let i = 0; i < list.length; i += 1) if (list[i] !== numbers[i]) return false;
    return true;
  }
}
