import { type Static, Type } from 'typebox';
import { Mismatch, named } from '../json/conform.ts';

const Duration = Type.String({ description: 'an ISO 8601 duration such as P32Y6M' });
const Age = Type.Object({ iso8601duration: Type.Optional(Duration) });

/**
 * A TimeElement of Phenopackets 2.0 (`{"age": {"iso8601duration": …}}`) and of Beacon 2 (`{"iso8601duration": …}`,
 * `{"start": …, "end": …}`, an ontology term, or an object that holds a timestamp).
 */
export const TimeElement = Type.Object(
  {
    age: Type.Optional(Age),
    ageRange: Type.Optional(Type.Object({ start: Type.Optional(Age) })),
    timestamp: Type.Optional(Type.String({ description: 'an ISO 8601 date and time' })),
    iso8601duration: Type.Optional(Duration),
    start: Type.Optional(Type.Unknown()),
  },
  { description: 'a time element: an age, an age range, a timestamp or an ontology class' },
);

/**
 * Age as an ISO 8601 duration since birth. A range counts from its start: the person was at least that old. A timestamp
 * needs the date of birth. Gestational ages and ontology classes (`HP:0003581` Adult onset) are no duration since birth:
 * `undefined`.
 *
 * @throws Mismatch where a duration or timestamp is malformed.
 */
export function ageOf(
  element: Static<typeof TimeElement> | undefined,
  dateOfBirth: string | undefined,
  path: readonly string[],
): string | undefined {
  if (element === undefined) return undefined;
  const { start } = element;
  const started =
    typeof start === 'object' && start !== null && 'iso8601duration' in start
      ? start.iso8601duration
      : undefined;
  const duration =
    element.age?.iso8601duration ??
    element.ageRange?.start?.iso8601duration ??
    element.iso8601duration ??
    (typeof started === 'string' ? started : undefined);
  if (duration !== undefined && duration !== '') return checkedDuration(duration, path);
  if (element.timestamp === undefined) return undefined;
  return durationBetween(dateOfBirth, dateOf(element.timestamp, path));
}

const DURATION =
  /^P(?=\d|T\d)(\d+(\.\d+)?Y)?(\d+(\.\d+)?M)?(\d+(\.\d+)?W)?(\d+(\.\d+)?D)?(T(?=\d)(\d+(\.\d+)?H)?(\d+(\.\d+)?M)?(\d+(\.\d+)?S)?)?$/;

/** @throws Mismatch where the text is no ISO 8601 duration. */
export function checkedDuration(text: string, path: readonly string[]): string {
  if (DURATION.test(text)) return text;
  throw new Mismatch(path, `${named(path)} must be an ISO 8601 duration such as P32Y6M, not "${text}"`);
}

/** The calendar date of an ISO 8601 date or instant, as written there. @throws Mismatch where it is none. */
export function dateOf(text: string, path: readonly string[]): string {
  const found = /^(\d{4}-\d{2}-\d{2})(?:[T ]\d{2}:\d{2}\S*)?$/.exec(text.trim())?.[1];
  if (found !== undefined && isCalendarDate(found)) return found;
  throw new Mismatch(path, `${named(path)} must be an ISO 8601 date such as 1970-12-31, not "${text}"`);
}

/** Whether `YYYY`, `YYYY-MM` or `YYYY-MM-DD` is a date of the calendar. */
export function isCalendarDate(text: string): boolean {
  const parts = /^(\d{4})(?:-(\d{2})(?:-(\d{2}))?)?$/.exec(text);
  if (parts === null) return false;
  const [year, month, day] = [Number(parts[1]), Number(parts[2] ?? 1), Number(parts[3] ?? 1)];
  return year > 0 && month >= 1 && month <= 12 && day >= 1 && day <= daysOfMonth(year, month);
}

function daysOfMonth(year: number, month: number): number {
  return new Date(Date.UTC(year, month, 0)).getUTCDate();
}

/** Completed years, months and days from birth to a date; `undefined` without a full date of birth or before it. */
function durationBetween(birth: string | undefined, date: string): string | undefined {
  if (birth === undefined || birth.length !== 10 || date < birth) return undefined;
  const [fromYear, fromMonth, fromDay] = birth.split('-').map(Number);
  const [year, month, day] = date.split('-').map(Number);
  let months = (year! - fromYear!) * 12 + month! - fromMonth!;
  let days = day! - fromDay!;
  if (days < 0) {
    months -= 1;
    days += month === 1 ? 31 : daysOfMonth(year!, month! - 1);
  }
  return `P${Math.floor(months / 12)}Y${months % 12}M${Math.max(days, 0)}D`;
}
