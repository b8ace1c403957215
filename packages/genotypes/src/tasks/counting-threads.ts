import { availableParallelism } from 'node:os';
import { Worker } from 'node:worker_threads';
import type { PeopleSet } from '@federome/core';
import { GenotypeError } from '../errors.ts';
import type { SegmentEntry } from '../segments/segment.ts';
import {
  bytesOf,
  type CountingPlan,
  type CountingResult,
  type CountingTask,
  type ThreadFault,
} from './counting-task.ts';

/** Bytes of segments from which threads are worth their start: 40 ms of CPU each, and a thread counts 100 MB a second. */
const WORTH_BYTES = 32 << 20;

interface Waiting {
  resolve(counts: Uint32Array): void;
  reject(error: unknown): void;
}

/** How many threads count these segments: as many as are asked for, or else the machine's cores where they are worth it. */
export function threadsFor(segments: readonly SegmentEntry[], asked: number | undefined): number {
  if (asked !== undefined) return Math.min(asked, segments.length);
  const bytes = segments.reduce((sum, entry) => sum + entry.bytes, 0);
  return bytes < WORTH_BYTES ? 1 : Math.min(availableParallelism(), segments.length);
}

/**
 * Threads that count the same cohorts in segments. Each has kernels and a cache of its own; results are asked for one by
 * one, and come in whatever order is waited for. A fault of a thread is a rejection of whoever waits, and everything
 * asked for after the end is rejected. They keep no process alive.
 */
export class CountingThreads {
  readonly threads: number;
  readonly #workers: readonly Worker[];
  readonly #waiting = new Map<number, Waiting>();
  #next = 0;
  #failure: unknown;

  constructor(plan: Omit<CountingPlan, 'cohorts'>, cohorts: readonly PeopleSet[], threads: number) {
    this.threads = threads;
    const workerData: CountingPlan = { ...plan, cohorts: bytesOf(cohorts) };
    this.#workers = Array.from({ length: threads }, () => this.#start(workerData));
  }

  /** `COUNTS` numbers a cohort and row, as `SegmentCounter.rows`. */
  async count(entry: SegmentEntry, from: number, to: number): Promise<Uint32Array> {
    if (this.#failure !== undefined) throw this.#failure;
    const number = this.#next;
    this.#next += 1;
    const task: CountingTask = { number, entry, from, to };
    const answer = new Promise<Uint32Array>((resolve, reject) => {
      this.#waiting.set(number, { resolve, reject });
    });
    const worker = this.#workers[number % this.#workers.length]!;
    worker.ref();
    worker.postMessage(task);
    return await answer.finally(() => {
      if (this.#waiting.size === 0) for (const idle of this.#workers) idle.unref();
    });
  }

  async close(): Promise<void> {
    this.#fail(new Error('the counting was ended'));
    await Promise.all(this.#workers.map((worker) => worker.terminate()));
  }

  #start(workerData: CountingPlan): Worker {
    const worker = new Worker(new URL('./counting-thread.ts', import.meta.url), { workerData });
    worker.unref();
    worker.on('message', (result: CountingResult) => this.#take(result));
    worker.on('error', (error) => this.#fail(error));
    worker.on('exit', () => this.#fail(new Error('a counting thread ended')));
    return worker;
  }

  #take(result: CountingResult): void {
    const waiting = this.#waiting.get(result.number);
    this.#waiting.delete(result.number);
    if ('counts' in result) waiting?.resolve(result.counts);
    else waiting?.reject(errorOf(result.fault));
  }

  #fail(error: unknown): void {
    this.#failure ??= error;
    for (const { reject } of this.#waiting.values()) reject(error);
    this.#waiting.clear();
  }
}

/** Threads for whoever turns out to need some; those of the same cohorts are the same. To be closed by whoever made it. */
export class ThreadSource {
  readonly threads: number;
  readonly #plan: Omit<CountingPlan, 'cohorts'>;
  readonly #made: { readonly cohorts: readonly PeopleSet[]; readonly threads: CountingThreads }[] = [];

  constructor(plan: Omit<CountingPlan, 'cohorts'>, threads: number) {
    this.#plan = plan;
    this.threads = threads;
  }

  countersOf(cohorts: readonly PeopleSet[]): CountingThreads {
    const isSame = (others: readonly PeopleSet[]) =>
      others.length === cohorts.length && others.every((other, place) => other.equals(cohorts[place]!));
    const known = this.#made.find((made) => made.cohorts === cohorts || isSame(made.cohorts));
    if (known !== undefined) return known.threads;
    const threads = new CountingThreads(this.#plan, cohorts, this.threads);
    this.#made.push({ cohorts, threads });
    return threads;
  }

  async close(): Promise<void> {
    await Promise.all(this.#made.map(({ threads }) => threads.close()));
  }
}

function errorOf({ code, message, file }: ThreadFault): Error {
  if (code !== 'genotypes/corrupt') return new Error(message);
  return new GenotypeError(code, message, {
    location: file === undefined ? undefined : { file },
    publicMessage: 'stored genotypes are damaged',
  });
}
