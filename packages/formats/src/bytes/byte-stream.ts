import { type FileHandle, open } from 'node:fs/promises';
import { inflateBgzf, isBgzf } from './bgzf.ts';
import { inflateGzip, isGzip } from './gzip.ts';
import { notReadable } from './not-readable.ts';
import type { RawSource } from './raw-source.ts';

export type Compression = 'plain' | 'gzip' | 'bgzf';

/** The decompressed bytes of a file, once, in order. Chunks are at most a few MiB. */
export interface ByteStream extends AsyncIterable<Uint8Array> {
  readonly file: string;
  readonly compression: Compression;
  /** Bytes of the file as it lies on the disk that were read so far, and its size. */
  readonly progress: { readonly bytesRead: number; readonly bytesTotal: number };
  /** Releases the file; needed only where the stream is not read to its end. */
  close(): Promise<void>;
}

export interface ByteStreamOptions {
  /** Chunks are gone when the next is asked for: memory is given back at once. Otherwise they belong to the receiver. */
  readonly releaseChunks?: boolean | undefined;
  /** Called with the bytes of the file as it lies on the disk, all of them, in order; they last as long as the call. */
  readonly onCompressed?: ((bytes: Uint8Array) => void) | undefined;
}

const PLAIN_CHUNK_BYTES = 1 << 20;

/**
 * Opens a plain, gzip (of one or more members) or BGZF file, told apart by content.
 * Memory is bounded by a few chunks whatever the file holds.
 * Raises `formats/file-not-readable`, `formats/truncated` (gzip that ends inside a member, BGZF without its
 * end-of-file block) and `formats/corrupt-compression`.
 */
export async function openByteStream(path: string, options: ByteStreamOptions = {}): Promise<ByteStream> {
  const handle = await openFile(path);
  try {
    const { size } = await handle.stat();
    const head = new Uint8Array(64);
    const { bytesRead } = await handle.read(head, 0, head.length, 0);
    return new FileByteStream(path, handle, size, compressionOf(head.subarray(0, bytesRead)), options);
  } catch (cause) {
    await handle.close();
    throw notReadable(path, cause);
  }
}

function compressionOf(head: Uint8Array): Compression {
  if (!isGzip(head)) return 'plain';
  return isBgzf(head) ? 'bgzf' : 'gzip';
}

class FileByteStream implements ByteStream, RawSource {
  readonly file: string;
  readonly compression: Compression;
  readonly bytesTotal: number;
  readonly #handle: FileHandle;
  readonly #options: ByteStreamOptions;
  #position = 0;
  #closed = false;

  constructor(
    file: string,
    handle: FileHandle,
    bytesTotal: number,
    compression: Compression,
    options: ByteStreamOptions,
  ) {
    this.#options = options;
    this.file = file;
    this.#handle = handle;
    this.bytesTotal = bytesTotal;
    this.compression = compression;
  }

  get progress(): { readonly bytesRead: number; readonly bytesTotal: number } {
    return { bytesRead: this.#position, bytesTotal: this.bytesTotal };
  }

  async read(maximumBytes: number): Promise<Uint8Array> {
    const buffer = Buffer.allocUnsafeSlow(maximumBytes);
    try {
      const { bytesRead } = await this.#handle.read(buffer, 0, maximumBytes, this.#position);
      this.#position += bytesRead;
      if (bytesRead > 0) this.#options.onCompressed?.(buffer.subarray(0, bytesRead));
      return buffer.subarray(0, bytesRead);
    } catch (cause) {
      throw notReadable(this.file, cause);
    }
  }

  async *[Symbol.asyncIterator](): AsyncIterator<Uint8Array> {
    try {
      if (this.compression === 'bgzf') yield* inflateBgzf(this, this.#options.releaseChunks);
      else if (this.compression === 'gzip') yield* inflateGzip(this);
      else yield* plainChunks(this);
    } finally {
      await this.close();
    }
  }

  async close(): Promise<void> {
    if (this.#closed) return;
    this.#closed = true;
    await this.#handle.close();
  }
}

async function* plainChunks(source: RawSource): AsyncGenerator<Uint8Array> {
  for (;;) {
    const chunk = await source.read(PLAIN_CHUNK_BYTES);
    if (chunk.length === 0) return;
    yield chunk;
  }
}

async function openFile(path: string): Promise<FileHandle> {
  try {
    return await open(path, 'r');
  } catch (cause) {
    throw notReadable(path, cause);
  }
}
