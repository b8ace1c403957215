import { Random } from '../../simulate/src/random/random.ts';

const [ZERO, DOT, SLASH, NEWLINE] = [0x30, 0x2e, 0x2f, 0x0a];

/** Writes the sample columns of a row. */
export interface SampleColumns {
  readonly format: string;
  /** Most bytes that a row takes. */
  readonly maxBytes: number;
  /** Writes everyone's column and the end of the line at `offset`; returns where it ends. */
  write(row: Row, into: Buffer, offset: number): number;
}

/** Who carries what at a site. */
export interface Row {
  /** Allele of each haplotype; 0 for the reference. */
  readonly alleles: Uint8Array;
  /** Haplotypes whose allele is not 0, in any order. */
  readonly carriers: Int32Array;
  /** People without a call. */
  readonly missing: readonly number[];
}

/** `GT` alone: every column is three characters and a tab. Without phase the lower allele comes first. */
export class GenotypeColumns implements SampleColumns {
  readonly format = 'GT';
  readonly maxBytes: number;
  readonly #blank: Buffer;
  readonly #phased: boolean;

  constructor(people: number, phased: boolean) {
    this.#phased = phased;
    this.#blank = Buffer.from((phased ? '0|0\t' : '0/0\t').repeat(people));
    this.#blank[this.#blank.length - 1] = NEWLINE;
    this.maxBytes = this.#blank.length;
  }

  write({ alleles, carriers, missing }: Row, into: Buffer, offset: number): number {
    this.#blank.copy(into, offset);
    for (const carrier of carriers) {
      const at = offset + 4 * (carrier >> 1);
      const first = alleles[carrier & ~1]!;
      const second = alleles[carrier | 1]!;
      const swap = !this.#phased && first > second;
      into[at] = ZERO + (swap ? second : first);
      into[at + 2] = ZERO + (swap ? first : second);
    }
    for (const person of missing) {
      const at = offset + 4 * person;
      into[at] = DOT;
      into[at + 1] = SLASH;
      into[at + 2] = DOT;
    }
    return offset + this.#blank.length;
  }
}

const DEPTHS = 64;
const DRAWS = 1 << 14;

/** `GT:AD:DP:GQ` of about 30 reads, for sites of two alleles. */
export class RichColumns implements SampleColumns {
  readonly format = 'GT:AD:DP:GQ';
  readonly maxBytes: number;
  readonly #people: number;
  readonly #random: Random;
  /** Columns of each genotype (0/0, 0/1 or 0|1, 1|0, 1/1) as drawn once, without the tab. */
  readonly #drawn: readonly (readonly Buffer[])[];

  constructor(people: number, phased: boolean, seed: number) {
    this.#people = people;
    this.#random = new Random(seed, 'reads');
    const texts = phased ? ['0|0', '0|1', '1|0', '1|1'] : ['0/0', '0/1', '0/1', '1/1'];
    this.#drawn = texts.map((text, kind) =>
      Array.from({ length: DRAWS }, () => Buffer.from(`${text}:${this.#reads(kind)}\t`)),
    );
    this.maxBytes = people * 24;
  }

  write({ alleles, missing }: Row, into: Buffer, offset: number): number {
    let at = offset;
    let next = 0;
    for (let person = 0; person < this.#people; person += 1) {
      if (missing[next] === person) {
        next += 1;
        at += into.write('./.:0,0:0:.\t', at, 'latin1');
        continue;
      }
      const kind = 2 * alleles[2 * person]! + alleles[2 * person + 1]!;
      const column = this.#drawn[kind]![this.#random.bits() & (DRAWS - 1)]!;
      into.set(column, at);
      at += column.length;
    }
    into[at - 1] = NEWLINE;
    return at;
  }

  #reads(kind: number): string {
    const random = this.#random;
    const depth = Math.max(2, Math.min(DEPTHS, Math.round(30 + 6 * random.normal())));
    const half = Math.max(
      1,
      Math.min(depth - 1, Math.round(depth / 2 + (Math.sqrt(depth) / 2) * random.normal())),
    );
    const error = random.chance(0.02) ? 1 : 0;
    const alternate = [error, half, half, depth - error][kind]!;
    const quality = kind === 1 || kind === 2 ? 99 : Math.min(99, 3 * depth);
    return `${depth - alternate},${alternate}:${depth}:${quality}`;
  }
}
