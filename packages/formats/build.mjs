// Compiles the AssemblyScript kernels to build/kernels.wasm. Plain JavaScript that runs on Node 18 and later:
// `node packages/formats/build.mjs`. Without the built file everything runs on the scalar twins.
import { mkdir } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import asc from 'assemblyscript/asc';

const at = (path) => fileURLToPath(new URL(path, import.meta.url));

export async function buildKernels() {
  await mkdir(at('./build'), { recursive: true });
  const { error, stderr } = await asc.main([
    at('./src/kernels/assembly/index.ts'),
    '--outFile',
    at('./build/kernels.wasm'),
    '--baseDir',
    at('.'),
    '--enable',
    'simd',
    '--enable',
    'bulk-memory',
    '--enable',
    'threads',
    // The memory is the text window's, which several threads share: see src/kernels/text-memory.ts.
    '--importMemory',
    '--sharedMemory',
    '--initialMemory',
    '1',
    '--maximumMemory',
    '32768',
    '--runtime',
    'stub',
    '--noAssert',
    '-O3',
  ]);
  if (error) throw new Error(`the kernels do not compile: ${stderr.toString()}`, { cause: error });
}

if (process.argv[1] === fileURLToPath(import.meta.url)) await buildKernels();
