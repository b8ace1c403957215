import type { Variant } from '@federome/core';
import type { WrittenCalls } from '@federome/formats';
import type { Called } from '../callability/format.ts';
import { membersOf } from '../segments/members.ts';
import type { Segment } from '../segments/segment.ts';
import { ploidyNeighbour } from './absent.ts';
import type { Places } from './export-places.ts';
import { bothCopies, concatenated, type Phase, SegmentSets } from './export-sets.ts';
import { holdsBlock, type Snapshot } from './snapshot.ts';

const NOBODY = new Uint32Array(0);

/** A segment's row that lists a variant. */
export interface ListingRow {
  readonly segment: Segment;
  readonly row: number;
}

/** Sets of those who are exported of one segment, or of a block that no segment lists. */
interface Part extends Omit<WrittenCalls, 'usualPhase' | 'unusualPhase'> {
  readonly phase: Phase;
  readonly blocks: readonly number[];
}

/** The calls of the people of an export, variant by variant of one contig. */
export class ExportedCalls {
  readonly #snapshot: Snapshot;
  readonly #places: Places;
  readonly #contigBlocks: ReadonlySet<number>;
  /** Whether anyone of a block has one copy somewhere on the contig. */
  readonly #haploid: ReadonlyMap<number, boolean>;
  readonly #sets = new Map<Segment, SegmentSets | undefined>();
  readonly #nobodyCalled = new Map<number, Part>();
  /** Who of a block lacked a copy where it was last asked for: seldom changes on a chromosome. */
  readonly #lastLacking = new Map<
    number,
    { readonly segment: Segment; readonly number: number; readonly haplotypes: Uint32Array }
  >();

  constructor(snapshot: Snapshot, contig: string, places: Places) {
    this.#snapshot = snapshot;
    this.#places = places;
    this.#contigBlocks = new Set(snapshot.blocksOn(contig));
    const haploid = snapshot.segmentsOf(contig).filter(({ entry }) => entry.haploid);
    this.#haploid = new Map(
      places.blocks.map((block) => [block, haploid.some((segment) => holdsBlock(segment, block))]),
    );
  }

  /** The calls of a variant that is listed there; valid until the next call. */
  async of(variant: Variant, listings: readonly ListingRow[]): Promise<WrittenCalls> {
    const parts: Part[] = [];
    let listed = 0;
    for (const { segment, row } of listings) {
      const sets = await this.#setsOf(segment);
      if (sets === undefined) continue;
      const part = await this.#listed(sets, row);
      listed += part.blocks.length;
      parts.push(part);
    }
    if (listed < this.#places.blocks.length)
      for (const block of this.#places.blocks)
        if (!listings.some(({ segment }) => holdsBlock(segment, block)))
          parts.push(await this.#unlisted(block, variant));
    return this.#joined(parts);
  }

  /** `undefined` where nobody of the segment is exported. Those of a few segments are kept: passes go from one to the next. */
  async #setsOf(segment: Segment): Promise<SegmentSets | undefined> {
    if (this.#sets.has(segment)) return this.#sets.get(segment);
    const isAsked = this.#places.blocks.some((block) => holdsBlock(segment, block));
    const sets = isAsked ? await SegmentSets.open(segment, this.#places) : undefined;
    for (const other of this.#sets.keys())
      if (other.entry.bin !== segment.entry.bin) this.#sets.delete(other);
    this.#sets.set(segment, sets);
    return sets;
  }

  async #listed(sets: SegmentSets, row: number): Promise<Part> {
    const { blocks } = sets;
    const found = sets.carriers(row);
    const carriers = found instanceof Promise ? await found : found;
    const phase = sets.plainPhase(row);
    // What is read next overwrites it.
    const isAll = phase !== undefined && blocks.length === this.#places.blocks.length;
    const kept = isAll ? carriers : carriers.slice();
    if (phase !== undefined) return { carriers: kept, missing: NOBODY, absent: NOBODY, phase, blocks };
    return {
      carriers: kept,
      missing: await sets.missing(row),
      absent: await sets.absent(row),
      phase: await sets.phase(row),
      blocks,
    };
  }

  /** By the absent policy; nobody was called in a block without genotypes on the contig. */
  async #unlisted(block: number, variant: Variant): Promise<Part> {
    const callability = this.#snapshot.callabilityOf(block, variant.contig);
    if (callability !== undefined) {
      const called = await callability.calledIn(variant.position, variant.position + variant.ref.length);
      return this.#called(block, called);
    }
    const isReference = this.#snapshot.manifest.absent === 'reference' && this.#contigBlocks.has(block);
    if (!isReference) {
      let part = this.#nobodyCalled.get(block);
      part ??= { ...reference(block), missing: bothCopies(this.#places.ofBlock(block)) };
      this.#nobodyCalled.set(block, part);
      return part;
    }
    if (this.#haploid.get(block) !== true) return reference(block);
    const neighbour = await ploidyNeighbour(this.#snapshot, block, variant);
    if (neighbour === undefined) return reference(block);
    return { ...reference(block), absent: await this.#lacking(block, neighbour) };
  }

  /** Haplotypes that people of a block do not have at a site. */
  async #lacking(block: number, { segment, row }: ListingRow): Promise<Uint32Array> {
    const index = await segment.index();
    const number = index.absent[row]!;
    const last = this.#lastLacking.get(block);
    if (last?.segment === segment && last.number === number) return last.haplotypes;
    const members = await membersOf(segment, index.shared(number));
    const own = new Set(this.#places.ofBlock(block));
    const haplotypes = this.#places
      .haplotypesOf(members, segment.entry.firstBlock)
      .filter((haplotype) => own.has(haplotype >>> 1));
    this.#lastLacking.set(block, { segment, number, haplotypes });
    return haplotypes;
  }

  /** By where the files say that they called. */
  #called(block: number, { two, one }: Called): Part {
    const missing: number[] = [];
    const absent: number[] = [];
    const { people } = this.#snapshot.roster.blocks[block]!;
    for (let place = 0; place < people; place += 1) {
      const bit = 1 << (place & 31);
      if ((one[place >>> 5]! & bit) !== 0) absent.push(2 * place + 1);
      else if ((two[place >>> 5]! & bit) === 0) missing.push(2 * place, 2 * place + 1);
    }
    const placed = (haplotypes: readonly number[]) =>
      this.#places.haplotypesOf(Uint32Array.from(haplotypes), block).slice();
    return { ...reference(block), missing: placed(missing), absent: placed(absent) };
  }

  #joined(parts: readonly Part[]): WrittenCalls {
    const [first] = parts;
    if (first !== undefined && parts.length === 1) {
      const { carriers, missing, absent, phase } = first;
      return { carriers, missing, absent, usualPhase: phase.usual, unusualPhase: phase.unusual };
    }
    const phasedPlaces = parts.map(({ phase, blocks }) =>
      phase.usual === 'all' ? this.#placesOf(blocks) : NOBODY,
    );
    const phased = phasedPlaces.reduce((sum, { length }) => sum + length, 0);
    const usualPhase = 2 * phased > this.#places.people.length ? 'all' : 'none';
    const unusual = parts.map(({ phase, blocks }) =>
      phase.usual === usualPhase ? phase.unusual : this.#without(blocks, phase.unusual),
    );
    return {
      carriers: concatenated(parts.map(({ carriers }) => carriers)),
      missing: concatenated(parts.map(({ missing }) => missing)),
      absent: concatenated(parts.map(({ absent }) => absent)),
      usualPhase,
      unusualPhase: concatenated(unusual),
    };
  }

  #placesOf(blocks: readonly number[]): Uint32Array {
    return concatenated(blocks.map((block) => this.#places.ofBlock(block)));
  }

  #without(blocks: readonly number[], excluded: Uint32Array): Uint32Array {
    const places = this.#placesOf(blocks);
    if (excluded.length === 0) return places;
    const others = new Set(excluded);
    return places.filter((place) => !others.has(place));
  }
}

/** Everyone of a block as reference, unphased. */
function reference(block: number): Part {
  const phase: Phase = { usual: 'none', unusual: NOBODY };
  return { carriers: NOBODY, missing: NOBODY, absent: NOBODY, phase, blocks: [block] };
}
