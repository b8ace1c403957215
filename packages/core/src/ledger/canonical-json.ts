import { CoreError } from '../errors.ts';

/**
 * The one text of a JSON value (RFC 8785, JSON Canonicalization Scheme): members in the order of their UTF-16 code units,
 * no white space, numbers and strings as ECMAScript writes them. Members that are `undefined` are left out, as
 * `JSON.stringify` does. Throws `core/not-json` for what JSON cannot hold: numbers that are not finite, lone surrogates,
 * functions, circles.
 */
export function canonicalJson(value: unknown): string {
  return write(value, []);
}

function write(value: unknown, above: readonly object[]): string {
  if (value === null || typeof value === 'boolean') return String(value);
  if (typeof value === 'number') {
    if (!Number.isFinite(value)) throw notJson(`the number ${value}`);
    return JSON.stringify(value);
  }
  if (typeof value === 'string') {
    if (!value.isWellFormed()) throw notJson('a text with half a surrogate pair');
    return JSON.stringify(value);
  }
  if (typeof value !== 'object') throw notJson(`a ${typeof value}`);
  if (above.includes(value)) throw notJson('an object within itself');
  const below = [...above, value];
  if (Array.isArray(value)) return `[${value.map((item) => write(item, below)).join(',')}]`;
  const members = Object.entries(value)
    .filter(([, member]) => member !== undefined)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, member]) => `${write(name, below)}:${write(member, below)}`);
  return `{${members.join(',')}}`;
}

function notJson(what: string): CoreError {
  return new CoreError('core/not-json', `${what} is nothing that JSON can hold`);
}
