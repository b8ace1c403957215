/** `a|b` and a tab in one little-endian word: the separators that may stand there, alleles masked out. */
const SEPARATORS = 0xff00ff00;
const PHASED = 0x09007c00;
const UNPHASED = 0x09002f00;
const PHASED_REFERENCE = 0x09307c30;
const UNPHASED_REFERENCE = 0x09302f30;
const TAB = 9;

/** No allele has this index: it is larger than any one digit. */
const NO_ALLELE = 99;
const ALLELE_OF_BYTE = new Int16Array(256).fill(NO_ALLELE);
for (let digit = 0; digit <= 9; digit += 1) ALLELE_OF_BYTE[48 + digit] = digit;
ALLELE_OF_BYTE[46] = -1;

/**
 * The fast path for sample columns that hold diploid genotypes of one-digit alleles and nothing else: four bytes a
 * sample, taken as one word. Anything else is left to the general path, which also says what is wrong.
 * Needs a little-endian machine, as every one that Node runs on is.
 */
export class DiploidGenotypes {
  readonly #pairs: Int32Array;
  readonly #phased: Uint8Array;
  readonly #copy: Uint8Array;
  readonly #words: Uint32Array;
  /** What `phased` holds throughout, where it is uniform. */
  #uniform = -1;

  /** `calls` must start at a multiple of four bytes. */
  constructor(calls: Int16Array, phased: Uint8Array) {
    this.#pairs = new Int32Array(calls.buffer, calls.byteOffset, phased.length);
    this.#phased = phased;
    this.#copy = new Uint8Array(4 * phased.length);
    this.#words = new Uint32Array(this.#copy.buffer);
  }

  /** Whether the columns had that form and were read; `calls` is undefined where not. */
  read(bytes: Uint8Array, start: number, end: number, highestAllele: number): boolean {
    const words = this.#words;
    if (end - start !== 4 * words.length - 1) return false;
    this.#copy.set(bytes.subarray(start, end));
    this.#copy[end - start] = TAB;
    return this.#readWords(Math.min(highestAllele, 9));
  }

  /** The general path wrote into `phased`. */
  forget(): void {
    this.#uniform = -1;
  }

  #readWords(highestAllele: number): boolean {
    const words = this.#words;
    const pairs = this.#pairs;
    let anyPhased = 0;
    let anyUnphased = 0;
    for (let sample = 0; sample < words.length; sample += 1) {
      const word = words[sample]!;
      if (word === PHASED_REFERENCE) {
        pairs[sample] = 0;
        anyPhased = 1;
        continue;
      }
      if (word === UNPHASED_REFERENCE) {
        pairs[sample] = 0;
        anyUnphased = 1;
        continue;
      }
      const separators = (word & SEPARATORS) | 0;
      if (separators === PHASED) anyPhased = 1;
      else if (separators === UNPHASED) anyUnphased = 1;
      else return false;
      const first = ALLELE_OF_BYTE[word & 0xff]!;
      const second = ALLELE_OF_BYTE[(word >>> 16) & 0xff]!;
      if (first > highestAllele || second > highestAllele) return false;
      pairs[sample] = (first & 0xffff) | (second << 16);
    }
    this.#setPhased(anyPhased, anyUnphased);
    return true;
  }

  #setPhased(anyPhased: number, anyUnphased: number): void {
    if (anyPhased !== anyUnphased) {
      if (this.#uniform !== anyPhased) this.#phased.fill(anyPhased);
      this.#uniform = anyPhased;
      return;
    }
    const words = this.#words;
    for (let sample = 0; sample < words.length; sample += 1)
      this.#phased[sample] = (words[sample]! & 0xff00) === 0x7c00 ? 1 : 0;
    this.#uniform = -1;
  }
}
