import { PEOPLE_PER_BLOCK } from '@federome/core';
import type { Manifest } from '../manifest/manifest.ts';

/** A block as it will be: one that stays as it is, or people of others, by their numbers before, in their new order. */
export type NextBlock =
  | { readonly kind: 'kept'; readonly block: number }
  | { readonly kind: 'merged'; readonly people: readonly number[]; readonly from: readonly number[] };

/**
 * Which blocks come in the place of those of a store; `undefined` where compaction would change nothing. Blocks are
 * merged that have segments of their own, are not full, and were ingested on the same contigs with the same knowledge of
 * where people were called, so that no count changes. They come where the first of them was.
 */
export function planCompaction(manifest: Manifest): readonly NextBlock[] | undefined {
  const { blocks } = manifest;
  const groups = new Map<string, number[]>();
  blocks.forEach((_, block) => {
    if (!isCandidate(manifest, block)) return;
    const key = kindOf(manifest, block);
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [block]);
    else group.push(block);
  });
  const mergedAt = new Map<number, readonly number[]>();
  const gone = new Set<number>();
  for (const group of groups.values()) {
    if (group.length === 1 && blocks[group[0]!]!.moved.length === 0) continue;
    mergedAt.set(group[0]!, group);
    for (const block of group) gone.add(block);
  }
  if (gone.size === 0) return undefined;
  return blocks.flatMap((_, block): readonly NextBlock[] => {
    const group = mergedAt.get(block);
    if (group !== undefined) return merged(manifest, group);
    return gone.has(block) ? [] : [{ kind: 'kept', block }];
  });
}

function isCandidate({ blocks, segments }: Manifest, block: number): boolean {
  if (blocks[block]!.people.count === PEOPLE_PER_BLOCK && blocks[block]!.moved.length === 0) return false;
  return !segments.some(
    (entry) => entry.blocks > 1 && entry.firstBlock <= block && block < entry.firstBlock + entry.blocks,
  );
}

function kindOf({ blocks, callability = [] }: Manifest, block: number): string {
  const known = callability.filter((entry) => entry.block === block).map(({ contig }) => contig);
  const { genotyped, contigs } = blocks[block]!;
  return JSON.stringify([genotyped, [...contigs].sort(), known.sort()]);
}

function merged({ blocks }: Manifest, group: readonly number[]): readonly NextBlock[] {
  const people = group.flatMap((block) => {
    const { people: own, moved } = blocks[block]!;
    const left = new Set(moved);
    const places = Array.from({ length: own.count }, (_, place) => place).filter((place) => !left.has(place));
    return places.map((place) => block * PEOPLE_PER_BLOCK + place);
  });
  const next: NextBlock[] = [];
  for (let start = 0; start < people.length; start += PEOPLE_PER_BLOCK) {
    const own = people.slice(start, start + PEOPLE_PER_BLOCK);
    const from = [...new Set(own.map((person) => Math.floor(person / PEOPLE_PER_BLOCK)))];
    next.push({ kind: 'merged', people: own, from });
  }
  return next;
}
