import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { COHORT_BYTES, SET_KIND } from '../kernels/kernels.ts';
import type { CellGroup, EncodedCell } from './cells.ts';
import { differenceEncoder, readCells, readDifference } from './differences.ts';

/**
 * Sets of people or haplotypes of a block as linked variants have them: each is a copy of an earlier one in which some
 * numbers changed, or new.
 */
const group = fc
  .record({
    people: fc.integer({ min: 1, max: 2_000 }),
    seed: fc.integer(),
    kinds: fc.array(fc.record({ people: fc.boolean(), changed: fc.constantFrom(0, 0.001, 0.02, 0.5) }), {
      minLength: 1,
      maxLength: 40,
    }),
  })
  .map(({ people, seed, kinds }) => {
    const random = generator(seed);
    const members: Set<number>[] = [];
    for (const kind of kinds) {
      const limit = kind.people ? people : 2 * people;
      const before = members[Math.floor(random() * members.length)];
      const own = new Set<number>();
      for (let number = 0; number < limit; number += 1) {
        const inherited = before?.has(number) ?? random() < 0.3;
        if (inherited !== random() < kind.changed) own.add(number);
      }
      members.push(own);
    }
    const units = kinds.map((kind) => (kind.people ? ('people' as const) : ('haplotypes' as const)));
    const sets = members.map((own) => Uint32Array.from(own).sort());
    return { people, units, sets, encoded: encode({ people, units, planes: planesOf(sets, units) }) };
  });

test('sets of a block come back as they were, however many differences lead to them', () => {
  fc.assert(
    fc.property(group, ({ people, units, sets, encoded }) => {
      sets.forEach((set, row) => {
        const chain = chainOf(encoded, row);
        expect(chain.length).toBeLessThanOrEqual(4);
        expect(readCells(chain, people, units[row]!)).toEqual(set);
      });
    }),
    { numRuns: 150 },
  );
});

test('a variant with the carriers of another is written as the little that they differ by', () => {
  const random = generator(1);
  const carriers = Array.from({ length: 4_000 }, (_, haplotype) => haplotype).filter(() => random() < 0.2);
  const others = carriers.filter((_, place) => place !== 17);
  const units = ['haplotypes', 'haplotypes'] as const;
  const sets = [carriers, others].map((set) => Uint32Array.from(set));
  const [alone, difference] = encode({ people: 2_000, units, planes: planesOf(sets, units) });
  expect(alone!.kind).not.toBe(SET_KIND.difference);
  expect(difference!.kind).toBe(SET_KIND.difference);
  expect(difference!.bytes.length).toBeLessThan(8);
});

test('a difference that was damaged is refused or read as other numbers of the block', () => {
  fc.assert(
    fc.property(group, fc.nat(), fc.nat({ max: 255 }), ({ people, units, encoded }, at, value) => {
      encoded.forEach((cell, row) => {
        if (cell.kind !== SET_KIND.difference) return;
        const bytes = cell.bytes.slice();
        bytes[at % bytes.length] = value;
        const difference = readDifference({ ...cell, bytes }, row);
        if (difference === undefined) return;
        expect(difference.base).toBeLessThan(row);
        const read = readCells([difference.cell], people, units[row]!) ?? new Uint32Array(0);
        const limit = units[row] === 'people' ? people : 2 * people;
        expect(read.every((number, place) => number < limit && number > (read[place - 1] ?? -1))).toBe(true);
      });
    }),
    { numRuns: 150 },
  );
});

test('a set is never the difference from itself or from a later one', () => {
  for (const place of [5, 6, 255]) {
    const cell = { kind: SET_KIND.difference, units: 0, bytes: Uint8Array.of(place, SET_KIND.empty) };
    expect(readDifference(cell, 5)).toBeUndefined();
    expect(readDifference(cell, 261)).toBeUndefined();
  }
  const cell = { kind: SET_KIND.difference, units: 0, bytes: Uint8Array.of(4, SET_KIND.empty) };
  expect(readDifference(cell, 261)?.base).toBe(260);
});

function encode(of: CellGroup): readonly EncodedCell[] {
  return differenceEncoder.encode(of);
}

function chainOf(encoded: readonly EncodedCell[], row: number): readonly EncodedCell[] {
  const cell = encoded[row]!;
  if (cell.kind !== SET_KIND.difference) return [cell];
  const difference = readDifference(cell, row)!;
  return [...chainOf(encoded, difference.base), difference.cell];
}

function planesOf(sets: readonly Uint32Array[], units: CellGroup['units']): Uint8Array {
  const planes = new Uint8Array(sets.length * 2 * COHORT_BYTES);
  sets.forEach((set, row) => {
    for (const number of set) {
      const haplotypes = units[row] === 'haplotypes';
      const person = haplotypes ? number >> 1 : number;
      const at = (2 * row + (haplotypes ? number & 1 : 0)) * COHORT_BYTES + (person >> 3);
      planes[at] = planes[at]! | (1 << (person & 7));
    }
  });
  return planes;
}

/** Numbers in [0, 1) from a seed (mulberry32). */
function generator(seed: number): () => number {
  let state = seed | 0;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}
