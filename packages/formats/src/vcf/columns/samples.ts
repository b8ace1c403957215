import type { FormatErrorCode } from '../../errors.ts';
import { HIGHER_PLOIDY, MISSING_CALL, NO_SECOND_COPY } from '../record.ts';
import type { SampleField, SampleLayout } from './format.ts';
import { acceptsExactly, LIST, START } from './value-lists.ts';

const TAB = 9;
const POINT = 46;
const SLASH = 47;
const ZERO = 48;
const COLON = 58;
const BAR = 124;
const COMMA = 44;
const MOST_ALLELES = 32_767;

/** Refuses what stands in sample `sample` (from 0). */
export type ComplainOfSample = (code: FormatErrorCode, sample: number, reason: string) => Error;

export interface SampleColumnsOptions {
  readonly sampleCount: number;
  /** 4.`minor`. */
  readonly minor: number;
  readonly higherPloidy: 'refuse' | 'mark';
  readonly complain: ComplainOfSample;
}

/** The number of values of a field depends on the ploidy of the sample, or is any number. */
const BY_PLOIDY = -2;
const ANY_NUMBER = -1;

/**
 * Reads the sample columns of any FORMAT, looking at every byte once: genotypes into `calls` and `phased`, all other
 * fields checked against their declared type and number.
 */
export class SampleColumns {
  readonly #calls: Int16Array;
  readonly #phased: Uint8Array;
  readonly #options: SampleColumnsOptions;
  #bytes: Uint8Array = new Uint8Array(0);
  #end = 0;
  #alleles = 0;
  /** Of the sample that is read; 2 where nothing says otherwise. */
  #ploidy = 2;
  /** Values of every field of FORMAT in a diploid sample. */
  #expected: number[] = [];

  constructor(calls: Int16Array, phased: Uint8Array, options: SampleColumnsOptions) {
    this.#calls = calls;
    this.#phased = phased;
    this.#options = options;
  }

  /**
   * `bytes[start … end)` holds the samples without the line's end, which must follow; `alleles` is the number of
   * alleles, REF included.
   */
  read(bytes: Uint8Array, start: number, end: number, layout: SampleLayout, alleles: number): void {
    this.#bytes = bytes;
    this.#end = end;
    this.#alleles = alleles;
    this.#expected = layout.fields.map((rule) => this.#expectedValues(rule));
    const { sampleCount, complain } = this.#options;
    let at = start;
    for (let sample = 0; sample < sampleCount; sample += 1) {
      this.#ploidy = 2;
      if (layout.hasGenotype) {
        at = this.#readGenotype(sample, at);
        if (bytes[at] === COLON) at = this.#checkFields(sample, at + 1, layout.fields, 1);
      } else at = this.#checkFields(sample, at, layout.fields, 0);
      if (sample + 1 === sampleCount) break;
      if (bytes[at] !== TAB || at >= end)
        throw complain(
          'formats/vcf-column',
          sample,
          `the line ends after ${sample + 1} of ${sampleCount} samples`,
        );
      at += 1;
    }
    if (at < end)
      throw complain(
        'formats/vcf-column',
        sampleCount,
        `there is more than the ${sampleCount} samples of the header`,
      );
  }

  /** Index behind the genotype that starts at `at`. */
  #readGenotype(sample: number, at: number): number {
    const bytes = this.#bytes;
    // Two one-digit alleles, which most are.
    const first = bytes[at]! - ZERO;
    const separator = bytes[at + 1]!;
    const second = bytes[at + 2]! - ZERO;
    const behind = bytes[at + 3]!;
    if (
      (separator === SLASH || separator === BAR) &&
      (behind === COLON || behind === TAB) &&
      first >= 0 &&
      first < 10 &&
      first < this.#alleles &&
      second >= 0 &&
      second < 10 &&
      second < this.#alleles
    ) {
      this.#calls[2 * sample] = first;
      this.#calls[2 * sample + 1] = second;
      this.#phased[sample] = separator === BAR ? 1 : 0;
      return at + 3;
    }
    return this.#readAnyGenotype(sample, at);
  }

  #readAnyGenotype(sample: number, start: number): number {
    const bytes = this.#bytes;
    let at = start;
    let phased = 1;
    // From VCF 4.4 on the first allele may carry a sign of its own, which says whether it is phased.
    if (this.#options.minor >= 4 && (bytes[at] === BAR || bytes[at] === SLASH)) at += 1;
    let behind = this.#endOfAllele(sample, at);
    const first = this.#allele(sample, at, behind);
    let second = NO_SECOND_COPY;
    let ploidy = 1;
    for (at = behind; at < this.#end && bytes[at] !== TAB && bytes[at] !== COLON; at = behind) {
      if (bytes[at] !== BAR && bytes[at] !== SLASH) throw this.#badGenotype(sample);
      if (bytes[at] === SLASH) phased = 0;
      behind = this.#endOfAllele(sample, at + 1);
      const allele = this.#allele(sample, at + 1, behind);
      if (ploidy === 1) second = allele;
      ploidy += 1;
    }
    if (ploidy > 2 && this.#options.higherPloidy === 'refuse')
      throw this.#options.complain(
        'formats/vcf-genotype',
        sample,
        `the genotype has ${ploidy} copies, but at most 2 can be stored`,
      );
    this.#ploidy = ploidy;
    this.#phased[sample] = phased;
    this.#calls[2 * sample] = ploidy > 2 ? HIGHER_PLOIDY : first;
    this.#calls[2 * sample + 1] = ploidy > 2 ? HIGHER_PLOIDY : second;
    return at;
  }

  #endOfAllele(sample: number, start: number): number {
    const bytes = this.#bytes;
    if (bytes[start] === POINT) return start + 1;
    let at = start;
    while (at < this.#end && bytes[at]! >= ZERO && bytes[at]! <= ZERO + 9) at += 1;
    if (at === start) throw this.#badGenotype(sample);
    return at;
  }

  #allele(sample: number, start: number, end: number): number {
    const bytes = this.#bytes;
    if (bytes[start] === POINT) return MISSING_CALL;
    let allele = 0;
    for (let at = start; at < end && allele <= MOST_ALLELES; at += 1)
      allele = allele * 10 + bytes[at]! - ZERO;
    if (allele < this.#alleles) return allele;
    // Where ALT is `.`, an allele beside REF is one that the file does not name.
    if (this.#alleles === 1) return MISSING_CALL;
    throw this.#options.complain(
      'formats/vcf-genotype',
      sample,
      `the genotype names allele ${allele}, but there are ${this.#alleles}, REF included`,
    );
  }

  #badGenotype(sample: number): Error {
    const expected = 'expected alleles such as 0/1, 0|1, ./. or 1';
    return this.#options.complain('formats/vcf-genotype', sample, `the genotype is malformed: ${expected}`);
  }

  /** Index behind the fields of a sample, the first of which is field `from` of FORMAT and starts at `start`. */
  #checkFields(sample: number, start: number, fields: readonly SampleField[], from: number): number {
    const bytes = this.#bytes;
    let at = start;
    for (let field = from; ; field += 1) {
      const rule = fields[field];
      if (rule === undefined)
        throw this.#options.complain(
          'formats/vcf-column',
          sample,
          `it has more fields than FORMAT, which has ${fields.length}`,
        );
      const { automaton } = rule;
      const fieldStart = at;
      let commas = 0;
      let byte = bytes[at]!;
      let state: number = automaton[(START << 8) | byte]!;
      while (state < LIST) {
        if (byte === COMMA) commas += 1;
        at += 1;
        byte = bytes[at]!;
        state = automaton[(state << 8) | byte]!;
      }
      if (state !== LIST) this.#checkExactly(sample, rule, fieldStart, at);
      const expected = this.#expected[field]!;
      if (commas + 1 !== expected && expected !== ANY_NUMBER)
        this.#checkNumber(sample, rule, commas + 1, at - fieldStart === 1 && bytes[fieldStart] === POINT);
      if (byte !== COLON) return at;
      at += 1;
    }
  }

  #checkExactly(sample: number, rule: SampleField, start: number, end: number): void {
    const text = Buffer.from(this.#bytes.buffer, this.#bytes.byteOffset + start, end - start).toString(
      'utf8',
    );
    if (!acceptsExactly(text, rule.type))
      throw this.#options.complain('formats/vcf-column', sample, `${rule.key} is no ${rule.type}`);
  }

  #checkNumber(sample: number, rule: SampleField, values: number, isMissing: boolean): void {
    if (isMissing) return;
    const number = this.#expectedValues(rule);
    const expected =
      number !== BY_PLOIDY
        ? number
        : rule.number === 'P'
          ? this.#ploidy
          : genotypeCount(this.#alleles, this.#ploidy);
    if (values !== expected)
      throw this.#options.complain(
        'formats/vcf-column',
        sample,
        `${rule.key} has ${values} values, but ${expected} are expected (Number=${rule.number})`,
      );
  }

  /** Sites without ALT keep the values that they had for it. */
  #expectedValues(rule: SampleField): number {
    if (rule.number === '.') return ANY_NUMBER;
    if (typeof rule.number === 'number') return rule.number;
    if (this.#alleles === 1) return ANY_NUMBER;
    if (rule.number === 'A') return this.#alleles - 1;
    return rule.number === 'R' ? this.#alleles : BY_PLOIDY;
  }
}

/** Unordered genotypes of that many alleles: (alleles + ploidy - 1) over ploidy. */
function genotypeCount(alleles: number, ploidy: number): number {
  let count = 1;
  for (let copy = 1; copy <= ploidy; copy += 1) count = (count * (alleles + copy - 1)) / copy;
  return count;
}
