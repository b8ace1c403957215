import { existsSync, readFileSync } from 'node:fs';
import { FormatError } from '../errors.ts';
import { type KernelExport, kernelExports } from './kernel-exports.ts';

const BUILT = new URL('../../build/kernels.wasm', import.meta.url);

let compiled: WebAssembly.Module | undefined;

/** Whether the WASM kernels were built (`packages/formats/build.mjs`); without them the scalar twins serve. */
export function hasWasmKernels(): boolean {
  return existsSync(BUILT);
}

/** The kernels, compiled once a process, or `undefined` where they were not built. */
export function compiledKernels(): WebAssembly.Module | undefined {
  if (compiled === undefined && hasWasmKernels()) compiled = new WebAssembly.Module(readFileSync(BUILT));
  return compiled;
}

/** The named kernels over a shared memory of at most 2 GiB; throws where they were not built. */
export function instantiateKernels<Name extends string>(
  memory: WebAssembly.Memory,
  names: readonly Name[],
): Readonly<Record<Name, KernelExport>> {
  const module = compiledKernels();
  const kernels = module === undefined ? undefined : kernelExports(module, memory, names);
  if (kernels !== undefined) return kernels;
  throw new FormatError(
    'formats/kernels-not-built',
    'build/kernels.wasm is not what packages/formats/build.mjs builds: run it again',
  );
}
