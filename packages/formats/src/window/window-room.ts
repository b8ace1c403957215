import { FormatError } from '../errors.ts';
import type { TextMemory } from '../kernels/text-memory.ts';
import { type TextSpan, WINDOW_SLACK } from './text-window.ts';

const LEAST_BYTES = 1 << 20;
const MAXIMUM_KEPT = 1 << 29;
const AMPLE_BYTES = 1 << 30;

/** Where a window's text lies: behind what its reader keeps, in room that is moved in only when it is full. */
export class WindowRoom {
  readonly memory: TextMemory;
  readonly #file: string;
  #base: number;
  #capacity = LEAST_BYTES;
  #start: number;
  #end: number;

  constructor(file: string, memory: TextMemory) {
    this.#file = file;
    this.memory = memory;
    this.#base = memory.allocate(this.#capacity + 2 * WINDOW_SLACK) + WINDOW_SLACK;
    this.#start = this.#base;
    this.#end = this.#base;
  }

  /** Offset at which so many bytes may be written, which lies right behind the text from `keepFrom` on. */
  make(keepFrom: number | undefined, bytes: number): number {
    this.#start = keepFrom ?? this.#end;
    if (this.#end + bytes > this.#base + this.#capacity) this.#move(bytes);
    return this.#end;
  }

  /** The span with that many more bytes written. */
  add(bytes: number): TextSpan {
    this.#end += bytes;
    return { start: this.#start, end: this.#end };
  }

  #move(bytes: number): void {
    const kept = this.#end - this.#start;
    if (kept > MAXIMUM_KEPT)
      throw new FormatError('formats/line-too-long', 'a line is longer than 512 MiB', {
        location: { file: this.#file },
      });
    this.memory.move(this.#base, this.#start, this.#end);
    this.#start = this.#base;
    this.#end = this.#base + kept;
    if (2 * kept + bytes <= this.#capacity) return;
    const capacity = Math.max(2 * kept, Math.min(4 * kept, AMPLE_BYTES)) + 2 * bytes;
    const held = this.#capacity + 2 * WINDOW_SLACK;
    const slackened = this.memory.extend(this.#base - WINDOW_SLACK, held, capacity + 2 * WINDOW_SLACK);
    this.#base = slackened + WINDOW_SLACK;
    this.#capacity = capacity;
    this.#start = this.#base;
    this.#end = this.#base + kept;
  }
}
