import type { FormatErrorCode } from '../../errors.ts';
import { HIGHER_PLOIDY, MISSING_CALL, NO_SECOND_COPY } from '../record.ts';
import type { SampleField, SampleLayout } from './format.ts';
import { accepts, acceptsExactly, CLASS, REJECT, START } from './value-lists.ts';

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

/**
 * Reads the sample columns of any FORMAT, looking at every byte once: genotypes into `calls` and `phased`, all other
 * fields checked against their declared type and number.
 */
export class SampleColumns {
  readonly #calls: Int16Array;
  readonly #phased: Uint8Array;
  readonly #options: SampleColumnsOptions;
  #bytes: Uint8Array = new Uint8Array(0);
  #at = 0;
  #end = 0;
  #alleles = 0;
  #ploidy = 2;

  constructor(calls: Int16Array, phased: Uint8Array, options: SampleColumnsOptions) {
    this.#calls = calls;
    this.#phased = phased;
    this.#options = options;
  }

  /** `bytes[start … end)` holds the samples without the line's end; `alleles` is the number of alleles, REF included. */
  read(bytes: Uint8Array, start: number, end: number, layout: SampleLayout, alleles: number): void {
    this.#bytes = bytes;
    this.#at = start;
    this.#end = end;
    this.#alleles = alleles;
    const { sampleCount, complain } = this.#options;
    for (let sample = 0; sample < sampleCount; sample += 1) {
      if (sample > 0) {
        if (bytes[this.#at] !== TAB || this.#at >= end)
          throw complain(
            'formats/vcf-column',
            sample,
            `the line ends after ${sample} of ${sampleCount} samples`,
          );
        this.#at += 1;
      }
      this.#readSample(sample, layout);
    }
    if (this.#at < end)
      throw complain(
        'formats/vcf-column',
        sampleCount,
        `there are more samples than the ${sampleCount} of the header`,
      );
  }

  #readSample(sample: number, layout: SampleLayout): void {
    const { fields } = layout;
    let field = 0;
    this.#ploidy = 2;
    if (layout.hasGenotype) {
      this.#readGenotype(sample);
      field = 1;
      if (!this.#atColon()) return;
      this.#at += 1;
    }
    for (;;) {
      const rule = fields[field];
      if (rule === undefined)
        throw this.#options.complain(
          'formats/vcf-column',
          sample,
          `it has more fields than FORMAT, which has ${fields.length}`,
        );
      this.#checkValues(sample, rule);
      if (!this.#atColon()) return;
      this.#at += 1;
      field += 1;
    }
  }

  #atColon(): boolean {
    return this.#at < this.#end && this.#bytes[this.#at] === COLON;
  }

  #readGenotype(sample: number): void {
    const bytes = this.#bytes;
    let phased = 1;
    // From VCF 4.4 on the first allele may carry a sign of its own, which says whether it is phased.
    const lead = bytes[this.#at];
    if (this.#options.minor >= 4 && (lead === BAR || lead === SLASH)) this.#at += 1;
    const first = this.#readAllele(sample);
    let second = NO_SECOND_COPY;
    let ploidy = 1;
    for (;;) {
      const byte = this.#at < this.#end ? bytes[this.#at] : TAB;
      if (byte === TAB || byte === COLON) break;
      if (byte !== BAR && byte !== SLASH) throw this.#badGenotype(sample);
      if (byte === SLASH) phased = 0;
      this.#at += 1;
      const allele = this.#readAllele(sample);
      if (ploidy === 1) second = allele;
      ploidy += 1;
    }
    this.#ploidy = ploidy;
    this.#phased[sample] = phased;
    if (ploidy > 2 && this.#options.higherPloidy === 'refuse')
      throw this.#options.complain(
        'formats/vcf-genotype',
        sample,
        `the genotype has ${ploidy} copies, but at most 2 can be stored`,
      );
    this.#calls[2 * sample] = ploidy > 2 ? HIGHER_PLOIDY : first;
    this.#calls[2 * sample + 1] = ploidy > 2 ? HIGHER_PLOIDY : second;
  }

  #readAllele(sample: number): number {
    const bytes = this.#bytes;
    if (this.#at < this.#end && bytes[this.#at] === POINT) {
      this.#at += 1;
      return MISSING_CALL;
    }
    let allele = 0;
    const start = this.#at;
    while (this.#at < this.#end) {
      const digit = bytes[this.#at]! - ZERO;
      if (digit < 0 || digit > 9 || allele > MOST_ALLELES) break;
      allele = allele * 10 + digit;
      this.#at += 1;
    }
    if (this.#at === start) throw this.#badGenotype(sample);
    if (allele >= this.#alleles) {
      // Where ALT is `.`, an allele beside REF is one that the file does not name.
      if (this.#alleles === 1) return MISSING_CALL;
      throw this.#options.complain(
        'formats/vcf-genotype',
        sample,
        `the genotype names allele ${allele}, but there are ${this.#alleles}, REF included`,
      );
    }
    return allele;
  }

  #badGenotype(sample: number): Error {
    const expected = 'expected alleles such as 0/1, 0|1, ./. or 1';
    return this.#options.complain('formats/vcf-genotype', sample, `the genotype is malformed: ${expected}`);
  }

  #checkValues(sample: number, rule: SampleField): void {
    const bytes = this.#bytes;
    const end = this.#end;
    const automaton = rule.automaton;
    const start = this.#at;
    let at = start;
    let state = START;
    let commas = 0;
    for (; at < end; at += 1) {
      const byte = bytes[at]!;
      if (byte === TAB || byte === COLON) break;
      if (byte === COMMA) commas += 1;
      state = automaton[(state << 3) | CLASS[byte]!]!;
    }
    this.#at = at;
    if (state === REJECT || !accepts(automaton, state)) this.#checkExactly(sample, rule, start, at);
    if (rule.number === '.' || (at - start === 1 && bytes[start] === POINT)) return;
    const expected = this.#expectedValues(rule);
    if (expected !== undefined && commas + 1 !== expected)
      throw this.#options.complain(
        'formats/vcf-column',
        sample,
        `${rule.key} has ${commas + 1} values, but ${expected} are expected (Number=${rule.number})`,
      );
  }

  #checkExactly(sample: number, rule: SampleField, start: number, end: number): void {
    const text = Buffer.from(this.#bytes.buffer, this.#bytes.byteOffset + start, end - start).toString(
      'utf8',
    );
    if (!acceptsExactly(text, rule.type))
      throw this.#options.complain('formats/vcf-column', sample, `${rule.key} is no ${rule.type}`);
  }

  /** Sites without ALT keep the values that they had for it. */
  #expectedValues(rule: SampleField): number | undefined {
    if (this.#alleles === 1 && typeof rule.number !== 'number') return undefined;
    switch (rule.number) {
      case 'A':
        return this.#alleles - 1;
      case 'R':
        return this.#alleles;
      case 'P':
        return this.#ploidy;
      case 'G':
        return genotypeCount(this.#alleles, this.#ploidy);
      case '.':
        return undefined;
      default:
        return rule.number;
    }
  }
}

/** Unordered genotypes of that many alleles: (alleles + ploidy - 1) over ploidy. */
function genotypeCount(alleles: number, ploidy: number): number {
  let count = 1;
  for (let copy = 1; copy <= ploidy; copy += 1) count = (count * (alleles + copy - 1)) / copy;
  return count;
}
