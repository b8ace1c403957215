import { COHORT_BYTES, type SetUnit } from '../kernels/kernels.ts';
import type { CellGroup, GroupEncoder } from './cells.ts';
import { differenceEncoder } from './differences.ts';
import { GROUP_SETS } from './format.ts';
import { GrowingColumn } from './growing.ts';
import { PageWriter, PayloadBuffer } from './payload.ts';
import type { Span } from './span.ts';

/** A dense set waits for its group to be full as so many bytes a block. */
const SET_BYTES = 2 * COHORT_BYTES;

interface PendingBlock {
  readonly people: number;
  planes: Uint8Array;
  readonly kinds: GrowingColumn;
  readonly units: GrowingColumn;
  readonly lengths: GrowingColumn;
  readonly payload: PayloadBuffer;
}

/** What a segment holds of the dense sets of one block. */
export interface FinishedBlock {
  /** Columns of every dense set: kind, units, bytes. */
  readonly columns: readonly Uint32Array[];
  readonly pages: PageWriter;
}

/** Sets that are written block by block, in groups of `GROUP_SETS` in the order in which they come. */
export class DenseSets {
  size = 0;
  readonly #encoder: GroupEncoder;
  readonly #blocks: readonly PendingBlock[];
  #pending: SetUnit[] = [];

  constructor(span: Span, encoder: GroupEncoder = differenceEncoder) {
    this.#encoder = encoder;
    this.#blocks = span.people.map((people) => ({
      people,
      planes: new Uint8Array(0),
      kinds: new GrowingColumn(),
      units: new GrowingColumn(),
      lengths: new GrowingColumn(),
      payload: new PayloadBuffer(),
    }));
  }

  /** Bytes of what is encoded. */
  get bytes(): number {
    let sum = 0;
    for (const { payload } of this.#blocks) sum += payload.length;
    return sum;
  }

  /** Takes a set of the span as `scatter` gives it; returns its row. */
  add(planes: Uint8Array, unit: SetUnit): number {
    const at = this.#pending.length * SET_BYTES;
    if (at === 0 || at === this.#blocks[0]!.planes.length) this.#grow(at);
    this.#blocks.forEach((block, place) => {
      block.planes.set(planes.subarray(place * SET_BYTES, (place + 1) * SET_BYTES), at);
    });
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
      for (const cell of this.#encoder.encode(group)) {
        block.kinds.push(cell.kind);
        block.units.push(cell.units);
        block.lengths.push(cell.bytes.length);
        const offset = block.payload.take(cell.bytes.length);
        block.payload.bytes.set(cell.bytes, offset);
      }
      block.planes = new Uint8Array(0);
    }
    this.#pending = [];
  }

  /** Ends the last group; nothing is added any more. */
  finish(): readonly FinishedBlock[] {
    if (this.#pending.length > 0) this.#encode();
    return this.#blocks.map(({ kinds, units, lengths, payload }) => {
      const pages = new PageWriter(true);
      for (let row = 0, at = 0; row < lengths.length; row += 1) {
        pages.add(payload.bytes, at, lengths.at(row));
        at += lengths.at(row);
      }
      pages.finish();
      return { columns: [kinds.values, units.values, lengths.values], pages };
    });
  }
}
