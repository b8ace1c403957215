import { ASSEMBLIES, type Assembly } from '@federome/core';
import { ASKED_SEXES, type AskedSex, EMPTY_QUESTION, OLDEST_AGE, type Question } from './question.ts';

/**
 * The question as a fragment of the page's address, which browsers never send to a server:
 * `#about=BRCA1&assembly=GRCh38&term=HP:0001250&sex=female&age=40-65`.
 */
export function fragmentOf(question: Question): string {
  const parameters = new URLSearchParams();
  if (question.about !== '') parameters.set('about', question.about);
  parameters.set('assembly', question.assembly);
  for (const term of question.terms) parameters.append('term', term);
  if (question.sex !== undefined) parameters.set('sex', question.sex);
  if (question.ageFrom !== undefined || question.ageTo !== undefined) {
    parameters.set('age', `${question.ageFrom ?? ''}-${question.ageTo ?? ''}`);
  }
  return `#${parameters.toString().replaceAll('%3A', ':')}`;
}

/** Inverse of `fragmentOf`; what it does not understand is left out, and a fragment without a question is `undefined`. */
export function questionOfFragment(fragment: string): Question | undefined {
  const parameters = new URLSearchParams(fragment.replace(/^#/, ''));
  const age = /^(\d{0,3})-(\d{0,3})$/.exec(parameters.get('age') ?? '');
  const question: Question = {
    about: (parameters.get('about') ?? '').slice(0, 200),
    assembly: assemblyOf(parameters.get('assembly')),
    terms: [...new Set(parameters.getAll('term'))]
      .filter((id) => /^[A-Za-z][\w.-]*:\S{1,60}$/.test(id))
      .slice(0, 20),
    ...withSex(parameters.get('sex')),
    ...withAge('ageFrom', age?.[1]),
    ...withAge('ageTo', age?.[2]),
  };
  const { about, terms, sex, ageFrom, ageTo } = question;
  const asksNothing = about === '' && terms.length === 0 && sex === undefined;
  return asksNothing && ageFrom === undefined && ageTo === undefined ? undefined : question;
}

function assemblyOf(text: string | null): Assembly {
  return ASSEMBLIES.find((assembly) => assembly === text) ?? EMPTY_QUESTION.assembly;
}

function withSex(text: string | null): { sex?: AskedSex } {
  const sex = ASKED_SEXES.find((name) => name === text);
  return sex === undefined ? {} : { sex };
}

function withAge<Key extends 'ageFrom' | 'ageTo'>(
  key: Key,
  text: string | undefined,
): { [K in Key]?: number } {
  if (text === undefined || text === '' || Number(text) > OLDEST_AGE) return {};
  const ages: { [K in Key]?: number } = {};
  ages[key] = Number(text);
  return ages;
}
