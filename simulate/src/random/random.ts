const TWO_32 = 4_294_967_296;

/**
 * A stream of pseudo-random numbers: xoshiro128** 1.1 (Blackman and Vigna, 2018), its state filled by a 32-bit
 * splitmix from a hash of the seed and of the stream's name. Streams of different names are independent, so that what
 * one thread draws never depends on what another drew.
 */
export class Random {
  #a: number;
  #b: number;
  #c: number;
  #d: number;

  /** `name` says what the numbers are for, e.g. `(7, 'mosaic', 'FI', 12)`. */
  constructor(seed: number, ...name: readonly (string | number)[]) {
    let state = hash(`${seed}/${name.join('/')}`);
    const next = (): number => {
      state = (state + 0x9e3779b9) | 0;
      let mixed = state ^ (state >>> 16);
      mixed = Math.imul(mixed, 0x21f0aaad);
      mixed ^= mixed >>> 15;
      mixed = Math.imul(mixed, 0x735a2d97);
      return mixed ^ (mixed >>> 15);
    };
    this.#a = next();
    this.#b = next();
    this.#c = next();
    this.#d = next() | 1;
  }

  /** A whole number in [0, 2³²). */
  bits(): number {
    const times5 = Math.imul(this.#b, 5);
    const result = Math.imul((times5 << 7) | (times5 >>> 25), 9);
    const shifted = this.#b << 9;
    this.#c ^= this.#a;
    this.#d ^= this.#b;
    this.#b ^= this.#c;
    this.#a ^= this.#d;
    this.#c ^= shifted;
    this.#d = (this.#d << 11) | (this.#d >>> 21);
    return result >>> 0;
  }

  /** In [0, 1). */
  uniform(): number {
    return this.bits() / TWO_32;
  }

  /** A whole number in [0, bound). */
  below(bound: number): number {
    return Math.floor(this.uniform() * bound);
  }

  /** A whole number in [low, high]. */
  between(low: number, high: number): number {
    return low + this.below(high - low + 1);
  }

  chance(probability: number): boolean {
    return this.uniform() < probability;
  }

  /** One of a list that is not empty. */
  pick<T>(choices: readonly T[]): T {
    return choices[this.below(choices.length)]!;
  }

  /** The index of a weight, drawn in proportion to the weights. */
  weighted(weights: readonly number[]): number {
    let rest = this.uniform() * weights.reduce((sum, weight) => sum + weight, 0);
    for (const [index, weight] of weights.entries()) {
      rest -= weight;
      if (rest < 0) return index;
    }
    return weights.length - 1;
  }

  /** Exponential with mean 1. */
  exponential(): number {
    return -Math.log(1 - this.uniform());
  }

  /** Standard normal (Box and Muller). */
  normal(): number {
    return Math.sqrt(2 * this.exponential()) * Math.cos(2 * Math.PI * this.uniform());
  }

  /** Gamma of that shape and scale 1 (Marsaglia and Tsang, 2000). */
  gamma(shape: number): number {
    if (shape < 1) return this.gamma(shape + 1) * (1 - this.uniform()) ** (1 / shape);
    const d = shape - 1 / 3;
    const c = 1 / Math.sqrt(9 * d);
    for (;;) {
      const x = this.normal();
      const v = (1 + c * x) ** 3;
      if (v > 0 && Math.log(1 - this.uniform()) < 0.5 * x * x + d - d * v + d * Math.log(v)) return d * v;
    }
  }

  /** Failures before the next success of that probability: the step to the next chosen item of a long list. */
  skip(probability: number): number {
    if (probability <= 0) return Number.MAX_SAFE_INTEGER;
    if (probability >= 1) return 0;
    return Math.floor(Math.log(1 - this.uniform()) / Math.log(1 - probability));
  }

  /** `count` different whole numbers in [0, bound), in ascending order. */
  distinct(count: number, bound: number): number[] {
    const chosen = new Set<number>();
    const wanted = Math.min(count, bound);
    for (let top = bound - wanted; top < bound; top++) {
      const candidate = this.below(top + 1);
      chosen.add(chosen.has(candidate) ? top : candidate);
    }
    return [...chosen].sort((a, b) => a - b);
  }
}

/** FNV-1a with a final avalanche, over UTF-16 units: enough to tell streams apart, not for secrets. */
export function hash(text: string): number {
  let value = 0x811c9dc5;
  for (let index = 0; index < text.length; index++) {
    value = Math.imul(value ^ text.charCodeAt(index), 0x01000193);
  }
  return mix(value);
}

/** Scrambles 32 bits so that neighbours differ in about half of them. */
export function mix(value: number): number {
  let mixed = value ^ (value >>> 16);
  mixed = Math.imul(mixed, 0x7feb352d);
  mixed ^= mixed >>> 15;
  mixed = Math.imul(mixed, 0x846ca68b);
  return (mixed ^ (mixed >>> 16)) >>> 0;
}
