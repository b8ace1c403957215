import { type Static, type TSchema, Type } from 'typebox';
import { Value } from 'typebox/value';
import { camelCase } from './locate.ts';

/** A value that is not what was expected, by its path within the document that is being read. */
export class Mismatch extends Error {
  readonly path: readonly string[];

  constructor(path: readonly string[], problem: string) {
    super(problem);
    this.path = path;
  }
}

/**
 * A value as a schema describes it, with the leniency of proto-JSON: snake_case names, `null` for absent, numbers as
 * strings and strings as numbers. Fields that the schema does not name are left out.
 *
 * @throws Mismatch with the `description` of the schema's part as what was expected.
 */
export function conform<Schema extends TSchema>(schema: Schema, value: unknown): Static<Schema> {
  const prepared = prepare(schema, value);
  if (Value.Check(schema, prepared)) return prepared;
  const error = Value.Errors(schema, prepared)[0];
  const path = (error?.instancePath ?? '').split('/').slice(1).map(unescaped);
  const missing = error?.keyword === 'required' ? error.params.requiredProperties[0] : undefined;
  const at = missing === undefined ? path : [...path, missing];
  const expected = expectation(schema, at);
  throw new Mismatch(
    path,
    missing === undefined
      ? `${named(at)} must be ${expected}`
      : `${named(path)} has no "${missing}"; expected ${expected}`,
  );
}

/** A path as a JSON pointer, or "the object" for the empty one. */
export function named(path: readonly string[]): string {
  return path.length === 0 ? 'the object' : `/${path.join('/')}`;
}

function prepare(schema: TSchema, value: unknown): unknown {
  if (Type.IsObject(schema)) return prepareObject(schema.properties, value);
  if (Type.IsArray(schema))
    return Array.isArray(value) ? value.map((item: unknown) => prepare(schema.items, item)) : value;
  if (Type.IsString(schema)) return typeof value === 'number' ? String(value) : value;
  if (Type.IsNumber(schema)) return typeof value === 'string' ? numberOf(value) : value;
  if (Type.IsBoolean(schema)) return value === 'true' ? true : value === 'false' ? false : value;
  return value;
}

function prepareObject(properties: Readonly<Record<string, TSchema>>, value: unknown): unknown {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return value;
  const prepared: Record<string, unknown> = {};
  for (const [key, content] of Object.entries(value)) {
    const name = camelCase(key);
    if (content === null || !Object.hasOwn(properties, name)) continue;
    prepared[name] = prepare(properties[name]!, content);
  }
  return prepared;
}

function numberOf(text: string): number | string {
  const trimmed = text.trim();
  return /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i.test(trimmed) ? Number(trimmed) : text;
}

function expectation(schema: TSchema, path: readonly string[]): string {
  let part: TSchema | undefined = schema;
  for (const step of path) {
    if (part !== undefined && Type.IsObject(part)) part = part.properties[step];
    else if (part !== undefined && Type.IsArray(part)) part = part.items;
    else part = undefined;
  }
  return part === undefined ? 'something else' : describe(part);
}

function describe(schema: TSchema): string {
  if ('description' in schema && typeof schema.description === 'string') return schema.description;
  if (Type.IsArray(schema)) return 'an array';
  if (Type.IsObject(schema)) return 'an object';
  if (Type.IsNumber(schema)) return 'a finite number';
  if (Type.IsBoolean(schema)) return 'true or false';
  return 'a string';
}

function unescaped(token: string): string {
  return token.replaceAll('~1', '/').replaceAll('~0', '~');
}
