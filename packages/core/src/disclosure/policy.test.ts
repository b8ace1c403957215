import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import {
  assertAtLeastFloor,
  DISCLOSURE_FLOOR,
  type DisclosurePolicy,
  discloseCount,
  strictest,
} from './policy.ts';

const policies: fc.Arbitrary<DisclosurePolicy> = fc.record({
  countThreshold: fc.integer({ min: 1, max: 50 }),
  roundTo: fc.constantFrom(1, 5, 10),
  frequencyMinorCount: fc.integer({ min: 1, max: 100 }),
  frequencyMinPeople: fc.integer({ min: 1, max: 5_000 }),
  publicGranularity: fc.constantFrom('boolean', 'count'),
});

test('zero and few are suppressed alike; shown counts are rounded and never below the threshold', () => {
  const suppressed = Array.from({ length: 10 }, (_, people) => discloseCount(people, DISCLOSURE_FLOOR));
  expect(new Set(suppressed.map((count) => JSON.stringify(count))).size).toBe(1);
  expect(suppressed[0]).toEqual({ kind: 'suppressed', below: 10 });
  expect([10, 12, 13, 1_237].map((people) => discloseCount(people, DISCLOSURE_FLOOR))).toEqual(
    [10, 10, 15, 1_235].map((value) => ({ kind: 'shown', value })),
  );
});

test('a shown count is at least the threshold under any policy', () => {
  fc.assert(
    fc.property(policies, fc.nat({ max: 10_000 }), (policy, people) => {
      const count = discloseCount(people, policy);
      expect(count.kind).toBe(people < policy.countThreshold ? 'suppressed' : 'shown');
      if (count.kind === 'shown') expect(count.value).toBeGreaterThanOrEqual(policy.countThreshold);
    }),
  );
});

test('the strictest of two policies satisfies both, in any order', () => {
  fc.assert(
    fc.property(policies, policies, (a, b) => {
      const merged = strictest(a, b);
      expect(strictest(b, a)).toEqual(merged);
      expect(() => assertAtLeastFloor(merged, a)).not.toThrow();
      expect(() => assertAtLeastFloor(merged, b)).not.toThrow();
    }),
  );
});

test('a policy looser than the floor is refused, in whichever respect', () => {
  const looser: readonly Partial<DisclosurePolicy>[] = [
    { countThreshold: 9 },
    { roundTo: 1 },
    { frequencyMinorCount: 5 },
    { frequencyMinPeople: 100 },
  ];
  for (const change of looser) {
    expect(() => assertAtLeastFloor({ ...DISCLOSURE_FLOOR, ...change })).toThrowError(
      expect.objectContaining({ code: 'core/bad-disclosure-policy' }),
    );
  }
});
