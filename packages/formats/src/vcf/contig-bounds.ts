import { type Assembly, contigLengthBp, resolveContig } from '@federome/core';
import type { ComplainOfColumn } from './order.ts';
import type { VcfHeader } from './record.ts';

/** Holds records to the contig they lie on: known length, declared or the assembly's, and the right assembly. */
export class ContigBounds {
  readonly #header: VcfHeader;
  readonly #assembly: Assembly | undefined;
  #contig: string | undefined;
  #lengthBp: number | undefined;

  constructor(header: VcfHeader, assembly: Assembly | undefined) {
    this.#header = header;
    this.#assembly = assembly;
  }

  check(contig: string, position: number, ref: string, complain: ComplainOfColumn): void {
    if (contig !== this.#contig) {
      this.#lengthBp = this.#lengthOf(contig, complain);
      this.#contig = contig;
    }
    // A telomere lies one beyond the last base (VCF specification 1.6.1).
    if (
      this.#lengthBp === undefined ||
      position + ref.length <= this.#lengthBp ||
      (position === this.#lengthBp && ref.length === 1)
    )
      return;
    throw complain(
      'formats/position-beyond-contig',
      'POS',
      `POS ${position + 1}${ref.length === 1 ? ' lies' : `, with ${ref.length} bases of REF, ends`} beyond contig ${contig}, which has ${this.#lengthBp} bases`,
    );
  }

  #lengthOf(contig: string, complain: ComplainOfColumn): number | undefined {
    const declared = this.#header.contigs.get(contig)?.lengthBp;
    if (this.#assembly === undefined) return declared;
    const resolved = resolveContig(this.#assembly, contig);
    if (resolved.kind === 'other-assembly')
      throw complain(
        'formats/wrong-assembly',
        'CHROM',
        `contig ${contig} is of ${resolved.assembly}, the dataset of ${this.#assembly}`,
      );
    if (resolved.kind === 'unknown') return declared;
    const expected = contigLengthBp(this.#assembly, resolved.name);
    if (declared !== undefined && declared !== expected)
      throw complain(
        'formats/wrong-assembly',
        'CHROM',
        `contig ${contig} is declared with ${declared} base pairs, but has ${expected} in ${this.#assembly}`,
      );
    return expected;
  }
}
