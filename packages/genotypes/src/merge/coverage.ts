import type { Spill } from './spill.ts';
import { COVER, coverOf, STRETCH_BITS, wordOf } from './words.ts';

/**
 * The stretches of a contig that one person's file calls, put together from its records as they come. Sends each
 * interval to every stretch of the genome that it touches.
 */
export class Coverage {
  readonly #spill: Spill;
  readonly #lane: number;
  readonly #person: number;
  #base = 0;
  /** What adjoins, however many copies it has: each piece lasts until the next. */
  readonly #starts: number[] = [];
  readonly #copies: number[] = [];
  #end = 0;

  constructor(spill: Spill, lane: number, person: number) {
    this.#spill = spill;
    this.#lane = lane;
    this.#person = person;
  }

  /** `[start, end)` was called, with so many copies; records come by their start. */
  add(base: number, start: number, end: number, copies: number): void {
    if (base !== this.#base || start > this.#end) this.finish();
    if (this.#copies.at(-1) !== copies) {
      this.#starts.push(start);
      this.#copies.push(copies);
    }
    this.#base = base;
    if (end > this.#end) this.#end = end;
  }

  /** Sends what is in hand: every piece with the end of the last, up to which the person is called. */
  finish(): void {
    for (let piece = 0; piece < this.#starts.length; piece += 1)
      this.#send(this.#starts[piece]!, this.#starts[piece + 1] ?? this.#end, this.#copies[piece]!);
    this.#starts.length = 0;
    this.#copies.length = 0;
    this.#end = -1;
  }

  #send(first: number, last: number, copies: number): void {
    for (let start = first; start < last; ) {
      const stretch = start >> STRETCH_BITS;
      this.#spill.begin(this.#base + stretch, this.#lane, 2);
      this.#spill.push(wordOf(start, COVER, coverOf(copies, start > first), this.#person));
      this.#spill.push(this.#end - start);
      start = (stretch + 1) << STRETCH_BITS;
    }
  }
}
