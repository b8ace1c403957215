import type { Writable } from 'node:stream';
import { promisify } from 'node:util';
import { crc32, deflateRaw } from 'node:zlib';
import { type ByteSink, writeTo } from './chunked-output.ts';

const deflate = promisify<Uint8Array, { level: number }, Buffer>(deflateRaw);

/** Text of a block: what htslib puts into one, so that a block that does not compress is still below 64 KiB. */
const BLOCK_TEXT_BYTES = 0xff00;
const HEADER_BYTES = 18;
const TRAILER_BYTES = 8;
/** Rows of 10,000 genotypes take a third of the CPU of level 6, and a tenth more bytes (level 1: a fifth, and half). */
const LEVEL = 4;

/** The empty block at the end of every BGZF file (SAM specification 4.1.2). */
const END_OF_FILE = Buffer.from('1f8b08040000000000ff0600424302001b0003000000000000000000', 'hex');

/** Compresses to BGZF, the blocks of what is written together on zlib's threads. Does not end the stream. */
export class BgzfSink implements ByteSink {
  readonly #out: Writable;

  constructor(out: Writable) {
    this.#out = out;
  }

  async write(bytes: Buffer): Promise<void> {
    const blocks: Promise<Buffer>[] = [];
    for (let at = 0; at < bytes.length; at += BLOCK_TEXT_BYTES)
      blocks.push(blockOf(bytes.subarray(at, at + BLOCK_TEXT_BYTES)));
    await writeTo(this.#out, Buffer.concat(await Promise.all(blocks)));
  }

  finish(): Promise<void> {
    return writeTo(this.#out, END_OF_FILE);
  }
}

async function blockOf(text: Buffer): Promise<Buffer> {
  const data = await deflate(text, { level: LEVEL });
  const block = Buffer.alloc(HEADER_BYTES + data.length + TRAILER_BYTES);
  END_OF_FILE.copy(block, 0, 0, HEADER_BYTES);
  block.writeUInt16LE(block.length - 1, HEADER_BYTES - 2);
  data.copy(block, HEADER_BYTES);
  block.writeUInt32LE(crc32(text), block.length - TRAILER_BYTES);
  block.writeUInt32LE(text.length, block.length - 4);
  return block;
}
