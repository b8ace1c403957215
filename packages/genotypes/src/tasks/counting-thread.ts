import { join } from 'node:path';
import { parentPort, workerData } from 'node:worker_threads';
import { CodedError, PeopleSet } from '@federome/core';
import { StoreSeal } from '../at-rest/store-seal.ts';
import { createKernels } from '../kernels/wasm.ts';
import { SegmentCounter } from '../queries/segment-counter.ts';
import { ByteCache } from '../segments/cache.ts';
import { Segment } from '../segments/segment.ts';
import type { CountingPlan, CountingResult, CountingTask, ThreadFault } from './counting-task.ts';

/** What a thread keeps of the segments that it reads: each is read once. */
const CACHE_BYTES = 32 << 20;

const plan = workerData as CountingPlan;
const seal = plan.seal === undefined ? undefined : StoreSeal.fromShared(plan.seal);
const cache = new ByteCache(CACHE_BYTES);
const counter = new SegmentCounter(
  createKernels(),
  plan.cohorts.map((bytes) => PeopleSet.fromBytes(bytes)),
);
let tasks: Promise<void> = Promise.resolve();

parentPort?.on('message', (task: CountingTask) => {
  tasks = tasks.then(() => answer(task));
});

async function answer({ number, entry, from, to }: CountingTask): Promise<void> {
  let result: CountingResult;
  try {
    const segment = new Segment(join(plan.directory, entry.file), entry, cache, seal);
    result = { number, counts: (await counter.rows(segment, from, to)).counts };
  } catch (error) {
    result = { number, fault: faultOf(error) };
  }
  parentPort?.postMessage(result);
}

function faultOf(error: unknown): ThreadFault {
  if (error instanceof CodedError)
    return { code: error.code, message: error.message, file: error.location?.file };
  return { code: undefined, message: String(error), file: undefined };
}
