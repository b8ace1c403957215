/** How long answers of one kind took, in microseconds. */
export interface Latency {
  readonly p50Us: number;
  readonly p99Us: number;
  readonly maxUs: number;
  readonly answers: number;
}

/** By what was asked. */
export type Latencies = Readonly<Record<string, Latency>>;

export function latencyOf(us: readonly number[]): Latency {
  const sorted = us.toSorted((a, b) => a - b);
  const at = (share: number): number =>
    sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))] ?? Number.NaN;
  return { p50Us: at(0.5), p99Us: at(0.99), maxUs: at(1), answers: sorted.length };
}
