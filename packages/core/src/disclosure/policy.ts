import { CoreError } from '../errors.ts';

/**
 * What a count must look like before it may leave a node. A node may tighten the floor, never loosen it; whoever merges
 * answers of several nodes honours the strictest.
 */
export interface DisclosurePolicy {
  /** Counts of people below this are shown as `<countThreshold`, zero included. */
  readonly countThreshold: number;
  /** Counts that are shown are rounded to a multiple of this. */
  readonly roundTo: number;
  /** Allele frequencies need at least this many copies of the rarer allele … */
  readonly frequencyMinorCount: number;
  /** … among at least this many people. */
  readonly frequencyMinPeople: number;
  /** The most that whoever did not log in may be told. */
  readonly publicGranularity: 'boolean' | 'count';
}

/** The loosest policy that the network allows. */
export const DISCLOSURE_FLOOR: DisclosurePolicy = {
  countThreshold: 10,
  roundTo: 5,
  frequencyMinorCount: 20,
  frequencyMinPeople: 1_000,
  publicGranularity: 'count',
};

/** The loosest policy that satisfies both. Commutative, associative, idempotent. */
export function strictest(a: DisclosurePolicy, b: DisclosurePolicy): DisclosurePolicy {
  return {
    countThreshold: Math.max(a.countThreshold, b.countThreshold),
    roundTo: Math.max(a.roundTo, b.roundTo),
    frequencyMinorCount: Math.max(a.frequencyMinorCount, b.frequencyMinorCount),
    frequencyMinPeople: Math.max(a.frequencyMinPeople, b.frequencyMinPeople),
    publicGranularity: a.publicGranularity === 'boolean' ? 'boolean' : b.publicGranularity,
  };
}

/** Throws `core/bad-disclosure-policy` where `policy` is looser than the floor in any respect. */
export function assertAtLeastFloor(
  policy: DisclosurePolicy,
  floor: DisclosurePolicy = DISCLOSURE_FLOOR,
): void {
  const merged = strictest(policy, floor);
  for (const key of Object.keys(floor) as (keyof DisclosurePolicy)[]) {
    if (merged[key] !== policy[key]) {
      throw new CoreError(
        'core/bad-disclosure-policy',
        `${key} ${policy[key]} is looser than the network's floor ${floor[key]}`,
      );
    }
  }
}

/** A count as it may be shown. */
export type DisclosedCount =
  | { readonly kind: 'shown'; readonly value: number }
  | { readonly kind: 'suppressed'; readonly below: number };

/** `suppressed` below the threshold (zero and few are alike, so that neither can be told), else rounded. */
export function discloseCount(people: number, policy: DisclosurePolicy): DisclosedCount {
  if (people < policy.countThreshold) return { kind: 'suppressed', below: policy.countThreshold };
  return {
    kind: 'shown',
    value: Math.max(policy.countThreshold, Math.round(people / policy.roundTo) * policy.roundTo),
  };
}
