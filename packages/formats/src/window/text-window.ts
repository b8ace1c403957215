import type { Compression } from '../bytes/byte-stream.ts';
import type { TextMemory } from '../kernels/text-memory.ts';

/** A stretch of a window's memory, by offset. */
export interface TextSpan {
  readonly start: number;
  readonly end: number;
}

/**
 * The decompressed bytes of a file, once, in order, in memory that kernels scan in place. At least `WINDOW_SLACK` bytes
 * before and behind every span may be read (not written); what they hold is nobody's business.
 */
export interface TextWindow {
  readonly file: string;
  readonly compression: Compression;
  readonly memory: TextMemory;
  /** Bytes of the file as it lies on the disk that were read so far, and its size. */
  readonly progress: { readonly bytesRead: number; readonly bytesTotal: number };
  /**
   * Gives more text: a span that begins with the last span's bytes from `keepFrom` on (none, unless told), moved to lie
   * before what follows them in the file, and that is longer than those by at least a byte. `undefined` at the end of
   * the file, where nothing was moved. All that is not kept is gone, and offsets into the last span are void.
   */
  next(keepFrom?: number): Promise<TextSpan | undefined>;
  /** Releases the file, and threads; needed where the window is not read to its end, allowed always. */
  close(): Promise<void>;
}

/** What may be read beyond both ends of a span. */
export const WINDOW_SLACK = 64;

/** What the windows of all compressions are made of. */
export interface OpenedFile {
  readonly file: string;
  readonly descriptor: number;
  readonly bytesTotal: number;
  readonly memory: TextMemory;
  readonly onCompressed: ((bytes: Uint8Array) => void) | undefined;
}
