import type { FormatErrorCode } from '../errors.ts';
import { HIGHER_PLOIDY, MISSING_CALL, NO_SECOND_COPY } from '../vcf/record.ts';
import { BCF_TYPE, END_OF_VECTOR, integerAt, typeBytes } from './typed-cursor.ts';

/** Where the genotypes of a record lie: `copies` integers of a type for every sample. */
export interface GenotypeVectors {
  readonly bytes: Buffer;
  readonly start: number;
  readonly type: number;
  readonly copies: number;
}

/** Refuses the genotype of sample `sample` (from 0). */
export type ComplainOfSample = (code: FormatErrorCode, sample: number, reason: string) => Error;

export interface GenotypeReaderOptions {
  readonly higherPloidy: 'refuse' | 'mark';
  readonly complain: ComplainOfSample;
}

/**
 * Turns genotype vectors of any width and ploidy into calls. A vector's integer is `(allele + 1) << 1 | phased`, 0 for a
 * missing allele; the bit of the first says nothing (BCF 2.2, section 6.3.3).
 */
export class GenotypeReader {
  readonly #calls: Int16Array;
  readonly #phased: Uint8Array;
  readonly #options: GenotypeReaderOptions;

  constructor(calls: Int16Array, phased: Uint8Array, options: GenotypeReaderOptions) {
    this.#calls = calls;
    this.#phased = phased;
    this.#options = options;
  }

  /** `alleles` is their number, REF included. */
  read(vectors: GenotypeVectors, alleles: number): void {
    const samples = this.#phased.length;
    if (vectors.type === BCF_TYPE.int8 && vectors.copies === 2) {
      for (let sample = 0; sample < samples; sample += 1) this.#readPair(vectors, sample, alleles);
    } else {
      for (let sample = 0; sample < samples; sample += 1) this.#readAny(vectors, sample, alleles);
    }
  }

  #readPair(vectors: GenotypeVectors, sample: number, alleles: number): void {
    const { bytes, start } = vectors;
    const first = bytes[start + 2 * sample]!;
    const second = bytes[start + 2 * sample + 1]!;
    // Below 128 both are alleles: no missing value, no end of a vector.
    if ((first | second) >= 128 || first >> 1 > alleles || second >> 1 > alleles) {
      this.#readAny(vectors, sample, alleles);
      return;
    }
    this.#calls[2 * sample] = (first >> 1) - 1;
    this.#calls[2 * sample + 1] = (second >> 1) - 1;
    this.#phased[sample] = second & 1;
  }

  #readAny(vectors: GenotypeVectors, sample: number, alleles: number): void {
    const { copies } = vectors;
    let ploidy = 0;
    let phased = 1;
    let first: number = MISSING_CALL;
    let second: number = NO_SECOND_COPY;
    for (let copy = 0; copy < copies; copy += 1) {
      const value = this.#value(vectors, sample, copy);
      if (value === END_OF_VECTOR[vectors.type]) {
        this.#checkEnd(vectors, sample, copy);
        break;
      }
      const allele = this.#allele(value, sample, alleles);
      if (copy === 0) first = allele;
      else if ((value & 1) === 0) phased = 0;
      if (copy === 1) second = allele;
      ploidy += 1;
    }
    if (ploidy > 2 && this.#options.higherPloidy === 'refuse')
      throw this.#options.complain(
        'formats/vcf-genotype',
        sample,
        `the genotype has ${ploidy} copies, but at most 2 can be stored`,
      );
    this.#calls[2 * sample] = ploidy > 2 ? HIGHER_PLOIDY : first;
    this.#calls[2 * sample + 1] = ploidy > 2 ? HIGHER_PLOIDY : second;
    this.#phased[sample] = phased;
  }

  #value({ bytes, start, type, copies }: GenotypeVectors, sample: number, copy: number): number {
    return integerAt(bytes, start + (sample * copies + copy) * typeBytes(type), type);
  }

  #checkEnd(vectors: GenotypeVectors, sample: number, from: number): void {
    for (let copy = from; copy < vectors.copies; copy += 1)
      if (this.#value(vectors, sample, copy) !== END_OF_VECTOR[vectors.type])
        throw this.#options.complain('formats/vcf-genotype', sample, 'the genotype goes on behind its end');
  }

  #allele(value: number, sample: number, alleles: number): number {
    const allele = (value >> 1) - 1;
    if (allele >= MISSING_CALL && allele < alleles) return allele;
    if (allele < MISSING_CALL)
      throw this.#options.complain(
        'formats/vcf-genotype',
        sample,
        'the genotype is malformed: it holds a number below zero',
      );
    // Where ALT is `.`, an allele beside REF is one that the file does not name.
    if (alleles === 1) return MISSING_CALL;
    throw this.#options.complain(
      'formats/vcf-genotype',
      sample,
      `the genotype names allele ${allele}, but there are ${alleles}, REF included`,
    );
  }
}
