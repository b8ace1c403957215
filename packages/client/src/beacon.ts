import type { Assembly, DisclosurePolicy } from '@federome/core';
import type { BeaconFilter, MemberState, VariantParameters } from './network.ts';

/**
 * What Federome's Beacons say beyond the specification. All of it lies in `info` objects and in additional properties,
 * which the specification leaves to implementations, so that any other client can ignore it.
 */

/** Says of a count that it was withheld or rounded. `shown` is for people: `<10`. */
export interface DisclosureMark {
  readonly suppressed: boolean;
  readonly shown?: string | undefined;
  /** Smaller counts, zero included, are withheld. */
  readonly threshold: number;
  /** Counts that are shown are multiples of this. */
  readonly roundedTo: number;
}

/**
 * `info` of every answer of `/individuals` and `/g_variants` (whatever the granularity), and of every result set. A
 * suppressed count is written as `exists: false`, `numTotalResults` or `resultsCount: 0`, and a mark with
 * `suppressed: true`.
 */
export interface AnswerInfo {
  readonly disclosure?: DisclosureMark | undefined;
  /** ISO 3166-1 alpha-2 of the node that answers; a hub refuses an answer that contradicts its directory. */
  readonly country?: string | undefined;
  /** Only of a hub: how each member fared. */
  readonly members?: readonly MemberStatement[] | undefined;
  /** Where less is answered than was asked for, or a condition was not taken literally: why, in sentences. */
  readonly notices?: readonly string[] | undefined;
}

/** A member's part in a hub's Beacon answer. */
export interface MemberStatement {
  readonly id: string;
  readonly name: string;
  readonly country: string;
  readonly state: MemberState;
  readonly reason?: { readonly code: string; readonly message: string } | undefined;
  readonly elapsedMs: number;
  /** Of a member that answered. */
  readonly exists?: boolean | undefined;
}

/** `response.info` of `/info` (and `/`). */
export interface BeaconInfoExtension {
  readonly role: 'node' | 'hub';
  /** ISO 3166-1 alpha-2; of a hub, where it is run. */
  readonly country: string;
  /** People with a genome, as disclosure control shows them; `suppressed` with 0 below the threshold. */
  readonly genomes: { readonly count: number; readonly suppressed: boolean; readonly threshold: number };
  readonly datasets: number;
  readonly assemblies: readonly Assembly[];
  readonly disclosure: DisclosurePolicy;
}

/** `info` of a dataset in `/datasets`. */
export interface DatasetInfo {
  readonly assembly: Assembly;
  readonly individuals: {
    readonly count: number;
    readonly suppressed: boolean;
    readonly threshold?: number | undefined;
  };
  /** Only of a hub: whose dataset it is. */
  readonly country?: string | undefined;
  readonly beaconId?: string | undefined;
}

/** The population that is everyone of a dataset in `frequencyInPopulations`. */
export const TOTAL_POPULATION = 'Total';

/**
 * One row of `frequencyInPopulations[].frequencies`: the specification's two fields, and those that the European user
 * portal reads beside them.
 */
export interface BeaconFrequency {
  readonly population: string;
  readonly alleleFrequency: number;
  readonly alleleCount?: number | undefined;
  readonly alleleNumber?: number | undefined;
  readonly alleleCountHomozygous?: number | undefined;
  readonly alleleCountHeterozygous?: number | undefined;
  readonly alleleCountHemizygous?: number | undefined;
}

/**
 * `info` of a g_variants record: the populations whose frequency disclosure control withholds. Rows of theirs are left
 * out of `frequencyInPopulations`; a record that may show none at all has no `frequencyInPopulations`.
 */
export interface VariantRecordInfo {
  readonly disclosure?: { readonly suppressed: boolean; readonly populations: readonly string[] } | undefined;
}

export type BeaconGranularity = 'boolean' | 'count' | 'record';

/** What is asked of `/individuals` and `/g_variants`. */
export interface BeaconQuery {
  /** Flat parameters with Beacon's names. */
  readonly variant?: VariantParameters | Readonly<Record<string, unknown>> | undefined;
  readonly filters?: readonly BeaconFilter[] | undefined;
  readonly granularity?: BeaconGranularity | undefined;
  readonly includeResultsetResponses?: 'HIT' | 'MISS' | 'ALL' | 'NONE' | undefined;
  /** `skip` counts pages. */
  readonly pagination?: { readonly skip: number; readonly limit: number } | undefined;
}
