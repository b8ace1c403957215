import {
  type CohortExpression,
  type Comparison,
  durationDays,
  evaluateCohort,
  PeopleSet,
} from '@federome/core';
import { expect, test } from 'vitest';
import { ageCohort } from './ages.ts';

const today = new Date('2026-06-15T08:00:00Z');
const DAY_MS = 86_400_000;

const COMPARE: Readonly<Record<Comparison, (a: number, b: number) => boolean>> = {
  '=': (a, b) => a === b,
  '!': (a, b) => a !== b,
  '<': (a, b) => a < b,
  '<=': (a, b) => a <= b,
  '>': (a, b) => a > b,
  '>=': (a, b) => a >= b,
};

async function selects(expression: CohortExpression, ageDays: number): Promise<boolean> {
  const somebody = PeopleSet.of([0]);
  const people = await evaluateCohort(expression, (set) =>
    set.kind === 'age' && COMPARE[set.comparison](ageDays, set.days) ? somebody : PeopleSet.EMPTY,
  );
  return people.has(0);
}

const bornOn = (date: string) =>
  Math.floor(today.getTime() / DAY_MS) - Date.parse(`${date}T00:00:00Z`) / DAY_MS;

test.each([
  ['>=', 'P70Y', '1956-06-15', true],
  ['>=', 'P70Y', '1956-06-16', false],
  ['<', 'P70Y', '1956-06-16', true],
  ['<', 'P70Y', '1956-06-15', false],
  ['=', 'P70Y', '1956-06-15', true],
  ['=', 'P70Y', '1955-06-16', true],
  ['=', 'P70Y', '1955-06-15', false],
  ['!', 'P70Y', '1955-06-15', true],
  ['=', 'P6M', '2025-12-15', true],
  ['=', 'P6M', '2025-11-15', false],
  ['>', 'P70Y', '1955-01-01', true],
  ['>', 'P70Y', '1957-01-01', false],
  ['<=', 'P2W', '2026-06-01', true],
] as const)('%s %s of somebody born on %s: %s', async (operator, value, born, selected) => {
  expect(await selects(ageCohort(operator, value, today), bornOn(born))).toBe(selected);
});

test('an age that is recorded as a duration equals itself, and is neither above nor below', async () => {
  for (const age of ['P70Y', 'P6M', 'P1Y6M', 'P10D']) {
    const days = durationDays(age);
    const of = (operator: Comparison) => selects(ageCohort(operator, age, today), days);
    expect([
      await of('='),
      await of('>='),
      await of('<='),
      await of('>'),
      await of('<'),
      await of('!'),
    ]).toEqual([true, true, true, false, false, false]);
  }
});

test.each(['70', 'P', 'PT1H', 'P-1Y', 'P70Y%', ''])("'%s' is no age", (value) => {
  expect(() => ageCohort('>', value, today)).toThrow(expect.objectContaining({ code: 'node/bad-filter' }));
});
