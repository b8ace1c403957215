import type { PeopleSet } from '@federome/core';
import type { StoredGroup } from './tally.ts';

/**
 * How the counts of a cohort follow from those of a stored group: `counts(cohort) = counts(base) − counts(without) +
 * counts(with)`, because counts of disjoint people add up. A set is `undefined` where it is empty.
 */
export interface Correction {
  /** Place of the group; −1 for nobody. */
  readonly base: number;
  readonly without: PeopleSet | undefined;
  readonly with: PeopleSet | undefined;
}

/** The group from which the fewest people have to be taken away or added; `sizes` are those of the groups. */
export function nearestGroup(
  cohort: PeopleSet,
  groups: readonly StoredGroup[],
  sizes: readonly number[],
): Correction {
  const size = cohort.size;
  const equal = groups.findIndex(({ people }, place) => sizes[place] === size && people.equals(cohort));
  if (equal >= 0) return { base: equal, without: undefined, with: undefined };
  const order = groups.map((_, place) => place);
  order.sort((a, b) => Math.abs(sizes[a]! - size) - Math.abs(sizes[b]! - size));
  let base = -1;
  let distance = size;
  for (const place of order) {
    if (Math.abs(sizes[place]! - size) >= distance) break;
    const own = size + sizes[place]! - 2 * cohort.intersectionSize(groups[place]!.people);
    if (own < distance) [base, distance] = [place, own];
  }
  if (base < 0) return { base, without: undefined, with: size === 0 ? undefined : cohort };
  const { people } = groups[base]!;
  return { base, without: someone(people.andNot(cohort)), with: someone(cohort.andNot(people)) };
}

function someone(set: PeopleSet): PeopleSet | undefined {
  return set.size === 0 ? undefined : set;
}
