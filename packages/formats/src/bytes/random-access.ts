import { closeSync, fstatSync, openSync, readSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import { FormatError } from '../errors.ts';
import { bgzfBlockAt } from './bgzf.ts';
import { fromZlib } from './compression-errors.ts';
import { isGzip } from './gzip.ts';
import { notReadable } from './not-readable.ts';

/** Synchronous reads at any offset of a file's (decompressed) text; what lies beyond its end is not there. */
export interface RandomAccess {
  read(offset: number, length: number): Buffer;
  close(): void;
}

/** Opens a plain or BGZF file. A BGZF file's blocks are located first, by reading their headers. */
export function openRandomAccess(path: string): RandomAccess {
  let descriptor: number;
  try {
    descriptor = openSync(path, 'r');
  } catch (cause) {
    throw notReadable(path, cause);
  }
  try {
    const head = readAt(descriptor, 0, 64);
    if (!isGzip(head)) return new PlainAccess(descriptor);
    if (bgzfBlockAt(head, 0) === undefined)
      throw new FormatError(
        'formats/fasta',
        'the file is plain gzip, which cannot be read by position: compress it with bgzip',
        {
          location: { file: path },
        },
      );
    return new BgzfAccess(path, descriptor);
  } catch (error) {
    closeSync(descriptor);
    throw notReadable(path, error);
  }
}

function readAt(descriptor: number, offset: number, length: number): Buffer {
  const buffer = Buffer.allocUnsafe(length);
  let read = 0;
  while (read < length) {
    const bytes = readSync(descriptor, buffer, read, length - read, offset + read);
    if (bytes === 0) break;
    read += bytes;
  }
  return buffer.subarray(0, read);
}

class PlainAccess implements RandomAccess {
  readonly #descriptor: number;

  constructor(descriptor: number) {
    this.#descriptor = descriptor;
  }

  read(offset: number, length: number): Buffer {
    return readAt(this.#descriptor, offset, length);
  }

  close(): void {
    closeSync(this.#descriptor);
  }
}

class BgzfAccess implements RandomAccess {
  readonly #file: string;
  readonly #descriptor: number;
  /** Of every block with text: where it lies in the file, and where its text starts. */
  readonly #fileOffsets: number[] = [];
  readonly #textOffsets: number[] = [];

  constructor(file: string, descriptor: number) {
    this.#file = file;
    this.#descriptor = descriptor;
    const { size } = fstatSync(descriptor);
    let text = 0;
    for (let at = 0; at < size; ) {
      const block = bgzfBlockAt(readAt(descriptor, at, 64), 0);
      const length = block === undefined ? undefined : readAt(descriptor, at + block - 4, 4);
      if (block === undefined || length === undefined || length.length < 4)
        throw new FormatError('formats/truncated', 'the file ends inside a BGZF block', {
          location: { file },
        });
      if (length.readUInt32LE(0) > 0) {
        this.#fileOffsets.push(at);
        this.#textOffsets.push(text);
      }
      text += length.readUInt32LE(0);
      at += block;
    }
    this.#fileOffsets.push(size);
    this.#textOffsets.push(text);
  }

  read(offset: number, length: number): Buffer {
    const parts: Buffer[] = [];
    const end = Math.min(offset + length, this.#textOffsets.at(-1)!);
    for (let block = this.#blockAt(offset); block < this.#fileOffsets.length - 1; block += 1) {
      const start = this.#textOffsets[block]!;
      if (start >= end) break;
      parts.push(this.#inflate(block).subarray(Math.max(0, offset - start), end - start));
    }
    return Buffer.concat(parts);
  }

  close(): void {
    closeSync(this.#descriptor);
  }

  /** The last block whose text starts at or before `offset`. */
  #blockAt(offset: number): number {
    let low = 0;
    let high = this.#textOffsets.length - 1;
    while (low < high) {
      const middle = (low + high + 1) >>> 1;
      if (this.#textOffsets[middle]! <= offset) low = middle;
      else high = middle - 1;
    }
    return low;
  }

  #inflate(block: number): Buffer {
    const start = this.#fileOffsets[block]!;
    try {
      return gunzipSync(readAt(this.#descriptor, start, this.#fileOffsets[block + 1]! - start));
    } catch (error) {
      throw fromZlib(this.#file, error);
    }
  }
}
