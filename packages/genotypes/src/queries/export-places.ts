import { PEOPLE_PER_BLOCK } from '@federome/core';

/** Haplotypes of one block in the numbers of a store. */
const HAPLOTYPES_PER_BLOCK = 2 * PEOPLE_PER_BLOCK;

/** Where people stand among those of an export, by their numbers in the store. */
export class Places {
  /** People by place. */
  readonly people: readonly number[];
  /** Blocks of which anyone is exported, ascending. */
  readonly blocks: readonly number[];
  /** Place of each person, or -1; `undefined` where everyone has the number of their place. */
  readonly #places: Int32Array | undefined;
  readonly #ofBlock = new Map<number, Uint32Array>();
  #scratch = new Uint32Array(1024);

  /** Nobody may come twice. */
  constructor(people: readonly number[]) {
    this.people = people;
    this.blocks = [...new Set(people.map((person) => Math.floor(person / PEOPLE_PER_BLOCK)))].sort(
      (a, b) => a - b,
    );
    if (people.every((person, place) => person === place)) return;
    const places = new Int32Array(((this.blocks.at(-1) ?? -1) + 1) * PEOPLE_PER_BLOCK).fill(-1);
    people.forEach((person, place) => {
      places[person] = place;
    });
    this.#places = places;
  }

  /** Places of those of a block who are exported. */
  ofBlock(block: number): Uint32Array {
    let places = this.#ofBlock.get(block);
    if (places === undefined) {
      const own = this.people.flatMap((person, place) =>
        Math.floor(person / PEOPLE_PER_BLOCK) === block ? [place] : [],
      );
      places = Uint32Array.from(own);
      this.#ofBlock.set(block, places);
    }
    return places;
  }

  /** Places of people of a span that starts with `firstBlock`; valid until the next call. */
  placesOf(people: Uint32Array, firstBlock: number): Uint32Array {
    return this.#select(people, firstBlock * PEOPLE_PER_BLOCK, 0);
  }

  /** `2 * place + copy` of haplotypes of a span that starts with `firstBlock`; valid until the next call. */
  haplotypesOf(haplotypes: Uint32Array, firstBlock: number): Uint32Array {
    return this.#select(haplotypes, firstBlock * HAPLOTYPES_PER_BLOCK, 1);
  }

  #select(numbers: Uint32Array, start: number, shift: 0 | 1): Uint32Array {
    const places = this.#places;
    if (places === undefined) {
      const limit = this.people.length << shift;
      // Those of other spans may be beyond, where only a first part of the people is exported.
      if (start === 0 && (numbers.length === 0 || numbers.at(-1)! < limit)) return numbers;
      return numbers.filter((number) => start + number < limit).map((number) => start + number);
    }
    if (this.#scratch.length < numbers.length) this.#scratch = new Uint32Array(2 * numbers.length);
    const selected = this.#scratch;
    let count = 0;
    for (let i = 0; i < numbers.length; i += 1) {
      const number = start + numbers[i]!;
      const place = places[number >>> shift] ?? -1;
      if (place >= 0) selected[count++] = (place << shift) | (number & shift);
    }
    return selected.subarray(0, count);
  }
}
