import { hasWasmKernels, instantiateKernels } from './instantiate.ts';
import { scalarScanKernels } from './scalar-scan.ts';
import type { ScanKernels } from './scan-kernels.ts';
import type { TextMemory } from './text-memory.ts';

/** The kernels over that memory: WASM where it was built, else the scalar twin. */
export function scanKernels(memory: TextMemory): ScanKernels {
  return hasWasmKernels() ? wasmScanKernels(memory) : scalarScanKernels(memory);
}

/** The SIMD kernels; throws where they were not built. */
export function wasmScanKernels({ memory }: TextMemory): ScanKernels {
  const kernels = instantiateKernels(memory, ['newlineAt', 'scanFixed', 'scanColumns']);
  return { name: 'wasm-simd', ...kernels };
}
