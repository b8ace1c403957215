import { suppressedTogether } from '@federome/client';
import { type DisclosedCount, type DisclosurePolicy, discloseCount } from '@federome/core';

/**
 * The sum of what members disclose, as a mergeable summary: any order and grouping of members gives the same. What is
 * withheld is never summed, only bounded: each such part is somewhere in `[0, below)`.
 */
export interface PeopleSum {
  readonly shown: number;
  readonly shownParts: number;
  /** Thresholds of the withheld parts, each less one, summed. */
  readonly withheldAtMost: number;
  readonly withheldParts: number;
  /** Parts that told yes or no only. */
  readonly partsWithoutCount: number;
}

export const NO_PEOPLE: PeopleSum = {
  shown: 0,
  shownParts: 0,
  withheldAtMost: 0,
  withheldParts: 0,
  partsWithoutCount: 0,
};

export function peopleSum(count: DisclosedCount | undefined): PeopleSum {
  if (count === undefined) return { ...NO_PEOPLE, partsWithoutCount: 1 };
  if (count.kind === 'shown') return { ...NO_PEOPLE, shown: count.value, shownParts: 1 };
  return { ...NO_PEOPLE, withheldAtMost: suppressedTogether([count.below]) - 1, withheldParts: 1 };
}

export function mergePeople(a: PeopleSum, b: PeopleSum): PeopleSum {
  return {
    shown: a.shown + b.shown,
    shownParts: a.shownParts + b.shownParts,
    withheldAtMost: a.withheldAtMost + b.withheldAtMost,
    withheldParts: a.withheldParts + b.withheldParts,
    partsWithoutCount: a.partsWithoutCount + b.partsWithoutCount,
  };
}

/**
 * The total as it may be shown: the sum of what is shown, and where nothing is shown but something withheld, `below`
 * the bound that follows from the members' own thresholds (`<10` of two members is `<19`): whoever reads the members
 * can work out as much.
 */
export function totalPeople(sum: PeopleSum): DisclosedCount {
  if (sum.shownParts === 0 && sum.withheldParts > 0) {
    return { kind: 'suppressed', below: sum.withheldAtMost + 1 };
  }
  return { kind: 'shown', value: sum.shown };
}

/**
 * A member's count under the hub's policy as well: a Beacon that shows every number is shown no further than the
 * network's floor. What a node of ours rounded stays as it is.
 */
export function discloseAgain(
  count: DisclosedCount | undefined,
  policy: DisclosurePolicy,
): DisclosedCount | undefined {
  return count?.kind === 'shown' ? discloseCount(count.value, policy) : count;
}
