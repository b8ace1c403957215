import { closeSync } from 'node:fs';
import { INFLATE_TABLE_BYTES, type InflateKernels, inflateKernels } from '../kernels/inflate-kernels.ts';
import { compiledKernels } from '../kernels/instantiate.ts';
import { BgzfBatches } from './bgzf-batches.ts';
import { inflateBlocks } from './inflate-blocks.ts';
import { inflateByZlib } from './inflate-by-zlib.ts';
import type { OpenedFile, TextSpan, TextWindow } from './text-window.ts';
import { WindowRoom } from './window-room.ts';

/** Text inflated at once: it stays in the second-level cache until it is scanned. */
const BATCH_BYTES = 1 << 18;

/** A window that BGZF is inflated into, on the caller's thread. */
export class BgzfWindow implements TextWindow {
  readonly compression = 'bgzf';
  readonly file: string;
  readonly #opened: OpenedFile;
  readonly #batches: BgzfBatches;
  readonly #kernels: InflateKernels;
  readonly #room: WindowRoom;
  #closed = false;

  constructor(opened: OpenedFile) {
    const { file, descriptor, memory, onCompressed } = opened;
    this.file = file;
    this.#opened = opened;
    this.#batches = new BgzfBatches(file, descriptor, memory, onCompressed);
    this.#kernels = inflateKernels(compiledKernels(), memory.memory, memory.allocate(INFLATE_TABLE_BYTES));
    this.#room = new WindowRoom(file, memory);
  }

  get memory() {
    return this.#room.memory;
  }

  get progress() {
    return { bytesRead: this.#batches.bytesRead, bytesTotal: this.#opened.bytesTotal };
  }

  async next(keepFrom?: number): Promise<TextSpan | undefined> {
    if (this.#closed) return undefined;
    const batch = this.#batches.next(BATCH_BYTES);
    if (batch === undefined) {
      await this.close();
      return undefined;
    }
    const target = this.#room.make(keepFrom, batch.textBytes);
    const refused = inflateBlocks(this.#kernels, batch.blocks, target, batch.textBytes);
    if (refused >= 0) inflateByZlib(this.file, this.memory.bytes, batch.blocks, target);
    return this.#room.add(batch.textBytes);
  }

  async close(): Promise<void> {
    if (this.#closed) return;
    this.#closed = true;
    closeSync(this.#opened.descriptor);
  }
}
