import { join } from 'node:path';
import { compareContigs } from '@federome/core';
import type { StoreSeal } from '../at-rest/store-seal.ts';
import { Callability } from '../callability/callability.ts';
import { StoredCounts } from '../counts/stored-counts.ts';
import { binOf } from '../ingest/bins.ts';
import type { Manifest } from '../manifest/manifest.ts';
import type { Roster } from '../manifest/roster.ts';
import type { ByteCache } from '../segments/cache.ts';
import { Segment } from '../segments/segment.ts';

/** One state of a store, as a manifest names it. Segments never change, so that it stays readable while others ingest. */
export class Snapshot {
  readonly manifest: Manifest;
  readonly roster: Roster;
  readonly cache: ByteCache;
  readonly seal: StoreSeal | undefined;
  /** Contigs that have sites, in genome order. */
  readonly contigs: readonly string[];
  /** Segments of each contig by block, then in the order of their ingest. */
  readonly #segments = new Map<string, Segment[]>();
  readonly #callability = new Map<string, Callability>();
  readonly #directory: string;
  #stored: StoredCounts | undefined;

  constructor(
    directory: string,
    manifest: Manifest,
    roster: Roster,
    cache: ByteCache,
    seal: StoreSeal | undefined,
  ) {
    this.#directory = directory;
    this.manifest = manifest;
    this.cache = cache;
    this.seal = seal;
    this.roster = roster;
    for (const entry of manifest.segments) {
      const segment = new Segment(join(directory, entry.file), entry, cache, seal);
      const known = this.#segments.get(entry.contig);
      if (known === undefined) this.#segments.set(entry.contig, [segment]);
      else known.push(segment);
    }
    for (const segments of this.#segments.values()) {
      segments.sort((a, b) => a.entry.firstBlock - b.entry.firstBlock);
    }
    for (const entry of manifest.callability ?? []) {
      const callability = new Callability(join(directory, entry.file), entry, cache, seal);
      this.#callability.set(`${entry.block} ${entry.contig}`, callability);
    }
    this.contigs = [...this.#segments.keys()].sort(compareContigs);
  }

  /** Counts that lie beside the genotypes, if any do. */
  get stored(): StoredCounts | undefined {
    const { tally } = this.manifest;
    if (tally === undefined) return undefined;
    const files = { directory: this.#directory, seal: this.seal, cache: this.cache };
    this.#stored ??= new StoredCounts(tally, this.roster.blocks, files);
    return this.#stored;
  }

  /** Where the people of a block were called on a contig, where their files say so. */
  callabilityOf(block: number, contig: string): Callability | undefined {
    return this.#callability.get(`${block} ${contig}`);
  }

  segmentsOf(contig: string): readonly Segment[] {
    return this.#segments.get(contig) ?? [];
  }

  /** Those that may list a variant that starts there. */
  segmentsAt(contig: string, position: number): readonly Segment[] {
    const bin = binOf(position);
    return this.segmentsOf(contig).filter(
      ({ entry }) => entry.bin === bin && entry.first <= position && position <= entry.last,
    );
  }

  /** Numbers of the blocks with genotypes on that contig. */
  blocksOn(contig: string): readonly number[] {
    return this.manifest.blocks.flatMap((block, index) => (block.contigs.includes(contig) ? [index] : []));
  }
}

export function holdsBlock({ entry }: Segment, block: number): boolean {
  return entry.firstBlock <= block && block < entry.firstBlock + entry.blocks;
}
