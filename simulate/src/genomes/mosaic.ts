import type { Cohort } from '../people/cohort.ts';
import { Random } from '../random/random.ts';
import { type Clade, Descent, SWITCHES_PER_BP } from './ancestry.ts';
import { founderCopies, hasCopy, inheritanceOf, type Transmission, transmission } from './inheritance.ts';

/** Where a child's copy changes from one parental copy to the other. */
interface Crossover {
  readonly position: number;
  readonly copy: number;
}

/**
 * The copies of the genome of a country's people while a region passes by: founders as mosaics of ancestors (Li and
 * Stephens, 2003), children as pointers into their parents' copies. Memory: 7 bytes a copy.
 */
export class Mosaic {
  /** Founder copies in ascending order. */
  readonly founders: Int32Array;
  readonly #cohort: Cohort;
  readonly #random: Random;
  readonly #descent: Descent;
  readonly #ancestor: Uint16Array;
  /** The parental copy that a child's copy follows here. */
  readonly #follows: Int32Array;
  readonly #crossovers: Crossover[] = [];
  #nextCrossover = 0;
  #position: number;

  constructor(
    seed: number,
    cohort: Cohort,
    region: { readonly index: number; readonly contig: string; readonly start: number; readonly end: number },
    contigLengthBp: number,
  ) {
    const inheritance = inheritanceOf(region.contig);
    this.#cohort = cohort;
    this.#position = region.start;
    this.#random = new Random(seed, 'mosaic', cohort.country.code, region.index);
    this.#descent = new Descent(
      new Random(seed, 'descent', cohort.country.code, region.index),
      cohort.country.drift,
    );
    this.founders = founderCopies(cohort, inheritance);
    this.#ancestor = new Uint16Array(2 * cohort.people);
    for (const copy of this.founders) this.#ancestor[copy] = this.#descent.draw(this.#random);
    this.#follows = new Int32Array(2 * cohort.people).fill(-1);
    for (let copy = 0; copy < 2 * cohort.people; copy++) {
      if (!hasCopy(cohort, copy, inheritance)) continue;
      const transmitted = transmission(seed, cohort, copy, region.contig, contigLengthBp);
      if (transmitted !== undefined) this.#follow(transmitted, region.start, region.end);
    }
    this.#crossovers.sort((a, b) => a.position - b.position || a.copy - b.copy);
  }

  /** Moves to a later position: some founder copies change their ancestor, some children the parental copy. */
  advance(position: number): void {
    const probability = 1 - Math.exp(-SWITCHES_PER_BP * (position - this.#position));
    this.#position = position;
    for (let at = this.#random.skip(probability); at < this.founders.length; ) {
      this.#ancestor[this.founders[at]!] = this.#descent.draw(this.#random);
      at += 1 + this.#random.skip(probability);
    }
    for (; this.#nextCrossover < this.#crossovers.length; this.#nextCrossover++) {
      const next = this.#crossovers[this.#nextCrossover]!;
      if (next.position > position) break;
      this.#follows[next.copy]! ^= 1;
    }
  }

  /** Puts carriers of a founder mutation on one ancestral background, so that they share what lies around it. */
  settle(copies: Int32Array, ancestor: number): void {
    for (const copy of copies) this.#ancestor[copy] = ancestor;
  }

  /** Founder copies whose ancestor here is of the clade. */
  descendants(clade: Clade, into: number[]): void {
    const { low } = clade;
    const size = clade.high - low;
    const ancestor = this.#ancestor;
    for (const copy of this.founders) {
      if ((ancestor[copy]! - low) >>> 0 < size) into.push(copy);
    }
  }

  /** Appends every copy in which what the listed copies carry came down, generation by generation. */
  passDown(carriers: number[], onInherited: (copy: number, from: number) => void): void {
    const { childStart, children, male } = this.#cohort;
    for (let next = 0; next < carriers.length; next++) {
      const copy = carriers[next]!;
      const person = copy >> 1;
      const last = childStart[person + 1]!;
      for (let index = childStart[person]!; index < last; index++) {
        const childCopy = 2 * children[index]! + (male[person] === 1 ? 1 : 0);
        if (this.#follows[childCopy] !== copy) continue;
        onInherited(childCopy, copy);
        carriers.push(childCopy);
      }
    }
  }

  #follow(transmitted: Transmission, start: number, end: number): void {
    let copy = transmitted.first;
    for (const position of transmitted.crossovers) {
      if (position < start) copy ^= 1;
      else if (position < end) this.#crossovers.push({ position, copy: transmitted.copy });
    }
    this.#follows[transmitted.copy] = copy;
  }
}
