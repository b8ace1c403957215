import {
  ARENA_START,
  COHORT_BYTES,
  ENCODE_SCRATCH_BYTES,
  type Kernels,
  type SetUnit,
} from '../kernels/kernels.ts';
import { createKernels } from '../kernels/wasm.ts';
import type { EncodedCell } from './cells.ts';
import type { Span } from './span.ts';

const PLANES = ARENA_START;
const SCRATCH = PLANES + 2 * COHORT_BYTES;
const OUT = SCRATCH + ENCODE_SCRATCH_BYTES;
const SPAN_PLANES = OUT + 2 * COHORT_BYTES + 16;

/** One arena serves all builders: nothing stays in it between calls. */
let kernels: Kernels | undefined;

function arena(bytes: number): ArrayBuffer {
  kernels ??= createKernels();
  return kernels.reserve(bytes);
}

/** What `encodeCell` of cells.ts writes, by the kernels. */
export function encodeCell(people: number, unit: SetUnit, planes: Uint8Array): EncodedCell {
  const buffer = arena(SPAN_PLANES);
  new Uint8Array(buffer, PLANES, 2 * COHORT_BYTES).set(planes);
  const kind = kernels!.encodeCell(PLANES, people, unit, SCRATCH, OUT);
  const [units, bytes] = new Uint32Array(buffer, OUT, 2);
  return { kind, units: units!, bytes: new Uint8Array(buffer, OUT + 8, bytes).slice() };
}

/** A list of ascending numbers with its Rice parameter; `undefined` where it takes more than `most` bytes. Valid until the next call. */
export function encodeList(
  numbers: Uint32Array,
  count: number,
  most: number,
): { readonly parameter: number; readonly bytes: Uint8Array } | undefined {
  const list = SPAN_PLANES + Math.ceil(most / 4) * 4;
  const buffer = arena(list + 4 * count);
  new Uint32Array(buffer, list, count).set(numbers.subarray(0, count));
  const parameter = kernels!.encodeList(list, count, most, OUT);
  if (parameter < 0) return undefined;
  return { parameter, bytes: new Uint8Array(buffer, OUT + 8, new Uint32Array(buffer, OUT, 2)[1]) };
}

/** A set over a span as bits. */
export interface ScatteredSet {
  /** Of each block copy 0, then copy 1, `COHORT_BYTES` each; valid until the next call of this module. */
  readonly planes: Uint8Array;
  /** People both of whose copies are members; 0 of people. */
  readonly pairs: number;
}

/** Spreads ascending numbers of a span over planes; throws a RangeError where they are not ascending below the limit. */
export function scatter(numbers: Uint32Array, unit: SetUnit, span: Span): ScatteredSet {
  const planeBytes = 2 * COHORT_BYTES * span.people.length;
  const list = SPAN_PLANES + planeBytes;
  const buffer = arena(list + numbers.byteLength);
  const planes = new Uint8Array(buffer, SPAN_PLANES, planeBytes).fill(0);
  new Uint32Array(buffer, list, numbers.length).set(numbers);
  const pairs = kernels!.scatter(list, numbers.length, unit, span.limit(unit), SPAN_PLANES);
  if (pairs < 0) throw new RangeError('the numbers of a set are not ascending below its limit');
  return { planes, pairs };
}
