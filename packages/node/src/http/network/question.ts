import type { NetworkExample, NetworkQuestion } from '@federome/client';
import { parseAssembly } from '@federome/core';
import Type from 'typebox';
import { Compile, type Validator } from 'typebox/compile';
import { NodeError } from '../../errors.ts';

const Position = Type.Integer({ minimum: 0, maximum: 4_294_967_295 });
const Positions = Type.Array(Position, { minItems: 1, maxItems: 2 });
const Name = Type.String({ minLength: 1, maxLength: 200 });
const Bases = Type.String({ pattern: '^[ACGTNacgtn]{0,10000}$' });
const Length = Type.Integer({ minimum: 0, maximum: 1_000_000_000 });

const Variant = Type.Object(
  {
    assemblyId: Type.Optional(Name),
    referenceName: Type.Optional(Name),
    start: Type.Optional(Positions),
    end: Type.Optional(Positions),
    referenceBases: Type.Optional(Bases),
    alternateBases: Type.Optional(Bases),
    variantType: Type.Optional(Name),
    variantMinLength: Type.Optional(Length),
    variantMaxLength: Type.Optional(Length),
    geneId: Type.Optional(Name),
    genomicAlleleShortForm: Type.Optional(Name),
    aminoacidChange: Type.Optional(Name),
  },
  { additionalProperties: false, minProperties: 1 },
);

const Filter = Type.Object(
  {
    id: Name,
    includeDescendantTerms: Type.Optional(Type.Boolean()),
    similarity: Type.Optional(
      Type.Union([Type.Literal('exact'), Type.Literal('high'), Type.Literal('medium'), Type.Literal('low')]),
    ),
    operator: Type.Optional(
      Type.Union([
        Type.Literal('='),
        Type.Literal('<'),
        Type.Literal('>'),
        Type.Literal('!'),
        Type.Literal('>='),
        Type.Literal('<='),
      ]),
    ),
    value: Type.Optional(Name),
    scope: Type.Optional(Name),
  },
  { additionalProperties: false },
);

const Question = Compile(
  Type.Object(
    { variant: Type.Optional(Variant), filters: Type.Optional(Type.Array(Filter, { maxItems: 50 })) },
    { additionalProperties: false },
  ),
);

const Search = Compile(
  Type.Object(
    {
      q: Type.Optional(Type.String({ maxLength: 200 })),
      limit: Type.Optional(Type.String({ pattern: '^[1-9][0-9]{0,2}$' })),
    },
    { additionalProperties: false },
  ),
);

const DEFAULT_LIMIT = 20;
const MAXIMUM_LIMIT = 200;

/** The body of `POST /api/network/questions`. Throws `node/bad-request` naming the place, never its content. */
export function parseQuestion(body: unknown): NetworkQuestion {
  if (!Question.Check(body)) throw badRequest(Question, body, 'the question');
  const { variant } = body;
  if (variant === undefined) return body;
  const places = [variant.geneId, variant.referenceName ?? variant.start, variant.genomicAlleleShortForm];
  if (places.filter((place) => place !== undefined).length !== 1) {
    throw new NodeError(
      'node/bad-request',
      'variant: expected one of geneId, referenceName with start, or genomicAlleleShortForm',
    );
  }
  if ((variant.referenceName === undefined) !== (variant.start === undefined)) {
    throw new NodeError('node/bad-request', 'variant: expected referenceName and start together');
  }
  if (variant.assemblyId !== undefined && parseAssembly(variant.assemblyId) === undefined) {
    throw new NodeError('node/bad-request', 'variant.assemblyId: expected GRCh37 or GRCh38');
  }
  return body;
}

/** Questions that a hub's home offers, held to what an asked one must be. Throws `node/bad-config`. */
export function parseExamples(
  offered: readonly { readonly label: string; readonly question: unknown }[],
): readonly NetworkExample[] {
  return offered.map(({ label, question }, index) => {
    try {
      return { label, question: parseQuestion(question) };
    } catch (cause) {
      const why = cause instanceof NodeError ? cause.message : String(cause);
      throw new NodeError('node/bad-config', `examples.${index}.question: ${why}`, { cause });
    }
  });
}

/** `q` and `limit` of a search. Throws `node/bad-request`. */
export function parseSearch(query: unknown): { readonly text: string; readonly limit: number } {
  if (!Search.Check(query)) throw badRequest(Search, query, 'the search');
  return { text: query.q ?? '', limit: Math.min(Number(query.limit ?? DEFAULT_LIMIT), MAXIMUM_LIMIT) };
}

function badRequest(schema: Validator, value: unknown, what: string): NodeError {
  const first = schema.Errors(value)[0];
  const place = first?.instancePath.slice(1).replaceAll('/', '.') ?? '';
  return new NodeError(
    'node/bad-request',
    `${place === '' ? what : place}: ${first?.message ?? 'not understood'}`,
  );
}
