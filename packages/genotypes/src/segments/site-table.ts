import type { Variant } from '@federome/core';
import type { Site } from '../api.ts';
import { decodeAlleles } from './alleles.ts';
import { unpackColumns } from './columns.ts';

/** The sites of a segment in order of position, ref and alt. */
export class SiteTable {
  readonly contig: string;
  readonly size: number;
  readonly positions: Int32Array;
  /** 1-based place of the allele in the original ALT column. */
  readonly places: Uint32Array;
  /** Length of the longest `ref`. */
  readonly longestRef: number;
  readonly #alleles: Uint32Array;
  readonly #origins: Uint32Array;
  readonly #alleleText: string;
  readonly #originText: string;

  constructor(contig: string, size: number, columns: Uint8Array, alleles: Uint8Array, origins: Uint8Array) {
    this.contig = contig;
    this.size = size;
    const [deltas, codes, originOffsets, places] = unpackColumns(columns, [size, size, size, size]);
    this.positions = new Int32Array(deltas!.buffer);
    for (let row = 1; row < size; row += 1)
      this.positions[row] = this.positions[row]! + this.positions[row - 1]!;
    this.#alleles = codes!;
    this.#origins = originOffsets!;
    this.places = places!;
    this.#alleleText = Buffer.from(alleles).toString('utf8');
    this.#originText = Buffer.from(origins).toString('utf8');
    this.longestRef = this.#alleles.reduce(
      (longest, code) => Math.max(longest, decodeAlleles(code, this.#alleleText).ref.length),
      1,
    );
  }

  variant(row: number): Variant {
    const { ref, alt } = decodeAlleles(this.#alleles[row]!, this.#alleleText);
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
    const { ref, alt } = decodeAlleles(this.#alleles[row]!, this.#alleleText);
    if (ref !== variant.ref) return ref < variant.ref ? -1 : 1;
    return alt === variant.alt ? 0 : alt < variant.alt ? -1 : 1;
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
