import type { Writable } from 'node:stream';

/** Where bytes go. `write` resolves when they are on their way and may be overwritten, and is not called again before. */
export interface ByteSink {
  write(bytes: Buffer): Promise<void>;
  /** Writes what the format wants at its end. */
  finish(): Promise<void>;
}

/** Bytes as they are, at the pace of the stream; does not end it. */
export class PlainSink implements ByteSink {
  readonly #out: Writable;

  constructor(out: Writable) {
    this.#out = out;
  }

  write(bytes: Buffer): Promise<void> {
    return writeTo(this.#out, bytes);
  }

  async finish(): Promise<void> {}
}

/** Resolves when the stream has taken the bytes; rejects with the stream's error. */
export function writeTo(out: Writable, bytes: Buffer): Promise<void> {
  return new Promise((resolve, reject) => {
    // A failure is told twice, and unheard as an event it would end the process.
    out.once('error', reject);
    out.write(bytes, (error) => {
      if (error instanceof Error) reject(error);
      else {
        out.removeListener('error', reject);
        resolve();
      }
    });
  });
}

const CHUNK_BYTES = 1 << 20;

/** Gathers bytes into chunks: one is filled while the one before is written, so that two are all the memory it takes. */
export class ChunkedOutput {
  readonly #sink: ByteSink;
  #filling = Buffer.allocUnsafeSlow(CHUNK_BYTES);
  #writing = Buffer.allocUnsafeSlow(CHUNK_BYTES);
  #length = 0;
  #written: Promise<void> = Promise.resolve();

  constructor(sink: ByteSink) {
    this.#sink = sink;
  }

  /** Whether so many bytes can be appended without waiting. */
  hasRoom(bytes: number): boolean {
    return this.#length + bytes <= CHUNK_BYTES;
  }

  /** Appends bytes for which there is room. */
  push(bytes: Uint8Array): void {
    this.#filling.set(bytes, this.#length);
    this.#length += bytes.length;
  }

  /** Appends any number of bytes, which must stay as they are until this resolves. */
  async append(bytes: Uint8Array): Promise<void> {
    for (let at = 0; at < bytes.length; ) {
      if (this.#length === CHUNK_BYTES) await this.#flush();
      const part = bytes.subarray(at, at + CHUNK_BYTES - this.#length);
      this.push(part);
      at += part.length;
    }
  }

  /** Writes what is left and the end of the format; resolves when the stream has taken all. */
  async finish(): Promise<void> {
    await this.#flush();
    await this.#written;
    await this.#sink.finish();
  }

  async #flush(): Promise<void> {
    await this.#written;
    const full = this.#filling.subarray(0, this.#length);
    [this.#filling, this.#writing] = [this.#writing, this.#filling];
    this.#length = 0;
    if (full.length > 0) this.#written = this.#sink.write(full);
    // Its failure is that of the next call that waits for it.
    this.#written.catch(() => undefined);
  }
}
