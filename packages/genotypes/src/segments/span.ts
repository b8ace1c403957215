import { PEOPLE_PER_BLOCK } from '@federome/core';
import type { SetUnit } from '../kernels/kernels.ts';

/**
 * The consecutive blocks that one segment holds. A person of a span is `32,768 × (block − first block) + place`, a
 * haplotype twice that plus its copy (0 or 1); numbers of people that a block has no place for are in no set.
 */
export class Span {
  /** People of each block. */
  readonly people: readonly number[];
  /** Numbers of people, and of haplotypes, are below these. */
  readonly peopleLimit: number;
  readonly haplotypeLimit: number;

  constructor(people: readonly number[]) {
    this.people = people;
    this.peopleLimit = people.length === 0 ? 0 : PEOPLE_PER_BLOCK * (people.length - 1) + people.at(-1)!;
    this.haplotypeLimit = 2 * this.peopleLimit;
  }

  /** One more than the greatest number that a set of people, or of haplotypes, may hold. */
  limit(unit: SetUnit): number {
    return unit === 'people' ? this.peopleLimit : this.haplotypeLimit;
  }
}
