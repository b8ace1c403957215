import * as fc from 'fast-check';
import { COHORT_BYTES, type Kernels, type SetUnit } from './kernels.ts';
import { scalarKernels } from './scalar.ts';
import { hasWasmKernels, wasmKernels } from './wasm.ts';

/** The kernels that must do exactly the same. */
export const implementations: [string, () => Kernels][] = [['scalar', scalarKernels]];
if (hasWasmKernels()) implementations.push(['WASM with SIMD', wasmKernels]);

/** Sets of every density and shape over a span of one or two blocks, the first full, the last of some people. */
export const study = fc
  .record({
    blocks: fc.constantFrom(1, 1, 1, 1, 1, 2),
    last: fc.oneof(fc.integer({ min: 1, max: 300 }), fc.constantFrom(1, 127, 128, 129, 4_000)),
    seed: fc.integer(),
    densities: fc.array(fc.constantFrom(0, 0.001, 0.02, 0.4, 0.97, 0.9999, 1), {
      minLength: 1,
      maxLength: 5,
    }),
    uncalled: fc.constantFrom(0, 0, 0.01, 0.5),
    striped: fc.boolean(),
    unit: fc.constantFrom('haplotypes' as const, 'haplotypes' as const, 'people' as const),
  })
  .map(({ blocks, last, seed, densities, uncalled, striped, unit }) => {
    const random = generator(seed);
    const people = last + 32_768 * (blocks - 1);
    const missing = numbersBelow(2 * people, () => random() < uncalled);
    const gone = new Set(missing);
    const sets = densities.map((density) => {
      let left = 0;
      let now = false;
      return numbersBelow(unit === 'people' ? people : 2 * people, (number) => {
        if (left-- <= 0) {
          left = striped ? 1 + Math.floor(random() * 400) : 1;
          now = random() < density;
        }
        return now && (unit === 'people' || !gone.has(number));
      });
    });
    const cohorts = [0, 0.3, 1].map(
      (share) => new Set([...Array(people).keys()].filter(() => random() < share)),
    );
    return { people, last, unit, sets, missing, cohorts };
  });

/** A set of one block as `CellGroup` has it. */
export function planesOf(set: Uint32Array, unit: SetUnit): Uint8Array {
  const planes = new Uint8Array(2 * COHORT_BYTES);
  for (const number of set) {
    const person = unit === 'people' ? number : number >> 1;
    const at = (unit === 'people' ? 0 : number & 1) * COHORT_BYTES + (person >> 3);
    planes[at] = planes[at]! | (1 << (person & 7));
  }
  return planes;
}

export function numbersBelow(limit: number, accept: (number: number) => boolean): Uint32Array {
  const found: number[] = [];
  for (let number = 0; number < limit; number += 1) if (accept(number)) found.push(number);
  return Uint32Array.from(found);
}

/** Numbers in [0, 1) from a seed (mulberry32). */
export function generator(seed: number): () => number {
  let state = seed | 0;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}
