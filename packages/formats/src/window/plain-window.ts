import { closeSync, readSync } from 'node:fs';
import { notReadable } from '../bytes/not-readable.ts';
import type { OpenedFile, TextSpan, TextWindow } from './text-window.ts';
import { WindowRoom } from './window-room.ts';

const READ_BYTES = 1 << 18;

/** A window that an uncompressed file is read into. */
export class PlainWindow implements TextWindow {
  readonly compression = 'plain';
  readonly file: string;
  readonly #opened: OpenedFile;
  readonly #room: WindowRoom;
  #position = 0;
  #closed = false;

  constructor(opened: OpenedFile) {
    this.file = opened.file;
    this.#opened = opened;
    this.#room = new WindowRoom(opened.file, opened.memory);
  }

  get memory() {
    return this.#room.memory;
  }

  get progress() {
    return { bytesRead: this.#position, bytesTotal: this.#opened.bytesTotal };
  }

  async next(keepFrom?: number): Promise<TextSpan | undefined> {
    if (this.#closed) return undefined;
    // Where the file should end nothing may move, so that it is seen elsewhere first whether it does.
    const beyond = this.#position >= this.#opened.bytesTotal ? new Uint8Array(READ_BYTES) : undefined;
    const found = beyond === undefined ? 0 : this.#read(beyond);
    if (beyond !== undefined && found === 0) return this.#finish();
    const target = this.#room.make(keepFrom, READ_BYTES);
    const room = this.memory.bytes.subarray(target, target + READ_BYTES);
    if (beyond !== undefined) room.set(beyond.subarray(0, found));
    return this.#room.add(beyond === undefined ? this.#read(room) : found);
  }

  async close(): Promise<void> {
    if (this.#closed) return;
    this.#closed = true;
    closeSync(this.#opened.descriptor);
  }

  async #finish(): Promise<undefined> {
    await this.close();
    return undefined;
  }

  #read(to: Uint8Array): number {
    const { descriptor, onCompressed } = this.#opened;
    try {
      const bytes = readSync(descriptor, to, 0, READ_BYTES, this.#position);
      if (bytes > 0) onCompressed?.(to.subarray(0, bytes));
      this.#position += bytes;
      return bytes;
    } catch (cause) {
      throw notReadable(this.file, cause);
    }
  }
}
