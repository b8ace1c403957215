import type { Random } from '../../simulate/src/random/random.ts';
import { COMMON_FREQUENCY } from './spectrum.ts';

const LEAVES = 8_192;
const LEAF_SHIFT = 32 - 13;
/** Cells of the line of lineages that a population's drift weighs. */
const CELLS = 512;
const DRIFT = 0.008;
/** As in `simulate/src/genomes/ancestry.ts`, where 512 leaves change once in 1,500 bp. */
const TREE_CHANGES_PER_BP = LEAVES / 512 / 1_500;
const SWITCHES_PER_BP = 1e-5;
/** Share of haplotypes at a common site that differ from their clade: conversion, recurrence, error. */
const DISCORDANT = 3e-4;
const LINE = 2 ** 32;

/**
 * Haplotypes as mosaics of lineages (Li and Stephens, 2003) on a coalescent whose clades are intervals of the line
 * [0, 2³²): a haplotype is a point on the line, which recombination redraws. Clades of common alleles come of Kingman's
 * tree by random cuts of the line, which changes slowly along the genome; those of rare alleles are the nearest
 * neighbours of a haplotype. Each population is dense in other parts of the line (Balding and Nichols, 1995).
 * Memory: 5 bytes a haplotype, and 4 for the carriers of a site.
 */
export class Genealogy {
  readonly haplotypes: number;
  readonly #random: Random;
  readonly #points: Uint32Array;
  readonly #populationOf: Uint8Array;
  readonly #descents: readonly Float64Array[];
  /** Cuts of the line, oldest first. */
  readonly #cuts: Uint16Array;
  readonly #found: Int32Array;

  /** `populationOf` says of each person which population it is of, 0 ≤ population < `populations`. */
  constructor(random: Random, populationOf: Uint8Array, populations: number) {
    this.#random = random;
    this.#populationOf = populationOf;
    this.haplotypes = 2 * populationOf.length;
    this.#descents = Array.from({ length: populations }, () => descent(random));
    this.#points = new Uint32Array(this.haplotypes);
    for (let haplotype = 0; haplotype < this.haplotypes; haplotype += 1) this.#redraw(haplotype);
    this.#cuts = Uint16Array.from({ length: LEAVES - 1 }, (_, index) => index + 1);
    for (let last = this.#cuts.length - 1; last > 0; last -= 1) this.#swap(last, random.below(last + 1));
    this.#found = new Int32Array(this.haplotypes);
  }

  /** Moves along the genome: some haplotypes recombine, and the tree changes. */
  advance(distanceBp: number): void {
    const random = this.#random;
    const probability = 1 - Math.exp(-SWITCHES_PER_BP * distanceBp);
    let at = random.skip(probability);
    for (; at < this.haplotypes; at += 1 + random.skip(probability)) this.#redraw(at);
    let changes = distanceBp * TREE_CHANGES_PER_BP + random.uniform();
    for (; changes >= 1; changes -= 1) this.#swap(random.below(LEAVES - 1), random.below(LEAVES - 1));
  }

  /** The carriers of a new rare allele, in no order; valid until the next call. */
  rareClade(copies: number): Int32Array {
    const random = this.#random;
    const first = random.below(this.haplotypes);
    this.#found[0] = first;
    if (copies === 1) return this.#found.subarray(0, 1);
    const start = this.#points[first]!;
    let width = Math.ceil((1.5 * LINE * copies) / this.haplotypes);
    for (; ; width *= 4) {
      const near = this.#between(start, Math.min(width, LINE - 1));
      if (near.length < copies) continue;
      const distance = (haplotype: number): number => (this.#points[haplotype]! - start) >>> 0;
      return near.sort((a, b) => distance(a) - distance(b)).subarray(0, copies);
    }
  }

  /** The carriers of a common allele of about that frequency, ascending; valid until the next call. */
  commonClade(frequency: number): Int32Array {
    const least = COMMON_FREQUENCY * this.haplotypes;
    for (;;) {
      const [low, high] = this.#clade(Math.max(2, Math.round(1 / frequency)));
      const found = this.#between((low << LEAF_SHIFT) >>> 0, (high - low) * 2 ** LEAF_SHIFT);
      if (found.length >= least && found.length < this.haplotypes) return this.#disagree(found);
    }
  }

  /** One of the `level` clades that the `level` − 1 oldest cuts leave, as leaves `low` ≤ leaf < `high`. */
  #clade(level: number): readonly [number, number] {
    const chosen = this.#random.below(level);
    const low = chosen === 0 ? 0 : this.#cuts[chosen - 1]!;
    let high = LEAVES;
    for (const cut of this.#cuts.subarray(0, level - 1)) if (cut > low && cut < high) high = cut;
    return [low, high];
  }

  #between(start: number, width: number): Int32Array {
    const [points, found] = [this.#points, this.#found];
    let count = 0;
    for (let haplotype = 0; haplotype < points.length; haplotype += 1) {
      if ((points[haplotype]! - start) >>> 0 < width) found[count++] = haplotype;
    }
    return found.subarray(0, count);
  }

  #disagree(carriers: Int32Array): Int32Array {
    const flipped = new Set<number>();
    const random = this.#random;
    let at = random.skip(DISCORDANT);
    for (; at < this.haplotypes; at += 1 + random.skip(DISCORDANT)) flipped.add(at);
    const kept = carriers.filter((haplotype) => !flipped.delete(haplotype));
    const both = new Int32Array(kept.length + flipped.size);
    both.set(kept);
    both.set([...flipped], kept.length);
    return both.sort();
  }

  #redraw(haplotype: number): void {
    const cumulative = this.#descents[this.#populationOf[haplotype >> 1]!]!;
    const target = this.#random.uniform() * cumulative[CELLS - 1]!;
    let [low, high] = [0, CELLS - 1];
    while (low < high) {
      const middle = (low + high) >> 1;
      if (cumulative[middle]! > target) high = middle;
      else low = middle + 1;
    }
    this.#points[haplotype] = (low + this.#random.uniform()) * (LINE / CELLS);
  }

  #swap(a: number, b: number): void {
    const kept = this.#cuts[a]!;
    this.#cuts[a] = this.#cuts[b]!;
    this.#cuts[b] = kept;
  }
}

/** Cumulative weights of a Dirichlet draw around equal shares with concentration 1/F − 1. */
function descent(random: Random): Float64Array {
  const shape = (1 / DRIFT - 1) / CELLS;
  let sum = 0;
  return Float64Array.from({ length: CELLS }, () => {
    sum += random.gamma(shape);
    return sum;
  });
}
