import type { AccessLevel, Asker } from '../access/level.ts';
import type { DisclosedCount, DisclosurePolicy } from '../disclosure/policy.ts';
import type { Assembly } from '../genome/assembly.ts';
import type { AlleleCounts } from '../variants/allele-counts.ts';
import type { Variant } from '../variants/variant.ts';
import type { DiscoveryQuestion, Granularity, Pagination } from './question.ts';

/** What a Beacon says of itself. Holds nothing that disclosure control would have to look at again. */
export interface BeaconDescription {
  /** Reverse domain name, e.g. `ee.federome.node`. */
  readonly id: string;
  readonly name: string;
  readonly role: 'node' | 'hub';
  /** ISO 3166-1 alpha-2. */
  readonly country: string;
  readonly description: string;
  readonly genomes: DisclosedCount;
  readonly datasets: number;
  readonly assemblies: readonly Assembly[];
  readonly disclosure: DisclosurePolicy;
}

export interface DatasetDescription {
  readonly id: string;
  readonly title: string;
  readonly description?: string;
  /** ISO 8601 instant; another operator's Beacon need not say. */
  readonly createdAt?: string;
  /** Likewise. */
  readonly assembly?: Assembly;
  /** DUO codes with the version of the ontology, where it is loaded. */
  readonly duo: readonly { readonly id: string; readonly label?: string; readonly version?: string }[];
  readonly individuals: DisclosedCount;
  /** Only of a hub: whose dataset it is. */
  readonly country?: string;
  readonly beaconId?: string;
}

/** Something that may be asked for; never with the number of people who have it. */
export interface FilteringTermDescription {
  readonly id: string;
  readonly label?: string;
  /** `ontologyTerm`, `alphanumeric` or `custom`. */
  readonly type: string;
  readonly values?: readonly string[];
}

export interface OntologyResource {
  readonly id: string;
  readonly version?: string;
  readonly nameSpacePrefix?: string;
}

export interface FilteringTermsAnswer {
  readonly terms: readonly FilteringTermDescription[];
  readonly resources: readonly OntologyResource[];
  /** Before pagination. */
  readonly total: number;
}

/** How often an allele occurs in one population, as it may be shown. */
export interface PopulationFrequency {
  /** `Total`, a country (`EE`), or a country and a sex (`EE_F`). */
  readonly population: string;
  /** `hom`, `het` and `hemi` are left out where one of them is too small. */
  readonly counts: Pick<AlleleCounts, 'ac' | 'an'> & Partial<Pick<AlleleCounts, 'hom' | 'het' | 'hemi'>>;
}

export interface VariantRecord {
  readonly assembly: Assembly;
  readonly variant: Variant;
  readonly frequencies: readonly PopulationFrequency[];
  /** Populations whose frequency is withheld. */
  readonly withheld: readonly string[];
  /** Names it has elsewhere, e.g. `rs73885319`. */
  readonly ids: readonly string[];
  /** Where the frequencies come from, for `frequencyInPopulations[].source`. */
  readonly source: string;
}

/** What one dataset answers. `count` is of people, or of variants each of which enough people carry. */
export interface ResultSet {
  readonly id: string;
  readonly count: DisclosedCount;
  /** One page; empty unless records were asked for and may be given. */
  readonly records: readonly VariantRecord[];
  readonly country?: string;
  /** Only of a hub. */
  readonly beaconId?: string;
}

/** How far whoever asked was let in, and by which visas. */
export interface AnswerAccess {
  readonly level: AccessLevel;
  readonly permits: readonly string[];
}

export interface DiscoveryAnswer {
  /** What was answered, which may be less than what was asked. */
  readonly granularity: Granularity;
  /** Every dataset that was asked, hit or not; the presentation leaves out what the question does not want listed. */
  readonly sets: readonly ResultSet[];
  /** At which it was given: the least of the datasets', so that one answer has one granularity. */
  readonly access: AnswerAccess;
  /** The sum of what the sets show. */
  readonly total: DisclosedCount;
  /** The strictest policy that was applied. */
  readonly policy: DisclosurePolicy;
  /** How a condition was understood where it was not taken literally. */
  readonly notices: readonly string[];
  /** More for `info` of the answer, e.g. the members' states of a hub. */
  readonly info?: Readonly<Record<string, unknown>>;
}

/**
 * Where a Beacon's answers come from: a node's own data, or a hub's members. The presentation (parsing, envelope,
 * schemas, errors) is the same for both. Whatever is returned has passed consent and disclosure control already, for
 * whoever asks.
 * A question that cannot be answered is a `CodedError` whose `publicMessage` says why.
 */
export interface DiscoveryAnswers {
  describe(): Promise<BeaconDescription>;
  datasets(): Promise<readonly DatasetDescription[]>;
  filteringTerms(request: {
    readonly dataset?: string;
    readonly pagination: Pagination;
  }): Promise<FilteringTermsAnswer>;
  /** People who match. Never records. */
  individuals(question: DiscoveryQuestion, asker: Asker): Promise<DiscoveryAnswer>;
  /** Variants that match, among the people who match. */
  variants(question: DiscoveryQuestion, asker: Asker): Promise<DiscoveryAnswer>;
}

/** The sum of what is shown; suppressed where nothing is. */
export function sumDisclosed(counts: readonly DisclosedCount[], below: number): DisclosedCount {
  let value: number | undefined;
  for (const count of counts) if (count.kind === 'shown') value = (value ?? 0) + count.value;
  return value === undefined ? { kind: 'suppressed', below } : { kind: 'shown', value };
}
