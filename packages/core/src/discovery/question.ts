import type { Comparison } from '../cohorts/expression.ts';
import type { Assembly } from '../genome/assembly.ts';
import type { VariantType } from '../variants/variant-type.ts';

/** How much is asked: whether, how many, or which. Beacon v2 `requestedGranularity`. */
export const GRANULARITIES = ['boolean', 'count', 'record'] as const;
/** How much is asked or answered: yes or no, a count, or records. */
export type Granularity = (typeof GRANULARITIES)[number];

/** Which result sets an answer lists; never changes what exists. Beacon v2 `includeResultsetResponses`. */
export const RESULTSET_CHOICES = ['HIT', 'MISS', 'ALL', 'NONE'] as const;
/** Which result sets an answer lists; never changes what exists. */
export type ResultsetChoice = (typeof RESULTSET_CHOICES)[number];

/** One condition on people, well-formed but not yet resolved: whether the id is known is for whoever answers. */
export interface DiscoveryFilter {
  /** A CURIE, the name of a field (`sex`, `age`, `population`), or the CURIE of an assay. */
  readonly id: string;
  /** Present together with `value`: the filter compares a field. */
  readonly operator?: Comparison;
  /** Text with `%` as a wildcard, an ISO 8601 duration, or a number with or without a unit. */
  readonly value?: string;
  /** Of an ontology term; the default is true. */
  readonly includeDescendantTerms?: boolean;
  readonly similarity?: 'exact' | 'high' | 'medium' | 'low';
  /** An entry type, in the singular or plural, as the client wrote it. */
  readonly scope?: string;
}

/** What narrows a question about a place down to some alleles. Lengths are in bases. */
export interface AlleleConditions {
  /** Upper-case bases, `N` any base; the empty text is a trimmed insertion's reference or deletion's alternate. */
  readonly referenceBases?: string;
  readonly alternateBases?: string;
  readonly variantType?: VariantType;
  /** Of a breakend: the contig that it joins, as the client wrote it. */
  readonly mateName?: string;
  readonly variantMinLength?: number;
  readonly variantMaxLength?: number;
}

/** Where on which assembly; the contig's name is what the client wrote, because only an assembly gives it a meaning. */
interface Placed extends AlleleConditions {
  readonly assembly?: Assembly;
  readonly referenceName: string;
}

/** A question about variants; positions are 0-based, intervals half-open. */
export type VariantQuestion =
  /** One allele that starts at `start`; `alternateBases` or `variantType` is given. */
  | (Placed & { readonly kind: 'sequence'; readonly start: number })
  /** Anything that overlaps `[start, end)`. */
  | (Placed & { readonly kind: 'range'; readonly start: number; readonly end: number })
  /** Whatever starts in `[start[0], start[1])` and ends in `[end[0], end[1])`. */
  | (Placed & {
      readonly kind: 'bracket';
      readonly start: readonly [number, number];
      readonly end: readonly [number, number];
    })
  /** Anything that overlaps a gene, by symbol or Ensembl id. */
  | (AlleleConditions & { readonly kind: 'gene'; readonly assembly?: Assembly; readonly geneId: string })
  /** HGVS on a genomic accession, e.g. `NC_000022.11:g.36265860A>G`. */
  | { readonly kind: 'hgvs'; readonly genomicAlleleShortForm: string; readonly assembly?: Assembly };

/** `skip` counts pages, `limit` is results a page; 0 is the server's maximum. */
export interface Pagination {
  readonly skip: number;
  readonly limit: number;
}

/** A well-formed question about people or variants. Conditions are ANDed. */
export interface DiscoveryQuestion {
  readonly variant?: VariantQuestion;
  readonly filters: readonly DiscoveryFilter[];
  /** Only these datasets; all where omitted. */
  readonly datasets?: readonly string[];
  readonly granularity: Granularity;
  readonly include: ResultsetChoice;
  readonly pagination: Pagination;
  /** To be checked like any question, and answered without touching anybody's data. */
  readonly testMode: boolean;
}

/** The parameters that a question is asked with: flat, with Beacon v2's names. Inverse of parsing them. */
export function variantParameters(question: VariantQuestion): Readonly<Record<string, unknown>> {
  const { kind, assembly, ...rest } = question;
  const place = assembly === undefined ? {} : { assemblyId: assembly };
  if (kind === 'sequence') return { ...place, ...rest, start: [question.start] };
  if (kind === 'range') return { ...place, ...rest, start: [question.start], end: [question.end] };
  return { ...place, ...rest };
}
