import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { fragmentOf, questionOfFragment } from './address.ts';
import { ASKED_SEXES, EMPTY_QUESTION, networkQuestionOf, problemOf, type Question } from './question.ts';

test('a full question becomes Beacon parameters, 0-based, and filters', () => {
  const question: Question = {
    about: 'chr17:43044295 A>G',
    assembly: 'GRCh38',
    terms: ['HP:0001250'],
    sex: 'female',
    ageFrom: 40,
    ageTo: 65,
  };
  expect(networkQuestionOf(question)).toEqual({
    variant: {
      assemblyId: 'GRCh38',
      referenceName: '17',
      start: [43_044_294],
      referenceBases: 'A',
      alternateBases: 'G',
    },
    filters: [
      { id: 'HP:0001250', includeDescendantTerms: true },
      { id: 'NCIT:C16576' },
      { id: 'age', operator: '>=', value: 'P40Y' },
      { id: 'age', operator: '<', value: 'P66Y' },
    ],
  });
});

test('a question about people only has no variant, and one about a gene only no filters', () => {
  expect(networkQuestionOf({ ...EMPTY_QUESTION, sex: 'male' })).toEqual({ filters: [{ id: 'NCIT:C20197' }] });
  expect(networkQuestionOf({ ...EMPTY_QUESTION, about: 'brca1' })).toEqual({
    variant: { assemblyId: 'GRCh38', geneId: 'BRCA1' },
  });
});

test.each([
  [EMPTY_QUESTION, 'nothing-asked'],
  [{ ...EMPTY_QUESTION, about: 'rs123' }, 'about'],
  [{ ...EMPTY_QUESTION, ageFrom: 70, ageTo: 60 }, 'ages-reversed'],
  [{ ...EMPTY_QUESTION, ageFrom: 0 }, undefined],
])('what keeps %o from being asked is %s', (question, expected) => {
  expect(problemOf(question)).toBe(expected);
  expect(networkQuestionOf(question) === undefined).toBe(expected !== undefined);
});

const ages = fc.option(fc.nat({ max: 120 }), { nil: undefined });
const questions = fc
  .record({
    about: fc.string({ maxLength: 60 }),
    assembly: fc.constantFrom('GRCh37' as const, 'GRCh38' as const),
    terms: fc.uniqueArray(
      fc
        .tuple(fc.constantFrom('HP', 'ORDO', 'NCIT'), fc.nat({ max: 9_999_999 }))
        .map(([prefix, id]) => `${prefix}:${id}`),
      { maxLength: 6 },
    ),
    sex: fc.option(fc.constantFrom(...ASKED_SEXES), { nil: undefined }),
    ageFrom: ages,
    ageTo: ages,
  })
  .filter((question) => question.about !== '' || question.terms.length > 0 || question.sex !== undefined);

test('a question comes back from its address as it was', () => {
  fc.assert(
    fc.property(questions, (question) => {
      expect({ ...question, ...questionOfFragment(fragmentOf(question)) }).toEqual(question);
      expect(fragmentOf(questionOfFragment(fragmentOf(question))!)).toBe(fragmentOf(question));
    }),
  );
});

test.each(['', '#', '#main', '#assembly=GRCh37', '#term=javascript', '#age=999-', '#sex=robot'])(
  'the fragment %s asks nothing',
  (fragment) => {
    expect(questionOfFragment(fragment)).toBeUndefined();
  },
);
