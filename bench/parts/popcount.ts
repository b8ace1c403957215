import { COHORT_BYTES } from '../../packages/genotypes/src/kernels/kernels.ts';
import { createKernels } from '../../packages/genotypes/src/kernels/wasm.ts';

const ROUNDS = 200_000;
const FIRST = 64;

/** Puts two haplotype planes through AND with a cohort and population count, again and again; returns the planes' bytes. */
export function countPlanes(): number {
  const kernels = createKernels();
  kernels.reserve(1 << 16);
  const second = FIRST + COHORT_BYTES;
  const cohort = second + COHORT_BYTES;
  const out = cohort + COHORT_BYTES;
  const planes = { first: FIRST, second, planeBytes: COHORT_BYTES };
  const cohorts = { cohorts: cohort, stride: COHORT_BYTES, cohortCount: 1 };
  for (let round = 0; round < ROUNDS; round += 1) {
    kernels.countPlanes(planes, cohorts, 0, out);
  }
  return ROUNDS * 2 * COHORT_BYTES;
}
