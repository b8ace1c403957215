import { join } from 'node:path';
import type { PeopleSet } from '@federome/core';
import type { Kernels } from '../kernels/kernels.ts';
import { writeDurably } from '../manifest/durable-file.ts';
import type { Manifest, TallyEntry, TallyFile } from '../manifest/manifest.ts';
import type { Roster } from '../manifest/roster.ts';
import { COUNTS, MAX_COHORTS, SegmentCounter } from '../queries/segment-counter.ts';
import { Segment, type SegmentEntry } from '../segments/segment.ts';
import { CountingThreads, threadsFor } from '../tasks/counting-threads.ts';
import { inOrder } from '../tasks/in-order.ts';
import { membersIn, StoredCounts, type StoreFiles } from './stored-counts.ts';
import { encodeCounts, encodeGroups, type StoredGroup } from './tally.ts';

/** Name of the group of everyone, which is always counted beside those that are asked for. */
export const EVERYONE = 'all';

/** A store that is being changed: its lock is held. */
export interface OpenStore extends StoreFiles {
  readonly manifest: Manifest;
  readonly roster: Roster;
  readonly kernels: Kernels;
  /** How many threads count; the machine's cores where they are worth it unless given. */
  readonly threads?: number | undefined;
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
  const wanting = manifest.segments.filter((entry) => kept?.(entry) === undefined);
  const threads = groups.length > MAX_COHORTS ? 1 : threadsFor(wanting, store.threads);
  const sets = groups.map(({ people }) => people);
  const plan = { directory: store.directory, seal: store.seal?.share() };
  const pool = threads > 1 ? new CountingThreads(plan, sets, threads) : undefined;
  try {
    const count = (entry: SegmentEntry) =>
      pool?.count(entry, 0, entry.sites) ?? countHere(store, entry, sets);
    const made = inOrder(manifest.segments, pool === undefined ? 1 : 2 * threads, async (entry) => {
      const there = kept?.(entry);
      return { entry, there, counts: there === undefined ? await count(entry) : undefined };
    });
    for await (const { entry, there, counts: own } of made) {
      counts[entry.file] = there ?? (await writeCounts(store, entry, groups, own!, generation));
      segments += 1;
      onProgress?.({ segments, segmentsTotal: manifest.segments.length });
    }
  } finally {
    await pool?.close();
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

/** `COUNTS` numbers a set and site of a segment, by this thread. */
async function countHere(
  { directory, cache, seal, kernels }: OpenStore,
  entry: SegmentEntry,
  sets: readonly PeopleSet[],
): Promise<Uint32Array> {
  const segment = new Segment(join(directory, entry.file), entry, cache, seal);
  const width = sets.length * COUNTS;
  const counts = new Uint32Array(entry.sites * width);
  for (let from = 0; from < sets.length; from += MAX_COHORTS) {
    const some = sets.slice(from, from + MAX_COHORTS);
    const own = await new SegmentCounter(kernels, some).rows(segment, 0, entry.sites);
    const ownWidth = some.length * COUNTS;
    for (let row = 0; row < entry.sites; row += 1)
      counts.set(own.counts.subarray(row * ownWidth, (row + 1) * ownWidth), row * width + from * COUNTS);
  }
  return counts;
}

async function writeCounts(
  store: OpenStore,
  entry: SegmentEntry,
  groups: readonly StoredGroup[],
  counts: Uint32Array,
  generation: number,
): Promise<TallyFile> {
  const { roster } = store;
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
