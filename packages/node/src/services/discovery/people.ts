import { PeopleSet } from '@federome/core';
import type { GenotypeQueries } from '@federome/genotypes';
import { breathing } from './breathing.ts';
import type { Search } from './places.ts';

/** Everyone who carries at least one of the variants that a search means. */
export async function carriersOf(genotypes: GenotypeQueries, search: Search): Promise<PeopleSet> {
  const blocks: (Uint32Array | undefined)[] = [];
  for await (const site of breathing(genotypes.sites(search.interval))) {
    if (search.matches(site)) unite(blocks, await genotypes.carriers(site.variant));
  }
  return PeopleSet.fromBlocks(blocks);
}

/** Adds a set to blocks of our own: uniting thousands of carrier sets as values would copy every block each time. */
function unite(blocks: (Uint32Array | undefined)[], people: PeopleSet): void {
  for (let index = 0; index < people.blockCount; index += 1) {
    const block = people.block(index);
    if (block === undefined) continue;
    const own = blocks[index];
    if (own === undefined) blocks[index] = block.slice();
    else for (let word = 0; word < own.length; word += 1) own[word] = own[word]! | block[word]!;
  }
}
