import { decodeAlleles, encodeAlleles } from '../segments/alleles.ts';
import { GrowingColumn } from '../segments/growing.ts';
import type { Spill } from './spill.ts';
import { COVER, STRETCH_BITS, TEXT } from './words.ts';

const POSITIONS = 1 << STRETCH_BITS;

/**
 * Everything that all files say of one stretch of the genome: calls of people by position, the people of a position in
 * the order of the files; and intervals, by their start. Positions are those within the stretch.
 */
export class Stretch {
  readonly people = new GrowingColumn();
  /** What changed, see `alleles`. */
  readonly codes = new GrowingColumn();
  readonly calls = new GrowingColumn();
  readonly intervals = {
    starts: new GrowingColumn(),
    lengths: new GrowingColumn(),
    people: new GrowingColumn(),
    covers: new GrowingColumn(),
  };
  /** Events of position `p` are `order[starts[p] … starts[p + 1])`. */
  readonly starts = new Uint32Array(POSITIONS + 1);
  order: Uint32Array = new Uint32Array(0);
  intervalOrder: Uint32Array = new Uint32Array(0);
  readonly #positions = new GrowingColumn();
  readonly #texts = new Map<string, number>();
  #alleleText = '';
  readonly #ids = new Map<number, string>();
  readonly #append = (line: string): number => {
    const known = this.#texts.get(line);
    if (known !== undefined) return known;
    const offset = this.#alleleText.length;
    this.#texts.set(line, offset);
    this.#alleleText += line;
    return offset;
  };

  /** Takes another stretch in place of the last. */
  load(spill: Spill, stretch: number, lanes: readonly (number | undefined)[]): void {
    const { starts, lengths, people, covers } = this.intervals;
    for (const column of [
      this.#positions,
      this.people,
      this.codes,
      this.calls,
      starts,
      lengths,
      people,
      covers,
    ])
      column.length = 0;
    this.#texts.clear();
    this.#alleleText = '';
    this.#ids.clear();
    spill.read(stretch, (lane, words) => {
      const first = lanes[lane];
      if (first !== undefined) this.#take(first, words);
    });
    this.#sort();
  }

  alleles(code: number): { readonly ref: string; readonly alt: string } {
    return decodeAlleles(code, this.#alleleText);
  }

  /** The identifiers that the first file with any gives the variant. */
  ids(position: number, code: number): readonly string[] {
    return this.#ids.get(position + POSITIONS * code)?.split(';') ?? [];
  }

  #take(first: number, words: Uint32Array): void {
    for (let at = 0; at < words.length; at += 1) {
      const word = words[at]!;
      const position = word >>> 16;
      const code = (word >>> 11) & 31;
      const call = (word >>> 6) & 31;
      const person = first + (word & 63);
      if (code === COVER) {
        at += 1;
        this.intervals.starts.push(position);
        this.intervals.lengths.push(words[at]!);
        this.intervals.people.push(person);
        this.intervals.covers.push(call);
        continue;
      }
      this.#positions.push(position);
      this.people.push(person);
      this.calls.push(call);
      if (code === TEXT) {
        this.codes.push(this.#readText(position, words, at + 1));
        at += 1 + Math.ceil(words[at + 1]! / 4);
      } else this.codes.push(code);
    }
  }

  #readText(position: number, words: Uint32Array, at: number): number {
    const bytes = new Uint8Array(words.buffer, words.byteOffset + 4 * at + 4, words[at]!);
    const [ref = '', alt = '', ids = ''] = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length)
      .toString('utf8')
      .split('\t');
    const code = encodeAlleles(ref, alt, this.#append);
    const key = position + POSITIONS * code;
    if (ids !== '' && !this.#ids.has(key)) this.#ids.set(key, ids);
    return code;
  }

  #sort(): void {
    this.order = sorted(this.#positions.values, this.starts);
    this.intervalOrder = sorted(this.intervals.starts.values, new Uint32Array(POSITIONS + 1));
  }
}

/** Indexes by number, equal ones as they came; `starts` is filled with where those of each number begin. */
function sorted(numbers: Uint32Array, starts: Uint32Array): Uint32Array {
  starts.fill(0);
  for (const number of numbers) starts[number + 1] = starts[number + 1]! + 1;
  for (let number = 1; number < starts.length; number += 1)
    starts[number] = starts[number]! + starts[number - 1]!;
  const order = new Uint32Array(numbers.length);
  for (let index = 0; index < numbers.length; index += 1) {
    const number = numbers[index]!;
    order[starts[number]!] = index;
    starts[number] = starts[number]! + 1;
  }
  starts.copyWithin(1, 0, starts.length - 1);
  starts[0] = 0;
  return order;
}
