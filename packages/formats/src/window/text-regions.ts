import { FormatError } from '../errors.ts';
import type { TextMemory } from '../kernels/text-memory.ts';
import { type TextSpan, WINDOW_SLACK } from './text-window.ts';

/** Text that was given a place before it is there. */
export interface PlacedText {
  readonly region: TextRegion;
  readonly target: number;
  readonly textBytes: number;
}

/** A stretch of memory that is filled with text from one end to the other, then again when all of it is done with. */
interface TextRegion {
  readonly base: number;
  readonly end: number;
  /** Where the next text goes. */
  fill: number;
  /** Texts that were placed and not yet given to the reader. */
  pending: number;
}

const LEAST_CAPACITY = 4 << 20;
const AMPLE_CAPACITY = 32 << 20;
const LEAST_HEADROOM = 1 << 18;
const MAXIMUM_KEPT = 1 << 29;

/**
 * Where text lies that is inflated ahead of its reader: two regions in turn. At each turn what the reader keeps is
 * copied to lie before the text that follows; for that a region's first text has some room before it.
 */
export class TextRegions {
  readonly memory: TextMemory;
  readonly #file: string;
  readonly #regions: TextRegion[] = [];
  #filling: TextRegion;
  #reading: TextRegion;
  #span: TextSpan;
  #headroom = LEAST_HEADROOM;

  constructor(file: string, memory: TextMemory) {
    this.#file = file;
    this.memory = memory;
    this.#filling = this.#add(LEAST_HEADROOM + LEAST_CAPACITY);
    this.#reading = this.#filling;
    this.#span = { start: this.#filling.fill, end: this.#filling.fill };
  }

  /** A place for the text that follows in the file, or `undefined` where the reader must be waited for. */
  place(textBytes: number): PlacedText | undefined {
    if (this.#filling.fill + textBytes > this.#filling.end) {
      const ample = Math.max(this.#headroom, Math.min(2 * this.#headroom, AMPLE_CAPACITY));
      const size = this.#headroom + Math.max(LEAST_CAPACITY, ample);
      const fit = this.#regions.filter(({ base, end }) => end - base >= size);
      const next =
        fit.find((region) => region.pending === 0 && region !== this.#reading) ??
        (fit.length < 2 ? this.#add(size) : undefined);
      if (next === undefined) return undefined;
      next.fill = next.base + this.#headroom;
      this.#filling = next;
    }
    const region = this.#filling;
    const target = region.fill;
    region.fill += textBytes;
    region.pending += 1;
    return { region, target, textBytes };
  }

  /** The span of what is kept and the text that was placed next and is there now. */
  give({ region, target, textBytes }: PlacedText, keepFrom = this.#span.end): TextSpan {
    region.pending -= 1;
    if (target === this.#span.end) {
      this.#span = { start: keepFrom, end: target + textBytes };
      return this.#span;
    }
    const kept = this.#span.end - keepFrom;
    // Doubled, for regions that have become too small are lost.
    while (this.#headroom < 2 * kept) this.#headroom *= 2;
    const start = target - kept;
    if (start >= region.base) {
      this.memory.move(start, keepFrom, this.#span.end);
      this.#reading = region;
      this.#span = { start, end: target + textBytes };
      return this.#span;
    }
    return this.#moveAll(kept, keepFrom, region, target, textBytes);
  }

  /** Where there is no room before the text, both it and what is kept go elsewhere. */
  #moveAll(kept: number, keepFrom: number, region: TextRegion, target: number, textBytes: number): TextSpan {
    if (kept > MAXIMUM_KEPT)
      throw new FormatError('formats/line-too-long', 'a line is longer than 512 MiB', {
        location: { file: this.#file },
      });
    const size = kept + textBytes;
    const idle = this.#regions.find(
      (each) =>
        each.pending === 0 &&
        each.end - each.base >= size &&
        ![region, this.#filling, this.#reading].includes(each),
    );
    const to = idle ?? this.#add(2 * size);
    this.memory.move(to.base, keepFrom, keepFrom + kept);
    this.memory.move(to.base + kept, target, target + textBytes);
    this.#reading = to;
    this.#span = { start: to.base, end: to.base + size };
    return this.#span;
  }

  #add(size: number): TextRegion {
    const base = this.memory.allocate(size + 2 * WINDOW_SLACK) + WINDOW_SLACK;
    const region = { base, end: base + size, fill: base + this.#headroom, pending: 0 };
    this.#regions.push(region);
    return region;
  }
}
