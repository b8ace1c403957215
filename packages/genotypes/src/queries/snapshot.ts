import { join } from 'node:path';
import { compareContigs, type PeopleSet } from '@federome/core';
import type { StoreSeal } from '../at-rest/store-seal.ts';
import { Callability } from '../callability/callability.ts';
import { membersIn, StoredCounts } from '../counts/stored-counts.ts';
import { binOf } from '../ingest/bins.ts';
import type { Manifest } from '../manifest/manifest.ts';
import type { Roster } from '../manifest/roster.ts';
import type { ByteCache } from '../segments/cache.ts';
import { Segment, type SegmentEntry } from '../segments/segment.ts';

interface ContigState {
  readonly segments: readonly Segment[];
  readonly bins: ReadonlyMap<number, readonly Segment[]>;
  /** Numbers of the blocks with genotypes. */
  readonly blocks: readonly number[];
  readonly hasHaploid: boolean;
}

/** One state of a store, as a manifest names it. Segments never change, so that it stays readable while others ingest. */
export class Snapshot {
  readonly directory: string;
  readonly manifest: Manifest;
  readonly roster: Roster;
  readonly cache: ByteCache;
  readonly seal: StoreSeal | undefined;
  /** Contigs that have sites, in genome order. */
  readonly contigs: readonly string[];
  readonly #entries: ReadonlyMap<string, readonly SegmentEntry[]>;
  readonly #contigs = new Map<string, ContigState>();
  readonly #callability = new Map<string, Callability>();
  #stored: StoredCounts | undefined;

  constructor(
    directory: string,
    manifest: Manifest,
    roster: Roster,
    cache: ByteCache,
    seal: StoreSeal | undefined,
  ) {
    this.directory = directory;
    this.manifest = manifest;
    this.cache = cache;
    this.seal = seal;
    this.roster = roster;
    this.#entries = Map.groupBy(manifest.segments, ({ contig }) => contig);
    for (const entry of manifest.callability ?? []) {
      const callability = new Callability(join(directory, entry.file), entry, cache, seal);
      this.#callability.set(`${entry.block} ${entry.contig}`, callability);
    }
    this.contigs = [...this.#entries.keys()].sort(compareContigs);
  }

  /** Counts that lie beside the genotypes, if any do. */
  get stored(): StoredCounts | undefined {
    const { tally } = this.manifest;
    if (tally === undefined) return undefined;
    const files = { directory: this.directory, seal: this.seal, cache: this.cache };
    this.#stored ??= new StoredCounts(tally, this.roster.blocks, files);
    return this.#stored;
  }

  /** Where the people of a block were called on a contig, where their files say so. */
  callabilityOf(block: number, contig: string): Callability | undefined {
    return this.#callability.get(`${block} ${contig}`);
  }

  /** Whether any block's files say where on a contig its people were called. */
  hasCallability(contig: string): boolean {
    return this.blocksOn(contig).some((block) => this.callabilityOf(block, contig) !== undefined);
  }

  /** Whether anyone lacks a second copy at any site of a contig. */
  hasHaploid(contig: string): boolean {
    return this.#of(contig).hasHaploid;
  }

  /** How many of a set are in a block. */
  membersOf(people: PeopleSet, block: number): number {
    return membersIn(people, block, this.roster.blocks[block]!.people);
  }

  segmentsOf(contig: string): readonly Segment[] {
    return this.#of(contig).segments;
  }

  /** Those that may list a variant that starts there. */
  segmentsAt(contig: string, position: number): readonly Segment[] {
    const inBin = this.#of(contig).bins.get(binOf(position)) ?? [];
    return inBin.filter(({ entry }) => entry.first <= position && position <= entry.last);
  }

  /** Numbers of the blocks with genotypes on that contig. */
  blocksOn(contig: string): readonly number[] {
    return this.#of(contig).blocks;
  }

  /** What of a contig is asked again and again; made when it is asked for, because a store can have 100,000 segments. */
  #of(contig: string): ContigState {
    const known = this.#contigs.get(contig);
    if (known !== undefined) return known;
    const segments = (this.#entries.get(contig) ?? []).map(
      (entry) => new Segment(join(this.directory, entry.file), entry, this.cache, this.seal),
    );
    const blocks = this.manifest.blocks.flatMap((block, index) =>
      block.contigs.includes(contig) ? [index] : [],
    );
    const state = stateOf(segments, blocks);
    this.#contigs.set(contig, state);
    return state;
  }
}

/** By block, then in the order of their ingest. */
function stateOf(segments: readonly Segment[], blocks: readonly number[]): ContigState {
  const sorted = segments.toSorted((a, b) => a.entry.firstBlock - b.entry.firstBlock);
  return {
    segments: sorted,
    bins: Map.groupBy(sorted, ({ entry }) => entry.bin),
    blocks,
    hasHaploid: sorted.some(({ entry }) => entry.haploid),
  };
}

export function holdsBlock({ entry }: Segment, block: number): boolean {
  return entry.firstBlock <= block && block < entry.firstBlock + entry.blocks;
}
