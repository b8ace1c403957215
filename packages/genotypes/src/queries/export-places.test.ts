import { PEOPLE_PER_BLOCK } from '@federome/core';
import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { Places } from './export-places.ts';

/** People of the first three blocks, few of each, so that lists meet. */
const person = fc
  .tuple(fc.nat({ max: 2 }), fc.oneof(fc.nat({ max: 5 }), fc.constant(PEOPLE_PER_BLOCK - 1)))
  .map(([block, place]) => block * PEOPLE_PER_BLOCK + place);
const exported = fc.oneof(
  fc.uniqueArray(person),
  // The first few of the store, in their order: everyone has the number of their place.
  fc.nat({ max: 4 }).map((count) => Array.from({ length: count }, (_, place) => place)),
);

test('haplotypes and people of any span stand where the export has them', () => {
  fc.assert(
    fc.property(exported, fc.uniqueArray(person), fc.nat({ max: 2 }), (people, members, firstBlock) => {
      const places = new Places(people);
      const start = firstBlock * PEOPLE_PER_BLOCK;
      const own = members.filter((member) => member >= start).sort((a, b) => a - b);
      const placesOf = (numbers: readonly number[]) => numbers.filter((at) => people.includes(at));
      const found = places.placesOf(
        Uint32Array.from(own, (member) => member - start),
        firstBlock,
      );
      expect([...found]).toEqual(placesOf(own).map((member) => people.indexOf(member)));
      const haplotypes = own.flatMap((member) => [2 * (member - start), 2 * (member - start) + 1]);
      expect([...places.haplotypesOf(Uint32Array.from(haplotypes), firstBlock)]).toEqual(
        placesOf(own).flatMap((member) => [2 * people.indexOf(member), 2 * people.indexOf(member) + 1]),
      );
    }),
  );
});

test('everyone exported is in one block, at their place', () => {
  fc.assert(
    fc.property(exported, (people) => {
      const places = new Places(people);
      const all = places.blocks.flatMap((block) => [...places.ofBlock(block)]);
      expect(all.sort((a, b) => a - b)).toEqual(people.map((_, place) => place));
      for (const block of places.blocks)
        for (const place of places.ofBlock(block))
          expect(Math.floor(people[place]! / PEOPLE_PER_BLOCK)).toBe(block);
    }),
  );
});
