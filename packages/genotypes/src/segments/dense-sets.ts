import { PEOPLE_PER_BLOCK } from '@federome/core';
import { COHORT_BYTES } from '../kernels/kernels.ts';
import { type CellGroup, type GroupEncoder, plainEncoder } from './cells.ts';
import { GrowingColumn } from './growing.ts';
import { PageWriter, PayloadBuffer } from './payload.ts';
import { packSection, type Section } from './section.ts';
import type { SetUnit, Span } from './span.ts';

/** Dense sets that are encoded together; each waits as 8 KB a block until its group is full. */
export const GROUP_SETS = 256;
const SET_BYTES = 2 * COHORT_BYTES;

interface PendingBlock {
  readonly people: number;
  planes: Uint8Array;
  readonly kinds: GrowingColumn;
  readonly units: GrowingColumn;
  readonly lengths: GrowingColumn;
  readonly payload: PayloadBuffer;
  readonly shared: Uint8Array[];
}

/** What a segment holds of the dense sets of one block. */
export interface FinishedBlock {
  /** Columns of every dense set: kind, units, bytes. */
  readonly columns: readonly Uint32Array[];
  readonly pages: PageWriter;
  /** One section a group. */
  readonly shared: readonly { readonly section: Section; readonly bytes: Uint8Array }[];
}

/** Sets that are written block by block, in groups of `GROUP_SETS` in the order in which they come. */
export class DenseSets {
  size = 0;
  readonly #encoder: GroupEncoder;
  readonly #blocks: readonly PendingBlock[];
  #pending: SetUnit[] = [];

  constructor(span: Span, encoder: GroupEncoder = plainEncoder) {
    this.#encoder = encoder;
    this.#blocks = span.people.map((people) => ({
      people,
      planes: new Uint8Array(0),
      kinds: new GrowingColumn(),
      units: new GrowingColumn(),
      lengths: new GrowingColumn(),
      payload: new PayloadBuffer(),
      shared: [],
    }));
  }

  /** Bytes of what is encoded. */
  get bytes(): number {
    let sum = 0;
    for (const { payload } of this.#blocks) sum += payload.length;
    return sum;
  }

  /** Takes a set of ascending numbers of the span; returns its row. */
  add(numbers: Uint32Array, unit: SetUnit): number {
    const at = this.#pending.length * SET_BYTES;
    if (at === 0 || at === this.#blocks[0]!.planes.length) this.#grow(at);
    const shift = unit === 'people' ? 0 : 1;
    const perBlock = PEOPLE_PER_BLOCK << shift;
    for (let i = 0, block = 0; i < numbers.length; block += 1) {
      const start = block * perBlock;
      const { planes } = this.#blocks[block]!;
      for (; i < numbers.length && numbers[i]! - start < perBlock; i += 1) {
        const number = numbers[i]! - start;
        const person = number >>> shift;
        const byte = at + (shift & number) * COHORT_BYTES + (person >>> 3);
        planes[byte] = planes[byte]! | (1 << (person & 7));
      }
    }
    this.#pending.push(unit);
    this.size += 1;
    if (this.#pending.length === GROUP_SETS) this.#encode();
    return this.size - 1;
  }

  #grow(bytes: number): void {
    for (const block of this.#blocks) {
      const longer = new Uint8Array(Math.max(8 * SET_BYTES, 2 * bytes));
      longer.set(block.planes.subarray(0, bytes));
      block.planes = longer;
    }
  }

  #encode(): void {
    const bytes = this.#pending.length * SET_BYTES;
    for (const block of this.#blocks) {
      const group: CellGroup = {
        people: block.people,
        units: this.#pending,
        planes: block.planes.subarray(0, bytes),
      };
      const { cells, shared } = this.#encoder.encode(group);
      for (const cell of cells) {
        block.kinds.push(cell.kind);
        block.units.push(cell.units);
        block.lengths.push(cell.bytes.length);
        const offset = block.payload.take(cell.bytes.length);
        block.payload.bytes.set(cell.bytes, offset);
      }
      block.shared.push(shared);
      block.planes = new Uint8Array(0);
    }
    this.#pending = [];
  }

  /** Ends the last group; nothing is added any more. */
  finish(): readonly FinishedBlock[] {
    if (this.#pending.length > 0) this.#encode();
    return this.#blocks.map(({ kinds, units, lengths, payload, shared }) => {
      const pages = new PageWriter(true);
      for (let row = 0, at = 0; row < lengths.length; row += 1) {
        pages.add(payload.slice(at, lengths.at(row)));
        at += lengths.at(row);
      }
      pages.finish();
      return {
        columns: [kinds.values, units.values, lengths.values],
        pages,
        shared: shared.map((bytes) => packSection(bytes)),
      };
    });
  }
}
