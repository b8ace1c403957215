import type { ConsentScope } from '../consent/scope.ts';
import type { Sex } from '../health/subject.ts';
import { PeopleSet } from './people-set.ts';

/** How a value compares; `!` is “not equal”. */
export type Comparison = '=' | '!' | '<' | '<=' | '>' | '>=';

/** A set of people that a node's projections know by name. */
export type NamedSet =
  | { readonly kind: 'everyone' }
  /** People with the (not excluded) term; `descendants` adds everyone with a more specific one. */
  | { readonly kind: 'term'; readonly id: string; readonly descendants: boolean }
  | { readonly kind: 'sex'; readonly sex: Sex }
  | { readonly kind: 'population'; readonly population: string }
  /**
   * People any of whose measurements of that assay compares so; `value` is in `unit`, a canonical unit such as `UCUM:cm`,
   * or where that is omitted in the canonical unit that most measurements of the assay have.
   */
  | {
      readonly kind: 'measurement';
      readonly assay: string;
      readonly comparison: Comparison;
      readonly value: number;
      readonly unit?: string | undefined;
    }
  /** Age today in days, from the date of birth, else at the last encounter. */
  | { readonly kind: 'age'; readonly comparison: Comparison; readonly days: number }
  /** People whose consent covers that scope now. */
  | { readonly kind: 'consent'; readonly scope: ConsentScope };

/** What filters of a question become; evaluated as bitmaps. */
export type CohortExpression =
  | { readonly op: 'set'; readonly set: NamedSet }
  | { readonly op: 'and' | 'or'; readonly of: readonly CohortExpression[] }
  | { readonly op: 'and-not'; readonly from: CohortExpression; readonly except: CohortExpression };

/** The expression that everyone of a dataset satisfies. */
export const everyone: CohortExpression = { op: 'set', set: { kind: 'everyone' } };

/** The expression of one named set. */
export function namedSet(set: NamedSet): CohortExpression {
  return { op: 'set', set };
}

/** Those who satisfy every part; of no parts, everyone. */
export function allOf(...of: readonly CohortExpression[]): CohortExpression {
  return of.length === 1 ? of[0]! : { op: 'and', of };
}

/** Those who satisfy some part; of no parts, nobody. */
export function anyOf(...of: readonly CohortExpression[]): CohortExpression {
  return of.length === 1 ? of[0]! : { op: 'or', of };
}

/** Evaluates an expression against whoever knows the named sets. An empty `and` is everyone, an empty `or` nobody. */
export async function evaluateCohort(
  expression: CohortExpression,
  lookUp: (set: NamedSet) => PeopleSet | Promise<PeopleSet>,
): Promise<PeopleSet> {
  switch (expression.op) {
    case 'set':
      return await lookUp(expression.set);
    case 'and-not': {
      const from = await evaluateCohort(expression.from, lookUp);
      return from.andNot(await evaluateCohort(expression.except, lookUp));
    }
    case 'and': {
      let result: PeopleSet | undefined;
      for (const part of expression.of) {
        const people = await evaluateCohort(part, lookUp);
        result = result === undefined ? people : result.and(people);
      }
      return result ?? (await lookUp({ kind: 'everyone' }));
    }
    case 'or': {
      let result = PeopleSet.EMPTY;
      for (const part of expression.of) result = result.or(await evaluateCohort(part, lookUp));
      return result;
    }
  }
}
