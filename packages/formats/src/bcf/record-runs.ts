/** Whole records: `bytes[start … end)` holds them one after another. */
export interface RecordRun {
  readonly bytes: Buffer;
  readonly start: number;
  readonly end: number;
}

/** Bytes before the parts of a record: their two lengths. */
export const LENGTHS_BYTES = 8;
/** Bytes from the start of a record to the end of its fixed part (BCF 2.2, section 6.3.1). */
export const FIXED_BYTES = LENGTHS_BYTES + 24;

/**
 * Length of the record that starts there, its two lengths included. At least `FIXED_BYTES` are there; refuses lengths
 * that cannot be, before anything that long is kept. Records are numbered from 1.
 */
export type RecordLength = (bytes: Buffer, at: number, record: number) => number;

/**
 * Cuts chunks into runs of whole records, from the byte `skip` on. Only records that cross a border between chunks are
 * copied: a run lasts until the next is asked for, and no chunk is looked at once the next was asked for.
 * Raises `unfinished` where the chunks end inside a record.
 */
export async function* wholeRecords(
  chunks: AsyncIterable<Uint8Array>,
  skip: number,
  lengthOf: RecordLength,
  unfinished: (record: number) => Error,
): AsyncGenerator<RecordRun> {
  let skipping = skip;
  let record = 1;
  const carried = new CarriedRecord(lengthOf);
  for await (const chunk of chunks) {
    const bytes = Buffer.from(chunk.buffer, chunk.byteOffset, chunk.byteLength);
    let start = Math.min(skipping, bytes.length);
    skipping -= start;
    if (carried.length > 0) {
      start = carried.take(bytes, start, record);
      const whole = carried.finish();
      if (whole === undefined) continue;
      record += 1;
      yield { bytes: whole, start: 0, end: whole.length };
    }
    let end = start;
    try {
      while (bytes.length - end >= FIXED_BYTES) {
        const length = lengthOf(bytes, end, record);
        if (length > bytes.length - end) break;
        end += length;
        record += 1;
      }
    } catch (fault) {
      // A fault in a record before it comes first.
      if (end > start) yield { bytes, start, end };
      throw fault;
    }
    if (end > start) yield { bytes, start, end };
    carried.take(bytes, end, record);
  }
  if (carried.length > 0) throw unfinished(record);
}

/** A record of which only the beginning was read. Never keeps more than was read, whatever its lengths say. */
class CarriedRecord {
  length = 0;
  readonly #lengthOf: RecordLength;
  #parts: Buffer[] = [];
  /** What the record needs as far as is known. */
  #wanted = FIXED_BYTES;

  constructor(lengthOf: RecordLength) {
    this.#lengthOf = lengthOf;
  }

  /** Copies what belongs to the record from `bytes[at …)`; returns the index behind it. */
  take(bytes: Buffer, at: number, record: number): number {
    let next = this.#copy(bytes, at);
    if (this.#wanted === FIXED_BYTES && this.length === FIXED_BYTES) {
      this.#parts = [Buffer.concat(this.#parts)];
      this.#wanted = this.#lengthOf(this.#parts[0]!, 0, record);
      next = this.#copy(bytes, next);
    }
    return next;
  }

  finish(): Buffer | undefined {
    if (this.length < FIXED_BYTES || this.length < this.#wanted) return undefined;
    const whole = Buffer.concat(this.#parts);
    this.#parts = [];
    this.length = 0;
    this.#wanted = FIXED_BYTES;
    return whole;
  }

  #copy(bytes: Buffer, at: number): number {
    const end = Math.min(bytes.length, at + this.#wanted - this.length);
    if (end > at) this.#parts.push(Buffer.from(bytes.subarray(at, end)));
    this.length += Math.max(0, end - at);
    return Math.max(at, end);
  }
}
