import { PEOPLE_PER_BLOCK, PeopleSet } from '@federome/core';
import type { PeopleBlock } from '../api.ts';
import { GenotypeError } from '../errors.ts';
import type { BlockNames } from './block-names.ts';
import type { BlockEntry } from './manifest.ts';
import { NameIndex } from './name-index.ts';

/** Where the samples of a file go. */
export type Placement =
  | { readonly kind: 'known'; readonly firstBlock: number; readonly blocks: number }
  | { readonly kind: 'new'; readonly firstBlock: number; readonly moved: readonly number[] };

/** Who is in the store: blocks of people, and the numbers that their names have. Names are read when one is asked for. */
export class Roster {
  readonly blocks: readonly PeopleBlock[];
  readonly #moved: PeopleSet;
  readonly #entries: readonly BlockEntry[];
  readonly #read: (people: BlockEntry['people']) => BlockNames;
  readonly #names: (BlockNames | undefined)[] = [];
  #index: NameIndex | undefined;

  /** `read` gives the names of a block, and is asked once for each. */
  constructor(entries: readonly BlockEntry[], read: (people: BlockEntry['people']) => BlockNames) {
    this.#entries = entries;
    this.#read = read;
    const namesOf = (index: number) => this.#namesOf(index).all();
    this.blocks = entries.map(({ people, contigs }, index) => ({
      index,
      people: people.count,
      get samples() {
        return namesOf(index);
      },
      contigs,
    }));
    this.#moved = PeopleSet.of(
      entries.flatMap(({ moved }, index) => moved.map((place) => index * PEOPLE_PER_BLOCK + place)),
    );
  }

  /** The first call reads all names. */
  personOf(sample: string): number | undefined {
    if (this.#index === undefined) {
      const names = this.#entries.map((_, index) => this.#namesOf(index));
      const anyMoved = this.#moved.blockCount > 0;
      this.#index = new NameIndex(names, anyMoved ? (person) => this.#moved.has(person) : undefined);
    }
    return this.#index.find(sample);
  }

  /** The block in which someone has genotypes. */
  genotypedBlockOf(sample: string): number | undefined {
    const person = this.personOf(sample);
    return person !== undefined && this.#isGenotyped(person)
      ? Math.floor(person / PEOPLE_PER_BLOCK)
      : undefined;
  }

  sampleOf(person: number): string | undefined {
    const block = Math.floor(person / PEOPLE_PER_BLOCK);
    const place = person % PEOPLE_PER_BLOCK;
    if (this.#moved.has(person) || !(place < (this.#entries[block]?.people.count ?? 0))) return undefined;
    return this.#namesOf(block).at(place);
  }

  #namesOf(block: number): BlockNames {
    const names = this.#names[block] ?? this.#read(this.#entries[block]!.people);
    this.#names[block] = names;
    return names;
  }

  /** Everyone of the blocks that the test accepts, without those who moved. */
  people(accept: (block: PeopleBlock) => boolean): PeopleSet {
    let all = PeopleSet.EMPTY;
    for (const block of this.blocks) {
      const start = block.index * PEOPLE_PER_BLOCK;
      if (accept(block)) all = all.or(PeopleSet.range(start, start + block.people));
    }
    return all.andNot(this.#moved);
  }

  /** Decides by the sample list of a file; see `GenotypeStore.ingest` for the rules and refusals. */
  place(samples: readonly string[], file: string): Placement {
    const known = samples.map((name) => this.personOf(name));
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
      at += block.people;
      if (at === samples.length) return index - first + 1;
    }
    return undefined;
  }

  #spanOf(people: readonly number[]): number {
    const touched = new Set(people.map((person) => Math.floor(person / PEOPLE_PER_BLOCK)));
    return [...touched].reduce((sum, index) => sum + this.blocks[index]!.people, 0);
  }
}
