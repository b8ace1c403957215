import {
  allOf,
  anyOf,
  type CohortExpression,
  type DiscoveryFilter,
  everyone,
  namedSet,
  parseSex,
  SEXES,
  sexTerm,
} from '@federome/core';
import { toCanonical } from '@federome/formats';
import { NodeError } from '../../errors.ts';
import { ageCohort } from './ages.ts';
import type { Vocabulary } from './vocabulary.ts';
import { matchesText } from './wildcards.ts';

export interface ResolvedFilters {
  readonly cohort: CohortExpression;
  /** How a filter was understood where it was not taken literally. */
  readonly notices: readonly string[];
}

type Field = 'sex' | 'age' | 'population' | 'ethnicity';

const FIELD_NAMES = new Map<string, Field>([
  ['sex', 'sex'],
  ['individual.sex', 'sex'],
  ['ncit:c28421', 'sex'],
  ['age', 'age'],
  ['individual.age', 'age'],
  ['ncit:c25150', 'age'],
  ['population', 'population'],
  ['ethnicity', 'ethnicity'],
  ['individual.ethnicity', 'ethnicity'],
  ['demographic.ethnicity', 'ethnicity'],
]);

/**
 * What filters mean to this node, ANDed. Every filter is understood or refused: throws `node/bad-filter` naming the
 * one that is not known.
 */
export async function resolveFilters(
  filters: readonly DiscoveryFilter[],
  vocabulary: Vocabulary,
  today: Date,
): Promise<ResolvedFilters> {
  const cohorts: CohortExpression[] = [];
  const notices: string[] = [];
  for (const filter of filters) {
    cohorts.push(await resolveFilter(filter, vocabulary, today));
    if (filter.similarity !== undefined && filter.similarity !== 'exact') {
      notices.push(`similarity '${filter.similarity}' of ${filter.id} was taken as exact`);
    }
  }
  return { cohort: cohorts.length === 0 ? everyone : allOf(...cohorts), notices };
}

async function resolveFilter(
  filter: DiscoveryFilter,
  vocabulary: Vocabulary,
  today: Date,
): Promise<CohortExpression> {
  const { id, operator, value } = filter;
  if (operator === undefined || value === undefined) return await resolveTerm(filter, vocabulary, today);
  const field = FIELD_NAMES.get(id.toLowerCase());
  if (field === undefined) return await resolveMeasurement(filter, operator, value, vocabulary);
  if (field === 'age') return ageCohort(operator, value, today);
  if (operator !== '=' && operator !== '!') throw bad(filter, 'it has no order: expected = or !');
  const matching = await FIELDS[field](filter, value, vocabulary);
  return operator === '=' ? matching : { op: 'and-not', from: everyone, except: matching };
}

const FIELDS: Readonly<
  Record<
    Exclude<Field, 'age'>,
    (filter: DiscoveryFilter, value: string, vocabulary: Vocabulary) => Promise<CohortExpression>
  >
> = {
  sex: async (filter, value) => {
    const exact = parseSex(value);
    const sexes = exact !== undefined ? [exact] : SEXES.filter((sex) => matchesText(value, sex));
    if (sexes.length === 0)
      throw bad(filter, `expected ${SEXES.join(', ')}, or ${sexTerm('female').id} and the like`);
    return anyOf(...sexes.map((sex) => namedSet({ kind: 'sex', sex })));
  },
  population: async (_, value, vocabulary) => {
    const known = (await vocabulary.populations()).filter((population) => matchesText(value, population));
    return anyOf(...known.map((population) => namedSet({ kind: 'population', population })));
  },
  ethnicity: async (_, value, vocabulary) => {
    const terms = (await vocabulary.termsInUse()).filter(
      ({ id, label }) => matchesText(value, id) || matchesText(value, label),
    );
    return anyOf(...terms.map(({ id }) => namedSet({ kind: 'term', id, descendants: true })));
  },
};

async function resolveTerm(
  filter: DiscoveryFilter,
  vocabulary: Vocabulary,
  today: Date,
): Promise<CohortExpression> {
  const { id, includeDescendantTerms } = filter;
  if (FIELD_NAMES.has(id.toLowerCase())) throw bad(filter, 'expected an operator and a value');
  const sex = id.includes(':') ? parseSex(id) : undefined;
  if (sex !== undefined) return namedSet({ kind: 'sex', sex });
  const custom = /^([^:]+):(.+)$/su.exec(id);
  if (custom?.[1] !== undefined && custom[2] !== undefined && FIELD_NAMES.has(custom[1].toLowerCase())) {
    return await resolveFilter({ id: custom[1], operator: '=', value: custom[2] }, vocabulary, today);
  }
  const known = await vocabulary.term(id);
  if (known === undefined) throw bad(filter, 'it is neither a term of a loaded ontology nor in use here');
  return namedSet({ kind: 'term', id: known, descendants: includeDescendantTerms ?? true });
}

async function resolveMeasurement(
  filter: DiscoveryFilter,
  comparison: NonNullable<DiscoveryFilter['operator']>,
  text: string,
  vocabulary: Vocabulary,
): Promise<CohortExpression> {
  const assay = await vocabulary.assay(filter.id);
  if (assay === undefined) {
    throw bad(
      filter,
      'no field or measurement of that name is known: expected sex, age, population, ethnicity or an assay',
    );
  }
  const match = /^([+-]?(?:\d+(?:\.\d*)?|\.\d+)(?:e[+-]?\d{1,2})?)\s*(.*)$/isu.exec(text);
  const number = Number(match?.[1]);
  if (match === null || !Number.isFinite(number))
    throw bad(filter, 'expected a number, with its unit or without');
  const unit = match[2] ?? '';
  if (unit === '') return namedSet({ kind: 'measurement', assay, comparison, value: number });
  const canonical = toCanonical(number, { id: unit, label: unit });
  if (!canonical.unit.id.startsWith('UCUM:'))
    throw bad(filter, 'its unit is not known: expected a UCUM code');
  return namedSet({
    kind: 'measurement',
    assay,
    comparison,
    value: canonical.value,
    unit: canonical.unit.id,
  });
}

function bad({ id }: DiscoveryFilter, why: string): NodeError {
  const name = id.replaceAll(/[\p{Cc}\p{Cf}\s]+/gu, ' ').slice(0, 80);
  return new NodeError('node/bad-filter', `filter '${name}': ${why}`);
}
