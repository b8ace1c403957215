import { DISCLOSURE_FLOOR, type DisclosedCount } from '@federome/core';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { discloseAgain, mergePeople, NO_PEOPLE, type PeopleSum, peopleSum, totalPeople } from './people.ts';

const count: fc.Arbitrary<DisclosedCount | undefined> = fc.oneof(
  fc.record({ kind: fc.constant('shown' as const), value: fc.nat(2_000_000).map((n) => n * 5) }),
  fc.record({ kind: fc.constant('suppressed' as const), below: fc.integer({ min: 1, max: 50 }) }),
  fc.constant(undefined),
);
const counts = fc.array(count, { maxLength: 30 });

function sumOf(parts: readonly (DisclosedCount | undefined)[]): PeopleSum {
  return parts.map(peopleSum).reduce(mergePeople, NO_PEOPLE);
}

test('members give the same total in any order and any grouping', () => {
  fc.assert(
    fc.property(counts, fc.infiniteStream(fc.nat()), fc.nat(30), (parts, keys, cut) => {
      const shuffled = parts
        .map((part) => ({ part, key: keys.next().value }))
        .sort((a, b) => a.key - b.key)
        .map(({ part }) => part);
      const grouped = mergePeople(sumOf(shuffled.slice(0, cut)), sumOf(shuffled.slice(cut)));
      expect(grouped).toEqual(sumOf(parts));
      expect(totalPeople(grouped)).toEqual(totalPeople(sumOf(parts)));
    }),
  );
});

test('a total follows from what members show, so that it reveals nothing that they do not', () => {
  fc.assert(
    fc.property(counts, fc.infiniteStream(fc.nat()), (parts, keys) => {
      const truth = parts.map((part) => {
        if (part === undefined) return undefined;
        return part.kind === 'shown' ? part.value : keys.next().value % part.below;
      });
      const total = totalPeople(sumOf(parts));
      const withheld = truth.filter((_, index) => parts[index]?.kind === 'suppressed');
      const shown = truth.filter((_, index) => parts[index]?.kind === 'shown');
      const sum = (numbers: readonly (number | undefined)[]) =>
        numbers.reduce((all: number, number) => all + (number ?? 0), 0);
      if (total.kind === 'shown') expect(total.value).toBe(sum(shown));
      else {
        expect(shown).toEqual([]);
        expect(total.below).toBeGreaterThan(sum(withheld));
        for (const part of parts)
          if (part?.kind === 'suppressed') expect(total.below).toBeGreaterThanOrEqual(part.below);
      }
    }),
  );
});

test('few and none are the same in a total', () => {
  const few: DisclosedCount = { kind: 'suppressed', below: 10 };
  expect(totalPeople(sumOf([few]))).toEqual({ kind: 'suppressed', below: 10 });
  expect(totalPeople(sumOf([few, few, few]))).toEqual({ kind: 'suppressed', below: 28 });
  expect(totalPeople(sumOf([few, { kind: 'shown', value: 15 }]))).toEqual({ kind: 'shown', value: 15 });
  expect(totalPeople(NO_PEOPLE)).toEqual({ kind: 'shown', value: 0 });
});

test('the hub’s own policy holds for what members show, and changes nothing that already follows it', () => {
  const shown = (value: number): DisclosedCount => ({ kind: 'shown', value });
  expect(discloseAgain(shown(0), DISCLOSURE_FLOOR)).toEqual({ kind: 'suppressed', below: 10 });
  expect(discloseAgain(shown(7), DISCLOSURE_FLOOR)).toEqual({ kind: 'suppressed', below: 10 });
  expect(discloseAgain(shown(10), DISCLOSURE_FLOOR)).toEqual(shown(10));
  expect(discloseAgain(shown(1_234), DISCLOSURE_FLOOR)).toEqual(shown(1_235));
  expect(discloseAgain(shown(1_235), DISCLOSURE_FLOOR)).toEqual(shown(1_235));
  expect(discloseAgain({ kind: 'suppressed', below: 25 }, DISCLOSURE_FLOOR)).toEqual({
    kind: 'suppressed',
    below: 25,
  });
  expect(discloseAgain(undefined, DISCLOSURE_FLOOR)).toBeUndefined();
});
