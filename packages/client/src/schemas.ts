import { ASSEMBLIES } from '@federome/core';
import Type from 'typebox';
import { Compile, type Validator } from 'typebox/compile';
import { ClientError } from './errors.ts';

/**
 * What is used of a Beacon's answers, 2.0 to 2.2: strict there, indifferent to everything else, to missing `meta`
 * included. Each schema is a part of the official one, so that whatever is valid there is valid here.
 */

const Count = Type.Integer({ minimum: 0, maximum: 10_000_000_000 });
/** Checked where it is read: what other Beacons keep in it is theirs. */
const Info = Type.Unknown();

export const Disclosure = Type.Object({
  suppressed: Type.Boolean(),
  threshold: Type.Integer({ minimum: 0, maximum: 1_000_000 }),
  roundedTo: Type.Integer({ minimum: 0, maximum: 1_000_000 }),
});

export const AnswerInfoShape = Type.Object({
  disclosure: Type.Optional(Disclosure),
  country: Type.Optional(Type.String()),
});

export const NoticesInfo = Type.Object({ notices: Type.Array(Type.String()) });

export const MembersInfo = Type.Object({
  members: Type.Array(
    Type.Object({
      id: Type.String(),
      name: Type.String(),
      country: Type.String(),
      state: Type.Union([
        Type.Literal('answered'),
        Type.Literal('refused'),
        Type.Literal('timed-out'),
        Type.Literal('unreachable'),
        Type.Literal('invalid-answer'),
      ]),
      reason: Type.Optional(Type.Object({ code: Type.String(), message: Type.String() })),
      elapsedMs: Type.Number(),
      exists: Type.Optional(Type.Boolean()),
    }),
  ),
});

export const ResultSet = Type.Object({
  id: Type.String(),
  setType: Type.Optional(Type.String()),
  beaconId: Type.Optional(Type.String()),
  exists: Type.Boolean(),
  resultsCount: Type.Optional(Count),
  results: Type.Optional(Type.Array(Type.Unknown())),
  info: Type.Optional(Info),
});

export const QueryAnswer = Type.Object({
  meta: Type.Optional(
    Type.Object({
      beaconId: Type.Optional(Type.String()),
      returnedGranularity: Type.Optional(Type.String()),
      receivedRequestSummary: Type.Optional(
        Type.Object({ requestParameters: Type.Optional(Type.Unknown()) }),
      ),
    }),
  ),
  responseSummary: Type.Object({ exists: Type.Boolean(), numTotalResults: Type.Optional(Count) }),
  response: Type.Optional(Type.Object({ resultSets: Type.Optional(Type.Array(ResultSet)) })),
  info: Type.Optional(Info),
});
export type QueryAnswer = Type.Static<typeof QueryAnswer>;

export const InfoAnswer = Type.Object({
  response: Type.Object({
    id: Type.String({ minLength: 1, maxLength: 200 }),
    name: Type.String({ minLength: 1, maxLength: 500 }),
    apiVersion: Type.Optional(Type.String()),
    description: Type.Optional(Type.String()),
    organization: Type.Optional(Type.Object({ name: Type.Optional(Type.String()) })),
    info: Type.Optional(Info),
  }),
});

export const People = Type.Object({
  count: Count,
  suppressed: Type.Boolean(),
  threshold: Type.Optional(Type.Integer({ minimum: 1, maximum: 1_000_000 })),
});

export const DatasetInfoShape = Type.Object({
  assembly: Type.Optional(Type.Union(ASSEMBLIES.map((assembly) => Type.Literal(assembly)))),
  individuals: Type.Optional(People),
});

const Limit = Type.Integer({ minimum: 0 });

export const InfoExtension = Type.Object({
  role: Type.Optional(Type.Union([Type.Literal('node'), Type.Literal('hub')])),
  country: Type.Optional(Type.String()),
  genomes: Type.Optional(People),
  datasets: Type.Optional(Count),
  disclosure: Type.Optional(
    Type.Object({
      countThreshold: Limit,
      roundTo: Limit,
      frequencyMinorCount: Limit,
      frequencyMinPeople: Limit,
      publicGranularity: Type.Union([Type.Literal('boolean'), Type.Literal('count')]),
    }),
  ),
});

export const ServiceInfoAnswer = Type.Object({
  id: Type.String(),
  name: Type.String(),
  type: Type.Object({ group: Type.String(), artifact: Type.String(), version: Type.String() }),
  version: Type.Optional(Type.String()),
});
export type ServiceInfo = Type.Static<typeof ServiceInfoAnswer>;

const FilteringTerm = Type.Object({
  id: Type.String({ minLength: 1 }),
  label: Type.Optional(Type.String()),
  type: Type.Optional(Type.String()),
});
export type FilteringTerm = Type.Static<typeof FilteringTerm>;

export const FilteringTermsAnswer = Type.Object({
  response: Type.Object({ filteringTerms: Type.Optional(Type.Array(FilteringTerm)) }),
});

const Dataset = Type.Object({
  id: Type.String(),
  name: Type.Optional(Type.String()),
  description: Type.Optional(Type.String()),
  createDateTime: Type.Optional(Type.String()),
  info: Type.Optional(Info),
});

export const DatasetsAnswer = Type.Object({
  response: Type.Object({ collections: Type.Optional(Type.Array(Dataset)) }),
});

export const ErrorAnswer = Type.Object({
  error: Type.Object({
    errorCode: Type.Optional(Type.Union([Type.Integer(), Type.String()])),
    errorMessage: Type.Optional(Type.String()),
  }),
});

export const Problem = Type.Object({
  title: Type.Optional(Type.String()),
  detail: Type.Optional(Type.String()),
});

const compiled = new WeakMap<Type.TSchema, Validator>();

/** Whether a value has the shape; compiled at first use. */
export function matches<T extends Type.TSchema>(schema: T, value: unknown): value is Type.Static<T> {
  return validator(schema).Check(value);
}

/** The value itself, typed. Throws `client/wrong-schema` naming the first place that differs, never its content. */
export function expectShape<T extends Type.TSchema>(schema: T, value: unknown, what: string): Type.Static<T> {
  if (matches(schema, value)) return value;
  const first = validator(schema).Errors(value)[0];
  const place = first === undefined || first.instancePath === '' ? 'the document' : first.instancePath;
  throw new ClientError(
    'client/wrong-schema',
    `is not a Beacon's answer of ${what}: ${place} ${first?.message ?? 'differs'}`,
  );
}

function validator(schema: Type.TSchema): Validator {
  const known = compiled.get(schema);
  if (known !== undefined) return known;
  const made = Compile(schema);
  compiled.set(schema, made);
  return made;
}
