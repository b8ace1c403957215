import {
  canonicalCurie,
  type Observation,
  type ObservationKind,
  type OntologyTerm,
  parseSex,
  type Sex,
} from '@federome/core';
import { checkedDuration, isCalendarDate } from '../phenopackets/time-element.ts';

/** A cell that cannot be read; its message says what was expected. */
export class BadCell extends Error {}

/** @throws BadCell */
export function curieCell(text: string): string {
  const id = canonicalCurie(text);
  if (id === undefined) throw new BadCell(`expected a CURIE such as HP:0001250, not "${text}"`);
  return id;
}

/** @throws BadCell */
export function sexCell(text: string): Sex {
  const sex = parseSex(text);
  if (sex === undefined)
    throw new BadCell(
      `expected female, male, other or unknown (or F, M, 2, 1, 0, NA), not "${text}"; the mapping's sex.values can translate it`,
    );
  return sex;
}

/** `YYYY`, `YYYY-MM` or `YYYY-MM-DD`, also with a time of day, which is dropped. @throws BadCell */
export function dateCell(text: string): string {
  const date = text.replace(/^(\d{4}-\d{2}-\d{2})[T ]\d{2}:\d{2}\S*$/, '$1');
  if (!isCalendarDate(date))
    throw new BadCell(`expected an ISO 8601 date (1970-12-31, 1970-12 or 1970), not "${text}"`);
  return date;
}

/** @throws BadCell */
export function numberCell(text: string): number {
  if (!/^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i.test(text) || !Number.isFinite(Number(text)))
    throw new BadCell(`expected a number with a decimal point, not "${text}"`);
  return Number(text);
}

const DAYS_A_YEAR = 365.25;

/** An age as an ISO 8601 duration: a number in the unit, or a duration already. @throws BadCell */
export function ageCell(text: string, unit: string): string {
  if (text.startsWith('P')) {
    try {
      return checkedDuration(text, []);
    } catch {
      throw new BadCell(`expected an ISO 8601 duration such as P32Y6M, not "${text}"`);
    }
  }
  const amount = numberCell(text);
  const limit = { years: 150, months: 1800, days: 54_800 }[unit] ?? 0;
  if (amount < 0 || amount > limit)
    throw new BadCell(`expected an age of 0 to ${limit} ${unit}, not "${text}"`);
  if (unit === 'days') return `P${Math.floor(amount)}D`;
  if (unit === 'months') return `P${Math.floor(amount)}M`;
  const days = Math.floor((amount % 1) * DAYS_A_YEAR);
  return `P${Math.floor(amount)}Y${days === 0 ? '' : `${days}D`}`;
}

/** Terms separated by `;` or `|`; a leading `!` or `NOT ` says that the term was looked for and is absent. @throws BadCell */
export function termsCell(text: string, kind: ObservationKind | undefined): readonly Observation[] {
  return text
    .split(/[;|]/)
    .map((part) => part.trim())
    .filter((part) => part !== '')
    .map((part) => {
      const bare = part.replace(/^(!|NOT\s+)\s*/i, '');
      return observation({ id: curieCell(bare) }, bare !== part, kind);
    });
}

/** An observation whose kind, where none is given, follows from the vocabulary of its term. */
export function observation(
  term: OntologyTerm,
  excluded: boolean,
  kind: ObservationKind | undefined,
): Observation {
  return { kind: kind ?? kindOfTerm(term.id), term, excluded };
}

const FEATURE_PREFIXES = ['HP', 'MP'];
const DISEASE_PREFIXES = [
  'ORDO',
  'OMIM',
  'OMIMPS',
  'MONDO',
  'DOID',
  'ICD10',
  'ICD10CM',
  'ICD11',
  'ICD9',
  'ICD9CM',
];
const PROCEDURE_PREFIXES = ['OPCS4', 'ICD10PCS', 'CPT', 'RXNORM', 'ATC', 'DRUGBANK', 'CHEBI'];

function kindOfTerm(id: string): ObservationKind {
  const prefix = id.slice(0, id.indexOf(':')).toUpperCase().replaceAll('-', '');
  if (FEATURE_PREFIXES.includes(prefix)) return 'phenotypicFeature';
  if (DISEASE_PREFIXES.includes(prefix)) return 'disease';
  return PROCEDURE_PREFIXES.includes(prefix) ? 'intervention' : 'other';
}
