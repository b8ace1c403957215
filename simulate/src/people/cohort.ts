import { Random } from '../random/random.ts';
import type { Country } from './countries.ts';

/** No such parent: the person is a founder. */
export const NOBODY = -1;

/** The people of one country by number, parents before their children. Plain arrays, so that threads can share it. */
export interface Cohort {
  readonly country: Country;
  readonly people: number;
  /** Numbers of the parents, or `NOBODY` for both. */
  readonly mother: Int32Array;
  readonly father: Int32Array;
  readonly male: Uint8Array;
  readonly family: Int32Array;
  /** Days since 1970-01-01. */
  readonly birthDay: Int32Array;
  /** Children of person p: `children[childStart[p]]` up to `children[childStart[p + 1]]`. */
  readonly childStart: Int32Array;
  readonly children: Int32Array;
}

/** The day on which the simulated registers were closed: 2026-01-01. */
export const CLOSING_DAY = 20_454;

const YEAR_DAYS = 365.2425;

/** A family as places in it: `[mother, father]` by place for children, `undefined` for founders. */
type FamilyPlan = readonly (readonly [number, number] | undefined)[];

const SINGLE: FamilyPlan = [undefined];
const TRIO: FamilyPlan = [undefined, undefined, [0, 1]];
const SIBLINGS: FamilyPlan = [undefined, undefined, [0, 1], [0, 1]];
const THREE_GENERATIONS: FamilyPlan = [undefined, undefined, undefined, [0, 1], [2, 3]];
const PARTNER = 2;
const CHILD_IN_THE_MIDDLE = 3;
const PLANS = [SINGLE, TRIO, SIBLINGS, THREE_GENERATIONS] as const;
const PLAN_WEIGHTS = [0.84, 0.08, 0.05, 0.03] as const;

/** People of a country: four in five unrelated, the others in trios, with siblings, or over three generations. */
export function gatherCohort(seed: number, country: Country, people: number): Cohort {
  const random = new Random(seed, 'people', country.code);
  const mother = new Int32Array(people).fill(NOBODY);
  const father = new Int32Array(people).fill(NOBODY);
  const male = new Uint8Array(people);
  const family = new Int32Array(people);
  const birthDay = new Int32Array(people);
  for (let first = 0, number = 0; first < people; number++) {
    const drawn = PLANS[random.weighted(PLAN_WEIGHTS)]!;
    const plan = first + drawn.length > people ? SINGLE : drawn;
    const sexes = sexesOf(plan, random);
    const births = birthDaysOf(plan, random);
    for (const [place, parents] of plan.entries()) {
      const person = first + place;
      mother[person] = parents === undefined ? NOBODY : first + parents[0];
      father[person] = parents === undefined ? NOBODY : first + parents[1];
      male[person] = sexes[place]!;
      family[person] = number;
      birthDay[person] = births[place]!;
    }
    first += plan.length;
  }
  return { country, people, mother, father, male, family, birthDay, ...childLists(mother, father) };
}

/** `EE000042`: the name of a person in every file. */
export function subjectId(cohort: Cohort, person: number): string {
  return `${cohort.country.code}${String(person + 1).padStart(6, '0')}`;
}

/** Completed years of age at the closing day. */
export function ageYears(cohort: Cohort, person: number): number {
  return Math.floor((CLOSING_DAY - cohort.birthDay[person]!) / YEAR_DAYS);
}

export function isFounder(cohort: Cohort, person: number): boolean {
  return cohort.mother[person] === NOBODY;
}

function sexesOf(plan: FamilyPlan, random: Random): Uint8Array {
  const sexes = Uint8Array.from(plan, () => (random.chance(0.48) ? 1 : 0));
  for (const parents of plan) {
    if (parents === undefined) continue;
    sexes[parents[0]] = 0;
    sexes[parents[1]] = 1;
  }
  return sexes;
}

/** Days of birth by place: parents at least 20 years before their children, partners about as old as each other. */
function birthDaysOf(plan: FamilyPlan, random: Random): Int32Array {
  const births = new Int32Array(plan.length);
  const yearsAgo = (years: number): number => Math.round(CLOSING_DAY - years * YEAR_DAYS - random.below(365));
  const partnerOf = (place: number): number => births[place]! + random.between(-1_500, 1_500);
  const youngest = plan === THREE_GENERATIONS ? 62 : 32;
  for (const [place, parents] of plan.entries()) {
    if (parents !== undefined) {
      const older = Math.max(births[parents[0]]!, births[parents[1]]!);
      const born = Math.round(older + random.between(20, 31) * YEAR_DAYS);
      births[place] = Math.min(born, CLOSING_DAY - random.between(30, 700));
    } else if (plan === SINGLE) {
      births[place] = yearsAgo(Math.min(97, Math.max(1, 50 + 20 * random.normal())));
    } else {
      births[place] =
        place === 0 ? yearsAgo(youngest + Math.min(30, 9 * Math.abs(random.normal()))) : partnerOf(0);
    }
    if (plan === THREE_GENERATIONS && place === CHILD_IN_THE_MIDDLE) births[PARTNER] = partnerOf(place);
  }
  return births;
}

function childLists(mother: Int32Array, father: Int32Array): Pick<Cohort, 'childStart' | 'children'> {
  const people = mother.length;
  const childStart = new Int32Array(people + 1);
  for (let person = 0; person < people; person++) {
    if (mother[person] === NOBODY) continue;
    childStart[mother[person]! + 1]! += 1;
    childStart[father[person]! + 1]! += 1;
  }
  for (let person = 0; person < people; person++) childStart[person + 1]! += childStart[person]!;
  const children = new Int32Array(childStart[people]!);
  const next = childStart.slice();
  for (let person = 0; person < people; person++) {
    if (mother[person] === NOBODY) continue;
    children[next[mother[person]!]!++] = person;
    children[next[father[person]!]!++] = person;
  }
  return { childStart, children };
}
