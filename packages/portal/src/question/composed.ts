import type { BeaconFilter, NetworkQuestion, VariantParameters } from '@federome/client';
import { type Assembly, parseAssembly, sexTerm } from '@federome/core';
import { ASKED_SEXES, EMPTY_QUESTION, networkQuestionOf, type Question } from './question.ts';

/**
 * A question of the network as a person would compose it: the inverse of `networkQuestionOf`. `undefined` where the form
 * has no place for some part of it.
 */
export function composedOf({ variant, filters = [] }: NetworkQuestion): Question | undefined {
  const about = variant === undefined ? { about: '' } : aboutOf(variant);
  if (about === undefined) return undefined;
  let question: Question = { ...EMPTY_QUESTION, ...about };
  for (const filter of filters) {
    const part = partOf(filter, question);
    if (part === undefined) return undefined;
    question = { ...question, ...part };
  }
  return networkQuestionOf(question) === undefined ? undefined : question;
}

function aboutOf(variant: VariantParameters): { about: string; assembly: Assembly } | undefined {
  const { assemblyId, geneId, referenceName, start, end, referenceBases, alternateBases, ...others } =
    variant;
  const assembly = parseAssembly(assemblyId ?? EMPTY_QUESTION.assembly);
  if (assembly === undefined || Object.keys(others).length > 0) return undefined;
  if (geneId !== undefined) return { about: geneId, assembly };
  const [first, ...more] = start ?? [];
  if (referenceName === undefined || first === undefined || more.length > 0) return undefined;
  if (referenceBases !== undefined && alternateBases !== undefined && end === undefined) {
    return { about: [referenceName, first + 1, referenceBases, alternateBases].join('-'), assembly };
  }
  const [last] = end ?? [];
  const isRange = last !== undefined && referenceBases === undefined && alternateBases === undefined;
  return isRange ? { about: `${referenceName}:${first + 1}-${last}`, assembly } : undefined;
}

function partOf(filter: BeaconFilter, { terms }: Question): Partial<Question> | undefined {
  const { id, operator, value } = filter;
  const sex = ASKED_SEXES.find((name) => sexTerm(name).id === id);
  if (sex !== undefined) return { sex };
  if (operator === undefined && value === undefined) {
    return filter.includeDescendantTerms === false ? undefined : { terms: [...terms, id] };
  }
  const years = Number(/^P(\d{1,3})Y$/.exec(value ?? '')?.[1] ?? Number.NaN);
  if (id !== 'age' || Number.isNaN(years)) return undefined;
  if (operator === '>=') return { ageFrom: years };
  return operator === '<' ? { ageTo: years - 1 } : undefined;
}
