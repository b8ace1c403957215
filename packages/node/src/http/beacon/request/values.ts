import { NodeError } from '../../../errors.ts';

const MAX_TEXT = 10_000;

/** Says what was expected of a parameter; the value itself is not repeated, because it may be somebody's. */
export function badRequest(name: string, expected: string): NodeError {
  return new NodeError('node/bad-request', `${name}: expected ${expected}`);
}

export function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** What an object has under its own key; `undefined` for `null`, which clients write for what they leave out. */
export function own(record: Readonly<Record<string, unknown>>, key: string): unknown {
  return Object.hasOwn(record, key) ? (record[key] ?? undefined) : undefined;
}

/** Throws `node/bad-request` naming the first key that is not known. */
export function expectKeys(
  record: Readonly<Record<string, unknown>>,
  known: ReadonlySet<string>,
  place: string,
): void {
  const stranger = Object.keys(record).find((key) => !known.has(key));
  if (stranger === undefined) return;
  throw new NodeError(
    'node/bad-request',
    `${place} has an unknown parameter '${printable(stranger)}': it would be wrong to answer as if it were not there`,
  );
}

/** A name from a request as it may stand in a message: short, in one line. */
export function printable(text: string): string {
  const line = text.replaceAll(/[\p{Cc}\p{Cf}\s]+/gu, ' ');
  return line.length > 80 ? `${line.slice(0, 80)}…` : line;
}

export function optionalText(value: unknown, name: string): string | undefined {
  if (value === undefined || value === '') return undefined;
  if (typeof value !== 'string' || value.length > MAX_TEXT)
    throw badRequest(name, `a text of at most ${MAX_TEXT} characters`);
  return value;
}

/** A whole number ≥ 0, also where it is written as text. */
export function wholeNumber(value: unknown, name: string): number {
  const number = typeof value === 'string' && /^\d{1,15}$/.test(value.trim()) ? Number(value) : value;
  if (typeof number !== 'number' || !Number.isSafeInteger(number) || number < 0) {
    throw badRequest(name, 'a whole number, 0 or more');
  }
  return number;
}

export function optionalWholeNumber(value: unknown, name: string): number | undefined {
  return value === undefined || value === '' ? undefined : wholeNumber(value, name);
}

/** One or more whole numbers: a number, a list, or a text with commas. Nothing and the empty list are `[]`. */
export function wholeNumbers(value: unknown, name: string): readonly number[] {
  if (value === undefined || value === '') return [];
  const parts = typeof value === 'string' ? value.split(',') : Array.isArray(value) ? value : [value];
  if (parts.length > 2) throw badRequest(name, 'one or two whole numbers');
  return parts.map((part) => wholeNumber(part, name));
}

export function optionalBoolean(value: unknown, name: string): boolean | undefined {
  if (value === undefined || value === '') return undefined;
  if (value === true || value === 'true') return true;
  if (value === false || value === 'false') return false;
  throw badRequest(name, 'true or false');
}

/** One of a few words; of the same word in another case as well. */
export function optionalWord<Word extends string>(
  value: unknown,
  words: readonly Word[],
  name: string,
): Word | undefined {
  if (value === undefined || value === '') return undefined;
  const found =
    typeof value === 'string' ? words.find((word) => word.toLowerCase() === value.toLowerCase()) : undefined;
  if (found === undefined) throw badRequest(name, words.join(', '));
  return found;
}

/** A list of texts: a list, or one text with commas. */
export function texts(value: unknown, name: string, most: number): readonly string[] {
  if (value === undefined || value === '') return [];
  const parts: readonly unknown[] = Array.isArray(value) ? value.flatMap(split) : split(value);
  if (parts.length > most) throw badRequest(name, `at most ${most} of them`);
  return parts.map((part) => {
    const text = optionalText(part, name);
    if (text === undefined) throw badRequest(name, 'texts that are not empty');
    return text;
  });
}

function split(value: unknown): readonly unknown[] {
  return typeof value === 'string' ? value.split(',') : [value];
}
