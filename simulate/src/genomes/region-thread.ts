import { parentPort, workerData } from 'node:worker_threads';
import { type GenomePlan, regionGenotypes } from './region-genotypes.ts';
import type { RegionTask } from './threads.ts';

// The plan comes from `inThreads` of the same build, by structured clone.
const plan: GenomePlan = workerData;

parentPort?.on('message', (task: RegionTask) => {
  const genotypes = regionGenotypes(plan, task.cohort, plan.regions[task.region]!);
  parentPort?.postMessage(genotypes);
});
