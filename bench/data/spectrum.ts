import type { Random } from '../../simulate/src/random/random.ts';

/** From this frequency on a site counts as common. */
export const COMMON_FREQUENCY = 1e-3;
const HIGHEST_FREQUENCY = 0.7;
const RARE_EXPONENT = 1.65;

/** How often alleles of each frequency are seen in a study. */
export interface SpectrumShares {
  /** Share of alleles that one haplotype carries. */
  readonly singletons: number;
  /** Share of alleles of frequency ≥ 0.001. */
  readonly common: number;
}

/** Either an exact number of copies (rare alleles) or about what share of haplotypes carries it (common ones). */
export type Abundance =
  | { readonly kind: 'rare'; readonly copies: number }
  | { readonly kind: 'common'; readonly frequency: number };

/**
 * The allele frequency spectrum of a large study: about half singletons, then a steep power law as growing populations
 * show, and a few per cent of common alleles by the neutral 1/x.
 */
export class Spectrum {
  readonly #shares: SpectrumShares;
  /** Cumulative weights of 2, 3, … copies. */
  readonly #rare: Float64Array;

  constructor(haplotypes: number, shares: SpectrumShares) {
    this.#shares = shares;
    let sum = 0;
    const most = Math.max(3, Math.floor(haplotypes * COMMON_FREQUENCY));
    this.#rare = Float64Array.from({ length: most - 2 }, (_, index) => {
      sum += (index + 2) ** -RARE_EXPONENT;
      return sum;
    });
  }

  draw(random: Random): Abundance {
    const share = random.uniform();
    if (share < this.#shares.common) {
      const range = Math.log(HIGHEST_FREQUENCY / COMMON_FREQUENCY);
      return { kind: 'common', frequency: COMMON_FREQUENCY * Math.exp(random.uniform() * range) };
    }
    if (share < this.#shares.common + this.#shares.singletons) return { kind: 'rare', copies: 1 };
    const target = random.uniform() * this.#rare.at(-1)!;
    let [low, high] = [0, this.#rare.length - 1];
    while (low < high) {
      const middle = (low + high) >> 1;
      if (this.#rare[middle]! > target) high = middle;
      else low = middle + 1;
    }
    return { kind: 'rare', copies: low + 2 };
  }
}
