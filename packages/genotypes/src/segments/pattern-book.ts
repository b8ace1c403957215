import { crc32 } from 'node:zlib';
import { SET_KIND } from '../kernels/kernels.ts';
import { chooseEncoding, type EncodedSet } from './haplotype-set.ts';
import { PageWriter, PayloadBuffer } from './payload.ts';

interface Pattern {
  readonly missing: EncodedSet;
  readonly absent: EncodedSet;
  readonly offset: number;
  readonly bytes: number;
  readonly haplotypes: number;
  readonly people: number;
}

/**
 * The patterns of one block in one segment: pairs of haplotype sets (missing calls, and copies that the person does not
 * have), each pair written once however many sites share it. Number 0 is the pair of empty sets.
 */
export class PatternBook {
  readonly #patterns: Pattern[] = [];
  readonly #numbers = new Map<number, number[]>();
  readonly #payload = new PayloadBuffer();
  readonly #people: number;
  readonly #planeBytes: number;

  constructor(people: number, planeBytes: number) {
    this.#people = people;
    this.#planeBytes = planeBytes;
  }

  get size(): number {
    return this.#patterns.length;
  }

  /** Whether anyone lacks a copy in any pattern. */
  get haploid(): boolean {
    return this.#patterns.some(({ absent }) => absent.kind !== SET_KIND.empty);
  }

  get bytes(): number {
    return this.#payload.length;
  }

  /** `uncalledPeople`: how many have both haplotypes in one of the sets. */
  intern(missing: Uint16Array, absent: Uint16Array, uncalledPeople: number): number {
    if (missing.length === 0 && absent.length === 0) return 0;
    const offset = this.#payload.length;
    const first = chooseEncoding(missing, this.#people, this.#planeBytes);
    const second = chooseEncoding(absent, this.#people, this.#planeBytes);
    this.#payload.append(first, missing, this.#people, this.#planeBytes);
    this.#payload.append(second, absent, this.#people, this.#planeBytes);
    const written = this.#payload.slice(offset, this.#payload.length - offset);
    const hash = crc32(written, first.kind * 8 + second.kind);
    const candidates = this.#numbers.get(hash) ?? [];
    const known = candidates.find((number) =>
      this.#equals(this.#patterns[number - 1]!, first, second, written),
    );
    if (known !== undefined) {
      this.#payload.truncate(offset);
      return known;
    }
    const haplotypes = missing.length + absent.length;
    this.#patterns.push({
      missing: first,
      absent: second,
      offset,
      bytes: written.length,
      haplotypes,
      people: uncalledPeople,
    });
    this.#numbers.set(hash, [...candidates, this.#patterns.length]);
    return this.#patterns.length;
  }

  #equals(pattern: Pattern, missing: EncodedSet, absent: EncodedSet, written: Uint8Array): boolean {
    return (
      pattern.missing.kind === missing.kind &&
      pattern.missing.units === missing.units &&
      pattern.absent.kind === absent.kind &&
      pattern.absent.units === absent.units &&
      Buffer.compare(this.#payload.slice(pattern.offset, pattern.bytes), written) === 0
    );
  }

  /** Columns of the block's index, and the pages that hold the sets: of each pattern the missing one, then the absent. */
  finish(): { readonly columns: Uint32Array[]; readonly pages: PageWriter } {
    const pages = new PageWriter();
    for (const pattern of this.#patterns) pages.add(this.#payload.slice(pattern.offset, pattern.bytes));
    pages.finish();
    const column = (of: (pattern: Pattern) => number) => Uint32Array.from(this.#patterns, of);
    return {
      columns: [
        column(({ missing }) => missing.kind),
        column(({ missing }) => missing.units),
        column(({ absent }) => absent.kind),
        column(({ absent }) => absent.units),
        column(({ haplotypes }) => haplotypes),
        column(({ people }) => people),
      ],
      pages,
    };
  }
}
