import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { PeopleSet } from './people-set.ts';

const people = fc.uniqueArray(fc.nat({ max: 200_000 }), { maxLength: 400 });
const dense = fc
  .tuple(fc.nat({ max: 100_000 }), fc.nat({ max: 40_000 }))
  .map(([start, length]) => Array.from({ length }, (_, offset) => start + offset));
const anyPeople = fc.oneof(people, dense);

test('a set of people behaves as a set of numbers', () => {
  fc.assert(
    fc.property(anyPeople, anyPeople, (left, right) => {
      const a = PeopleSet.of(left);
      const b = PeopleSet.of(right);
      const inRight = new Set(right);
      const both = left.filter((person) => inRight.has(person)).sort((x, y) => x - y);
      expect([...a.and(b)]).toEqual(both);
      expect(a.intersectionSize(b)).toBe(both.length);
      expect(a.size).toBe(left.length);
      expect(a.or(b).size).toBe(new Set([...left, ...right]).size);
      expect([...a.andNot(b)]).toEqual(left.filter((person) => !inRight.has(person)).sort((x, y) => x - y));
    }),
    { numRuns: 60 },
  );
});

test('a stored set of people comes back as it was', () => {
  fc.assert(
    fc.property(anyPeople, (members) => {
      const set = PeopleSet.of(members);
      expect(PeopleSet.fromBytes(set.toBytes()).equals(set)).toBe(true);
    }),
    { numRuns: 60 },
  );
});

test('a range holds exactly its numbers, across block borders', () => {
  fc.assert(
    fc.property(fc.nat({ max: 70_000 }), fc.nat({ max: 40_000 }), (start, length) => {
      const set = PeopleSet.range(start, start + length);
      expect(set.size).toBe(length);
      if (length > 0) expect([set.has(start), set.has(start + length - 1)]).toEqual([true, true]);
      expect([set.has(start + length), start > 0 && set.has(start - 1)]).toEqual([false, false]);
    }),
  );
});

test('damaged bytes of a stored set are refused, never misread', () => {
  const bytes = PeopleSet.of([1, 5, 70_000]).toBytes();
  for (let length = 0; length < bytes.length; length += 1) {
    expect(() => PeopleSet.fromBytes(bytes.slice(0, length))).toThrowError(/not a stored set of people/);
  }
});
