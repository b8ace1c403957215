import type { TextSpan } from '../window/text-window.ts';

/** Something that is made to say what a record says; `read` gives the start of the record behind it. */
export interface RecordView<Record> {
  readonly record: Record;
  read(start: number, number: number): number;
}

/** The records of one span. Those that its reader leaves are read all the same, so that faults are found. */
export class RecordBatch<Record> implements Iterable<Record>, Iterator<Record> {
  readonly #view: RecordView<Record>;
  readonly #end: number;
  #at: number;
  #taken: number;

  /** `takenBefore` is the number of records that come before the span. */
  constructor(view: RecordView<Record>, { start, end }: TextSpan, takenBefore: number) {
    this.#view = view;
    this.#at = start;
    this.#end = end;
    this.#taken = takenBefore;
  }

  [Symbol.iterator](): Iterator<Record> {
    return this;
  }

  next(): IteratorResult<Record> {
    if (this.#at >= this.#end) return { done: true, value: undefined };
    this.#taken += 1;
    this.#at = this.#view.read(this.#at, this.#taken);
    return { done: false, value: this.#view.record };
  }

  /** Number of records up to the end of the batch. */
  finish(): number {
    while (this.next().done !== true);
    return this.#taken;
  }
}
