import { ScanLists, ScanListWriter } from '../../kernels/scan-lists.ts';
import type { TextMemory } from '../../kernels/text-memory.ts';
import { type CallSets, type Genotypes, MISSING_CALL, NO_SECOND_COPY } from '../record.ts';

const NONE = new Uint32Array(0);

/** The sets of one record after the other, as scans of its samples wrote them to a text memory. */
export class ScannedCalls implements CallSets {
  missing: Uint32Array = NONE;
  absent: Uint32Array = NONE;
  usualPhase: 'all' | 'none' = 'none';
  unusualPhase: Uint32Array = NONE;
  readonly lists: ScanLists;
  readonly #memory: TextMemory;
  readonly #samples: number;
  #ones: Uint32Array = NONE;
  #others: Uint32Array = NONE;
  #alleles: Uint16Array = new Uint16Array(0);
  /** `#others` ordered by allele, and where each allele's start; of this record only where `#grouped`. */
  #grouped = false;
  #groups: Uint32Array = NONE;
  #starts: Uint32Array = NONE;

  constructor(memory: TextMemory, samples: number) {
    this.#memory = memory;
    this.#samples = samples;
    this.lists = new ScanLists(memory, samples);
  }

  /** Takes what a kernel wrote. */
  take(): void {
    const { lists } = this;
    this.#ones = lists.ones;
    this.#others = lists.others;
    this.#alleles = lists.alleles;
    this.missing = lists.missing;
    this.absent = lists.absent;
    const { phases } = lists;
    const allDiffer = phases.length === this.#samples;
    this.usualPhase = lists.basePhased !== allDiffer ? 'all' : 'none';
    this.unusualPhase = allDiffer ? NONE : phases;
    this.#grouped = false;
  }

  /** Takes calls that were read one by one; without any, nobody was called. */
  takeGenotypes(genotypes: Genotypes | undefined): void {
    const samples = this.#samples;
    const writer = new ScanListWriter(this.#memory, this.lists.at, genotypes?.phased[0] === 1);
    for (let sample = 0; sample < samples; sample += 1) {
      writer.phased(sample, genotypes?.phased[sample] === 1);
      for (let haplotype = 2 * sample; haplotype <= 2 * sample + 1; haplotype += 1) {
        const call = genotypes === undefined ? MISSING_CALL : genotypes.calls[haplotype]!;
        if (call > 0) writer.carried(haplotype, call);
        else if (call === MISSING_CALL) writer.notCalled(haplotype);
        else if (call === NO_SECOND_COPY) writer.lacking(haplotype);
      }
    }
    writer.finish();
    this.take();
  }

  carriers(allele: number): Uint32Array {
    if (allele === 1) return this.#ones;
    if (this.#others.length === 0) return NONE;
    if (!this.#grouped) this.#group();
    return this.#groups.subarray(this.#starts[allele] ?? 0, this.#starts[allele + 1] ?? 0);
  }

  /** Counting sort by allele, which keeps haplotypes ascending. */
  #group(): void {
    const alleles = this.#alleles;
    let highest = 0;
    for (const allele of alleles) highest = Math.max(highest, allele);
    const starts = new Uint32Array(highest + 2);
    for (const allele of alleles) starts[allele + 1]! += 1;
    for (let allele = 1; allele < starts.length; allele += 1) starts[allele]! += starts[allele - 1]!;
    const groups = new Uint32Array(alleles.length);
    const next = starts.slice();
    for (let i = 0; i < alleles.length; i += 1) groups[next[alleles[i]!]!++] = this.#others[i]!;
    this.#starts = starts;
    this.#groups = groups;
    this.#grouped = true;
  }
}
