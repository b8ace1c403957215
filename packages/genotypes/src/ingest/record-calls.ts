import { PEOPLE_PER_BLOCK } from '@federome/core';
import { type Genotypes, MISSING_CALL, NO_SECOND_COPY } from '@federome/formats';
import type { Kernels } from '../kernels/kernels.ts';
import type { CarrierSet, UncalledSets } from '../segments/builder.ts';

const NOBODY = new Uint16Array(0);
const OUT = 16;
const CALLS = OUT + 4 * PEOPLE_PER_BLOCK;

/** The genotypes of one record at a time, turned into sets of haplotypes, block by block. */
export class RecordCalls {
  readonly #kernels: Kernels;
  readonly #people: readonly number[];
  /** First person of each block, counted from the first of the file. */
  readonly #starts: readonly number[];
  readonly #buffer: ArrayBuffer;
  readonly #uncalled: UncalledSets[];
  readonly #marks: (Uint8Array | undefined)[] = [];

  constructor(kernels: Kernels, people: readonly number[]) {
    this.#kernels = kernels;
    this.#people = people;
    let total = 0;
    this.#starts = people.map((count) => {
      total += count;
      return total - count;
    });
    this.#buffer = kernels.reserve(CALLS + 4 * total);
    this.#uncalled = people.map(() => ({
      missing: NOBODY,
      absent: NOBODY,
      uncalledPeople: 0,
      phased: 'all',
    }));
  }

  /** Takes the next record; `undefined` where it says nothing about anyone. */
  load(genotypes: Genotypes | undefined): void {
    if (genotypes !== undefined)
      new Int16Array(this.#buffer, CALLS, genotypes.calls.length).set(genotypes.calls);
    else new Int16Array(this.#buffer, CALLS).fill(MISSING_CALL);
    this.#people.forEach((count, block) => {
      const previous = this.#uncalled[block]!;
      const calls = CALLS + 4 * this.#starts[block]!;
      const called = this.#kernels.lowestCall(calls, 2 * count) === 0;
      const missing = called ? NOBODY : this.#collect(calls, count, MISSING_CALL).slice();
      const absent = called ? NOBODY : this.#collect(calls, count, NO_SECOND_COPY).slice();
      const start = this.#starts[block]!;
      const phased = genotypes?.phased.subarray(start, start + count);
      this.#uncalled[block] = {
        missing,
        absent,
        uncalledPeople: this.#mark(block, previous, missing, absent),
        phased: phased === undefined ? 'none' : phasedPeople(phased),
      };
    });
  }

  uncalled(block: number): UncalledSets {
    return this.#uncalled[block]!;
  }

  /** Valid until the next call. */
  carriers(block: number, allele: number): CarrierSet {
    const haplotypes = this.#collect(CALLS + 4 * this.#starts[block]!, this.#people[block]!, allele);
    const { missing, absent } = this.#uncalled[block]!;
    const marks = missing.length + absent.length > 0 ? this.#marks[block] : undefined;
    let hom = 0;
    let hemi = 0;
    for (let i = 0; i < haplotypes.length; i += 1) {
      const haplotype = haplotypes[i]!;
      if ((haplotype & 1) === 0 && haplotypes[i + 1] === haplotype + 1) hom += 1;
      if (marks !== undefined) hemi += marks[haplotype ^ 1]!;
    }
    return { haplotypes, hom, hemi };
  }

  #collect(calls: number, people: number, value: number): Uint16Array {
    return new Uint16Array(this.#buffer, OUT, this.#kernels.collect(calls, 2 * people, value, OUT));
  }

  /** Marks the uncalled haplotypes in place of those of the record before; returns how many people lack both. */
  #mark(block: number, previous: UncalledSets, missing: Uint16Array, absent: Uint16Array): number {
    const before = this.#marks[block];
    if (before !== undefined) {
      for (const haplotype of previous.missing) before[haplotype] = 0;
      for (const haplotype of previous.absent) before[haplotype] = 0;
    }
    if (missing.length + absent.length === 0) return 0;
    const marks = before ?? new Uint8Array(2 * PEOPLE_PER_BLOCK);
    this.#marks[block] = marks;
    for (const haplotype of missing) marks[haplotype] = 1;
    for (const haplotype of absent) marks[haplotype] = 1;
    let both = 0;
    for (const haplotype of missing) both += marks[haplotype ^ 1]!;
    for (const haplotype of absent) both += marks[haplotype ^ 1]!;
    return both / 2;
  }
}

function phasedPeople(phased: Uint8Array): UncalledSets['phased'] {
  if (phased.indexOf(0) < 0) return 'all';
  if (phased.indexOf(1) < 0) return 'none';
  const haplotypes: number[] = [];
  phased.forEach((flag, place) => {
    if (flag === 1) haplotypes.push(2 * place);
  });
  return Uint16Array.from(haplotypes);
}
