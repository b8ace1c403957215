import { PEOPLE_PER_BLOCK, PeopleSet } from '@federome/core';
import type { PeopleBlock } from '../api.ts';
import { GenotypeError } from '../errors.ts';
import type { BlockEntry } from './manifest.ts';

/** Where the samples of a file go. */
export type Placement =
  | { readonly kind: 'known'; readonly firstBlock: number; readonly blocks: number }
  | { readonly kind: 'new'; readonly firstBlock: number; readonly moved: readonly number[] };

/** Who is in the store: blocks of people, and the numbers that their names have. */
export class Roster {
  readonly blocks: readonly PeopleBlock[];
  readonly #numbers = new Map<string, number>();
  readonly #moved: PeopleSet;
  readonly #entries: readonly BlockEntry[];

  constructor(entries: readonly BlockEntry[], samples: readonly (readonly string[])[]) {
    const moved: number[] = [];
    this.#entries = entries;
    this.blocks = entries.map((entry, index) => {
      const names = samples[index]!;
      const gone = new Set(entry.moved);
      names.forEach((name, place) => {
        if (gone.has(place)) moved.push(index * PEOPLE_PER_BLOCK + place);
        else this.#numbers.set(name, index * PEOPLE_PER_BLOCK + place);
      });
      return { index, samples: names, contigs: entry.contigs };
    });
    this.#moved = PeopleSet.of(moved);
  }

  get size(): number {
    return this.#numbers.size;
  }

  personOf(sample: string): number | undefined {
    return this.#numbers.get(sample);
  }

  sampleOf(person: number): string | undefined {
    if (this.#moved.has(person)) return undefined;
    return this.blocks[Math.floor(person / PEOPLE_PER_BLOCK)]?.samples[person % PEOPLE_PER_BLOCK];
  }

  /** Everyone of the blocks that the test accepts, without those who moved. */
  people(accept: (block: PeopleBlock) => boolean): PeopleSet {
    let all = PeopleSet.EMPTY;
    for (const block of this.blocks) {
      const start = block.index * PEOPLE_PER_BLOCK;
      if (accept(block)) all = all.or(PeopleSet.range(start, start + block.samples.length));
    }
    return all.andNot(this.#moved);
  }

  /** Decides by the sample list of a file; see `GenotypeStore.ingest` for the rules and refusals. */
  place(samples: readonly string[], file: string): Placement {
    const known = samples.map((name) => this.#numbers.get(name));
    const genotyped = known.filter((person) => person !== undefined && this.#isGenotyped(person));
    if (genotyped.length === 0) {
      return {
        kind: 'new',
        firstBlock: this.blocks.length,
        moved: known.filter((person) => person !== undefined),
      };
    }
    const location = { file };
    if (genotyped.length < samples.length) {
      throw new GenotypeError(
        'genotypes/samples-overlap',
        `${genotyped.length} of the ${samples.length} samples have genotypes in this store already: ` +
          'a file brings either the same samples again or only new ones',
        { location, publicMessage: 'some samples have genotypes already' },
      );
    }
    const firstBlock = Math.floor(known[0]! / PEOPLE_PER_BLOCK);
    const blocks = this.#blocksOf(firstBlock, samples);
    if (blocks !== undefined) return { kind: 'known', firstBlock, blocks };
    const all = this.#spanOf(known as number[]);
    if (all !== samples.length) {
      throw new GenotypeError(
        'genotypes/samples-overlap',
        `the ${samples.length} samples are part of blocks that hold ${all}: a file brings whole blocks of people`,
        { location, publicMessage: 'the samples are a part of those that came together before' },
      );
    }
    const differs = samples.findIndex((_, place) => known[place] !== firstBlock * PEOPLE_PER_BLOCK + place);
    throw new GenotypeError(
      'genotypes/samples-reordered',
      `the samples are those of an earlier file in another order: expected that order, which sample ${differs + 1} breaks`,
      { location, publicMessage: 'the samples are in another order than before' },
    );
  }

  #isGenotyped(person: number): boolean {
    return this.#entries[Math.floor(person / PEOPLE_PER_BLOCK)]?.genotyped === true;
  }

  /** How many consecutive blocks from there hold exactly these samples in this order. */
  #blocksOf(first: number, samples: readonly string[]): number | undefined {
    let at = 0;
    for (let index = first; at < samples.length; index += 1) {
      const block = this.blocks[index];
      if (block === undefined || !block.samples.every((name, place) => samples[at + place] === name))
        return undefined;
      at += block.samples.length;
      if (at === samples.length) return index - first + 1;
    }
    return undefined;
  }

  #spanOf(people: readonly number[]): number {
    const touched = new Set(people.map((person) => Math.floor(person / PEOPLE_PER_BLOCK)));
    return [...touched].reduce((sum, index) => sum + this.blocks[index]!.samples.length, 0);
  }
}
