import { INFLATE_TABLE_BYTES, type InflateKernels, inflateKernels } from '../kernels/inflate-kernels.ts';
import type { TextMemory } from '../kernels/text-memory.ts';
import { type BgzfBatch, type BgzfBlock, LEAST_BLOCK_BYTES } from './bgzf-block.ts';
import { inflateBlocks } from './inflate-blocks.ts';

// Words of the control block, then of each job, then of each of its blocks.
const POSTED = 0;
const TAKEN = 1;
const STOPPED = 2;
const CONTROL_WORDS = 16;
const STATE = 0;
const TARGET = 1;
const TEXT_BYTES = 2;
const BLOCK_COUNT = 3;
const JOB_WORDS = 16;
const BLOCK_WORDS = 6;

const FREE = 0;
const READY = 1;
const DONE = 2;
const REFUSED = 3;
/** Plus the number of the thread that runs it. */
const CLAIMED = 4;

/** Where the jobs lie: all that a thread needs to take part. */
export interface JobTable {
  readonly memory: WebAssembly.Memory;
  /** The compiled kernels; without them the threads have zlib. */
  readonly module: WebAssembly.Module | undefined;
  readonly at: number;
  readonly slots: number;
  readonly slotBytes: number;
  readonly mostBlocks: number;
}

/** Allocates a table of jobs whose blocks take at most that many bytes of the file. */
export function allocateJobs(
  memory: TextMemory,
  module: WebAssembly.Module | undefined,
  slots: number,
  slotBytes: number,
): JobTable {
  const mostBlocks = Math.ceil(slotBytes / LEAST_BLOCK_BYTES);
  const words = CONTROL_WORDS + slots * (JOB_WORDS + mostBlocks * BLOCK_WORDS);
  const at = memory.allocate(4 * words + slots * (slotBytes + 64));
  return { memory: memory.memory, module, at, slots, slotBytes, mostBlocks };
}

/**
 * Batches of BGZF blocks to be inflated by whichever thread comes first, in a ring of slots in shared memory. One thread
 * posts and takes them, in order; any may run them.
 */
export class InflateJobs {
  readonly #table: JobTable;
  readonly #words: Int32Array;
  readonly #kernels: InflateKernels;

  readonly #thread: number;

  /** `tables` and the number `thread` are this thread's own. */
  constructor(table: JobTable, tables: number, thread: number) {
    this.#table = table;
    this.#thread = thread;
    const perJob = JOB_WORDS + table.mostBlocks * BLOCK_WORDS;
    this.#words = new Int32Array(table.memory.buffer, table.at, CONTROL_WORDS + table.slots * perJob);
    this.#kernels = inflateKernels(table.module, table.memory, tables);
  }

  /** Room for kernels' tables, one for each thread. */
  static allocateTables(memory: TextMemory): number {
    return memory.allocate(INFLATE_TABLE_BYTES);
  }

  get hasFreeSlot(): boolean {
    return this.#words[POSTED]! - this.#words[TAKEN]! < this.#table.slots;
  }

  /** Lets any thread inflate a batch, which is copied, to `target`. */
  post(batch: BgzfBatch, bytes: Uint8Array, target: number): void {
    const number = this.#words[POSTED]!;
    const job = this.#jobAt(number);
    const from = batch.blocks[0]!.start;
    const last = batch.blocks.at(-1)!;
    const to = this.#bytesAt(number);
    bytes.copyWithin(to, from, last.start + last.bytes);
    this.#words[job + TARGET] = target;
    this.#words[job + TEXT_BYTES] = batch.textBytes;
    this.#words[job + BLOCK_COUNT] = batch.blocks.length;
    batch.blocks.forEach((block, place) => {
      const { start, bytes: size, source, sourceBytes, textBytes, crc } = block;
      const moved = to - from;
      const at = job + JOB_WORDS + place * BLOCK_WORDS;
      this.#words.set([start + moved, size, source + moved, sourceBytes, textBytes, crc | 0], at);
    });
    Atomics.store(this.#words, job + STATE, READY);
    Atomics.store(this.#words, POSTED, number + 1);
    Atomics.notify(this.#words, POSTED, 1);
  }

  /** Runs the first job that nobody has begun; whether there was one. */
  runOne(): boolean {
    const end = Atomics.load(this.#words, POSTED);
    for (let number = Atomics.load(this.#words, TAKEN); number < end; number += 1) {
      const job = this.#jobAt(number);
      const claimed = CLAIMED + this.#thread;
      if (Atomics.compareExchange(this.#words, job + STATE, READY, claimed) !== READY) continue;
      this.#run(job);
      return true;
    }
    return false;
  }

  /** Runs jobs until `stop`; blocks the thread. */
  serve(): void {
    while (Atomics.load(this.#words, STOPPED) === 0) {
      const posted = Atomics.load(this.#words, POSTED);
      if (!this.runOne()) Atomics.wait(this.#words, POSTED, posted);
    }
  }

  stop(): void {
    Atomics.store(this.#words, STOPPED, 1);
    // Changed, so that a thread that is about to wait does not.
    Atomics.add(this.#words, POSTED, 1);
    Atomics.notify(this.#words, POSTED);
  }

  /** Whether the oldest job was run to its end. */
  get isOldestFinished(): boolean {
    const state = Atomics.load(this.#words, this.#jobAt(this.#words[TAKEN]!) + STATE);
    return state === DONE || state === REFUSED;
  }

  /** Which thread has begun the oldest job and not finished it. */
  get threadOfOldest(): number | undefined {
    const state = Atomics.load(this.#words, this.#jobAt(this.#words[TAKEN]!) + STATE);
    return state >= CLAIMED ? state - CLAIMED : undefined;
  }

  /** Settles when the oldest job, which that thread has begun, is finished. */
  async oldestFinished(thread: number): Promise<void> {
    const job = this.#jobAt(this.#words[TAKEN]!);
    const result = Atomics.waitAsync(this.#words, job + STATE, CLAIMED + thread);
    if (result.async) await result.value;
  }

  /** Runs the oldest job again that a thread began which is no more. */
  rerunOldest(): void {
    this.#run(this.#jobAt(this.#words[TAKEN]!));
  }

  /**
   * Takes the oldest job, which is finished. Where a block was refused, `refused` gets the blocks; they last as long as
   * the call.
   */
  take(refused: (blocks: readonly BgzfBlock[]) => void): void {
    const number = this.#words[TAKEN]!;
    const job = this.#jobAt(number);
    if (Atomics.load(this.#words, job + STATE) === REFUSED) refused(this.#blocksOf(job));
    Atomics.store(this.#words, job + STATE, FREE);
    Atomics.store(this.#words, TAKEN, number + 1);
  }

  #run(job: number): void {
    const target = this.#words[job + TARGET]!;
    const textBytes = this.#words[job + TEXT_BYTES]!;
    const place = inflateBlocks(this.#kernels, this.#blocksOf(job), target, textBytes);
    Atomics.store(this.#words, job + STATE, place < 0 ? DONE : REFUSED);
    Atomics.notify(this.#words, job + STATE);
  }

  #blocksOf(job: number): readonly BgzfBlock[] {
    return Array.from({ length: this.#words[job + BLOCK_COUNT]! }, (_, place) => {
      const at = job + JOB_WORDS + place * BLOCK_WORDS;
      return {
        start: this.#words[at]!,
        bytes: this.#words[at + 1]!,
        source: this.#words[at + 2]!,
        sourceBytes: this.#words[at + 3]!,
        textBytes: this.#words[at + 4]!,
        crc: this.#words[at + 5]! >>> 0,
      };
    });
  }

  /** Word at which a job's description starts. */
  #jobAt(number: number): number {
    const { slots, mostBlocks } = this.#table;
    return CONTROL_WORDS + (number % slots) * (JOB_WORDS + mostBlocks * BLOCK_WORDS);
  }

  /** Byte at which the copy of a job's blocks starts. */
  #bytesAt(number: number): number {
    const { at, slots, slotBytes } = this.#table;
    return at + 4 * this.#words.length + (number % slots) * (slotBytes + 64);
  }
}
