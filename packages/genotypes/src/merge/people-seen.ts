/** What the files of a run say of their people beside calls. People are counted over all files, from 0. */
export class PeopleSeen {
  readonly people: number;
  /** 1 where the person's file states where it was called. */
  readonly statesCoverage: Uint8Array;
  /** Contigs by number, as they came. */
  readonly contigs: string[] = [];
  readonly #numbers = new Map<string, number>();
  /** Of each contig, the copies that each person has at the first record of their file there; 0 where it has none. */
  readonly #firstCopies: Uint8Array[] = [];

  constructor(people: number) {
    this.people = people;
    this.statesCoverage = new Uint8Array(people);
  }

  contig(name: string): number {
    let number = this.#numbers.get(name);
    if (number === undefined) {
      number = this.contigs.push(name) - 1;
      this.#numbers.set(name, number);
      this.#firstCopies.push(new Uint8Array(this.people));
    }
    return number;
  }

  firstCopies(contig: number): Uint8Array {
    return this.#firstCopies[contig]!;
  }
}

/** Stretches of the genome are numbered contig by contig; the first of a contig is for what lies before its first base. */
export function stretchBase(contig: number): number {
  return contig * 0x1_0000 + 1;
}
