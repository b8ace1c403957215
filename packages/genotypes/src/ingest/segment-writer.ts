import { join } from 'node:path';
import { formatVariant, type Variant } from '@federome/core';
import type { StoreSeal } from '../at-rest/store-seal.ts';
import { GenotypeError } from '../errors.ts';
import { writeDurably } from '../manifest/durable-file.ts';
import { type BuiltSegment, SegmentBuilder } from '../segments/builder.ts';
import type { ByteCache } from '../segments/cache.ts';
import { Segment, type SegmentEntry } from '../segments/segment.ts';
import { binOf } from './bins.ts';

/** Sites and payload bytes at which a segment is closed, wherever it is in its bin. */
const MAX_SITES = 16_384;
const MAX_PAYLOAD_BYTES = 32 << 20;

export interface SegmentTarget {
  /** Where segments are, and how those of this ingest are called: `${prefix}-0.seg` … */
  readonly directory: string;
  readonly prefix: string;
  readonly cache: ByteCache;
  readonly seal: StoreSeal | undefined;
  readonly firstBlock: number;
  /** People of each of the consecutive blocks. */
  readonly people: readonly number[];
  /** The input, for errors. */
  readonly file: string;
  /** Segments of the store before this ingest. */
  readonly existing: readonly SegmentEntry[];
}

/**
 * Spreads variants over segments by bin. A bin stays open until the input is a whole bin past it, because normalised
 * variants come out of order; one that comes later still opens another segment for its bin, which readers merge.
 * Holds at most the sites and payload of one segment a open bin: two bins in sorted input.
 */
export class SegmentWriter {
  readonly entries: SegmentEntry[] = [];
  /** How many of the variants no block had before. */
  newVariants = 0;
  variants = 0;
  readonly #target: SegmentTarget;
  readonly #open = new Map<number, SegmentBuilder>();
  readonly #byBin = new Map<string, SegmentEntry[]>();
  #contig = '';

  constructor(target: SegmentTarget) {
    this.#target = target;
    for (const entry of target.existing) this.#remember(entry);
  }

  /** To be called before the variants of a record: closes what they can no longer reach. */
  async advance(contig: string, position: number): Promise<void> {
    if (contig !== this.#contig) {
      await this.finish();
      this.#contig = contig;
    }
    const bin = binOf(position);
    for (const [open, builder] of this.#open) {
      if (open < bin - 1 || builder.siteCount >= MAX_SITES || builder.payloadBytes >= MAX_PAYLOAD_BYTES) {
        this.#open.delete(open);
        await this.#write(open, builder);
      }
    }
  }

  /** Whether `advance` has work at that place. */
  mustAdvance(contig: string, position: number): boolean {
    if (contig !== this.#contig) return true;
    for (const [open, builder] of this.#open) {
      if (open < binOf(position) - 1) return true;
      if (builder.siteCount >= MAX_SITES || builder.payloadBytes >= MAX_PAYLOAD_BYTES) return true;
    }
    return false;
  }

  builder(variant: Variant): SegmentBuilder {
    const bin = binOf(variant.position);
    let builder = this.#open.get(bin);
    if (builder === undefined) {
      builder = new SegmentBuilder(this.#contig, this.#target.people);
      this.#open.set(bin, builder);
    }
    return builder;
  }

  async finish(): Promise<void> {
    for (const [bin, builder] of this.#open) await this.#write(bin, builder);
    this.#open.clear();
  }

  async #write(bin: number, builder: SegmentBuilder): Promise<void> {
    const { directory, prefix, firstBlock, people, seal } = this.#target;
    const built = builder.finish();
    const { table } = built;
    this.#refuseRepeats(built);
    this.newVariants += await this.#countNew(bin, built);
    this.variants += table.size;
    const file = `${prefix}-${this.entries.length}.seg`;
    const stored = await writeDurably(join(directory, file), built.parts, seal);
    const entry: SegmentEntry = {
      file,
      bytes: built.parts.reduce((sum, part) => sum + part.length, 0),
      headerBytes: built.headerBytes,
      headerCrc: built.headerCrc,
      contig: builder.contig,
      bin,
      firstBlock,
      blocks: people.length,
      sites: table.size,
      first: table.positions[0]!,
      last: table.positions.at(-1)!,
      end: table.end,
      haploid: built.haploid,
      stored,
    };
    this.entries.push(entry);
    this.#remember(entry);
  }

  #remember(entry: SegmentEntry): void {
    const key = `${entry.contig}:${entry.bin}`;
    const known = this.#byBin.get(key);
    if (known === undefined) this.#byBin.set(key, [entry]);
    else known.push(entry);
  }

  #refuseRepeats(built: BuiltSegment): void {
    const { table } = built;
    for (let row = 1; row < table.size; row += 1) {
      if (table.positions[row] === table.positions[row - 1] && table.compareRows(row - 1, row) === 0)
        throw this.#duplicate(built, row);
    }
  }

  /** How many of the sites no segment of the bin has; refuses those that one of these blocks has. */
  async #countNew(bin: number, built: BuiltSegment): Promise<number> {
    const { table } = built;
    const { directory, cache, seal, firstBlock, people } = this.#target;
    const known = new Uint8Array(table.size);
    for (const entry of this.#byBin.get(`${this.#contig}:${bin}`) ?? []) {
      const other = await new Segment(join(directory, entry.file), entry, cache, seal).sites();
      const sameBlock =
        entry.firstBlock < firstBlock + people.length && firstBlock < entry.firstBlock + entry.blocks;
      let row = other.lowerBound(table.variant(0));
      for (let own = 0; own < table.size && row < other.size; own += 1) {
        const position = table.positions[own]!;
        while (row < other.size && other.positions[row]! < position) row += 1;
        if (other.positions[row] !== position) continue;
        const variant = table.variant(own);
        while (row < other.size && other.compare(row, variant) < 0) row += 1;
        if (row === other.size || other.compare(row, variant) !== 0) continue;
        if (sameBlock) throw this.#duplicate(built, own);
        known[own] = 1;
      }
    }
    return known.reduce((sum, flag) => sum + 1 - flag, 0);
  }

  #duplicate({ table, lines }: BuiltSegment, row: number): GenotypeError {
    return new GenotypeError(
      'genotypes/duplicate-variant',
      `${formatVariant(table.variant(row))} (normalised) is there a second time for the same people`,
      { location: { file: this.#target.file, line: lines[row]! } },
    );
  }
}
