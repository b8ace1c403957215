import { normaliseSite, type Variant } from '@federome/core';
import type { FormatErrorCode } from '../errors.ts';
import { quoted } from './place.ts';

/** Refuses a record for what stands in one of the fixed columns. */
export type ComplainOfColumn = (
  code: FormatErrorCode,
  column: 'CHROM' | 'POS' | 'ALT',
  reason: string,
) => Error;

/**
 * Holds the order of records: contigs in one piece, positions ascending, no change described twice, also where one
 * line trims or splits to what another says. Symbolic alleles and breakends may repeat: their INFO tells them apart.
 */
export class RecordOrder {
  readonly #done = new Set<string>();
  #written: string | undefined;
  #contig: string | undefined;
  #position = -1;
  /** Single-base changes at the current position, a bit each: most records have no other. */
  #bases = 0;
  /** All other changes at or after the current position, by the position where they start. */
  readonly #recent = new Map<number, string[]>();

  check(
    contig: string,
    position: number,
    ref: string,
    alts: readonly string[],
    complain: ComplainOfColumn,
  ): void {
    if (contig !== this.#written) this.#changeContig(contig, complain);
    if (position < this.#position)
      throw complain(
        'formats/vcf-unsorted',
        'POS',
        `POS ${position + 1} comes after ${this.#position + 1}: records must be sorted by position`,
      );
    if (position > this.#position) this.#moveTo(position);
    if (alts.length === 1 && ref.length === 1 && alts[0]!.length === 1) {
      if (alts[0] !== '*') this.#add(position, ref, alts[0]!, complain);
      return;
    }
    for (const { variant } of normaliseSite({ contig, position, ref, alts }))
      this.#addVariant(variant, complain);
  }

  #changeContig(written: string, complain: ComplainOfColumn): void {
    this.#written = written;
    const contig = written.replace(/^<(.*)>$/, '$1');
    if (contig === this.#contig) return;
    if (this.#done.has(contig))
      throw complain(
        'formats/vcf-unsorted',
        'CHROM',
        `contig ${quoted(contig)} comes a second time: its records must be together`,
      );
    this.#done.add(contig);
    this.#contig = contig;
    this.#position = -1;
    this.#bases = 0;
    this.#recent.clear();
  }

  #moveTo(position: number): void {
    this.#position = position;
    this.#bases = 0;
    if (this.#recent.size === 0) return;
    for (const start of this.#recent.keys()) if (start < position) this.#recent.delete(start);
  }

  #addVariant({ position, ref, alt }: Variant, complain: ComplainOfColumn): void {
    if (/^[ACGTN1-4]+$/.test(alt)) this.#add(position, ref, alt, complain);
  }

  #add(position: number, ref: string, alt: string, complain: ComplainOfColumn): void {
    const bit = position === this.#position ? bitOf(ref, alt) : 0;
    const others = this.#recent.size === 0 ? undefined : this.#recent.get(position);
    if ((this.#bases & bit) !== 0 || others?.includes(`${ref}>${alt}`) === true) {
      const what = ref.length + alt.length < 60 ? `${ref}>${alt}` : 'a change';
      throw complain('formats/vcf-duplicate', 'ALT', `${what} at ${position + 1} is described a second time`);
    }
    this.#bases |= bit;
    if (bit !== 0) return;
    if (others === undefined) this.#recent.set(position, [`${ref}>${alt}`]);
    else others.push(`${ref}>${alt}`);
  }
}

/** One of 16 bits for a change of one base into one, else 0. */
function bitOf(ref: string, alt: string): number {
  if (ref.length !== 1 || alt.length !== 1) return 0;
  const from = 'ACGT'.indexOf(ref);
  const to = 'ACGT'.indexOf(alt);
  return from < 0 || to < 0 ? 0 : 1 << (4 * from + to);
}
