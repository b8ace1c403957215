import type {
  BeaconFilter,
  DisclosedFrequency,
  MemberAnswer,
  NetworkAnswer,
  NetworkExample,
  NetworkGene,
  NetworkOverview,
  NetworkQuestion,
  NetworkTerm,
  VariantFrequencies,
  VariantParameters,
} from '@federome/client';
import type { DisclosedCount } from '@federome/core';

/** A check that a value from outside has the shape of `T`: what the page reads, not more. */
type Shape<T> = (value: unknown) => value is T;

const isText: Shape<string> = (value) => typeof value === 'string';
const isNumber: Shape<number> = (value): value is number => Number.isFinite(value);
const isFlag: Shape<boolean> = (value) => typeof value === 'boolean';

const isObject: Shape<object> = (value): value is object => typeof value === 'object' && value !== null;

function oneOf<const T extends string>(...names: readonly T[]): Shape<T> {
  return (value): value is T => names.some((name) => name === value);
}

function optional<T>(shape: Shape<T>): Shape<T | undefined> {
  return (value): value is T | undefined => value === undefined || shape(value);
}

function listOf<T>(shape: Shape<T>): Shape<readonly T[]> {
  return (value): value is readonly T[] => Array.isArray(value) && value.every(shape);
}

function record<T extends object>(fields: { readonly [Key in keyof Required<T>]: Shape<T[Key]> }): Shape<T> {
  return (value): value is T => {
    if (!isObject(value)) return false;
    for (const key in fields) if (!fields[key](Reflect.get(value, key))) return false;
    return true;
  };
}

function either<A, B>(first: Shape<A>, second: Shape<B>): Shape<A | B> {
  return (value): value is A | B => first(value) || second(value);
}

const isCount: Shape<DisclosedCount> = either(
  record({ kind: oneOf('shown'), value: isNumber }),
  record({ kind: oneOf('suppressed'), below: isNumber }),
);
const isState = oneOf('answered', 'refused', 'timed-out', 'unreachable', 'invalid-answer');
const isAssembly = oneOf('GRCh37', 'GRCh38');

const isCounts = record({
  ac: isNumber,
  an: isNumber,
  hom: isNumber,
  het: isNumber,
  hemi: isNumber,
  missing: isNumber,
});
const isFrequency: Shape<DisclosedFrequency> = either(
  record<Extract<DisclosedFrequency, { kind: 'shown' }>>({
    kind: oneOf('shown'),
    counts: isCounts,
    alleleFrequency: isNumber,
    withheld: optional(listOf(oneOf('hom', 'het', 'hemi'))),
  }),
  record({ kind: oneOf('suppressed') }),
);
const isVariant = record({
  assembly: isAssembly,
  contig: isText,
  position: isNumber,
  ref: isText,
  alt: isText,
});
const isVariantFrequencies: Shape<VariantFrequencies> = record({
  variant: isVariant,
  byMember: listOf(record({ member: isText, country: isText, population: isText, frequency: isFrequency })),
  total: isFrequency,
});

const isMemberAnswer = record<MemberAnswer>({
  id: isText,
  name: isText,
  country: isText,
  state: isState,
  reason: optional(record({ code: isText, message: isText })),
  elapsedMs: isNumber,
  exists: optional(isFlag),
  people: optional(isCount),
  moreVariants: optional(isFlag),
});

export const isAnswer: Shape<NetworkAnswer> = record<NetworkAnswer>({
  question: isObject,
  deadlineMs: isNumber,
  elapsedMs: isNumber,
  members: listOf(isMemberAnswer),
  total: record<NetworkAnswer['total']>({
    exists: isFlag,
    people: isCount,
    answered: isNumber,
    suppressed: isNumber,
    withoutCount: optional(isNumber),
  }),
  variants: listOf(isVariantFrequencies),
  variantsOf: optional(oneOf('everyone', 'selection')),
  variantsOmitted: optional(isNumber),
});

type OverviewMember = NetworkOverview['members'][number];
const isOverviewMember = record<OverviewMember>({
  id: isText,
  name: isText,
  country: isText,
  url: isText,
  state: isState,
  genomes: optional(isCount),
  datasets: optional(isNumber),
});

const isVariantParameters: Shape<VariantParameters> = record<VariantParameters>({
  assemblyId: optional(isText),
  referenceName: optional(isText),
  start: optional(listOf(isNumber)),
  end: optional(listOf(isNumber)),
  referenceBases: optional(isText),
  alternateBases: optional(isText),
  variantType: optional(isText),
  variantMinLength: optional(isNumber),
  variantMaxLength: optional(isNumber),
  geneId: optional(isText),
  genomicAlleleShortForm: optional(isText),
  aminoacidChange: optional(isText),
});
const isFilter: Shape<BeaconFilter> = record<BeaconFilter>({
  id: isText,
  includeDescendantTerms: optional(isFlag),
  similarity: optional(oneOf('exact', 'high', 'medium', 'low')),
  operator: optional(oneOf('=', '<', '>', '!', '>=', '<=')),
  value: optional(isText),
  scope: optional(isText),
});
const isExample: Shape<NetworkExample> = record<NetworkExample>({
  label: isText,
  question: record<NetworkQuestion>({
    variant: optional(isVariantParameters),
    filters: optional(listOf(isFilter)),
  }),
});

export const isOverview: Shape<NetworkOverview> = record<NetworkOverview>({
  name: isText,
  members: listOf(isOverviewMember),
  progress: record({ genomes: isNumber, target: isNumber }),
  examples: optional(listOf(isExample)),
});

export const isTerms: Shape<readonly NetworkTerm[]> = listOf(
  record({ id: isText, label: isText, type: isText }),
);

export const isGenes: Shape<readonly NetworkGene[]> = listOf(
  record({ symbol: isText, assembly: isAssembly, contig: isText, start: isNumber, end: isNumber }),
);
