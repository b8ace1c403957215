import { GrowingColumn } from '../segments/growing.ts';
import {
  type CallabilityEntry,
  encodeHead,
  encodePage,
  PAGE_CHANGES,
  type PageEntry,
  wordsOf,
} from './format.ts';

/** Writes where the people of one block were called on one contig, from changes in order of position and place. */
export class CallabilityBuilder {
  readonly contig: string;
  readonly block: number;
  readonly people: number;
  readonly #two: Uint32Array;
  readonly #one: Uint32Array;
  readonly #positions = new GrowingColumn();
  readonly #states = new GrowingColumn();
  readonly #pages: PageEntry[] = [];
  readonly #stored: Uint8Array[] = [];
  #bytes = 0;

  constructor(contig: string, block: number, people: number) {
    this.contig = contig;
    this.block = block;
    this.people = people;
    this.#two = new Uint32Array(wordsOf(people));
    this.#one = new Uint32Array(wordsOf(people));
  }

  /** From `position` on, the person at `place` has so many copies called; 0: is not called. */
  add(position: number, place: number, copies: number): void {
    if (this.#positions.length === PAGE_CHANGES) this.#endPage();
    this.#positions.push(position + 1);
    this.#states.push(4 * place + copies);
  }

  /** The bytes of the file in order, and what the manifest says of it once it has its name. */
  finish(): {
    readonly parts: readonly Uint8Array[];
    readonly entry: Omit<CallabilityEntry, 'file' | 'stored'>;
  } {
    this.#endPage();
    const { head, headerCrc, index } = encodeHead(this.people, this.#pages);
    const { contig, block, people } = this;
    const bytes = head.length + index.length + this.#bytes;
    return {
      parts: [head, index, ...this.#stored],
      entry: { bytes, headerBytes: head.length, headerCrc, contig, block, people },
    };
  }

  #endPage(): void {
    const changes = this.#positions.length;
    if (changes === 0) return;
    const positions = Int32Array.from(this.#positions.values, (position) => position - 1);
    const places = Uint16Array.from(this.#states.values, (state) => state >>> 2);
    const copies = Uint8Array.from(this.#states.values, (state) => state & 3);
    const before = { two: this.#two.slice(), one: this.#one.slice() };
    const { section, bytes } = encodePage({ before, positions, places, copies });
    this.#pages.push({ first: positions[0]!, changes, start: this.#bytes, section });
    this.#stored.push(bytes);
    this.#bytes += bytes.length;
    for (let change = 0; change < changes; change += 1)
      setState(this.#two, this.#one, places[change]!, copies[change]!);
    this.#positions.length = 0;
    this.#states.length = 0;
  }
}

/** Puts a person's state into the two bitmaps. */
export function setState(two: Uint32Array, one: Uint32Array, place: number, copies: number): void {
  const word = place >>> 5;
  const bit = 1 << (place & 31);
  two[word] = copies === 2 ? two[word]! | bit : two[word]! & ~bit;
  one[word] = copies === 1 ? one[word]! | bit : one[word]! & ~bit;
}
