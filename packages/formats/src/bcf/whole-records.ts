import { FormatError } from '../errors.ts';
import type { TextSpan, TextWindow } from '../window/text-window.ts';

/** Bytes before the parts of a record: their two lengths. */
export const LENGTHS_BYTES = 8;
/** Bytes from the start of a record to the end of its fixed part (BCF 2.2, section 6.3.1). */
export const FIXED_BYTES = LENGTHS_BYTES + 24;

/**
 * Length of the record that starts there, its two lengths included. At least `FIXED_BYTES` are there; throws for lengths
 * that cannot be, before anything that long is kept. Records are numbered from 1.
 */
export type RecordLength = (bytes: Buffer, at: number, record: number) => number;

/** The records of a window's text behind its header, some whole ones at a time. */
export class WholeRecords {
  readonly window: TextWindow;
  readonly #lengthOf: RecordLength;
  #skip: number;
  #end: number | undefined;
  #span: TextSpan | undefined;
  #record = 1;

  /** The first `skip` bytes of the text are not records. */
  constructor(window: TextWindow, skip: number, lengthOf: RecordLength) {
    this.window = window;
    this.#skip = skip;
    this.#lengthOf = lengthOf;
  }

  /** Number of the record that follows the last span given; at the end of the file one that is not whole. */
  get nextRecord(): number {
    return this.#record;
  }

  /** Bytes behind the last span given; at the end of the file those of a record that is not whole. */
  get unfinishedBytes(): number {
    return this.#span === undefined ? 0 : this.#span.end - (this.#end ?? this.#span.end);
  }

  /** The next span of whole records; it voids the one before. `undefined` at the end of the file. */
  async next(): Promise<TextSpan | undefined> {
    for (;;) {
      const rest = this.#rest();
      if (rest !== undefined) return rest;
      const span = await this.window.next(this.#end);
      if (span === undefined) return undefined;
      const skipped = Math.min(this.#skip, span.end - span.start);
      this.#skip -= skipped;
      this.#span = span;
      this.#end = span.start + skipped;
    }
  }

  /** The whole records that are there and were not given. */
  #rest(): TextSpan | undefined {
    if (this.#span === undefined || this.#end === undefined) return undefined;
    const { bytes } = this.window.memory;
    const start = this.#end;
    let end = start;
    try {
      while (this.#span.end - end >= FIXED_BYTES) {
        const length = this.#lengthOf(bytes, end, this.#record);
        if (length > this.#span.end - end) break;
        end += length;
        this.#record += 1;
      }
    } catch (fault) {
      // A fault in a record before it comes first.
      if (end === start) throw fault;
    }
    this.#end = end;
    return end > start ? { start, end } : undefined;
  }
}

/** Raises `formats/truncated` where the file ended inside a record. */
export function refuseUnfinished(file: string, records: WholeRecords): void {
  if (records.unfinishedBytes === 0) return;
  throw new FormatError('formats/truncated', 'the file ends inside a record', {
    location: { file, line: records.nextRecord },
  });
}
