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
  /** Of a block: runs in an order of haplotypes that the sets of a group share. */
  sorted: 66,
  /** Of a span: written block by block. */
  dense: 67,
} as const;

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
  readonly unit: 'people' | 'haplotypes';
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
  readonly unit: 'people' | 'haplotypes';
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
  /** Writes `base` plus the indexes of the 16-bit `calls` that equal `value` to `out` as 32-bit numbers; returns how many. */
  collect(calls: number, count: number, value: number, base: number, out: number): number;
  /** The least of 0 and all calls: 0 where everything was called. */
  lowestCall(calls: number, count: number): number;
  /** False where a payload is damaged; `out` is undefined then. Carriers must not be uncalled. */
  countLists(batch: ListBatch): boolean;
  /**
   * Flips the bits of a list's or complement's members in two planes over a span (`stride` bytes each; people have both
   * copies): adds the set to planes that have none of it, and takes it away again. False where it is damaged.
   */
  flipList(set: Omit<Cell, 'people'>, limit: number, planes: number, stride: number): boolean;
  /** Overwrites `planeBytes` of the planes at `first` and `second` (a set of people is in both). False where it is damaged. */
  loadCell(cell: Cell, first: number, second: number): boolean;
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
