import { type ByteStream, openByteStream } from '../bytes/byte-stream.ts';
import { FormatError } from '../errors.ts';
import { TextMemory } from '../kernels/text-memory.ts';
import { type TextSpan, type TextWindow, WINDOW_SLACK } from './text-window.ts';

/** How a text window is opened. */
export interface TextWindowOptions {
  /** What the text is written to; its own unless given. One window at a time. */
  readonly memory?: TextMemory | undefined;
}

const LEAST_BYTES = 1 << 20;
const MAXIMUM_KEPT = 1 << 30;

/**
 * Opens a plain, gzip (of one or more members) or BGZF file, told apart by content. The window's memory follows the
 * longest stretch that its reader keeps: a few MiB, and four times that stretch.
 * Raises `formats/file-not-readable`, `formats/truncated` and `formats/corrupt-compression` as `openByteStream` does,
 * here or in `next`, and `formats/line-too-long` where more than 1 GiB is kept.
 */
export async function openTextWindow(path: string, options: TextWindowOptions = {}): Promise<TextWindow> {
  return new CopyingWindow(await openByteStream(path, { releaseChunks: true }), options);
}

class CopyingWindow implements TextWindow {
  readonly file: string;
  readonly compression;
  readonly memory: TextMemory;
  readonly #stream: ByteStream;
  readonly #chunks: AsyncIterator<Uint8Array>;
  #base: number;
  #capacity = LEAST_BYTES;
  #span: TextSpan;

  constructor(stream: ByteStream, options: TextWindowOptions) {
    this.#stream = stream;
    this.file = stream.file;
    this.compression = stream.compression;
    this.memory = options.memory ?? new TextMemory();
    this.#chunks = stream[Symbol.asyncIterator]();
    this.#base = this.memory.allocate(this.#capacity + 2 * WINDOW_SLACK) + WINDOW_SLACK;
    this.#span = { start: this.#base, end: this.#base };
  }

  get progress() {
    return this.#stream.progress;
  }

  async next(keepFrom = this.#span.end): Promise<TextSpan | undefined> {
    for (;;) {
      const { done, value } = await this.#chunks.next();
      if (done === true) return undefined;
      if (value.length === 0) continue;
      const start = this.#makeRoom(keepFrom, value.length);
      this.memory.bytes.set(value, this.#span.end);
      this.#span = { start, end: this.#span.end + value.length };
      return this.#span;
    }
  }

  async close(): Promise<void> {
    await this.#chunks.return?.();
    await this.#stream.close();
  }

  #makeRoom(keepFrom: number, bytes: number): number {
    const kept = this.#span.end - keepFrom;
    if (this.#span.end + bytes <= this.#base + this.#capacity) return keepFrom;
    this.memory.bytes.copyWithin(this.#base, keepFrom, this.#span.end);
    this.#span = { start: this.#base, end: this.#base + kept };
    if (kept > MAXIMUM_KEPT)
      throw new FormatError('formats/line-too-long', 'a line is longer than 1 GiB', {
        location: { file: this.file },
      });
    if (4 * kept + bytes > this.#capacity) {
      const capacity = 4 * kept + 2 * bytes;
      const held = this.#capacity + 2 * WINDOW_SLACK;
      this.#base =
        this.memory.extend(this.#base - WINDOW_SLACK, held, capacity + 2 * WINDOW_SLACK) + WINDOW_SLACK;
      this.#capacity = capacity;
      this.#span = { start: this.#base, end: this.#base + kept };
    }
    return this.#base;
  }
}
