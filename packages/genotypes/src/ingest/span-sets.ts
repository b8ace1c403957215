import { PEOPLE_PER_BLOCK } from '@federome/core';
import type { CallSets } from '@federome/formats';
import type { RecordSets } from './record-sets.ts';

/**
 * The sets of a file whose samples fill blocks of these people, numbered over their span. Where all blocks but the last
 * are full, they are the file's own; elsewhere every list is written anew.
 */
export function spanSets(calls: CallSets, people: readonly number[]): RecordSets {
  const isFull = people.slice(0, -1).every((count) => count === PEOPLE_PER_BLOCK);
  return isFull ? calls : new RenumberedSets(calls, people);
}

class RenumberedSets implements RecordSets {
  readonly #calls: CallSets;
  readonly #people: readonly number[];

  constructor(calls: CallSets, people: readonly number[]) {
    this.#calls = calls;
    this.#people = people;
  }

  carriers(allele: number): Uint32Array {
    return this.#renumbered(this.#calls.carriers(allele), 2);
  }

  get missing(): Uint32Array {
    return this.#renumbered(this.#calls.missing, 2);
  }

  get absent(): Uint32Array {
    return this.#renumbered(this.#calls.absent, 2);
  }

  get usualPhase(): RecordSets['usualPhase'] {
    return this.#calls.usualPhase;
  }

  get unusualPhase(): Uint32Array {
    return this.#renumbered(this.#calls.unusualPhase, 1);
  }

  /** `copies` numbers a person. */
  #renumbered(numbers: Uint32Array, copies: number): Uint32Array {
    const people = this.#people;
    let block = 0;
    let end = copies * people[0]!;
    let shift = 0;
    return numbers.map((number) => {
      while (number >= end) {
        shift += copies * (PEOPLE_PER_BLOCK - people[block]!);
        block += 1;
        end += copies * people[block]!;
      }
      return number + shift;
    });
  }
}
