import type { AlleleCounts, Assembly, DisclosedCount } from '@federome/core';

/** A Beacon v2 filter as a client writes it. */
export interface BeaconFilter {
  readonly id: string;
  readonly includeDescendantTerms?: boolean;
  readonly similarity?: 'exact' | 'high' | 'medium' | 'low';
  readonly operator?: '=' | '<' | '>' | '!' | '>=' | '<=';
  readonly value?: string;
  readonly scope?: string;
}

/** Flat Beacon v2 request parameters of a genomic variation; `start` and `end` are 0-based, half-open. */
export interface VariantParameters {
  readonly assemblyId?: string;
  readonly referenceName?: string;
  readonly start?: readonly number[];
  readonly end?: readonly number[];
  readonly referenceBases?: string;
  readonly alternateBases?: string;
  readonly variantType?: string;
  readonly variantMinLength?: number;
  readonly variantMaxLength?: number;
  readonly geneId?: string;
  /** HGVS on a genomic accession, e.g. `NC_000022.11:g.36265860A>G`. */
  readonly genomicAlleleShortForm?: string;
  readonly aminoacidChange?: string;
}

/** What the portal asks a hub: `POST /api/network/questions`. Without `variant` it is about people only. */
export interface NetworkQuestion {
  readonly variant?: VariantParameters;
  readonly filters?: readonly BeaconFilter[];
}

/** What became of a question at one member. */
export type MemberState = 'answered' | 'refused' | 'timed-out' | 'unreachable' | 'invalid-answer';

/** One member’s part of an answer. */
export interface MemberAnswer {
  readonly id: string;
  readonly name: string;
  /** ISO 3166-1 alpha-2. */
  readonly country: string;
  readonly state: MemberState;
  /**
   * Stable code of why there is no answer, e.g. `client/wrong-schema`, and a sentence for people. A member that
   * answered has one where its allele frequencies are missing (its count is there).
   */
  readonly reason?: { readonly code: string; readonly message: string };
  readonly elapsedMs: number;
  /** Only of a member that answered. */
  readonly exists?: boolean;
  /** People who match, as that member discloses it; absent where it tells yes or no only. */
  readonly people?: DisclosedCount;
  /** It holds more matching variants than it listed, so that totals of variants may lack its part. */
  readonly moreVariants?: boolean | undefined;
}

/** Allele frequency of one variant in one group of one member, or in total; `suppressed` where disclosure control says so. */
export type DisclosedFrequency =
  | {
      readonly kind: 'shown';
      readonly counts: AlleleCounts;
      readonly alleleFrequency: number;
      /** Numbers of people that are withheld beside a frequency that is shown: 0 stands for them in `counts`. */
      readonly withheld?: readonly ('hom' | 'het' | 'hemi')[] | undefined;
    }
  | { readonly kind: 'suppressed' };

/** One variant’s allele frequencies, member by member and in total; `position` is 0-based. */
export interface VariantFrequencies {
  readonly variant: {
    readonly assembly: Assembly;
    readonly contig: string;
    readonly position: number;
    readonly ref: string;
    readonly alt: string;
  };
  /** By member id; members that hold nothing on the variant are left out. */
  readonly byMember: readonly {
    readonly member: string;
    readonly country: string;
    readonly population: string;
    readonly frequency: DisclosedFrequency;
  }[];
  /** Merged over the members that show it for all their people; each is in a total once. */
  readonly total: DisclosedFrequency;
}

/** What a hub answers: who said what, and all together. */
export interface NetworkAnswer {
  readonly question: NetworkQuestion;
  readonly deadlineMs: number;
  readonly elapsedMs: number;
  readonly members: readonly MemberAnswer[];
  readonly total: {
    readonly exists: boolean;
    /** Sum of what members show. */
    readonly people: DisclosedCount;
    readonly answered: number;
    /** Members that answered but suppressed their number: the sum is a lower bound where this is not 0. */
    readonly suppressed: number;
    /** Members that answered yes or no without a number: likewise. */
    readonly withoutCount?: number | undefined;
  };
  /** Most frequent first; empty for questions about people only. */
  readonly variants: readonly VariantFrequencies[];
  /**
   * Of whom `variants` are the frequencies, where a variant was asked for: of everyone, filters or not, so that what
   * Beacons of others might have answered within filters is never mixed in.
   */
  readonly variantsOf?: 'everyone' | 'selection' | undefined;
  /** Variants that are not listed because there are too many. */
  readonly variantsOmitted?: number | undefined;
}

/** `GET /api/network` */
export interface NetworkOverview {
  readonly name: string;
  readonly members: readonly {
    readonly id: string;
    readonly name: string;
    readonly country: string;
    readonly url: string;
    readonly state: MemberState;
    readonly genomes?: DisclosedCount;
    readonly datasets?: number;
  }[];
  readonly progress: { readonly genomes: number; readonly target: number };
  /** Questions to begin with, worded by whoever runs the hub. */
  readonly examples?: readonly NetworkExample[] | undefined;
}

/** A question and its wording. */
export interface NetworkExample {
  readonly label: string;
  readonly question: NetworkQuestion;
}

/** `GET /api/network/terms?q=…&limit=…`: terms that at least one member can be asked about. */
export interface NetworkTerm {
  readonly id: string;
  readonly label: string;
  readonly type: string;
}

/** `GET /api/network/genes?q=…&limit=…`; 0-based, half-open. */
export interface NetworkGene {
  readonly symbol: string;
  readonly assembly: Assembly;
  readonly contig: string;
  readonly start: number;
  readonly end: number;
}
