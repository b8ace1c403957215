import { existsSync, readFileSync } from 'node:fs';
import { GenotypeError } from '../errors.ts';
import { COHORT_BYTES, type Kernels } from './kernels.ts';
import { scalarKernels } from './scalar.ts';

const BUILT = new URL('../../build/kernels.wasm', import.meta.url);
const PAGE_BYTES = 65_536;
const NAMES = ['collect', 'lowestCall', 'addSet', 'countCarriers', 'countUncalled'] as const;

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
  const [collect, lowestCall, addSet, countCarriers, countUncalled] = NAMES.map((name) =>
    functionOf(instance.exports[name]),
  ) as [Export, Export, Export, Export, Export];
  return {
    name: 'wasm-simd',
    reserve(bytes) {
      const lacking = bytes - memory.buffer.byteLength;
      if (lacking > 0) memory.grow(Math.ceil(lacking / PAGE_BYTES));
      return memory.buffer;
    },
    collect,
    lowestCall,
    addSet,
    countCarriers(batch) {
      countCarriers(
        batch.sites,
        batch.kinds,
        batch.units,
        batch.offsets,
        batch.payload,
        batch.planeBytes,
        batch.people,
        batch.cohorts,
        COHORT_BYTES,
        batch.cohortCount,
        batch.uncalled,
        batch.scratch,
        batch.out,
      );
    },
    countUncalled(planes, planeBytes, cohorts, cohortCount, out) {
      countUncalled(planes, planeBytes, cohorts, COHORT_BYTES, cohortCount, out);
    },
  };
}

function functionOf(value: unknown): Export {
  return typeof value === 'function' ? (...values) => Number(value(...values)) : refuse();
}

function refuse(): never {
  throw new GenotypeError(
    'genotypes/corrupt',
    'build/kernels.wasm is not what packages/genotypes/build.mjs builds: run it again',
  );
}
