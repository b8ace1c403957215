import type { TextMemory } from './text-memory.ts';

const HEADER_BYTES = 64;
/** Words of the header: how many there are of each, and where each list starts. */
const COUNT = { ones: 0, others: 1, missing: 2, absent: 3, phases: 4, basePhased: 5 } as const;
const PLACE = { ones: 8, others: 9, alleles: 10, missing: 11, absent: 12, phases: 13 } as const;
const NONE = new Uint32Array(0);

/**
 * What a scan of one record's samples gives, in a text memory: a header of counts and of the offsets of the lists.
 * Haplotypes are `2 × sample + copy`, ascending. Memory is touched only as far as lists reach.
 */
export class ScanLists {
  /** Offset of the header, as kernels take it. */
  readonly at: number;
  readonly #header: Uint32Array;
  readonly #memory: TextMemory;

  constructor(memory: TextMemory, samples: number) {
    this.#memory = memory;
    this.at = memory.allocate(HEADER_BYTES);
    const places = new Uint32Array(HEADER_BYTES >> 2);
    // A kernel may write one number past the last.
    places[PLACE.ones] = memory.allocate(8 * samples + 4);
    places[PLACE.others] = memory.allocate(8 * samples);
    places[PLACE.alleles] = memory.allocate(4 * samples);
    places[PLACE.missing] = memory.allocate(8 * samples);
    places[PLACE.absent] = memory.allocate(4 * samples);
    places[PLACE.phases] = memory.allocate(4 * samples);
    this.#header = new Uint32Array(memory.bytes.buffer, this.at, places.length);
    this.#header.set(places);
  }

  /** Haplotypes with the first alternate allele. */
  get ones(): Uint32Array {
    return this.#list('ones');
  }

  /** Haplotypes with any other alternate allele, which `alleles` names. */
  get others(): Uint32Array {
    return this.#list('others');
  }

  get alleles(): Uint16Array {
    const count = this.#header[COUNT.others]!;
    return new Uint16Array(this.#memory.bytes.buffer, this.#header[PLACE.alleles]!, count);
  }

  get missing(): Uint32Array {
    return this.#list('missing');
  }

  /** Second haplotypes of people with one copy. */
  get absent(): Uint32Array {
    return this.#list('absent');
  }

  /** Whether calls are phased, but for those of the samples in `phases`. */
  get basePhased(): boolean {
    return this.#header[COUNT.basePhased] === 1;
  }

  get phases(): Uint32Array {
    return this.#list('phases');
  }

  #list(name: 'ones' | 'others' | 'missing' | 'absent' | 'phases'): Uint32Array {
    const count = this.#header[COUNT[name]]!;
    if (count === 0) return NONE;
    return new Uint32Array(this.#memory.bytes.buffer, this.#header[PLACE[name]]!, count);
  }
}

/** Writes the lists whose header lies at an offset of a memory, as kernels do. */
export class ScanListWriter {
  readonly #words: Uint32Array;
  readonly #halves: Uint16Array;
  readonly #header: number;
  readonly #basePhased: boolean;
  #ones: number;
  #others: number;
  #alleles: number;
  #missing: number;
  #absent: number;
  #phases: number;

  constructor(memory: TextMemory, lists: number, basePhased: boolean) {
    this.#words = new Uint32Array(memory.bytes.buffer);
    this.#halves = new Uint16Array(memory.bytes.buffer);
    this.#header = lists >> 2;
    this.#basePhased = basePhased;
    this.#ones = this.#start('ones') >> 2;
    this.#others = this.#start('others') >> 2;
    this.#alleles = this.#start('alleles') >> 1;
    this.#missing = this.#start('missing') >> 2;
    this.#absent = this.#start('absent') >> 2;
    this.#phases = this.#start('phases') >> 2;
  }

  carried(haplotype: number, allele: number): void {
    if (allele === 1) this.#words[this.#ones++] = haplotype;
    else {
      this.#words[this.#others++] = haplotype;
      this.#halves[this.#alleles++] = allele;
    }
  }

  notCalled(haplotype: number): void {
    this.#words[this.#missing++] = haplotype;
  }

  lacking(haplotype: number): void {
    this.#words[this.#absent++] = haplotype;
  }

  phased(sample: number, isPhased: boolean): void {
    if (isPhased !== this.#basePhased) this.#words[this.#phases++] = sample;
  }

  /** Writes the counts. */
  finish(): void {
    const counts = this.#words.subarray(this.#header);
    counts[COUNT.ones] = this.#ones - (this.#start('ones') >> 2);
    counts[COUNT.others] = this.#others - (this.#start('others') >> 2);
    counts[COUNT.missing] = this.#missing - (this.#start('missing') >> 2);
    counts[COUNT.absent] = this.#absent - (this.#start('absent') >> 2);
    counts[COUNT.phases] = this.#phases - (this.#start('phases') >> 2);
    counts[COUNT.basePhased] = this.#basePhased ? 1 : 0;
  }

  #start(name: keyof typeof PLACE): number {
    return this.#words[this.#header + PLACE[name]]!;
  }
}
