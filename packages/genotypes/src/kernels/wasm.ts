import { existsSync, readFileSync } from 'node:fs';
import { GenotypeError } from '../errors.ts';
import { type Kernels, planeBytesOf, type SetUnit } from './kernels.ts';
import { scalarKernels } from './scalar.ts';

const BUILT = new URL('../../build/kernels.wasm', import.meta.url);
const PAGE_BYTES = 65_536;

type Export = (...values: number[]) => number;
let compiled: WebAssembly.Module | undefined;

/** Kernels with an arena of their own: WASM where it was built (`packages/genotypes/build.mjs`), else the scalar twin. */
export function createKernels(): Kernels {
  return hasWasmKernels() ? wasmKernels() : scalarKernels();
}

export function hasWasmKernels(): boolean {
  return existsSync(BUILT);
}

/** The SIMD kernels; throws where they were not built. */
export function wasmKernels(): Kernels {
  compiled ??= new WebAssembly.Module(readFileSync(BUILT));
  const instance = new WebAssembly.Instance(compiled, { env: { abort: refuse } });
  const memory = instance.exports.memory;
  if (!(memory instanceof WebAssembly.Memory)) return refuse();
  const kernel = (name: string): Export => functionOf(instance.exports[name]);
  const scatter = kernel('scatter');
  const encodeCell = kernel('encodeCell');
  const countLists = kernel('countLists');
  const flipList = kernel('flipList');
  const loadCell = kernel('loadCell');
  const flipCell = kernel('flipCell');
  const countPlanes = kernel('countPlanes');
  return {
    name: 'wasm-simd',
    reserve(bytes) {
      const lacking = bytes - memory.buffer.byteLength;
      if (lacking > 0) memory.grow(Math.ceil(lacking / PAGE_BYTES));
      return memory.buffer;
    },
    scatter: (list, count, unit, limit, planes) => scatter(list, count, shiftOf(unit), limit, planes),
    encodeList: kernel('encodeList'),
    encodeCell: (planes, people, unit, scratch, out) =>
      encodeCell(planes, people, shiftOf(unit), planeBytesOf(people), scratch, out),
    countLists: (batch) =>
      countLists(
        batch.sets,
        batch.kinds,
        batch.counts,
        batch.offsets,
        batch.lengths,
        batch.payload,
        batch.limit,
        shiftOf(batch.unit),
        batch.cohorts,
        batch.stride,
        batch.cohortCount,
        batch.members,
        batch.uncalled,
        batch.out,
      ) !== 0,
    flipList: (set, limit, planes, stride) =>
      flipList(set.kind, set.units, set.payload, set.bytes, shiftOf(set.unit), limit, planes, stride) !== 0,
    loadCell: (cell, first, second) =>
      loadCell(
        cell.kind,
        cell.units,
        cell.payload,
        cell.bytes,
        shiftOf(cell.unit),
        cell.people,
        planeBytesOf(cell.people),
        first,
        second,
      ) !== 0,
    flipCell: (cell, first, second) =>
      flipCell(
        cell.kind,
        cell.units,
        cell.payload,
        cell.bytes,
        shiftOf(cell.unit),
        cell.people,
        first,
        second,
      ) !== 0,
    countDifferences: kernel('countDifferences'),
    countPlanes({ first, second, planeBytes }, { cohorts, stride, cohortCount }, uncalled, out) {
      countPlanes(first, second, planeBytes, cohorts, stride, cohortCount, uncalled, out);
    },
  };
}

/** A person's haplotypes are `2 p` and `2 p + 1`. */
function shiftOf(unit: SetUnit): number {
  return unit === 'haplotypes' ? 1 : 0;
}

function functionOf(value: unknown): Export {
  return typeof value === 'function' ? (value as Export) : refuse();
}

function refuse(): never {
  throw new GenotypeError(
    'genotypes/corrupt',
    'build/kernels.wasm is not what packages/genotypes/build.mjs builds: run it again',
  );
}
