import type { Comparison, DiscoveryFilter } from '@federome/core';
import { NodeError } from '../../../errors.ts';
import { isRecord, own, printable } from './values.ts';

export const MAX_FILTERS = 100;
const MAX_ID = 200;
const MAX_VALUE = 500;

const OPERATORS = ['=', '<', '>', '!', '>=', '<='] as const satisfies readonly Comparison[];
const SIMILARITIES = ['exact', 'high', 'medium', 'low'] as const;
const KEYS = new Set(['id', 'operator', 'value', 'includeDescendantTerms', 'similarity', 'scope', 'label']);
const PEOPLE_SCOPES = new Set(['individual', 'individuals']);
/** Fields whose value may follow the name after a colon alone: `sex:female`. */
const FIELDS = new Set(['sex', 'age', 'population', 'ethnicity']);

/**
 * Filters of a POST (objects, or texts as in a GET) or of a GET (comma-joined: `HP:0001250`, `age:>P70Y`,
 * `sex:=:female`, `LOINC:8308-9:>=180`). Beacon's own schema accepts bad operators and numeric values, because
 * anything with an `id` is a custom filter there: both are refused here. Throws `node/bad-filter`.
 */
export function parseFilters(value: unknown): readonly DiscoveryFilter[] {
  if (value === undefined || value === '') return [];
  const parts: readonly unknown[] = typeof value === 'string' ? value.split(',') : asList(value);
  if (parts.length > MAX_FILTERS) throw bad(`at most ${MAX_FILTERS} filters can be asked at once`);
  return parts.flatMap((part) =>
    typeof part === 'string' ? part.split(',').map(fromText) : [fromObject(part)],
  );
}

function asList(value: unknown): readonly unknown[] {
  if (!Array.isArray(value)) throw bad('filters: expected a list');
  return value;
}

function fromText(text: string): DiscoveryFilter {
  const trimmed = text.trim();
  const compared = /^([^<>=!]+?):?(>=|<=|=|!|<|>):?(.*)$/su.exec(trimmed);
  if (compared !== null) {
    return fromObject({ id: compared[1], operator: compared[2], value: compared[3] });
  }
  const field = /^([^:]+):(.+)$/su.exec(trimmed);
  const name = field?.[1]?.toLowerCase();
  if (field !== null && name !== undefined && FIELDS.has(name)) {
    return fromObject({ id: name, operator: '=', value: field[2] });
  }
  return fromObject({ id: trimmed });
}

function fromObject(value: unknown): DiscoveryFilter {
  if (!isRecord(value)) throw bad('a filter: expected an object with an id, or its id');
  const id = own(value, 'id');
  if (typeof id !== 'string' || id.trim() === '' || id.length > MAX_ID) {
    throw bad(`the id of a filter: expected a text of 1 to ${MAX_ID} characters`);
  }
  const named = `filter '${printable(id)}'`;
  const stranger = Object.keys(value).find((key) => !KEYS.has(key));
  if (stranger !== undefined) throw bad(`${named} has an unknown property '${printable(stranger)}'`);
  return {
    id: id.trim(),
    ...comparison(value, named),
    ...descendants(value, named),
    ...similarity(value, named),
    ...scope(value, named),
  };
}

function comparison(filter: Readonly<Record<string, unknown>>, named: string) {
  const value = own(filter, 'value');
  const given = own(filter, 'operator');
  if (value === undefined && given === undefined) return {};
  const operator = OPERATORS.find((each) => each === (given ?? '='));
  if (operator === undefined) throw bad(`the operator of ${named}: expected ${OPERATORS.join(' ')}`);
  if (typeof value !== 'string' || value.trim() === '' || value.length > MAX_VALUE) {
    throw bad(`the value of ${named}: expected a text of 1 to ${MAX_VALUE} characters`);
  }
  return { operator, value: value.trim() };
}

function descendants(filter: Readonly<Record<string, unknown>>, named: string) {
  const value = own(filter, 'includeDescendantTerms');
  if (value === undefined) return {};
  if (typeof value !== 'boolean') throw bad(`includeDescendantTerms of ${named}: expected true or false`);
  return { includeDescendantTerms: value };
}

function similarity(filter: Readonly<Record<string, unknown>>, named: string) {
  const value = own(filter, 'similarity');
  if (value === undefined) return {};
  const found = SIMILARITIES.find((each) => each === value);
  if (found === undefined) throw bad(`similarity of ${named}: expected ${SIMILARITIES.join(', ')}`);
  return { similarity: found };
}

function scope(filter: Readonly<Record<string, unknown>>, named: string) {
  const value = own(filter, 'scope');
  if (value === undefined || value === '') return {};
  if (typeof value !== 'string' || !PEOPLE_SCOPES.has(value.toLowerCase())) {
    throw bad(`the scope of ${named}: filters of this Beacon apply to individuals`);
  }
  return { scope: value };
}

function bad(message: string): NodeError {
  return new NodeError('node/bad-filter', message);
}
