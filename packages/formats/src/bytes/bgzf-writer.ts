import { availableParallelism } from 'node:os';
import type { Writable } from 'node:stream';
import { constants, crc32, createDeflateRaw } from 'node:zlib';
import { type ByteSink, writeTo } from './chunked-output.ts';

/** Text of a block: what htslib puts into one, so that a block that does not compress is still below 64 KiB. */
const BLOCK_TEXT_BYTES = 0xff00;
const HEADER_BYTES = 18;
const TRAILER_BYTES = 8;
/** Rows of 10,000 genotypes take a third of the CPU of level 6, and a tenth more bytes (level 1: a sixth, and two thirds). */
const LEVEL = 4;
const MOST_DEFLATERS = 4;

/** The empty block at the end of every BGZF file (SAM specification 4.1.2). */
const END_OF_FILE = Buffer.from('1f8b08040000000000ff0600424302001b0003000000000000000000', 'hex');
/** An empty last block of deflate. */
const LAST_BLOCK = Buffer.from([3, 0]);

/** Compresses to BGZF, some blocks at a time on zlib's threads. Does not end the stream. */
export class BgzfSink implements ByteSink {
  readonly #out: Writable;
  readonly #deflaters = Array.from(
    { length: Math.min(MOST_DEFLATERS, availableParallelism()) },
    () => new BlockDeflater(),
  );

  constructor(out: Writable) {
    this.#out = out;
  }

  async write(bytes: Buffer): Promise<void> {
    const blocks: Buffer[] = new Array(Math.ceil(bytes.length / BLOCK_TEXT_BYTES));
    const deflaters = this.#deflaters;
    await Promise.all(
      deflaters.map(async (deflater, first) => {
        for (let block = first; block < blocks.length; block += deflaters.length) {
          const start = block * BLOCK_TEXT_BYTES;
          blocks[block] = await deflater.block(bytes.subarray(start, start + BLOCK_TEXT_BYTES));
        }
      }),
    );
    await writeTo(this.#out, Buffer.concat(blocks));
  }

  async finish(): Promise<void> {
    for (const deflater of this.#deflaters) deflater.close();
    await writeTo(this.#out, END_OF_FILE);
  }
}

/**
 * Makes blocks with one stream of zlib that is flushed fully after each, which leaves nothing of a block to the next: a
 * stream a block takes half as much CPU again, for 1 % fewer bytes.
 */
class BlockDeflater {
  readonly #zlib = createDeflateRaw({ level: LEVEL, chunkSize: 1 << 16 });
  #parts: Buffer[] = [];
  #fail: (error: Error) => void = () => undefined;

  constructor() {
    this.#zlib.on('data', (part: Buffer) => this.#parts.push(part));
    this.#zlib.on('error', (error) => this.#fail(error));
  }

  /** A BGZF block of that text. One at a time. */
  async block(text: Buffer): Promise<Buffer> {
    await new Promise<void>((resolve, reject) => {
      this.#fail = reject;
      this.#zlib.write(text);
      this.#zlib.flush(constants.Z_FULL_FLUSH, () => resolve());
    });
    const header = Buffer.from(END_OF_FILE.subarray(0, HEADER_BYTES));
    const trailer = Buffer.alloc(TRAILER_BYTES);
    trailer.writeUInt32LE(crc32(text), 0);
    trailer.writeUInt32LE(text.length, 4);
    const block = Buffer.concat([header, ...this.#parts, LAST_BLOCK, trailer]);
    block.writeUInt16LE(block.length - 1, HEADER_BYTES - 2);
    this.#parts = [];
    return block;
  }

  close(): void {
    this.#zlib.destroy();
  }
}
