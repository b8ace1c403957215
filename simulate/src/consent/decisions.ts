import { CONSENT_SCOPES, type ConsentDecision } from '@federome/core';
import { type Cohort, subjectId } from '../people/cohort.ts';
import { Random } from '../random/random.ts';

/** A decision and the day on which it was taken (ISO 8601). */
export interface DatedDecision extends ConsentDecision {
  readonly date: string;
}

/** What people decided when they joined, and who changed their mind since. */
export interface Consents {
  readonly given: readonly DatedDecision[];
  readonly withdrawn: readonly DatedDecision[];
}

const WITHDRAWN_SHARE = 0.008;
const JOINED = '2024-05-01';

/** The three decisions of every person of a country, in its shares, and withdrawals of whatever was permitted. */
export function decide(seed: number, cohort: Cohort): Consents {
  const random = new Random(seed, 'consent', cohort.country.code);
  const given: DatedDecision[] = [];
  const withdrawn: DatedDecision[] = [];
  for (let person = 0; person < cohort.people; person++) {
    const subject = subjectId(cohort, person);
    const withdraws = random.chance(WITHDRAWN_SHARE);
    const date = `2025-${String(random.between(1, 12)).padStart(2, '0')}-${String(random.between(1, 28)).padStart(2, '0')}`;
    for (const scope of CONSENT_SCOPES) {
      const permits = random.chance(cohort.country.consent[scope]);
      given.push({ subject, scope, decision: permits ? 'permit' : 'deny', date: JOINED });
      if (withdraws && permits) withdrawn.push({ subject, scope, decision: 'deny', date });
    }
  }
  return { given, withdrawn };
}
