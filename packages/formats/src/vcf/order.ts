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
  /** Changes at or after the current position, by the position where they start. */
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
    if (position > this.#position) this.#forgetBefore(position);
    this.#position = position;
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
    this.#recent.clear();
  }

  #forgetBefore(position: number): void {
    for (const start of this.#recent.keys()) if (start < position) this.#recent.delete(start);
  }

  #addVariant({ position, ref, alt }: Variant, complain: ComplainOfColumn): void {
    if (/^[ACGTN1-4]+$/.test(alt)) this.#add(position, ref, alt, complain);
  }

  #add(position: number, ref: string, alt: string, complain: ComplainOfColumn): void {
    const change = `${ref}>${alt}`;
    const others = this.#recent.get(position);
    if (others === undefined) this.#recent.set(position, [change]);
    else if (!others.includes(change)) others.push(change);
    else {
      const what = change.length <= 60 ? change : 'a change';
      throw complain('formats/vcf-duplicate', 'ALT', `${what} at ${position + 1} is described a second time`);
    }
  }
}
