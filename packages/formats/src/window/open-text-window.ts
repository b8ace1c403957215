import { closeSync, fstatSync, openSync, readSync } from 'node:fs';
import { isBgzf } from '../bytes/bgzf.ts';
import { openByteStream } from '../bytes/byte-stream.ts';
import { isGzip } from '../bytes/gzip.ts';
import { notReadable } from '../bytes/not-readable.ts';
import { TextMemory } from '../kernels/text-memory.ts';
import { BgzfWindow } from './bgzf-window.ts';
import { CopyingWindow } from './copying-window.ts';
import { ParallelWindow } from './parallel-window.ts';
import { PlainWindow } from './plain-window.ts';
import type { TextWindow } from './text-window.ts';

/** How a text window is opened. */
export interface TextWindowOptions {
  /**
   * What the text is written to; its own unless given. One window at a time. What its reader allocates in it should be
   * allocated before: only the last allocation, the window's, grows where it lies.
   */
  readonly memory?: TextMemory | undefined;
  /** Called with the bytes of the file as it lies on the disk, all of them, in order; they last as long as the call. */
  readonly onCompressed?: ((bytes: Uint8Array) => void) | undefined;
  /**
   * How many threads inflate BGZF of 4 MiB and more: 1, the default, is the caller's own, which works on `next` only;
   * any further ones work ahead of it, in some more memory. Starting one costs 20 to 30 ms.
   */
  readonly threads?: number | undefined;
}

const HEAD_BYTES = 64;
const WORTH_A_THREAD_BYTES = 1 << 22;

/**
 * Opens a plain, gzip (of one or more members) or BGZF file, told apart by content. The window's memory follows the
 * longest stretch that its reader keeps: 2 MiB, and four times that stretch.
 * Raises `formats/file-not-readable`, `formats/truncated` and `formats/corrupt-compression` as `openByteStream` does,
 * here or in `next`, and `formats/line-too-long` where more than 512 MiB is kept.
 */
export async function openTextWindow(path: string, options: TextWindowOptions = {}): Promise<TextWindow> {
  const { memory = new TextMemory(), onCompressed, threads = 1 } = options;
  let descriptor = -1;
  try {
    descriptor = openSync(path, 'r');
    const head = new Uint8Array(HEAD_BYTES);
    const start = head.subarray(0, readSync(descriptor, head, 0, HEAD_BYTES, 0));
    const opened = { file: path, descriptor, bytesTotal: fstatSync(descriptor).size, memory, onCompressed };
    if (isBgzf(start) && threads > 1 && opened.bytesTotal >= WORTH_A_THREAD_BYTES)
      return new ParallelWindow(opened, threads);
    if (isBgzf(start)) return new BgzfWindow(opened);
    if (!isGzip(start)) return new PlainWindow(opened);
    closeSync(descriptor);
  } catch (cause) {
    if (descriptor >= 0) closeSync(descriptor);
    throw notReadable(path, cause);
  }
  return new CopyingWindow(await openByteStream(path, { releaseChunks: true, onCompressed }), memory);
}
