import {
  ARENA_START,
  COHORT_BYTES,
  type Kernels,
  planeBytesOf,
  SET_KIND,
  type SetUnit,
} from '../kernels/kernels.ts';
import { createKernels } from '../kernels/wasm.ts';
import { encodeCell } from './cell-encoder.ts';
import { type CellGroup, type EncodedCell, type GroupEncoder, readCell } from './cells.ts';
import { GROUP_SETS } from './format.ts';

/** How many of the sets before one are looked at, and how many of these are compared bit by bit. */
const WINDOW = 64;
const COMPARED = 3;
/** A set is reached over at most this many differences. */
const MOST_DIFFERENCES = 3;
/** A difference is taken where it has at most this part of the bytes of the set by itself. */
const WORTH = 7 / 8;
/** A base that is itself a difference must differ less by this factor: what follows it has fewer steps left. */
const STEP = 0.85;
/** Sets of fewer bytes are not worth the reading of two. */
const SMALLEST_BYTES = 48;
const SET_BYTES = 2 * COHORT_BYTES;
/** One vector in so many bytes is compared to choose candidates. */
const SKETCH_STEP = 128;

const OUT = ARENA_START;
const PLANES = OUT + 4 * WINDOW;

/**
 * Variants that lie near each other have much the same carriers, because people inherit the genome in stretches. A set
 * of a block is therefore written as its difference from an earlier set of the group (the numbers that are in one of
 * the two only), where that is shorter: the place of that set in the group, the kind of the difference, and then the
 * difference as a list, complement or runs. What a study of linked variants saves is in
 * docs/decisions/0012-differences-of-linked-variants.md.
 */
export const differenceEncoder: GroupEncoder = {
  encode(group) {
    const chooser = new BaseChooser(group);
    return group.units.map((unit, set) => {
      const alone = encodeCell(group.people, unit, planesOf(group, set));
      const difference = alone.bytes.length < SMALLEST_BYTES ? undefined : chooser.difference(set, alone);
      return difference ?? alone;
    });
  },
};

class BaseChooser {
  readonly #group: CellGroup;
  readonly #kernels: Kernels;
  readonly #buffer: ArrayBuffer;
  readonly #planeBytes: number;
  /** Differences on the way to each set. */
  readonly #steps: Uint8Array;
  readonly #difference = new Uint8Array(SET_BYTES);

  constructor(group: CellGroup) {
    this.#group = group;
    this.#planeBytes = planeBytesOf(group.people);
    this.#steps = new Uint8Array(group.units.length);
    this.#kernels = shared();
    this.#buffer = this.#kernels.reserve(PLANES + group.planes.length);
    new Uint8Array(this.#buffer, PLANES).set(group.planes);
  }

  /** The set as its difference from the earlier one that predicts it best; `undefined` where that is not worth it. */
  difference(set: number, alone: EncodedCell): EncodedCell | undefined {
    const base = this.#nearest(set);
    if (base === undefined) return undefined;
    const { people, units } = this.#group;
    const cell = encodeCell(people, units[set]!, this.#differ(set, base));
    if (cell.kind === SET_KIND.planes || cell.bytes.length + 2 > WORTH * alone.bytes.length) return undefined;
    this.#steps[set] = this.#steps[base]! + 1;
    return {
      kind: SET_KIND.difference,
      units: cell.units,
      bytes: Buffer.concat([Uint8Array.of(base, cell.kind), cell.bytes]),
    };
  }

  #nearest(set: number): number | undefined {
    const first = Math.max(0, set - WINDOW);
    const sketches = this.#count(set, first, set - first, SKETCH_STEP).slice();
    let best: number | undefined;
    let bestCost = Number.POSITIVE_INFINITY;
    for (let round = 0; round < COMPARED; round += 1) {
      const place = this.#least(set, first, sketches);
      if (place === undefined) break;
      sketches[place] = NOT_A_BASE;
      const base = first + place;
      const cost = this.#cost(base, this.#count(set, base, 1, 16)[0]!);
      if (cost < bestCost) [best, bestCost] = [base, cost];
    }
    return best;
  }

  /** The place of the least costly sketch among the sets that may be a base. */
  #least(set: number, first: number, sketches: Uint32Array): number | undefined {
    const { units } = this.#group;
    let least: number | undefined;
    let leastCost = Number.POSITIVE_INFINITY;
    for (let place = 0; place < sketches.length; place += 1) {
      const base = first + place;
      if (sketches[place] === NOT_A_BASE || units[base] !== units[set]) continue;
      if (this.#steps[base]! >= MOST_DIFFERENCES) continue;
      const cost = this.#cost(base, sketches[place]!);
      if (cost < leastCost) [least, leastCost] = [place, cost];
    }
    return least;
  }

  #cost(base: number, differing: number): number {
    return differing / STEP ** this.#steps[base]!;
  }

  #count(set: number, from: number, count: number, step: number): Uint32Array {
    const at = (place: number): number => PLANES + place * SET_BYTES;
    this.#kernels.countDifferences(at(set), at(from), count, this.#planeBytes, step, OUT);
    return new Uint32Array(this.#buffer, OUT, count);
  }

  #differ(set: number, base: number): Uint8Array {
    const own = wordsOf(planesOf(this.#group, set));
    const other = wordsOf(planesOf(this.#group, base));
    const words = wordsOf(this.#difference);
    for (let word = 0; word < words.length; word += 1) words[word] = own[word]! ^ other[word]!;
    return this.#difference;
  }
}

const NOT_A_BASE = 0xffff_ffff;
let kernels: Kernels | undefined;

/** One arena serves all: a group is encoded without a pause. */
function shared(): Kernels {
  kernels ??= createKernels();
  return kernels;
}

function planesOf({ planes }: CellGroup, set: number): Uint8Array {
  return planes.subarray(set * SET_BYTES, (set + 1) * SET_BYTES);
}

function wordsOf(planes: Uint8Array): Uint32Array {
  return new Uint32Array(planes.buffer, planes.byteOffset, planes.length / 4);
}

/** The difference that a cell of kind `difference` holds, and the row of its base; `undefined` where it is damaged. */
export function readDifference(
  { units, bytes }: EncodedCell,
  row: number,
): { readonly base: number; readonly cell: EncodedCell } | undefined {
  const [place, kind] = bytes;
  if (place === undefined || kind === undefined || kind >= SET_KIND.planes) return undefined;
  const base = row - (row % GROUP_SETS) + place;
  // Bases come before: a chain has an end.
  return base < row ? { base, cell: { kind, units, bytes: bytes.subarray(2) } } : undefined;
}

/** Ascending members of a set of a block, given itself and the differences that lead from it to the set. */
export function readCells(
  cells: readonly EncodedCell[],
  people: number,
  unit: SetUnit,
): Uint32Array | undefined {
  let members: Uint32Array | undefined;
  for (const cell of cells) {
    const own = readCell(cell, people, unit);
    if (own === undefined) return undefined;
    members = members === undefined ? own : inOneOnly(members, own);
  }
  return members;
}

function inOneOnly(a: Uint32Array, b: Uint32Array): Uint32Array {
  const out = new Uint32Array(a.length + b.length);
  let [i, j, to] = [0, 0, 0];
  while (i < a.length || j < b.length) {
    const x = a[i] ?? Number.POSITIVE_INFINITY;
    const y = b[j] ?? Number.POSITIVE_INFINITY;
    if (x !== y) out[to++] = Math.min(x, y);
    if (x <= y) i += 1;
    if (y <= x) j += 1;
  }
  return out.slice(0, to);
}
