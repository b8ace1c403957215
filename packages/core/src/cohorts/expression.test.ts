import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import {
  allOf,
  anyOf,
  type CohortExpression,
  evaluateCohort,
  everyone,
  type NamedSet,
  namedSet,
} from './expression.ts';
import { PeopleSet } from './people-set.ts';

const TOTAL = 64;
const SETS: Readonly<Record<string, (person: number) => boolean>> = {
  even: (person) => person % 2 === 0,
  third: (person) => person % 3 === 0,
  low: (person) => person < 20,
};

const lookUp = (set: NamedSet): PeopleSet => {
  const holds = set.kind === 'population' ? SETS[set.population] : () => true;
  return PeopleSet.of(
    Array.from({ length: TOTAL }, (_, person) => person).filter((person) => holds?.(person)),
  );
};

const leaf: fc.Arbitrary<CohortExpression> = fc
  .constantFrom(...Object.keys(SETS))
  .map((population) => namedSet({ kind: 'population', population }));
const { expression } = fc.letrec<{ expression: CohortExpression }>((tie) => ({
  expression: fc.oneof(
    { maxDepth: 4 },
    leaf,
    fc.record({
      op: fc.constantFrom('and' as const, 'or' as const),
      of: fc.array(tie('expression'), { maxLength: 3 }),
    }),
    fc.record({ op: fc.constant('and-not' as const), from: tie('expression'), except: tie('expression') }),
  ),
}));

function holds(each: CohortExpression, person: number): boolean {
  switch (each.op) {
    case 'set':
      return each.set.kind === 'population' ? SETS[each.set.population]!(person) : true;
    case 'and':
      return each.of.every((part) => holds(part, person));
    case 'or':
      return each.of.some((part) => holds(part, person));
    case 'and-not':
      return holds(each.from, person) && !holds(each.except, person);
  }
}

test('an expression selects exactly the people for whom it holds', async () => {
  await fc.assert(
    fc.asyncProperty(expression, async (each) => {
      const people = Array.from({ length: TOTAL }, (_, person) => person).filter((person) =>
        holds(each, person),
      );
      expect([...(await evaluateCohort(each, lookUp))]).toEqual(people);
    }),
  );
});

test('no condition at all is everyone; a single one stands for itself', async () => {
  expect((await evaluateCohort(allOf(), lookUp)).size).toBe(TOTAL);
  expect((await evaluateCohort(anyOf(), lookUp)).size).toBe(0);
  expect(allOf(everyone)).toBe(everyone);
});
