import { hasWasmKernels, instantiateKernels } from './instantiate.ts';
import type { PairKernels } from './pair-kernels.ts';
import { scalarPairKernels } from './scalar-pairs.ts';
import type { TextMemory } from './text-memory.ts';

/** The kernels over that memory: WASM where it was built, else the scalar twin. */
export function pairKernels(memory: TextMemory): PairKernels {
  return hasWasmKernels() ? wasmPairKernels(memory) : scalarPairKernels(memory);
}

/** The SIMD kernels; throws where they were not built. */
export function wasmPairKernels({ memory }: TextMemory): PairKernels {
  return { name: 'wasm-simd', ...instantiateKernels(memory, ['scanPairs']) };
}
