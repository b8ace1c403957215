import { join } from 'node:path';
import type { PeopleSet } from '@federome/core';
import type { Kernels } from '../kernels/kernels.ts';
import { writeDurably } from '../manifest/durable-file.ts';
import type { Manifest, TallyEntry, TallyFile } from '../manifest/manifest.ts';
import type { Roster } from '../manifest/roster.ts';
import { COUNTS, MAX_COHORTS, SegmentCounter } from '../queries/segment-counter.ts';
import { Segment, type SegmentEntry } from '../segments/segment.ts';
import { membersIn, StoredCounts, type StoreFiles } from './stored-counts.ts';
import { encodeCounts, encodeGroups, type StoredGroup } from './tally.ts';

/** Name of the group of everyone, which is always counted beside those that are asked for. */
export const EVERYONE = 'all';

/** A store that is being changed: its lock is held. */
export interface OpenStore extends StoreFiles {
  readonly manifest: Manifest;
  readonly roster: Roster;
  readonly kernels: Kernels;
}

/** How far a counting has come. */
export interface CountingProgress {
  readonly segments: number;
  readonly segmentsTotal: number;
}

/**
 * Counts groups at every site of the store and writes the counts beside the segments; returns what a manifest then says
 * of them. Segments that have counts of the same groups keep them where nobody in their blocks joined or left one.
 */
export async function countGroups(
  store: OpenStore,
  asked: readonly StoredGroup[],
  onProgress?: (progress: CountingProgress) => void,
): Promise<TallyEntry> {
  const { manifest } = store;
  const generation = manifest.generation + 1;
  const groups = [{ name: EVERYONE, people: store.roster.people(() => true) }, ...asked];
  const kept = keptCounts(store, groups);
  const counts: Record<string, TallyFile> = {};
  let segments = 0;
  for (const entry of manifest.segments) {
    counts[entry.file] = kept?.(entry) ?? (await countSegment(store, entry, groups, generation));
    segments += 1;
    onProgress?.({ segments, segmentsTotal: manifest.segments.length });
  }
  const { section, bytes } = encodeGroups(groups);
  const people = await writeTally(store, `${generation}.groups`, section, bytes);
  return { groups: groups.map(({ name }) => name), people, counts };
}

/** The counts of a segment that hold still. */
function keptCounts(
  store: OpenStore,
  groups: readonly StoredGroup[],
): ((segment: SegmentEntry) => TallyFile | undefined) | undefined {
  const { tally } = store.manifest;
  if (tally === undefined || tally.groups.join('\n') !== groups.map(({ name }) => name).join('\n'))
    return undefined;
  const before = new StoredCounts(tally, store.roster.blocks, store).groups;
  const same = store.roster.blocks.map(({ index, people }) =>
    groups.every((group, place) => isSame(group.people, before[place]!.people, index, people)),
  );
  return ({ file, firstBlock, blocks }) =>
    same.slice(firstBlock, firstBlock + blocks).every(Boolean) ? tally.counts[file] : undefined;
}

function isSame(a: PeopleSet, b: PeopleSet, block: number, people: number): boolean {
  const [left, right] = [a.block(block), b.block(block)];
  if (left === undefined || right === undefined)
    return membersIn(a, block, people) === membersIn(b, block, people);
  return left.every((word, at) => word === right[at]);
}

async function countSegment(
  store: OpenStore,
  entry: SegmentEntry,
  groups: readonly StoredGroup[],
  generation: number,
): Promise<TallyFile> {
  const { directory, cache, seal, kernels, roster } = store;
  const segment = new Segment(join(directory, entry.file), entry, cache, seal);
  const width = groups.length * COUNTS;
  const counts = new Uint32Array(entry.sites * width);
  for (let from = 0; from < groups.length; from += MAX_COHORTS) {
    const some = groups.slice(from, from + MAX_COHORTS).map(({ people }) => people);
    const own = await new SegmentCounter(kernels, some).rows(segment, 0, entry.sites);
    const ownWidth = some.length * COUNTS;
    for (let row = 0; row < entry.sites; row += 1)
      counts.set(own.counts.subarray(row * ownWidth, (row + 1) * ownWidth), row * width + from * COUNTS);
  }
  const sizes = groups.map(({ people }) => {
    let size = 0;
    for (let block = entry.firstBlock; block < entry.firstBlock + entry.blocks; block += 1)
      size += membersIn(people, block, roster.blocks[block]!.people);
    return size;
  });
  const { section, bytes } = encodeCounts(counts, sizes);
  return await writeTally(store, `${entry.file.replace(/\.seg$/, '')}-${generation}.counts`, section, bytes);
}

async function writeTally(
  { directory, seal }: StoreFiles,
  file: string,
  section: Pick<TallyFile, 'storedBytes' | 'rawBytes' | 'crc'>,
  bytes: Uint8Array,
): Promise<TallyFile> {
  const stored = await writeDurably(join(directory, file), [bytes], seal);
  return { file, ...section, stored };
}
