import type { Json } from '../ledger/event.ts';
import { type AcceptedVisa, VISA_TYPES, type VisaType } from './accepted-visa.ts';
import { isObject } from './compact-token.ts';
import { Refusal } from './report.ts';

/** How one member of a visa must look. */
export interface ConditionMatch {
  readonly kind: 'const' | 'pattern' | 'split_pattern';
  readonly text: string;
}

/** What one other visa must say, all of it (Passport 1.2, `conditions`). */
export interface ConditionClause {
  readonly type: VisaType;
  readonly value?: ConditionMatch | undefined;
  readonly source?: ConditionMatch | undefined;
  readonly by?: ConditionMatch | undefined;
}

/** Any of the lists must hold, and of it every clause. */
export type Conditions = readonly (readonly ConditionClause[])[];

const MAXIMUM_LISTS = 20;
const MAXIMUM_CLAUSES = 20;
const MAXIMUM_TEXT = 1_000;
const MATCHED = ['value', 'source', 'by'] as const;

/**
 * Conditions of a visa. An empty list is none. Whatever cannot be decided for sure refuses the visa. Throws `Refusal`:
 * `malformed-condition`, `unsupported-condition`.
 */
export function readConditions(value: Json | undefined): Conditions {
  if (value === undefined) return [];
  return listOf(value, MAXIMUM_LISTS, 'conditions').map((list) => {
    const clauses = listOf(list, MAXIMUM_CLAUSES, 'a list of conditions');
    if (clauses.length === 0) throw malformed('a list of conditions is empty');
    return clauses.map(readClause);
  });
}

function readClause(value: Json): ConditionClause {
  if (!isObject(value)) throw malformed('a clause is no object');
  const { type, ...matched } = value;
  if (typeof type !== 'string') throw malformed('a clause names no type');
  const known = VISA_TYPES.find((each) => each === type);
  if (known === undefined) throw unsupported('a clause about a type of visa that is not known here');
  const names = Object.keys(matched);
  if (names.length === 0) throw malformed('a clause says nothing beyond a type');
  if (names.includes('conditions') || names.includes('asserted')) {
    throw malformed('a clause is about conditions or an instant');
  }
  const other = names.find((name) => !MATCHED.some((each) => each === name));
  if (other !== undefined) throw unsupported('a clause about a member that is not known here');
  return {
    type: known,
    value: readMatch(matched.value),
    source: readMatch(matched.source),
    by: readMatch(matched.by),
  };
}

function readMatch(value: Json | undefined): ConditionMatch | undefined {
  if (value === undefined) return undefined;
  if (typeof value !== 'string' || value.length > MAXIMUM_TEXT) throw malformed('a clause matches no text');
  const colon = value.indexOf(':');
  if (colon < 0) throw malformed('a clause does not say how it matches');
  const [kind, text] = [value.slice(0, colon), value.slice(colon + 1)];
  if (kind !== 'const' && kind !== 'pattern' && kind !== 'split_pattern') {
    throw unsupported('a clause matches in a way that is not known here');
  }
  return { kind, text };
}

/**
 * The visas that meet conditions, one for each clause of the first list that holds; `undefined` where none does. The visas
 * offered must be accepted by themselves and have no conditions of their own.
 */
export function metBy(
  conditions: Conditions,
  visas: readonly AcceptedVisa[],
): readonly AcceptedVisa[] | undefined {
  if (conditions.length === 0) return [];
  for (const clauses of conditions) {
    const found = clauses.map((clause) => latest(visas.filter((visa) => meets(visa, clause))));
    const held = found.filter((visa) => visa !== undefined);
    if (held.length === clauses.length) return held;
  }
  return undefined;
}

function meets(visa: AcceptedVisa, clause: ConditionClause): boolean {
  return (
    visa.type === clause.type &&
    MATCHED.every((name) => {
      const match = clause[name];
      return match === undefined || matches(match, visa[name]);
    })
  );
}

function matches({ kind, text }: ConditionMatch, value: string): boolean {
  if (kind === 'const') return text === value;
  if (kind === 'pattern') return matchesPattern(text, value);
  return value.split(';').some((part) => matchesPattern(text, part));
}

/**
 * Whether all of a text is of a pattern: `?` is any one character, `*` any number of them; there is no escape. At most
 * length of pattern × length of text steps.
 */
export function matchesPattern(pattern: string, text: string): boolean {
  const [letters, wanted] = [[...text], [...pattern]];
  let [at, place, star, from] = [0, 0, -1, 0];
  while (at < letters.length) {
    if (wanted[place] === '*') {
      star = place++;
      from = at;
    } else if (place < wanted.length && (wanted[place] === '?' || wanted[place] === letters[at])) {
      place += 1;
      at += 1;
    } else if (star >= 0) {
      place = star + 1;
      at = ++from;
    } else return false;
  }
  while (wanted[place] === '*') place += 1;
  return place === wanted.length;
}

function latest(visas: readonly AcceptedVisa[]): AcceptedVisa | undefined {
  return visas.toSorted((a, b) => b.expires - a.expires)[0];
}

function listOf(value: Json, maximum: number, what: string): readonly Json[] {
  if (!Array.isArray(value) || value.length > maximum)
    throw malformed(`${what}: no list of up to ${maximum}`);
  return value;
}

function malformed(why: string): Refusal {
  return new Refusal('malformed-condition', why);
}

function unsupported(why: string): Refusal {
  return new Refusal('unsupported-condition', why);
}
