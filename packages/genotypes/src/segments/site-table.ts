import type { Variant } from '@federome/core';
import type { Site } from '../api.ts';
import { type Alleles, decodeAlleles, isSingle } from './alleles.ts';
import { unpackColumns } from './columns.ts';

/** Columns of sites, and the texts that their codes and origins point into. */
export interface SiteColumns {
  readonly positions: Int32Array;
  readonly codes: Uint32Array;
  readonly origins: Uint32Array;
  /** 1-based place of the allele in the original ALT column. */
  readonly places: Uint32Array;
  readonly alleleText: string;
  readonly originText: string;
}

/** The sites of a segment in order of position, ref and alt. */
export class SiteTable {
  readonly contig: string;
  readonly size: number;
  readonly positions: Int32Array;
  /** 1-based place of the allele in the original ALT column. */
  readonly places: Uint32Array;
  readonly #alleles: Uint32Array;
  readonly #origins: Uint32Array;
  readonly #alleleText: string;
  readonly #originText: string;

  constructor(contig: string, columns: SiteColumns) {
    this.contig = contig;
    this.size = columns.positions.length;
    this.positions = columns.positions;
    this.places = columns.places;
    this.#alleles = columns.codes;
    this.#origins = columns.origins;
    this.#alleleText = columns.alleleText;
    this.#originText = columns.originText;
  }

  /** What a segment holds of its sites: the unpacked sections. */
  static unpack(
    contig: string,
    size: number,
    columns: Uint8Array,
    alleles: Uint8Array,
    origins: Uint8Array,
  ): SiteTable {
    const [deltas, codes, originOffsets, places] = unpackColumns(columns, [size, size, size, size]);
    const positions = new Int32Array(deltas!.buffer);
    for (let row = 1; row < size; row += 1) positions[row] = positions[row]! + positions[row - 1]!;
    return new SiteTable(contig, {
      positions,
      codes: codes!,
      origins: originOffsets!,
      places: places!,
      alleleText: Buffer.from(alleles).toString('utf8'),
      originText: Buffer.from(origins).toString('utf8'),
    });
  }

  /** Length of the longest `ref`. */
  get longestRef(): number {
    return this.#alleles.reduce(
      (longest, code) => (isSingle(code) ? longest : Math.max(longest, this.#decode(code).ref.length)),
      1,
    );
  }

  /** The greatest end of a site's `ref`. */
  get end(): number {
    return this.#alleles.reduce(
      (end, code, row) =>
        Math.max(end, this.positions[row]! + (isSingle(code) ? 1 : this.#decode(code).ref.length)),
      0,
    );
  }

  isSorted(): boolean {
    for (let row = 1; row < this.size; row += 1) {
      if (this.positions[row]! > this.positions[row - 1]!) continue;
      if (this.compareRows(row - 1, row) > 0) return false;
    }
    return true;
  }

  /** Whether one row comes before (< 0), is the same variant as (0), or comes after (> 0) another. */
  compareRows(row: number, other: number): number {
    const distance = this.positions[row]! - this.positions[other]!;
    return distance !== 0 ? distance : this.compare(row, this.variant(other));
  }

  alleles(row: number): Alleles {
    return this.#decode(this.#alleles[row]!);
  }

  variant(row: number): Variant {
    const { ref, alt } = this.#decode(this.#alleles[row]!);
    return { contig: this.contig, position: this.positions[row]!, ref, alt };
  }

  site(row: number): Site {
    const variant = this.variant(row);
    const start = this.#origins[row]!;
    const line = this.#originText.slice(start, this.#originText.indexOf('\n', start));
    const [ids, position, ref, alts] = line.split('\t');
    return {
      variant,
      ids: ids === undefined || ids === '' ? [] : ids.split(';'),
      original:
        position === undefined || ref === undefined || alts === undefined
          ? { position: variant.position, ref: variant.ref, alts: [variant.alt] }
          : { position: Number(position), ref, alts: alts.split(',') },
    };
  }

  /** Whether this row comes before (< 0), is (0), or comes after (> 0) a variant of the same contig. */
  compare(row: number, variant: Variant): number {
    const position = this.positions[row]!;
    if (position !== variant.position) return position - variant.position;
    const { ref, alt } = this.#decode(this.#alleles[row]!);
    if (ref !== variant.ref) return ref < variant.ref ? -1 : 1;
    return alt === variant.alt ? 0 : alt < variant.alt ? -1 : 1;
  }

  #decode(code: number): Alleles {
    return decodeAlleles(code, this.#alleleText);
  }

  /** The first row that does not come before the variant; `size` where all do. */
  lowerBound(variant: Variant): number {
    let low = 0;
    let high = this.size;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (this.compare(middle, variant) < 0) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}

/** The line of origin text of a record; the short form where the one variant is exactly what the file wrote. */
export function originLine(ids: readonly string[], original: Site['original'], variant: Variant): string {
  const asWritten =
    original.alts.length === 1 &&
    original.position === variant.position &&
    original.ref === variant.ref &&
    original.alts[0] === variant.alt;
  const rest = asWritten ? '' : `\t${original.position}\t${original.ref}\t${original.alts.join(',')}`;
  return `${ids.join(';')}${rest}\n`;
}
