import { createHash } from 'node:crypto';
import { SET_KIND, type SetUnit } from '../kernels/kernels.ts';
import { scatter } from './cell-encoder.ts';
import type { DenseSets } from './dense-sets.ts';
import { GrowingColumn } from './growing.ts';
import type { PayloadBuffer } from './payload.ts';
import type { Span } from './span.ts';
import { isThin, writeList } from './write-list.ts';

/** Sets that sites share are lists unless more than an eighth, but less than seven eighths, are members. */
const THIN_SHARE = 8;

/** The sets that sites share: who was not called, who lacks a copy, whose calls are phased. Each is written once. Number 0 is the empty set. */
export class SetBook {
  /** Rows are numbers less one: kinds, where they begin in the payload, and their bytes (the row of a dense set). */
  readonly kinds = new GrowingColumn();
  readonly offsets = new GrowingColumn();
  readonly sizes = new GrowingColumn();
  readonly counts = new GrowingColumn();
  /** 1 of people, 0 of haplotypes. */
  readonly ofPeople = new GrowingColumn();
  readonly #numbers = new Map<number, number[]>();
  readonly #digests = new Map<string, number>();
  readonly #span: Span;
  readonly #payload: PayloadBuffer;
  readonly #dense: DenseSets;

  constructor(span: Span, payload: PayloadBuffer, dense: DenseSets) {
    this.#span = span;
    this.#payload = payload;
    this.#dense = dense;
  }

  get size(): number {
    return this.kinds.length;
  }

  /** The number of a set of ascending numbers of the span. */
  intern(numbers: Uint32Array, unit: SetUnit): number {
    if (numbers.length === 0) return 0;
    const limit = this.#span.limit(unit);
    if (isThin(numbers.length, limit, THIN_SHARE)) {
      const list = writeList(numbers, limit, this.#payload);
      if (list !== undefined)
        return this.#internList(list.kind, list.offset, list.bytes, numbers.length, unit);
    }
    const bytes = new Uint8Array(numbers.buffer, numbers.byteOffset, numbers.byteLength);
    const digest = `${unit} ${createHash('sha256').update(bytes).digest('base64')}`;
    let known = this.#digests.get(digest);
    if (known === undefined) {
      known = this.#add(
        SET_KIND.dense,
        0,
        this.#dense.add(scatter(numbers, unit, this.#span).planes, unit),
        numbers.length,
        unit,
      );
      this.#digests.set(digest, known);
    }
    return known;
  }

  #internList(kind: number, offset: number, size: number, count: number, unit: SetUnit): number {
    const written = this.#payload.slice(offset, size);
    let hash = kind ^ count;
    for (let i = 0; i < size; i += 1) hash = Math.imul(hash ^ written[i]!, 0x01000193);
    const candidates = this.#numbers.get(hash);
    const known = candidates?.find(
      (number) =>
        this.kinds.at(number - 1) === kind &&
        this.sizes.at(number - 1) === size &&
        this.counts.at(number - 1) === count &&
        this.ofPeople.at(number - 1) === (unit === 'people' ? 1 : 0) &&
        Buffer.compare(this.#payload.slice(this.offsets.at(number - 1), size), written) === 0,
    );
    if (known !== undefined) {
      this.#payload.truncate(offset);
      return known;
    }
    const number = this.#add(kind, offset, size, count, unit);
    if (candidates === undefined) this.#numbers.set(hash, [number]);
    else candidates.push(number);
    return number;
  }

  #add(kind: number, offset: number, size: number, count: number, unit: SetUnit): number {
    this.kinds.push(kind);
    this.offsets.push(offset);
    this.sizes.push(size);
    this.counts.push(count);
    this.ofPeople.push(unit === 'people' ? 1 : 0);
    return this.size;
  }
}
