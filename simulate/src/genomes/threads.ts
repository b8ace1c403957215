import { availableParallelism } from 'node:os';
import { Worker } from 'node:worker_threads';
import { SimulateError } from '../errors.ts';
import type { GenomePlan, RegionGenotypes } from './region-genotypes.ts';

/** A region of a country to do. */
export interface RegionTask {
  readonly cohort: number;
  readonly region: number;
}

interface Waiting {
  readonly resolve: (genotypes: RegionGenotypes) => void;
  readonly reject: (error: Error) => void;
}

/** Tasks in flight or finished and not yet taken, a thread: what bounds the memory of results. */
const AHEAD = 3;

/**
 * Does the tasks on threads and yields their results in the order of the tasks, whichever finishes first; at most three
 * results a thread wait to be taken. Throws `simulate/worker-failed` where a thread dies.
 */
export async function* inThreads(
  plan: GenomePlan,
  tasks: readonly RegionTask[],
  threads: number = availableParallelism(),
): AsyncGenerator<RegionGenotypes, void, void> {
  const pool = Array.from({ length: Math.max(1, Math.min(threads, tasks.length)) }, () => new Thread(plan));
  try {
    const ahead: Promise<RegionGenotypes>[] = [];
    for (const [index, task] of tasks.entries()) {
      const least = pool.reduce((a, b) => (b.load < a.load ? b : a));
      const result = least.run(task);
      result.catch(() => undefined);
      ahead.push(result);
      if (ahead.length >= AHEAD * pool.length || index === tasks.length - 1) {
        const wanted = index === tasks.length - 1 ? ahead.length : 1;
        for (let taken = 0; taken < wanted; taken++) yield await ahead.shift()!;
      }
    }
  } finally {
    await Promise.all(pool.map((thread) => thread.stop()));
  }
}

class Thread {
  readonly #worker: Worker;
  readonly #waiting: Waiting[] = [];

  constructor(plan: GenomePlan) {
    this.#worker = new Worker(new URL('./region-thread.ts', import.meta.url), { workerData: plan });
    this.#worker.on('message', (genotypes: RegionGenotypes) => {
      const { blocks } = genotypes;
      this.#waiting.shift()?.resolve({
        ...genotypes,
        blocks: Buffer.from(blocks.buffer, blocks.byteOffset, blocks.byteLength),
      });
    });
    this.#worker.on('error', (cause) => this.#fail(cause));
    this.#worker.on('exit', () => this.#fail(undefined));
  }

  get load(): number {
    return this.#waiting.length;
  }

  run(task: RegionTask): Promise<RegionGenotypes> {
    return new Promise((resolve, reject) => {
      this.#waiting.push({ resolve, reject });
      this.#worker.postMessage(task);
    });
  }

  async stop(): Promise<void> {
    await this.#worker.terminate();
  }

  #fail(cause: unknown): void {
    const error = new SimulateError('simulate/worker-failed', 'a thread that simulates genotypes ended', {
      cause,
    });
    for (const waiting of this.#waiting.splice(0)) waiting.reject(error);
  }
}
