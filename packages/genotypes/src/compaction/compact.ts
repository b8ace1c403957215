import { join } from 'node:path';
import { PEOPLE_PER_BLOCK, PeopleSet } from '@federome/core';
import { countGroups, EVERYONE } from '../counts/store-counts.ts';
import { type OpenIngest, removeOrphans, writePeople } from '../ingest/ingest-file.ts';
import { syncDirectory } from '../manifest/durable-file.ts';
import { type BlockEntry, MANIFEST, type Manifest } from '../manifest/manifest.ts';
import { writeManifest } from '../manifest/manifest-file.ts';
import { readPeople } from '../manifest/people-file.ts';
import { Roster } from '../manifest/roster.ts';
import { Snapshot } from '../queries/snapshot.ts';
import { mergeCallability, mergeSegments } from './merge-block.ts';
import { type NextBlock, planCompaction } from './plan.ts';

/** What a compaction did. */
export interface CompactionReport {
  readonly outcome: 'compacted' | 'nothing-to-do';
  readonly blocksBefore: number;
  readonly blocks: number;
  readonly segmentsBefore: number;
  readonly segments: number;
}

/** See `GenotypeStore.compact`. Whatever goes wrong, the manifest stays what it was and no file of this remains. */
export async function compact(ingest: OpenIngest): Promise<CompactionReport> {
  const { manifest } = ingest;
  const plan = planCompaction(manifest);
  try {
    const next = plan === undefined ? manifest : await rewrite(ingest, plan);
    return {
      outcome: plan === undefined ? 'nothing-to-do' : 'compacted',
      blocksBefore: manifest.blocks.length,
      blocks: next.blocks.length,
      segmentsBefore: manifest.segments.length,
      segments: next.segments.length,
    };
  } catch (cause) {
    await removeOrphans(ingest);
    throw cause;
  }
}

async function rewrite(ingest: OpenIngest, plan: readonly NextBlock[]): Promise<Manifest> {
  const { directory, manifest, seal } = ingest;
  const generation = manifest.generation + 1;
  const blocks: BlockEntry[] = [];
  const segments = [...keptSegments(manifest, plan)];
  const callability = [...keptCallability(manifest, plan)];
  for (const [block, next] of plan.entries()) {
    if (next.kind === 'kept') {
      blocks.push(manifest.blocks[next.block]!);
      continue;
    }
    const target = { block, people: next.people, from: next.from, prefix: `${generation}.${block}` };
    blocks.push(await writeNames(ingest, target));
    segments.push(...(await mergeSegments(ingest, target)));
    callability.push(...(await mergeCallability(ingest, target)));
  }
  const { tally, ...rest } = manifest;
  const renumbered: Manifest = {
    ...rest,
    generation,
    numbering: (manifest.numbering ?? 0) + 1,
    blocks,
    segments,
    callability,
  };
  const counted = tally === undefined ? renumbered : await recount(ingest, renumbered, plan);
  await syncDirectory(directory);
  await writeManifest(join(directory, MANIFEST), counted, seal);
  return counted;
}

async function writeNames(
  { directory, manifest, roster, seal }: OpenIngest,
  {
    people,
    from,
    prefix,
  }: { readonly people: readonly number[]; readonly from: readonly number[]; readonly prefix: string },
): Promise<BlockEntry> {
  const names = people.map((person) => roster.sampleOf(person)!);
  const { genotyped, contigs } = manifest.blocks[from[0]!]!;
  const known = genotyped ? new Set(contigs) : undefined;
  const [entry] = await writePeople({ directory, seal }, prefix, names, [names.length], known);
  return entry!;
}

function keptSegments({ segments }: Manifest, plan: readonly NextBlock[]) {
  return plan.flatMap((next, block) =>
    next.kind === 'merged'
      ? []
      : segments
          .filter(({ firstBlock }) => firstBlock === next.block)
          .map((entry) => ({ ...entry, firstBlock: block })),
  );
}

function keptCallability({ callability = [] }: Manifest, plan: readonly NextBlock[]) {
  return plan.flatMap((next, block) =>
    next.kind === 'merged'
      ? []
      : callability.filter((entry) => entry.block === next.block).map((entry) => ({ ...entry, block })),
  );
}

/** Counts the same groups by their people's new numbers. */
async function recount(
  ingest: OpenIngest,
  renumbered: Manifest,
  plan: readonly NextBlock[],
): Promise<Manifest> {
  const { directory, manifest, roster, cache, seal } = ingest;
  const { stored } = new Snapshot(directory, manifest, roster, cache, seal);
  const moved = plan.map((next) =>
    next.kind === 'merged'
      ? next.people
      : Array.from(
          { length: manifest.blocks[next.block]!.people.count },
          (_, place) => next.block * PEOPLE_PER_BLOCK + place,
        ),
  );
  const groups = (stored?.groups ?? [])
    .filter(({ name }) => name !== EVERYONE)
    .map(({ name, people }) => ({
      name,
      people: PeopleSet.of(
        moved.flatMap((before, block) =>
          before.flatMap((person, place) => (people.has(person) ? [block * PEOPLE_PER_BLOCK + place] : [])),
        ),
      ),
    }));
  const names = new Roster(renumbered.blocks, (people) =>
    readPeople(join(directory, people.file), people, seal),
  );
  // Files are named by the generation that follows the one they are counted from.
  const counted = { ...renumbered, generation: manifest.generation };
  return { ...renumbered, tally: await countGroups({ ...ingest, manifest: counted, roster: names }, groups) };
}
