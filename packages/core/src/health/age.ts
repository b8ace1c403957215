import { CoreError } from '../errors.ts';

const DAY_MS = 86_400_000;
const DURATION =
  /^P(?=[\dT])(?:(\d+(?:\.\d+)?)Y)?(?:(\d+(?:\.\d+)?)M)?(?:(\d+(?:\.\d+)?)W)?(?:(\d+(?:\.\d+)?)D)?(?:T(?=\d)(?:(\d+(?:\.\d+)?)H)?(?:\d+(?:\.\d+)?M)?(?:\d+(?:\.\d+)?S)?)?$/;
const DATE = /^(\d{4})(?:-(\d{2})(?:-(\d{2}))?)?(?:T.*)?$/;

// The most and the least days that so many months in a row can have.
const MOST_DAYS = [0, 31, 62, 92, 123, 153, 184, 215, 245, 276, 306, 337];
const LEAST_DAYS = [0, 28, 59, 89, 120, 150, 181, 212, 242, 273, 303, 334];

/**
 * Days since birth of somebody whose age is given as an ISO 8601 duration. No birthday anchors it, so it is as many days
 * as those years and months can have, and yet fewer than one month more has at the least: whoever is `P40Y` is at least
 * 40 and not yet 41 years old, on whatever day that is asked. Hours and less are dropped. Throws `core/bad-duration`.
 *
 * @example durationDays('P1Y') // 366
 */
export function durationDays(text: string): number {
  const match = DURATION.exec(text.trim());
  if (match === null) {
    throw new CoreError('core/bad-duration', `'${text}' is not an ISO 8601 duration such as P32Y6M`);
  }
  const [years, months, weeks, days] = match.slice(1).map((part) => Number(part ?? 0));
  // Fractions of a month become days; the addend keeps 0.1 years from losing one to binary fractions.
  const allMonths = years! * 12 + months! + 1e-9;
  const wholeMonths = Math.floor(allMonths);
  const restDays = Math.floor((allMonths - wholeMonths) * 30) + weeks! * 7 + Math.floor(days!);
  const most = spanDays(wholeMonths, MOST_DAYS, Math.ceil) + restDays;
  if (restDays > 31) return most;
  return Math.min(most, spanDays(wholeMonths + 1, LEAST_DAYS, Math.floor) - 1);
}

function spanDays(months: number, daysOf: readonly number[], round: (leapDays: number) => number): number {
  const years = Math.floor(months / 12);
  return years * 365 + round(years / 4) + daysOf[months % 12]!;
}

/**
 * Days from 1970-01-01 to an ISO 8601 date; the middle of the month or year (its 15th, its 2 July) where no more is
 * known. Throws `core/bad-subject`.
 */
export function epochDay(text: string): number {
  const [, year, month, day] = DATE.exec(text.trim()) ?? [];
  const date = `${year}-${month ?? '07'}-${day ?? (month === undefined ? '02' : '15')}`;
  const atMs = Date.parse(`${date}T00:00:00Z`);
  if (year === undefined || Number.isNaN(atMs) || new Date(atMs).toISOString().slice(0, 10) !== date) {
    throw new CoreError('core/bad-subject', `'${text}' is not a date such as 1970-05-31, 1970-05 or 1970`);
  }
  return atMs / DAY_MS;
}
