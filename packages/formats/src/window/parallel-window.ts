import { closeSync } from 'node:fs';
import { Worker } from 'node:worker_threads';
import { compiledKernels } from '../kernels/instantiate.ts';
import { BgzfBatches, MOST_BATCH_BYTES } from './bgzf-batches.ts';
import type { BgzfBatch } from './bgzf-block.ts';
import { inflateByZlib } from './inflate-by-zlib.ts';
import { allocateJobs, InflateJobs } from './inflate-jobs.ts';
import type { InflateWorkerData } from './inflate-worker.ts';
import { type PlacedText, TextRegions } from './text-regions.ts';
import type { OpenedFile, TextSpan, TextWindow } from './text-window.ts';

const BATCH_BYTES = 1 << 19;

/**
 * A window on BGZF that other threads inflate ahead of the reader, into the memory that it reads. The reader's thread
 * takes a part wherever it would have to wait. A thread that dies leaves its part to the reader's.
 */
export class ParallelWindow implements TextWindow {
  readonly compression = 'bgzf';
  readonly file: string;
  readonly #opened: OpenedFile;
  readonly #batches: BgzfBatches;
  readonly #jobs: InflateJobs;
  readonly #regions: TextRegions;
  readonly #workers: readonly InflateThread[];
  readonly #placed: PlacedText[] = [];
  /** Read, but without a place yet. */
  #held: BgzfBatch | undefined;
  #ended = false;
  /** Why the file cannot be read beyond what was placed. */
  #failure: unknown;
  #closed = false;

  constructor(opened: OpenedFile, threads: number) {
    const { file, descriptor, memory, onCompressed } = opened;
    this.file = file;
    this.#opened = opened;
    this.#batches = new BgzfBatches(file, descriptor, memory, onCompressed);
    const table = allocateJobs(memory, compiledKernels(), 2 * threads + 2, MOST_BATCH_BYTES);
    this.#jobs = new InflateJobs(table, InflateJobs.allocateTables(memory), 0);
    const tables = Array.from({ length: threads - 1 }, () => InflateJobs.allocateTables(memory));
    this.#regions = new TextRegions(file, memory);
    this.#workers = tables.map(
      (each, place) => new InflateThread({ table, tables: each, thread: place + 1 }),
    );
  }

  get memory() {
    return this.#regions.memory;
  }

  get progress() {
    return { bytesRead: this.#batches.bytesRead, bytesTotal: this.#opened.bytesTotal };
  }

  async next(keepFrom?: number): Promise<TextSpan | undefined> {
    if (this.#closed) return undefined;
    this.#post();
    const placed = this.#placed.shift();
    if (placed === undefined) {
      await this.close();
      if (this.#failure !== undefined) throw this.#failure;
      return undefined;
    }
    await this.#finishOldest();
    this.#jobs.take((blocks) => inflateByZlib(this.file, this.memory.bytes, blocks, placed.target));
    const span = this.#regions.give(placed, keepFrom);
    this.#post();
    return span;
  }

  async close(): Promise<void> {
    if (this.#closed) return;
    this.#closed = true;
    this.#jobs.stop();
    closeSync(this.#opened.descriptor);
    await Promise.all(this.#workers.map((worker) => worker.waitedFor(worker.ended)));
  }

  /** Reads ahead as far as there are slots for jobs and places for their text. */
  #post(): void {
    while (this.#jobs.hasFreeSlot) {
      this.#held ??= this.#read();
      if (this.#held === undefined) return;
      const placed = this.#regions.place(this.#held.textBytes);
      if (placed === undefined) return;
      this.#jobs.post(this.#held, this.memory.bytes, placed.target);
      this.#placed.push(placed);
      this.#held = undefined;
    }
  }

  #read(): BgzfBatch | undefined {
    if (this.#ended) return undefined;
    try {
      const batch = this.#batches.next(BATCH_BYTES);
      this.#ended = batch === undefined;
      return batch;
    } catch (error) {
      // What comes before the fault is given first.
      this.#ended = true;
      this.#failure = error;
      return undefined;
    }
  }

  async #finishOldest(): Promise<void> {
    while (!this.#jobs.isOldestFinished) {
      if (this.#jobs.runOne()) continue;
      const thread = this.#jobs.threadOfOldest;
      const worker = thread === undefined ? undefined : this.#workers[thread - 1];
      if (thread === undefined || worker === undefined) continue;
      if (worker.lives)
        await worker.waitedFor(Promise.race([this.#jobs.oldestFinished(thread), worker.ended]));
      else this.#jobs.rerunOldest();
    }
  }
}

/** A thread that inflates; it never keeps the process from ending, unless it is waited for. */
class InflateThread {
  readonly ended: Promise<void>;
  lives = true;
  readonly #worker: Worker;

  constructor(workerData: InflateWorkerData) {
    this.#worker = new Worker(new URL('./inflate-worker.ts', import.meta.url), { workerData });
    this.#worker.unref();
    this.ended = new Promise((resolve) => {
      this.#worker.on('error', () => undefined);
      this.#worker.on('exit', () => {
        this.lives = false;
        resolve();
      });
    });
  }

  /** The same; until it settles, the thread keeps the process from ending. */
  async waitedFor(event: Promise<void>): Promise<void> {
    this.#worker.ref();
    await event;
    this.#worker.unref();
  }
}
