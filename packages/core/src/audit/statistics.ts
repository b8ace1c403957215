/** How many robust standard deviations above the median are too many. */
const DEVIATIONS = 4;
/** Of logarithms: whoever asks the very same number every day may still ask seven times as much. */
const LEAST_SPREAD = 0.5;
/** Scales the median absolute deviation to the standard deviation of a normal distribution. */
const NORMAL = 1.4826;

/**
 * The most that would follow from counts of before: median and median absolute deviation of their logarithms, because
 * habits vary by factors and single busy days must not widen what is usual. Few counts give a wider limit. Throws nothing;
 * of no counts at all it is infinite.
 */
export function robustLimit(counts: readonly number[]): number {
  if (counts.length === 0) return Infinity;
  const logs = counts.map((count) => Math.log1p(count));
  const centre = median(logs);
  const spread = NORMAL * median(logs.map((value) => Math.abs(value - centre)));
  const widened = Math.max(LEAST_SPREAD, spread) * (1 + 3 / counts.length);
  return Math.ceil(Math.expm1(centre + DEVIATIONS * widened));
}

/** The middle value, or the mean of the two in the middle. */
export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const half = Math.floor(sorted.length / 2);
  return sorted.length % 2 === 1 ? sorted[half]! : ((sorted[half - 1] ?? 0) + (sorted[half] ?? 0)) / 2;
}

/** A run of questions in which too many were about few people. */
export interface SmallRun {
  readonly fromMs: number;
  readonly toMs: number;
  readonly asked: number;
  readonly small: number;
}

/**
 * Page's cumulative sum test (Biometrika 41, 1954) of the share of small answers: usual against a share that is 0.4
 * higher. A run begins where the evidence was last nothing, and is unusual once its likelihood ratio exceeds 100,000.
 */
export class SmallShareWatch {
  /** Held between 0.05 and 0.5: beyond, one of both shares would say nothing. */
  readonly usualShare: number;
  /** The run with the most small questions of those that were unusual. */
  worst: SmallRun | undefined;
  readonly #ofSmall: number;
  readonly #ofOther: number;
  #evidence = 0;
  #run: { fromMs: number; asked: number; small: number } | undefined;

  constructor(usualShare: number) {
    this.usualShare = Math.min(0.5, Math.max(0.05, usualShare));
    const unusual = this.usualShare + 0.4;
    this.#ofSmall = Math.log(unusual / this.usualShare);
    this.#ofOther = Math.log((1 - unusual) / (1 - this.usualShare));
  }

  /** Forgets the run under way. */
  reset(): void {
    this.#evidence = 0;
    this.#run = undefined;
  }

  add(isSmall: boolean, atMs: number): void {
    this.#evidence += isSmall ? this.#ofSmall : this.#ofOther;
    if (this.#evidence <= 0) {
      this.reset();
      return;
    }
    this.#run ??= { fromMs: atMs, asked: 0, small: 0 };
    this.#run.asked += 1;
    if (isSmall) this.#run.small += 1;
    if (this.#evidence < Math.log(100_000) || this.#run.small <= (this.worst?.small ?? 0)) return;
    this.worst = { ...this.#run, toMs: atMs };
  }
}
