import { type AlleleCounts, NO_ALLELES } from '@federome/core';
import { bgzfBlocks } from '../files/bgzf.ts';
import type { Cohort } from '../people/cohort.ts';
import { hasCopy, inheritanceOf } from './inheritance.ts';

const TEXT_BYTES = 1 << 20;
const ZERO = 0x30;
const DOT = 0x2e;
const SLASH = 0x2f;
const BAR = 0x7c;
const TAB = 0x09;
const NEWLINE = 0x0a;
const ABSENT = 255;

/**
 * Writes the genotype columns of a country's rows as compressed VCF text: a row starts as a template in which everyone
 * is homozygous for the reference, and only carriers and missing calls are written into it.
 * Memory: 1 MB of text, the compressed output, and 14 bytes a person.
 */
export class GenotypeRows {
  /** Allele index by copy; 255 where the copy does not exist. Zero between rows. */
  readonly alleles: Uint8Array;
  readonly #template: Buffer;
  readonly #columns: Int32Array;
  readonly #missing: Uint8Array;
  readonly #copies: number;
  readonly #text: Buffer;
  #used = 0;
  readonly #blocks: Buffer[] = [];

  constructor(cohort: Cohort, contig: string) {
    const inheritance = inheritanceOf(contig);
    const { people } = cohort;
    this.alleles = new Uint8Array(2 * people);
    this.#columns = new Int32Array(people);
    this.#missing = new Uint8Array(people);
    const template = Buffer.alloc(4 * people);
    let at = 0;
    let copies = 0;
    for (let person = 0; person < people; person++) {
      this.#columns[person] = at;
      template[at++] = ZERO;
      copies += 1;
      if (hasCopy(cohort, 2 * person + 1, inheritance)) {
        template[at++] = cohort.country.phased ? BAR : SLASH;
        template[at++] = ZERO;
        copies += 1;
      } else {
        this.alleles[2 * person + 1] = ABSENT;
      }
      template[at++] = person === people - 1 ? NEWLINE : TAB;
    }
    this.#template = template.subarray(0, at);
    this.#copies = copies;
    this.#text = Buffer.allocUnsafe(Math.max(TEXT_BYTES, 2 * at));
  }

  /** Whether a person has two copies here. */
  isDiploid(person: number): boolean {
    return this.alleles[2 * person + 1] !== ABSENT;
  }

  /** What the row will say of each alternate allele, once `missing` people are left out. */
  count(carriers: readonly number[], missing: readonly number[], alts: number): AlleleCounts[] {
    let an = this.#copies;
    for (const person of missing) {
      this.#missing[person] = 1;
      an -= this.isDiploid(person) ? 2 : 1;
    }
    const counts = Array.from({ length: alts }, () => ({ ...NO_ALLELES, an, missing: missing.length }));
    for (const copy of carriers) {
      if (this.#missing[copy >> 1] === 1) continue;
      const allele = this.alleles[copy]!;
      const other = this.alleles[copy ^ 1]!;
      const count = counts[allele - 1]!;
      count.ac += 1;
      if (other === ABSENT) count.hemi += 1;
      else if (other !== allele) count.het += 1;
      else if ((copy & 1) === 0) count.hom += 1;
    }
    for (const person of missing) this.#missing[person] = 0;
    return counts;
  }

  /** Writes a row. `prefix` holds the fixed columns; `renumber[allele]` is the index of an allele in the file's ALT. */
  write(
    prefix: string,
    carriers: readonly number[],
    missing: readonly number[],
    renumber: readonly number[],
  ): void {
    if (this.#used + prefix.length + this.#template.length > this.#text.length) this.#compress();
    const start = this.#used + this.#text.write(prefix, this.#used, 'latin1');
    this.#template.copy(this.#text, start);
    const text = this.#text;
    for (const copy of carriers) {
      text[start + this.#columns[copy >> 1]! + 2 * (copy & 1)] = ZERO + renumber[this.alleles[copy]!]!;
    }
    for (const person of missing) {
      const at = start + this.#columns[person]!;
      text[at] = DOT;
      if (!this.isDiploid(person)) continue;
      text[at + 1] = SLASH;
      text[at + 2] = DOT;
    }
    this.#used = start + this.#template.length;
  }

  /** Forgets who carries what. */
  clear(carriers: readonly number[]): void {
    for (const copy of carriers) this.alleles[copy] = 0;
  }

  /** The rows so far as whole BGZF blocks. */
  take(): Buffer {
    this.#compress();
    return Buffer.concat(this.#blocks.splice(0));
  }

  #compress(): void {
    this.#blocks.push(bgzfBlocks(this.#text.subarray(0, this.#used)));
    this.#used = 0;
  }
}
