export type KernelExport = (...values: number[]) => number;

/**
 * The named kernels of a compiled module over a memory, or `undefined` where it lacks one. Imports nothing, so that a
 * thread that only runs kernels starts fast.
 */
export function kernelExports<Name extends string>(
  module: WebAssembly.Module,
  memory: WebAssembly.Memory,
  names: readonly Name[],
): Readonly<Record<Name, KernelExport>> | undefined {
  const abort = () => undefined;
  const { exports } = new WebAssembly.Instance(module, { env: { memory, abort } });
  const kernels = names.map((name) => [name, exports[name]] as const);
  if (!kernels.every(([, kernel]) => typeof kernel === 'function')) return undefined;
  // Exports take and give numbers; those that give nothing give `undefined`, which nobody looks at.
  return Object.fromEntries(kernels) as Record<Name, KernelExport>;
}
