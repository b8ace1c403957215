import { join } from 'node:path';
import { PEOPLE_PER_BLOCK } from '@federome/core';
import { CallabilityBuilder } from '../callability/builder.ts';
import type { CallabilityEntry, Page } from '../callability/format.ts';
import type { OpenIngest } from '../ingest/ingest-file.ts';
import type { UncalledSets } from '../ingest/record-sets.ts';
import { SegmentWriter } from '../ingest/segment-writer.ts';
import { writeDurably } from '../manifest/durable-file.ts';
import { ExportedCalls } from '../queries/export-calls.ts';
import { Places } from '../queries/export-places.ts';
import { mergeLanes, windows } from '../queries/merge.ts';
import { Snapshot } from '../queries/snapshot.ts';
import type { SegmentEntry } from '../segments/segment.ts';
import { originLine } from '../segments/site-table.ts';

/** A block that is made of people of others. */
export interface BlockToMerge {
  /** Its number, and the people in their order, by their numbers before. */
  readonly block: number;
  readonly people: readonly number[];
  readonly from: readonly number[];
  /** What its files are called: `${prefix}-0.seg` … */
  readonly prefix: string;
}

/** Writes the segments of a block: each variant that any of the blocks lists, with the calls that its people have now. */
export async function mergeSegments(
  ingest: OpenIngest,
  { block, people, from, prefix }: BlockToMerge,
): Promise<readonly SegmentEntry[]> {
  const { directory, manifest, roster, cache, seal } = ingest;
  const segments = manifest.segments.filter(({ firstBlock }) => from.includes(firstBlock));
  const snapshot = new Snapshot(directory, { ...manifest, segments }, roster, cache, seal);
  const writer = new SegmentWriter({
    directory,
    prefix,
    cache,
    seal,
    firstBlock: block,
    people: [people.length],
    file: directory,
    existing: [],
  });
  const places = new Places(people);
  for (const contig of snapshot.contigs) {
    const calls = new ExportedCalls(snapshot, contig, places);
    const whole = { contig, start: Number.MIN_SAFE_INTEGER, end: Number.MAX_SAFE_INTEGER };
    for await (const lanes of windows(snapshot, whole)) {
      for (const rows of mergeLanes(lanes)) {
        const { lane, row } = rows[0]!;
        const { table } = lanes[lane]!;
        const { variant, ids, original } = table.site(row);
        const listings = rows.map((each) => ({ segment: lanes[each.lane]!.segment, row: each.row }));
        const { carriers, ...uncalled } = await calls.of(variant, listings);
        if (writer.mustAdvance(contig, variant.position)) await writer.advance(contig, variant.position);
        const builder = writer.builder(variant);
        builder.addSite(variant, originLine(ids, original, variant), table.places[row]!, 0);
        builder.addSets(carriers.slice().sort(), inOrder(uncalled));
      }
    }
  }
  await writer.finish();
  return writer.entries;
}

/** Blocks come in any order; the sets of a segment are ascending. */
function inOrder({ missing, absent, usualPhase, unusualPhase }: UncalledSets): UncalledSets {
  return {
    missing: missing.slice().sort(),
    absent: absent.slice().sort(),
    usualPhase,
    unusualPhase: unusualPhase.slice().sort(),
  };
}

/** Writes where the people of a block were called, as the blocks that they come from say. */
export async function mergeCallability(
  { directory, manifest, roster, cache, seal }: OpenIngest,
  { block, people, from, prefix }: BlockToMerge,
): Promise<readonly CallabilityEntry[]> {
  const snapshot = new Snapshot(directory, manifest, roster, cache, seal);
  const contigs = new Set(
    (manifest.callability ?? []).filter((entry) => from.includes(entry.block)).map(({ contig }) => contig),
  );
  const places = new Map(people.map((person, place) => [person, place]));
  const entries: CallabilityEntry[] = [];
  for (const contig of contigs) {
    const builder = new CallabilityBuilder(contig, block, people.length);
    const sources = await Promise.all(
      from.map(async (old) => {
        const pages = snapshot.callabilityOf(old, contig)!.from(-1);
        const source = new ChangesOf(pages, (place) => places.get(old * PEOPLE_PER_BLOCK + place));
        await source.next();
        return source;
      }),
    );
    for (;;) {
      const first = sources.reduce((best, each) => (each.comesBefore(best) ? each : best));
      if (first.position === Number.POSITIVE_INFINITY) break;
      builder.add(first.position, first.place, first.copies);
      await first.next();
    }
    const { parts, entry } = builder.finish();
    const file = `${prefix}-${entries.length}.calls`;
    entries.push({ ...entry, file, stored: await writeDurably(join(directory, file), parts, seal) });
  }
  return entries;
}

/** The changes of a block, of those people who are asked for, by their new places. */
class ChangesOf {
  position = Number.NEGATIVE_INFINITY;
  place = 0;
  copies = 0;
  readonly #pages: AsyncGenerator<Page>;
  readonly #placeOf: (place: number) => number | undefined;
  #page: Page | undefined;
  #at = 0;

  constructor(pages: AsyncGenerator<Page>, placeOf: (place: number) => number | undefined) {
    this.#pages = pages;
    this.#placeOf = placeOf;
  }

  comesBefore(other: ChangesOf): boolean {
    return this.position < other.position || (this.position === other.position && this.place < other.place);
  }

  async next(): Promise<void> {
    for (;;) {
      while (this.#page === undefined || this.#at === this.#page.positions.length) {
        const next = await this.#pages.next();
        this.position = Number.POSITIVE_INFINITY;
        if (next.done === true) return;
        this.#page = next.value;
        this.#at = 0;
      }
      const { positions, places, copies } = this.#page;
      const at = this.#at;
      this.#at += 1;
      const place = this.#placeOf(places[at]!);
      if (place === undefined) continue;
      [this.position, this.place, this.copies] = [positions[at]!, place, copies[at]!];
      return;
    }
  }
}
