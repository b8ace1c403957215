import { NodeError } from '../../errors.ts';

/** What a column of JSON holds; `node/store` where somebody else wrote to the database. */
export function jsonStrings(text: string): readonly string[] {
  const value: unknown = JSON.parse(text);
  if (!Array.isArray(value) || !value.every((each) => typeof each === 'string')) throw corrupt(text);
  return value;
}

export function jsonObject(text: string): Readonly<Record<string, unknown>> {
  const value: unknown = JSON.parse(text);
  if (typeof value !== 'object' || value === null || Array.isArray(value)) throw corrupt(text);
  return { ...value };
}

export function oneOf<const Value extends string>(values: readonly Value[], text: string): Value {
  const value = values.find((candidate) => candidate === text);
  if (value === undefined) throw corrupt(text);
  return value;
}

function corrupt(text: string): NodeError {
  return new NodeError(
    'node/store',
    `the records hold a value that Federome does not write: ${text.slice(0, 40)}`,
  );
}
