import type { Cohort } from '../people/cohort.ts';
import { isFounder, NOBODY } from '../people/cohort.ts';
import { Random } from '../random/random.ts';

/**
 * Copies of the genome are numbered 2 × person (from the mother) and 2 × person + 1 (from the father). A man's one
 * chromosome X and everyone's mitochondrial genome are from the mother: the second copy does not exist there.
 */
export type Inheritance = 'autosome' | 'X' | 'MT';

/** Crossovers per base pair and meiosis: 1.2 centimorgan a megabase. */
const CROSSOVERS_PER_BP = 1.2e-8;

export function inheritanceOf(contig: string): Inheritance {
  return contig === 'X' || contig === 'MT' ? contig : 'autosome';
}

/** Whether that copy of the genome exists. */
export function hasCopy(cohort: Cohort, copy: number, inheritance: Inheritance): boolean {
  if (inheritance === 'autosome' || (copy & 1) === 0) return true;
  return inheritance === 'X' && cohort.male[copy >> 1] === 0;
}

/** Copies that founders bring, in ascending order. */
export function founderCopies(cohort: Cohort, inheritance: Inheritance): Int32Array {
  const copies: number[] = [];
  for (let copy = 0; copy < 2 * cohort.people; copy++) {
    if (isFounder(cohort, copy >> 1) && hasCopy(cohort, copy, inheritance)) copies.push(copy);
  }
  return Int32Array.from(copies);
}

/** How a child's copy was made from its parent's two: it starts as one of them and changes at each crossover. */
export interface Transmission {
  readonly copy: number;
  /** The parental copy at the start of the contig. */
  readonly first: number;
  /** 0-based, ascending; empty where the parent has one copy only. */
  readonly crossovers: readonly number[];
}

/** The meiosis behind a child's copy on a contig; `undefined` for founders. The same for every region of the contig. */
export function transmission(
  seed: number,
  cohort: Cohort,
  copy: number,
  contig: string,
  lengthBp: number,
): Transmission | undefined {
  const person = copy >> 1;
  const parent = (copy & 1) === 0 ? cohort.mother[person]! : cohort.father[person]!;
  if (parent === NOBODY) return undefined;
  const inheritance = inheritanceOf(contig);
  const recombines = inheritance === 'autosome' || (inheritance === 'X' && (copy & 1) === 0);
  if (!recombines) return { copy, first: 2 * parent, crossovers: [] };
  const random = new Random(seed, 'meiosis', cohort.country.code, copy, contig);
  const first = 2 * parent + random.below(2);
  const crossovers: number[] = [];
  for (let at = 0; ; ) {
    at += random.exponential() / CROSSOVERS_PER_BP;
    if (at >= lengthBp) return { copy, first, crossovers };
    crossovers.push(Math.floor(at));
  }
}

/** The parental copy that a transmission passes on at a 0-based position. */
export function passedOn(transmitted: Transmission, position: number): number {
  let copy = transmitted.first;
  for (const crossover of transmitted.crossovers) {
    if (crossover > position) break;
    copy ^= 1;
  }
  return copy;
}
