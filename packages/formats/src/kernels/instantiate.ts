import { existsSync, readFileSync } from 'node:fs';
import { FormatError } from '../errors.ts';

const BUILT = new URL('../../build/kernels.wasm', import.meta.url);

export type KernelExport = (...values: number[]) => number;
let compiled: WebAssembly.Module | undefined;

/** Whether the WASM kernels were built (`packages/formats/build.mjs`); without them the scalar twins serve. */
export function hasWasmKernels(): boolean {
  return existsSync(BUILT);
}

/** The named kernels over a shared memory of at most 2 GiB; throws where they were not built. */
export function instantiateKernels<Name extends string>(
  memory: WebAssembly.Memory,
  names: readonly Name[],
): Readonly<Record<Name, KernelExport>> {
  compiled ??= new WebAssembly.Module(readFileSync(BUILT));
  const { exports } = new WebAssembly.Instance(compiled, { env: { memory, abort: refuse } });
  const kernels: Partial<Record<Name, KernelExport>> = {};
  for (const name of names) kernels[name] = functionOf(exports[name]);
  return kernels as Record<Name, KernelExport>;
}

/** What WebAssembly exports takes and gives numbers as 32-bit integers; calls that return nothing give `undefined`. */
function functionOf(value: unknown): KernelExport {
  return typeof value === 'function' ? (value as KernelExport) : refuse();
}

function refuse(): never {
  throw new FormatError(
    'formats/kernels-not-built',
    'build/kernels.wasm is not what packages/formats/build.mjs builds: run it again',
  );
}
