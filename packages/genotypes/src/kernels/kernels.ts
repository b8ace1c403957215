/** How a set of a block's haplotypes is written. Haplotype `2 p + s` is copy `s` (0 or 1) of the person at place `p`. */
export const SET_KIND = {
  /** No payload. */
  empty: 0,
  /** `units` ascending 16-bit haplotypes. */
  list: 1,
  /** Everyone's haplotypes but these `units` ascending 16-bit ones. */
  complement: 2,
  /** `units` pairs of 16 bits: first haplotype of a run, and how many follow it. */
  runs: 3,
  /** Two bit planes of `planeBytes` each: bit `p` of the first is copy 0 of person `p`, of the second copy 1. `units` is 0. */
  planes: 4,
} as const;

/** Bytes of a cohort's bitmap in a block: one bit a person. */
export const COHORT_BYTES = 4_096;

/** Bytes of one bit plane of a block of that many people, rounded up to whole vectors. */
export function planeBytesOf(people: number): number {
  return Math.ceil(people / 128) * 16;
}

/** Where the kernels find a batch of sites' carrier sets, and a group of cohorts; all pointers are into the arena. */
export interface CarrierBatch {
  readonly sites: number;
  /** One byte a site (`SET_KIND`), 32 bits a site, and 32 bits a site: bytes from `payload`, even. */
  readonly kinds: number;
  readonly units: number;
  readonly offsets: number;
  readonly payload: number;
  readonly planeBytes: number;
  /** People of the block; needed by `complement`. */
  readonly people: number;
  /** `cohortCount` bitmaps of `COHORT_BYTES`, which hold members of the block only. */
  readonly cohorts: number;
  readonly cohortCount: number;
  /** Two planes of haplotypes without a called allele (missing, or no such copy); 0 where everything was called. */
  readonly uncalled: number;
  /** Room for two planes. */
  readonly scratch: number;
  /** Site by site and cohort by cohort three 32-bit numbers: copies, people with two, and people with one whose other is uncalled. */
  readonly out: number;
}

/**
 * The inner loops, over one arena of memory. Both implementations (WASM with SIMD, and the scalar twin) do exactly the
 * same. Preconditions: pointers are multiples of 4, payload offsets of 2; every range lies within what `reserve`
 * returned; haplotypes are below `2 × people`, and carriers are never uncalled.
 */
export interface Kernels {
  readonly name: 'wasm-simd' | 'scalar';
  /** The arena, at least that long; what it held is kept. A longer arena voids views of the shorter one. */
  reserve(bytes: number): ArrayBuffer;
  /** Writes the indexes of the 16-bit `calls` that equal `value` to `out` as 16-bit numbers; returns how many. */
  collect(calls: number, count: number, value: number, out: number): number;
  /** The least of 0 and all calls: 0 where everything was called. */
  lowestCall(calls: number, count: number): number;
  /** Adds a set to two planes; a complement needs planes that are zero. */
  addSet(
    kind: number,
    units: number,
    payload: number,
    planes: number,
    planeBytes: number,
    people: number,
  ): void;
  countCarriers(batch: CarrierBatch): void;
  /** For each cohort two 32-bit numbers: uncalled haplotypes, and people both of whose haplotypes are uncalled. */
  countUncalled(planes: number, planeBytes: number, cohorts: number, cohortCount: number, out: number): void;
}
