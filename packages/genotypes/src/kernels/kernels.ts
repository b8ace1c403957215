/**
 * How a set of ascending numbers is written. Numbers are haplotypes (`2 × person + copy`) or people, over the span of a
 * segment or within one block. A list's bytes are Rice codes of its gaps (segments/rice.ts).
 */
export const SET_KIND = {
  /** No payload. */
  empty: 0,
  /** 1 … 25: the members as a list, with Rice parameter `kind − 1`. */
  list: 1,
  /** 33 … 57: the numbers below the limit that are not members, with Rice parameter `kind − 33`. */
  complement: 33,
  /** Of a block: Rice parameters of gaps and of lengths (a byte each), then their codes in turn. */
  runs: 64,
  /** Of a block: bit planes of `planeBytes`; bit `p` of the first is copy 0 of person `p`, of the second copy 1. People have one. */
  planes: 65,
  /** Of a block: the difference from an earlier set of its group (segments/differences.ts). No kernel reads this kind. */
  difference: 66,
  /** Of a span: written block by block. */
  dense: 67,
} as const;

/** What the numbers of a set are. */
export type SetUnit = 'people' | 'haplotypes';

/** The greatest Rice parameter of a list or complement (`MAX_RICE_PARAMETER`). */
export const MAX_PARAMETER = 24;

export function isList(kind: number): boolean {
  return kind >= SET_KIND.list && kind <= SET_KIND.list + MAX_PARAMETER;
}

export function isComplement(kind: number): boolean {
  return kind >= SET_KIND.complement && kind <= SET_KIND.complement + MAX_PARAMETER;
}

/** Bytes of a cohort's bitmap in a block, and of a plane in the arena: one bit a person. */
export const COHORT_BYTES = 4_096;

/** What `encodeCell` needs to work in. */
export const ENCODE_SCRATCH_BYTES = 2 * 4 * 65_538;

/** The arena begins here: the kernels keep what they need below. */
export const ARENA_START = 4_096;

/** Bytes of one bit plane of a block of that many people, rounded up to whole vectors. */
export function planeBytesOf(people: number): number {
  return Math.ceil(people / 128) * 16;
}

/** Where the kernels find cohorts: bitmaps of people over a span, which hold people of the span only. */
export interface Cohorts {
  readonly cohorts: number;
  /** Bytes of one cohort: `COHORT_BYTES` a block. */
  readonly stride: number;
  readonly cohortCount: number;
  /** One 32-bit number a cohort: its members in the span. */
  readonly members: number;
}

/** A batch of lists and complements over a span. */
export interface ListBatch extends Cohorts {
  readonly sets: number;
  /** One byte a set; then 32 bits a set each: numbers in its list, bytes from `payload` where it begins, and its bytes. */
  readonly kinds: number;
  readonly counts: number;
  readonly offsets: number;
  readonly lengths: number;
  readonly payload: number;
  /** Numbers are below this. */
  readonly limit: number;
  readonly unit: SetUnit;
  /**
   * Two planes over the span, `stride` bytes each, of haplotypes without a called allele; 0 where hemizygotes need not
   * be counted.
   */
  readonly uncalled: number;
  /**
   * Set by set and cohort by cohort three 32-bit numbers: members that are copies of the cohort (or people), people
   * with two, and people with one whose other is uncalled.
   */
  readonly out: number;
}

/** One set of one block. */
export interface Cell {
  readonly kind: number;
  /** Numbers in the list, or runs. */
  readonly units: number;
  readonly payload: number;
  readonly bytes: number;
  readonly people: number;
  readonly unit: SetUnit;
}

/**
 * The inner loops, over one arena of memory. Both implementations (WASM with SIMD, and the scalar twin) do exactly the
 * same. Preconditions: pointers are not below `ARENA_START`, and multiples of 4 (payloads need not be), of 16 for planes and cohorts; every range lies
 * within what `reserve` returned, with 8 bytes to spare after a payload. Payloads themselves may hold anything: what is
 * not a code of so many numbers below the limit is refused, and nothing outside the named ranges is read or written.
 */
export interface Kernels {
  readonly name: 'wasm-simd' | 'scalar';
  /** The arena, at least that long; what it held is kept. A longer arena voids views of the shorter one. */
  reserve(bytes: number): ArrayBuffer;
  /**
   * Sets the bits of `count` numbers (32 bits each, at `list`) in planes: of each block of the span copy 0, then copy 1,
   * `COHORT_BYTES` each. Returns how many people have both copies, or −1 where the numbers are not ascending below the
   * limit.
   */
  scatter(list: number, count: number, unit: SetUnit, limit: number, planes: number): number;
  /**
   * Writes `count` > 0 ascending numbers (32 bits each, at `list`) as a list to `out` as `encodeCell` does, with room for
   * `most` and 16 bytes more; returns its Rice parameter, or −1 and nothing where it takes more than `most` bytes.
   */
  encodeList(list: number, count: number, most: number, out: number): number;
  /**
   * Writes a set of a block, given as two planes of `COHORT_BYTES`, in the smallest of its encodings to `out`: units and
   * bytes (32 bits each), then the payload, for which there is room as for the planes and 16 bytes more. Returns the
   * kind. `scratch` is `ENCODE_SCRATCH_BYTES` long.
   */
  encodeCell(planes: number, people: number, unit: SetUnit, scratch: number, out: number): number;
  /** False where a payload is damaged; `out` is undefined then. Carriers must not be uncalled. */
  countLists(batch: ListBatch): boolean;
  /**
   * Flips the bits of a list's or complement's members in two planes over a span (`stride` bytes each; people have both
   * copies): adds the set to planes that have none of it, and takes it away again. False where it is damaged.
   */
  flipList(set: Omit<Cell, 'people'>, limit: number, planes: number, stride: number): boolean;
  /** Overwrites `planeBytes` of the planes at `first` and `second` (a set of people is in both). False where it is damaged. */
  loadCell(cell: Cell, first: number, second: number): boolean;
  /** Flips the bits of a list's, complement's or runs' members in planes like those of `loadCell`. False where it is damaged. */
  flipCell(cell: Cell, first: number, second: number): boolean;
  /**
   * Writes for each of `count` sets, whose planes lie `2 × COHORT_BYTES` apart from `others` on, how many bits differ
   * from the planes at `set`, as 32-bit numbers. Of both planes the 16 bytes at every multiple of `step` below
   * `planeBytes` are compared; `step` is a multiple of 16.
   */
  countDifferences(
    set: number,
    others: number,
    count: number,
    planeBytes: number,
    step: number,
    out: number,
  ): void;
  /**
   * Adds to three 32-bit numbers of each cohort: copies, people with two, and people with one whose other is uncalled.
   * `planeBytes` of every plane and bitmap are read; cohorts are `stride` apart, `uncalled` is two planes `stride` apart
   * or 0.
   */
  countPlanes(
    planes: { readonly first: number; readonly second: number; readonly planeBytes: number },
    cohorts: Pick<Cohorts, 'cohorts' | 'stride' | 'cohortCount'>,
    uncalled: number,
    out: number,
  ): void;
}
