import { join } from 'node:path';
import type { PeopleBlock } from '../api.ts';
import type { StoreSeal } from '../at-rest/store-seal.ts';
import { StoredFile } from '../at-rest/stored-file.ts';
import type { TallyEntry, TallyFile } from '../manifest/manifest.ts';
import type { ByteCache } from '../segments/cache.ts';
import type { Segment } from '../segments/segment.ts';
import { decodeCounts, decodeGroups, type StoredGroup } from './tally.ts';

/** Where a store's files are, and what is kept of them in memory. */
export interface StoreFiles {
  readonly directory: string;
  readonly seal: StoreSeal | undefined;
  readonly cache: ByteCache;
}

/** The counts that lie beside the genotypes of a store, read through its cache. */
export class StoredCounts {
  readonly groups: readonly StoredGroup[];
  /** How many are in each group. */
  readonly sizes: readonly number[];
  readonly #entry: TallyEntry;
  readonly #blocks: readonly PeopleBlock[];
  readonly #files: StoreFiles;
  /** Of each block, how many of each group are there. */
  readonly #sizes = new Map<number, readonly number[]>();

  /** `genotypes/corrupt` where the list of who is in which group is damaged. */
  constructor(entry: TallyEntry, blocks: readonly PeopleBlock[], files: StoreFiles) {
    this.#entry = entry;
    this.#blocks = blocks;
    this.#files = files;
    const { people } = entry;
    const path = join(files.directory, people.file);
    this.groups = decodeGroups(entry.groups, people, readTally(people, files), path);
    this.sizes = this.groups.map((group) => group.people.size);
  }

  has({ entry }: Segment): boolean {
    return this.#entry.counts[entry.file] !== undefined;
  }

  /** Of a segment that `has` counts: `COUNTS` columns a group, with a row for each site. Not to be written to. */
  of({ entry }: Segment): Promise<readonly Uint32Array[]> {
    const stored = this.#entry.counts[entry.file]!;
    const path = join(this.#files.directory, stored.file);
    return this.#files.cache.get(path, async () => {
      const bytes = readTally(stored, this.#files);
      const value = decodeCounts(entry.sites, this.sizesIn(entry), stored, bytes, path);
      return { value, bytes: value.reduce((sum, { byteLength }) => sum + byteLength, 0) };
    });
  }

  /** People of a block. */
  peopleIn(block: number): number {
    return this.#blocks[block]!.people;
  }

  /** Of each group, how many are in the blocks of a segment. */
  sizesIn({ firstBlock, blocks }: Pick<Segment['entry'], 'firstBlock' | 'blocks'>): readonly number[] {
    const sizes = new Array<number>(this.groups.length).fill(0);
    for (let block = firstBlock; block < firstBlock + blocks; block += 1) {
      this.#sizesOf(block).forEach((size, group) => {
        sizes[group] = sizes[group]! + size;
      });
    }
    return sizes;
  }

  #sizesOf(block: number): readonly number[] {
    const sizes =
      this.#sizes.get(block) ??
      this.groups.map(({ people }) => membersIn(people, block, this.peopleIn(block)));
    this.#sizes.set(block, sizes);
    return sizes;
  }
}

/** How many of a set are among the first so many people of a block. */
export function membersIn(set: StoredGroup['people'], block: number, people: number): number {
  const words = set.block(block);
  if (words === undefined) return 0;
  let size = 0;
  for (let word = 0; 32 * word < people; word += 1) {
    const there = people - 32 * word >= 32 ? -1 : (1 << (people - 32 * word)) - 1;
    size += popcount(words[word]! & there);
  }
  return size;
}

function popcount(word: number): number {
  const pairs = word - ((word >>> 1) & 0x55555555);
  const nibbles = (pairs & 0x33333333) + ((pairs >>> 2) & 0x33333333);
  return Math.imul((nibbles + (nibbles >>> 4)) & 0x0f0f0f0f, 0x01010101) >>> 24;
}

/** The content of a file of counts or groups, sealed or not. Its checksum is whoever's who unpacks it. */
export function readTally(file: TallyFile, { directory, seal }: StoreFiles): Uint8Array {
  return new StoredFile(join(directory, file.file), file.storedBytes, seal).readAllSync();
}
