import { type Static, Type } from 'typebox';

const Column = Type.String({ minLength: 1, description: 'the name of a column' });
const Curie = Type.String({ minLength: 1, description: 'a CURIE such as HP:0001250' });

const Term = Type.Object(
  { id: Curie, label: Type.Optional(Type.String()) },
  { additionalProperties: false, description: 'a term: { id: CURIE, label: TEXT }' },
);

const ExcludableTerm = Type.Object(
  { id: Curie, label: Type.Optional(Type.String()), excluded: Type.Optional(Type.Boolean()) },
  { additionalProperties: false },
);

/** What becomes of a column's values that `values` does not list. */
const unlisted = Type.Optional(
  Type.Union([Type.Literal('refuse'), Type.Literal('ignore')], { description: 'refuse or ignore' }),
);

const Values = Type.Optional(
  Type.Record(Type.String(), Type.String(), { description: 'a map from a value of the column to text' }),
);

const TextSource = Type.Union(
  [
    Column,
    Type.Object({ column: Column, values: Values, unlisted }, { additionalProperties: false }),
    Type.Object({ constant: Type.String({ minLength: 1 }) }, { additionalProperties: false }),
  ],
  { description: 'a column name, { column, values } or { constant }' },
);

const TermSource = Type.Union(
  [
    Column,
    Type.Object(
      {
        column: Column,
        values: Type.Optional(Type.Record(Type.String(), Type.Union([Curie, Term, Type.Null()]))),
        unlisted,
      },
      { additionalProperties: false },
    ),
    Type.Object({ constant: Type.Union([Curie, Term]) }, { additionalProperties: false }),
  ],
  { description: 'a column name, { column, values } or { constant }' },
);

const AgeSource = Type.Union(
  [
    Column,
    Type.Object(
      {
        column: Column,
        unit: Type.Optional(
          Type.Union([Type.Literal('years'), Type.Literal('months'), Type.Literal('days')], {
            description: 'years, months or days',
          }),
        ),
      },
      { additionalProperties: false },
    ),
  ],
  { description: 'a column name or { column, unit }' },
);

const Kind = Type.Union(
  ['phenotypicFeature', 'disease', 'intervention', 'exposure', 'other'].map((kind) => Type.Literal(kind)),
  { description: 'phenotypicFeature, disease, intervention, exposure or other' },
);

const TermColumn = Type.Union(
  [
    Column,
    Type.Object(
      {
        column: Column,
        kind: Type.Optional(Kind),
        values: Type.Optional(Type.Record(Type.String(), Type.Union([Curie, ExcludableTerm, Type.Null()]))),
        unlisted,
        ageOfOnset: Type.Optional(AgeSource),
      },
      { additionalProperties: false },
    ),
  ],
  { description: 'a column name or { column, kind, values, unlisted, ageOfOnset }' },
);

const MeasurementColumn = Type.Object(
  {
    column: Column,
    assay: Type.Union([Curie, Term], { description: 'a term: a CURIE or { id, label }' }),
    unit: Type.Union([Curie, Term], { description: 'a unit: a UCUM code, a CURIE or { id, label }' }),
    date: Type.Optional(Column),
  },
  { additionalProperties: false, description: 'a measurement: { column, assay, unit, date }' },
);

/** A mapping file's content; docs/mapping.md explains every field. */
export const MappingFile = Type.Object(
  {
    id: Column,
    sex: Type.Optional(TextSource),
    dateOfBirth: Type.Optional(Column),
    age: Type.Optional(AgeSource),
    vitalStatus: Type.Optional(TextSource),
    population: Type.Optional(TextSource),
    ethnicity: Type.Optional(TermSource),
    geographicOrigin: Type.Optional(TermSource),
    terms: Type.Optional(Type.Array(TermColumn, { description: 'a list of term columns' })),
    measurements: Type.Optional(Type.Array(MeasurementColumn, { description: 'a list of measurements' })),
    missing: Type.Optional(Type.Array(Type.Union([Type.String(), Type.Number()]))),
    delimiter: Type.Optional(
      Type.Union(
        ['comma', 'tab', 'semicolon', 'pipe'].map((name) => Type.Literal(name)),
        { description: 'comma, tab, semicolon or pipe' },
      ),
    ),
  },
  { additionalProperties: false, description: 'a map with at least `id`' },
);

export type MappingFile = Static<typeof MappingFile>;
export type TextSource = Static<typeof TextSource>;
export type TermSource = Static<typeof TermSource>;
export type AgeSource = Static<typeof AgeSource>;
export type TermColumn = Static<typeof TermColumn>;
export type MeasurementColumn = Static<typeof MeasurementColumn>;
