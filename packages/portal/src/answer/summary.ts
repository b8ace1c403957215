import type { MemberAnswer, NetworkAnswer } from '@federome/client';
import type { DisclosedCount } from '@federome/core';

/** What the answer says in one sentence. */
export type Headline =
  | { readonly kind: 'nobody-answered' }
  /** `exact` where every member answered and showed its number. */
  | {
      readonly kind: 'people';
      readonly exact: boolean;
      readonly people: number;
      readonly countries: number;
      readonly asked: number;
    }
  | {
      readonly kind: 'suppressed';
      readonly below: number;
      readonly countries: number;
      readonly asked: number;
    }
  /** Members that tell only whether someone matches. */
  | { readonly kind: 'exists' | 'none'; readonly asked: number };

/** Countries whose members showed a number, or may only say "yes". */
export function headlineOf(answer: NetworkAnswer): Headline {
  const { members, total } = answer;
  const asked = countriesOf(members).size;
  const answered = members.filter((member) => member.state === 'answered');
  if (answered.length === 0) return { kind: 'nobody-answered' };
  const shown = answered.filter((member) => member.people?.kind === 'shown');
  if (total.people.kind === 'shown' && shown.length > 0) {
    const exact = shown.length === members.length && total.suppressed === 0;
    return { kind: 'people', exact, people: total.people.value, countries: countriesOf(shown).size, asked };
  }
  const suppressed = answered.filter((member) => member.people?.kind === 'suppressed');
  const isSaid = membersWithoutCount(answer).some(({ exists }) => exists);
  if (suppressed.length > 0 && !isSaid) {
    const below = Math.max(
      ...suppressed.map(({ people }) => (people?.kind === 'suppressed' ? people.below : 0)),
    );
    return { kind: 'suppressed', below, countries: countriesOf(suppressed).size, asked };
  }
  return { kind: total.exists ? 'exists' : 'none', asked };
}

/** Members that gave no number, worst first, for the sentences that explain a partial answer. */
export function missingMembers(answer: NetworkAnswer): readonly MemberAnswer[] {
  return answer.members.filter((member) => member.state !== 'answered');
}

export function suppressedMembers(answer: NetworkAnswer): readonly MemberAnswer[] {
  return answer.members.filter((member) => member.people?.kind === 'suppressed');
}

/** Members that said yes or no, and no number. */
export function membersWithoutCount(answer: NetworkAnswer): readonly MemberAnswer[] {
  return answer.members.filter(
    ({ state, people, exists }) => state === 'answered' && people === undefined && exists !== undefined,
  );
}

export type Column = 'country' | 'state' | 'people' | 'elapsed';
export type Direction = 'ascending' | 'descending';

const STATE_ORDER = ['answered', 'refused', 'timed-out', 'unreachable', 'invalid-answer'] as const;

/** Rows of the table in the order asked for; suppressed numbers come below shown ones, absent ones last. */
export function sortMembers(
  members: readonly MemberAnswer[],
  column: Column,
  direction: Direction,
  compareNames: (a: MemberAnswer, b: MemberAnswer) => number,
): MemberAnswer[] {
  const sign = direction === 'ascending' ? 1 : -1;
  const compare = (a: MemberAnswer, b: MemberAnswer): number => {
    switch (column) {
      case 'country':
        return compareNames(a, b);
      case 'state':
        return STATE_ORDER.indexOf(a.state) - STATE_ORDER.indexOf(b.state);
      case 'people':
        return rankOf(a.people) - rankOf(b.people);
      case 'elapsed':
        return a.elapsedMs - b.elapsedMs;
    }
  };
  return [...members].sort((a, b) => sign * compare(a, b) || compareNames(a, b));
}

function rankOf(count: DisclosedCount | undefined): number {
  if (count === undefined) return -2;
  return count.kind === 'suppressed' ? -1 : count.value;
}

function countriesOf(members: readonly MemberAnswer[]): Set<string> {
  return new Set(members.map((member) => member.country));
}
