import type { Variant } from '@federome/core';
import type { UncalledSets as SpanUncalledSets } from '../ingest/record-sets.ts';
import { planeBytesOf } from '../kernels/kernels.ts';
import { encodeAlleles } from './alleles.ts';
import { packColumns } from './columns.ts';
import { type BlockHeader, encodeHeader, type SegmentHeader } from './format.ts';
import { chooseEncoding, setBytes } from './haplotype-set.ts';
import { PatternBook } from './pattern-book.ts';
import { PageWriter, PayloadBuffer } from './payload.ts';
import { packSection } from './section.ts';

/** Of one record in one block: who was not called, and how the calls were phased. */
export interface UncalledSets {
  /** Haplotypes whose call is missing, and haplotypes that the person does not have. */
  readonly missing: Uint16Array;
  readonly absent: Uint16Array;
  /** People none of whose alleles was called. */
  readonly uncalledPeople: number;
  /** Everyone phased, nobody, or the first haplotypes of those who are. */
  readonly phased: 'all' | 'none' | Uint16Array;
}

/** Carriers of one alternate allele in one block. */
export interface CarrierSet {
  readonly haplotypes: Uint16Array;
  /** People with two copies, and people with one copy whose other haplotype is uncalled. */
  readonly hom: number;
  readonly hemi: number;
}

/** A stored phase of 0 means everyone, 1 nobody, and `n + 1` pattern `n`. */
export const PHASE = { all: 0, none: 1 } as const;

interface BuiltSite {
  readonly variant: Variant;
  readonly origin: number;
  readonly allele: number;
  readonly line: number;
}

interface BuiltCarriers {
  readonly kind: number;
  readonly units: number;
  readonly offset: number;
  readonly uncalled: number;
  readonly phase: number;
  readonly ac: number;
  readonly hom: number;
  readonly hemi: number;
}

interface BuiltBlock {
  readonly people: number;
  readonly planeBytes: number;
  readonly sites: BuiltCarriers[];
  readonly payload: PayloadBuffer;
  readonly patterns: PatternBook;
}

/** A finished segment: its bytes in order, and what the manifest says of it. */
export interface BuiltSegment {
  readonly parts: readonly Uint8Array[];
  readonly headerBytes: number;
  readonly headerCrc: number;
  readonly haploid: boolean;
  /** In order, with the line of the input each came from. */
  readonly sites: readonly { readonly variant: Variant; readonly line: number }[];
}

/** Collects the sites of one bin for some blocks, in any order, and writes them as one segment. */
export class SegmentBuilder {
  readonly contig: string;
  readonly #blocks: readonly BuiltBlock[];
  readonly #sites: BuiltSite[] = [];
  readonly #originOffsets = new Map<string, number>();
  #origins = '';

  constructor(contig: string, people: readonly number[]) {
    this.contig = contig;
    this.#blocks = people.map((count) => {
      const planeBytes = planeBytesOf(count);
      return {
        people: count,
        planeBytes,
        sites: [],
        payload: new PayloadBuffer(),
        patterns: new PatternBook(count, planeBytes),
      };
    });
  }

  get siteCount(): number {
    return this.#sites.length;
  }

  /** Bytes of carrier sets and patterns held. */
  get payloadBytes(): number {
    return this.#blocks.reduce((sum, block) => sum + block.payload.length + block.patterns.bytes, 0);
  }

  /** `origin` is the line of origin text; `allele` the 1-based place in the original ALT column. */
  addSite(variant: Variant, origin: string, allele: number, line: number): void {
    let offset = this.#originOffsets.get(origin);
    if (offset === undefined) {
      offset = this.#origins.length;
      this.#origins += origin;
      this.#originOffsets.set(origin, offset);
    }
    this.#sites.push({ variant, origin: offset, allele, line });
  }

  /** For the site added last. */
  addCarriers(block: number, carriers: CarrierSet, uncalled: UncalledSets): void {
    const { people, planeBytes, payload, patterns, sites } = this.#blocks[block]!;
    const encoding = chooseEncoding(carriers.haplotypes, people, planeBytes);
    sites.push({
      ...encoding,
      offset: payload.append(encoding, carriers.haplotypes, people, planeBytes),
      uncalled: patterns.intern(uncalled.missing, uncalled.absent, uncalled.uncalledPeople),
      phase: phaseOf(uncalled.phased, patterns),
      ac: carriers.haplotypes.length,
      hom: carriers.hom,
      hemi: carriers.hemi,
    });
  }

  /** For the site added last: carriers of the whole span, ascending and none of them uncalled (`RecordSets`). */
  addSets(carriers: Uint32Array, { missing, absent, phased }: SpanUncalledSets): void {
    const uncalled = new Set([...missing, ...absent]);
    for (let block = 0; block < this.#blocks.length; block += 1) {
      const own = ofBlock(carriers, block, 16);
      const gone = [...ofBlock(missing, block, 16), ...ofBlock(absent, block, 16)];
      this.addCarriers(
        block,
        {
          haplotypes: own,
          hom: own.filter((haplotype, i) => (haplotype & 1) === 0 && own[i + 1] === haplotype + 1).length,
          hemi: own.filter((haplotype) => uncalled.has(0x1_0000 * block + (haplotype ^ 1))).length,
        },
        {
          missing: ofBlock(missing, block, 16),
          absent: ofBlock(absent, block, 16),
          uncalledPeople:
            gone.filter((haplotype) => uncalled.has(0x1_0000 * block + (haplotype ^ 1))).length / 2,
          phased:
            typeof phased === 'string' ? phased : ofBlock(phased, block, 15).map((person) => 2 * person),
        },
      );
    }
  }

  finish(compare: (a: Variant, b: Variant) => number): BuiltSegment {
    const order = Uint32Array.from(this.#sites.keys()).sort((a, b) =>
      compare(this.#sites[a]!.variant, this.#sites[b]!.variant),
    );
    const sites = Array.from(order, (index) => this.#sites[index]!);
    let alleleText = '';
    const alleles = Uint32Array.from(sites, ({ variant }) =>
      encodeAlleles(variant.ref, variant.alt, (line) => {
        alleleText += line;
        return alleleText.length - line.length;
      }),
    );
    const columns = packSection(
      packColumns([
        Uint32Array.from(sites, ({ variant }, i) => variant.position - (sites[i - 1]?.variant.position ?? 0)),
        alleles,
        Uint32Array.from(sites, ({ origin }) => origin),
        Uint32Array.from(sites, ({ allele }) => allele),
      ]),
    );
    const texts = [alleleText, this.#origins].map((text) => packSection(Buffer.from(text, 'utf8')));
    const blocks = this.#blocks.map((block) => finishBlock(block, order));
    const header: SegmentHeader = {
      contig: this.contig,
      sites: sites.length,
      columns: columns.section,
      alleles: texts[0]!.section,
      origins: texts[1]!.section,
      blocks: blocks.map((block) => block.header),
    };
    const { bytes, crc } = encodeHeader(header);
    return {
      parts: [
        bytes,
        columns.bytes,
        ...texts.map((text) => text.bytes),
        ...blocks.map((block) => block.index),
        ...blocks.flatMap((block) => block.pages),
      ],
      headerBytes: bytes.length,
      headerCrc: crc,
      haploid: this.#blocks.some(({ patterns }) => patterns.haploid),
      sites,
    };
  }
}

/** The numbers of one block, counted from its start. */
function ofBlock(numbers: Uint32Array, block: number, bits: number): Uint16Array {
  const own = numbers.filter((number) => number >>> bits === block);
  return Uint16Array.from(own, (number) => number & ((1 << bits) - 1));
}

function phaseOf(phased: UncalledSets['phased'], patterns: PatternBook): number {
  if (phased === 'all') return PHASE.all;
  return phased === 'none' ? PHASE.none : patterns.intern(phased, new Uint16Array(0), 0) + 1;
}

function finishBlock(block: BuiltBlock, order: Uint32Array) {
  const sites = Array.from(order, (index) => block.sites[index]!);
  const carriers = new PageWriter();
  for (const { kind, units, offset } of sites) {
    carriers.add(block.payload.slice(offset, setBytes(kind, units, block.planeBytes)));
  }
  carriers.finish();
  const patterns = block.patterns.finish();
  const column = (of: (site: BuiltCarriers) => number) => Uint32Array.from(sites, of);
  const index = packSection(
    packColumns([
      column(({ kind }) => kind),
      column(({ units }) => units),
      column(({ uncalled }) => uncalled),
      column(({ phase }) => phase),
      column(({ ac }) => ac),
      column(({ hom }) => hom),
      column(({ hemi }) => hemi),
      ...patterns.columns,
      ...carriers.columns(),
      ...patterns.pages.columns(),
    ]),
  );
  const header: BlockHeader = {
    people: block.people,
    patterns: block.patterns.size,
    carrierPages: carriers.sections.length,
    patternPages: patterns.pages.sections.length,
    index: index.section,
    carrierBytes: carriers.sections.reduce((sum, page) => sum + page.storedBytes, 0),
    patternBytes: patterns.pages.sections.reduce((sum, page) => sum + page.storedBytes, 0),
  };
  return { header, index: index.bytes, pages: [...carriers.stored, ...patterns.pages.stored] };
}
