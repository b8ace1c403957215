import { readSync } from 'node:fs';
import { bgzfBlockAt } from '../bytes/bgzf.ts';
import { corrupt, truncated } from '../bytes/compression-errors.ts';
import { notReadable } from '../bytes/not-readable.ts';
import type { TextMemory } from '../kernels/text-memory.ts';
import { type BgzfBatch, type BgzfBlock, LEAST_BLOCK_BYTES } from './bgzf-block.ts';

const READ_BYTES = 1 << 18;
const LONGEST_BLOCK = 1 << 16;
/** No batch is longer in the file. */
export const MOST_BATCH_BYTES = READ_BYTES + LONGEST_BLOCK;
const HEADER_BYTES = 12;
const SLACK = 64;

/** Reads a BGZF file's blocks, some at a time, with their lengths and the end of the file verified. */
export class BgzfBatches {
  readonly #file: string;
  readonly #descriptor: number;
  readonly #memory: TextMemory;
  readonly #onCompressed: ((bytes: Uint8Array) => void) | undefined;
  readonly #base: number;
  #start: number;
  #end: number;
  #ended = false;
  #lastTextBytes = -1;
  /** Bytes of the file that were read so far. */
  bytesRead = 0;

  constructor(
    file: string,
    descriptor: number,
    memory: TextMemory,
    onCompressed: ((bytes: Uint8Array) => void) | undefined,
  ) {
    this.#file = file;
    this.#descriptor = descriptor;
    this.#memory = memory;
    this.#onCompressed = onCompressed;
    this.#base = memory.allocate(MOST_BATCH_BYTES + SLACK);
    this.#start = this.#base;
    this.#end = this.#base;
  }

  /** At least one block with text, and further ones until there are `textBytes` of text; `undefined` at the end. */
  next(textBytes: number): BgzfBatch | undefined {
    for (;;) {
      const batch = this.#take(textBytes);
      if (batch.textBytes > 0) return batch;
      if (batch.blocks.length > 0) continue;
      if (this.#ended) break;
      this.#read();
    }
    if (this.#start < this.#end) throw truncated(this.#file, 'it ends inside a BGZF block');
    if (this.#lastTextBytes !== 0) throw truncated(this.#file, 'the BGZF end-of-file block is missing');
    return undefined;
  }

  #take(wanted: number): BgzfBatch {
    const blocks: BgzfBlock[] = [];
    let textBytes = 0;
    while (textBytes < wanted) {
      const block = this.#blockAt(this.#start);
      if (block === undefined) break;
      this.#start += block.bytes;
      this.#lastTextBytes = block.textBytes;
      textBytes += block.textBytes;
      blocks.push(block);
    }
    return { blocks, textBytes };
  }

  /** The block at `start`, or `undefined` where it was not all read yet. */
  #blockAt(start: number): BgzfBlock | undefined {
    const bytes = this.#memory.bytes.subarray(start, this.#end);
    const isMember = [0x1f, 0x8b, 8].every((byte, index) => (bytes[index] ?? byte) === byte);
    if (isMember && HEADER_BYTES > bytes.length) return undefined;
    const headerBytes = isMember ? HEADER_BYTES + bytes.readUInt16LE(10) : 0;
    if (isMember && headerBytes > bytes.length) return undefined;
    const size = bgzfBlockAt(bytes, 0);
    if (size === undefined || size < LEAST_BLOCK_BYTES || size < headerBytes + 8)
      throw corrupt(this.#file, 'what follows a BGZF block is not one');
    if (size > bytes.length) return undefined;
    const textBytes = bytes.readUInt32LE(size - 4);
    if (textBytes > 65_536) throw corrupt(this.#file, 'a block claims more than 64 KiB');
    return {
      start,
      bytes: size,
      source: start + headerBytes,
      sourceBytes: size - headerBytes - 8,
      textBytes,
      crc: bytes.readUInt32LE(size - 8),
    };
  }

  #read(): void {
    this.#memory.bytes.copyWithin(this.#base, this.#start, this.#end);
    this.#end -= this.#start - this.#base;
    this.#start = this.#base;
    const room = this.#memory.bytes.subarray(this.#end, this.#end + READ_BYTES);
    let bytes = 0;
    try {
      bytes = readSync(this.#descriptor, room, 0, READ_BYTES, this.bytesRead);
    } catch (cause) {
      throw notReadable(this.#file, cause);
    }
    this.bytesRead += bytes;
    this.#end += bytes;
    this.#ended = bytes === 0;
    if (bytes > 0) this.#onCompressed?.(room.subarray(0, bytes));
  }
}
