import { type CohortExpression, type Comparison, durationDays, namedSet } from '@federome/core';
import { NodeError } from '../../errors.ts';

const DAY_MS = 86_400_000;

interface Duration {
  readonly years: number;
  readonly months: number;
  readonly days: number;
}

/**
 * People by their age today, in calendar years and months. `=` means within the last unit that is written: `P70Y` is
 * from the 70th birthday to the day before the 71st. An age that is known as a duration only equals itself: who is
 * recorded as `P70Y` is not older than that. Throws `node/bad-filter` for anything but an ISO 8601 duration in years,
 * months, weeks and days.
 */
export function ageCohort(comparison: Comparison, value: string, today: Date): CohortExpression {
  const duration = parseDuration(value);
  const from = daysAgo(duration, today);
  const until = daysAgo(oneUnitMore(duration), today);
  const age = (operator: Comparison, days: number) => namedSet({ kind: 'age', comparison: operator, days });
  switch (comparison) {
    case '=':
      return { op: 'and', of: [age('>=', from), age('<', until)] };
    case '!':
      return { op: 'or', of: [age('<', from), age('>=', until)] };
    case '>':
    case '<=':
      return age(comparison, durationDays(value.toUpperCase()));
    default:
      return age(comparison, from);
  }
}

function parseDuration(text: string): Duration {
  const match = /^P(?:(\d{1,3})Y)?(?:(\d{1,4})M)?(?:(\d{1,4})W)?(?:(\d{1,5})D)?$/i.exec(text);
  const [, years, months, weeks, days] = match ?? [];
  if (match === null || [years, months, weeks, days].every((part) => part === undefined)) {
    throw new NodeError(
      'node/bad-filter',
      "filter 'age': expected an ISO 8601 duration such as P70Y, P6M or P1Y6M",
    );
  }
  return {
    years: Number(years ?? 0),
    months: Number(months ?? 0),
    days: Number(weeks ?? 0) * 7 + Number(days ?? 0),
  };
}

function oneUnitMore({ years, months, days }: Duration): Duration {
  if (days > 0) return { years, months, days: days + 1 };
  if (months > 0) return { years, months: months + 1, days };
  return { years: years + 1, months, days };
}

/** Days since the latest date of birth at which somebody has that age today. */
function daysAgo({ years, months, days }: Duration, today: Date): number {
  const todayDay = Math.floor(today.getTime() / DAY_MS);
  const month = today.getUTCMonth() - months;
  const lastOfMonth = new Date(Date.UTC(today.getUTCFullYear() - years, month + 1, 0)).getUTCDate();
  const day = Math.min(today.getUTCDate(), lastOfMonth);
  const born = Date.UTC(today.getUTCFullYear() - years, month, day) / DAY_MS;
  return todayDay - born + days;
}
