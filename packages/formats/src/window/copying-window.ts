import type { ByteStream } from '../bytes/byte-stream.ts';
import type { TextMemory } from '../kernels/text-memory.ts';
import type { TextSpan, TextWindow } from './text-window.ts';
import { WindowRoom } from './window-room.ts';

/** A window that a stream's chunks are copied to. */
export class CopyingWindow implements TextWindow {
  readonly #stream: ByteStream;
  readonly #chunks: AsyncIterator<Uint8Array>;
  readonly #room: WindowRoom;

  constructor(stream: ByteStream, memory: TextMemory) {
    this.#stream = stream;
    this.#chunks = stream[Symbol.asyncIterator]();
    this.#room = new WindowRoom(stream.file, memory);
  }

  get file() {
    return this.#stream.file;
  }

  get compression() {
    return this.#stream.compression;
  }

  get memory() {
    return this.#room.memory;
  }

  get progress() {
    return this.#stream.progress;
  }

  async next(keepFrom?: number): Promise<TextSpan | undefined> {
    for (;;) {
      const { done, value } = await this.#chunks.next();
      if (done === true) return undefined;
      if (value.length === 0) continue;
      const target = this.#room.make(keepFrom, value.length);
      this.memory.bytes.set(value, target);
      return this.#room.add(value.length);
    }
  }

  async close(): Promise<void> {
    await this.#chunks.return?.();
    await this.#stream.close();
  }
}
