import type { MemberAnswer, NetworkAnswer, NetworkQuestion } from '@federome/client';
import type { DisclosedCount, DisclosurePolicy } from '@federome/core';
import type { EntryOutcome, MemberOutcome } from './ask.ts';
import { followsPolicy, mergeVariants } from './frequencies.ts';
import { discloseAgain, mergePeople, NO_PEOPLE, peopleSum, totalPeople } from './people.ts';

/** More variants than people look at: those beyond are counted, not listed. */
export const MAXIMUM_VARIANTS = 500;

export interface AnswerContext {
  readonly deadlineMs: number;
  readonly elapsedMs: number;
  readonly policy: DisclosurePolicy;
}

/**
 * The network's answer from how each member fared. Only members that answered are in the totals; a hub whose policy is
 * to say yes or no to the public says no number of people and no frequency.
 */
export function answerOf(
  question: NetworkQuestion,
  outcomes: readonly MemberOutcome[],
  { deadlineMs, elapsedMs, policy }: AnswerContext,
): NetworkAnswer {
  const members = outcomes.map((outcome) => memberAnswer(outcome, policy));
  const answered = members.filter((member) => member.state === 'answered');
  const sum = answered.map((member) => peopleSum(member.people)).reduce(mergePeople, NO_PEOPLE);
  const variants = mergeVariants(
    outcomes.map((outcome) => ({
      member: outcome.member,
      followsPolicy: followsPolicy(outcome.disclosure, policy),
      datasets: outcome.variants?.sets.map((set) => set.records) ?? [],
    })),
    policy,
  );
  return {
    question,
    deadlineMs,
    elapsedMs,
    members,
    total: {
      exists: answered.some((member) => member.exists === true),
      people: totalPeople(sum),
      answered: answered.length,
      suppressed: sum.withheldParts,
      withoutCount: sum.partsWithoutCount,
    },
    variants: variants.slice(0, MAXIMUM_VARIANTS),
    ...(question.variant !== undefined && { variantsOf: 'everyone' }),
    variantsOmitted: Math.max(0, variants.length - MAXIMUM_VARIANTS),
  };
}

/** What a member's answer says of people, under the hub's policy as well: what is withheld does not exist either. */
export function disclosedEntry(
  entry: Pick<EntryOutcome, 'exists' | 'count'>,
  policy: DisclosurePolicy,
): { readonly exists: boolean; readonly count: DisclosedCount | undefined } {
  const count = discloseAgain(entry.count, policy);
  return { exists: count === undefined ? entry.exists : count.kind === 'shown' && count.value > 0, count };
}

function memberAnswer(outcome: MemberOutcome, policy: DisclosurePolicy): MemberAnswer {
  const { member, state, reason, elapsedMs, individuals, variants } = outcome;
  const { id, name, country } = member;
  const base = { id, name, country, state, ...(reason && { reason }), elapsedMs };
  if (state !== 'answered') return base;
  // A Beacon of variants only knows whether one occurs, and nothing of people.
  const { exists, count } =
    individuals !== undefined
      ? disclosedEntry(individuals, policy)
      : { exists: variants?.exists ?? false, count: undefined };
  return {
    ...base,
    exists,
    ...(count && policy.publicGranularity === 'count' && { people: count }),
    ...(variants?.more === true && { moreVariants: true }),
  };
}
