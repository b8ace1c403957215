import type { Random } from '../random/random.ts';

/** Ancestral copies of a region that today's people are mosaics of. */
export const ANCESTORS = 512;

/** Changes of an ancestral tree per base pair, and changes of ancestor along a person's copy. */
const TREE_CHANGES_PER_BP = 1 / 1_500;
export const SWITCHES_PER_BP = 1e-5;

/** The ancestors `low` ≤ a < `high`: those who carry an old variant. */
export interface Clade {
  readonly low: number;
  readonly high: number;
}

/**
 * The coalescent of the ancestral copies of a region, neutral and of constant size, changing slowly along the genome.
 * The leaves are ordered so that every clade is an interval: cutting the line of ancestors at random points in random
 * order has the distribution of Kingman's tree (sizes of the k clades of a level are uniform over all compositions),
 * and the order of the cuts is the tree. A mutation falls on level k with weight k · 2/(k(k−1)).
 */
export class AncestralTrees {
  readonly #random: Random;
  /** A cut between ancestors c and c + 1, oldest first. */
  readonly #cuts: Uint16Array;
  readonly #levels: Float64Array;

  constructor(random: Random) {
    this.#random = random;
    this.#cuts = Uint16Array.from({ length: ANCESTORS - 1 }, (_, index) => index);
    for (let last = this.#cuts.length - 1; last > 0; last--) this.#swap(last, random.below(last + 1));
    this.#levels = new Float64Array(ANCESTORS - 1);
    let sum = 0;
    for (let level = 2; level <= ANCESTORS; level++) {
      sum += 1 / (level - 1);
      this.#levels[level - 2] = sum;
    }
  }

  /** Moves along the genome. */
  advance(distanceBp: number): void {
    let rest = distanceBp * TREE_CHANGES_PER_BP + this.#random.uniform();
    for (; rest >= 1; rest--)
      this.#swap(this.#random.below(ANCESTORS - 1), this.#random.below(ANCESTORS - 1));
  }

  /** Carriers of a mutation on the present tree. */
  mutate(): Clade {
    const target = this.#random.uniform() * this.#levels.at(-1)!;
    const level = 2 + this.#levels.findIndex((sum) => sum >= target);
    return this.#cladeAt(level, this.#random.below(level));
  }

  /** The `chosen`-th of the `level` clades that the `level` − 1 oldest cuts leave. */
  #cladeAt(level: number, chosen: number): Clade {
    const cuts = this.#cuts
      .subarray(0, level - 1)
      .slice()
      .sort();
    const low = chosen === 0 ? 0 : cuts[chosen - 1]! + 1;
    const high = chosen === level - 1 ? ANCESTORS : cuts[chosen]! + 1;
    return { low, high };
  }

  #swap(a: number, b: number): void {
    const kept = this.#cuts[a]!;
    this.#cuts[a] = this.#cuts[b]!;
    this.#cuts[b] = kept;
  }
}

/**
 * Which ancestors a country's people descend from in a region: cumulative weights of a Dirichlet draw around equal
 * shares with concentration 1/F − 1, so that the frequency of any ancestral variant follows the beta distribution of
 * Balding and Nichols (1995) with that F.
 */
export class Descent {
  readonly #cumulative: Float64Array;

  constructor(random: Random, drift: number) {
    const shape = (1 / drift - 1) / ANCESTORS;
    const weights = Float64Array.from({ length: ANCESTORS }, () => random.gamma(shape));
    let sum = 0;
    this.#cumulative = weights.map((weight) => {
      sum += weight;
      return sum;
    });
  }

  /** An ancestor, in proportion to the weights. */
  draw(random: Random): number {
    const target = random.uniform() * this.#cumulative.at(-1)!;
    let low = 0;
    let high = ANCESTORS - 1;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (this.#cumulative[middle]! > target) high = middle;
      else low = middle + 1;
    }
    return low;
  }
}
