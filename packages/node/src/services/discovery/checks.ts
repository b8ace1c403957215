import {
  type Access,
  type AccessLevel,
  type AnswerAccess,
  type Asker,
  type Assembly,
  accessTo,
  allOf,
  type CohortExpression,
  type ConsentScope,
  contigLengthBp,
  type DisclosurePolicy,
  type DiscoveryQuestion,
  GRANULARITIES,
  type Granularity,
  greaterLevel,
  lesserLevel,
  namedSet,
  PURPOSES,
  type SelectionAnswer,
  selectionAnswer,
  selectsPeople,
  type VariantQuestion,
} from '@federome/core';
import { NodeError } from '../../errors.ts';
import type { Dataset } from '../../stores/records/records.ts';
import { placeOn, type Search } from './places.ts';
import type { DiscoveryPorts } from './ports.ts';

/** A dataset that a question is put to, and where in its genome. */
export interface Asked {
  readonly dataset: Dataset;
  /** `undefined` where the question names no variant. */
  readonly search: Search | undefined;
}

/** The datasets that a question names, or all. Throws `node/unknown-dataset`. */
export async function knownDatasets(
  question: Pick<DiscoveryQuestion, 'datasets'>,
  datasets: DiscoveryPorts['datasets'],
): Promise<readonly Dataset[]> {
  const all = await datasets.list();
  if (question.datasets === undefined) return all;
  return [...new Set(question.datasets)].map((id) => {
    const dataset = all.find((each) => each.id === id);
    if (dataset === undefined)
      throw new NodeError('node/unknown-dataset', 'there is no dataset of that id here');
    return dataset;
  });
}

/**
 * The datasets whose assembly the question is about, with the place on it. A position that names no assembly and no
 * accession is ambiguous only where datasets of both assemblies are asked. Throws `node/assembly-mismatch`,
 * `node/ambiguous-assembly`, `node/unknown-gene`, `node/bad-request`.
 */
export async function placesIn(
  datasets: readonly Dataset[],
  variant: VariantQuestion | undefined,
  genes: DiscoveryPorts['genes'],
): Promise<readonly Asked[]> {
  if (variant === undefined) return datasets.map((dataset) => ({ dataset, search: undefined }));
  const assemblies = [...new Set(datasets.map(({ assembly }) => assembly))];
  const searches = new Map<Assembly, Search>();
  let refusal: NodeError | undefined;
  for (const assembly of variant.assembly === undefined ? assemblies : [variant.assembly]) {
    try {
      const place = await placeOn(assembly, variant, genes);
      if ('interval' in place) searches.set(assembly, withinContig(assembly, place));
      else if (variant.assembly !== undefined) throw contradiction(variant.assembly, place.otherAssembly);
    } catch (error) {
      if (!(error instanceof NodeError) || error.code !== 'node/unknown-gene') throw error;
      refusal = error;
    }
  }
  if (searches.size === 0 && refusal !== undefined) throw refusal;
  const found = datasets.flatMap((dataset) => {
    const search = searches.get(dataset.assembly);
    return search === undefined ? [] : [{ dataset, search }];
  });
  if (found.length === 0 && datasets.length > 0) throw noSuchAssembly(assemblies);
  if (isAmbiguous(variant, [...searches.values()])) throw ambiguous();
  return found;
}

function isAmbiguous(variant: VariantQuestion, searches: readonly Search[]): boolean {
  if (searches.length < 2 || variant.kind === 'gene') return false;
  // The mitochondrial genome is the same sequence in both assemblies.
  return searches.some(({ interval }) => interval.contig !== 'MT');
}

function withinContig(assembly: Assembly, search: Search): Search {
  const { contig, start } = search.interval;
  const length = contigLengthBp(assembly, contig);
  if (length !== undefined && start >= length) {
    throw new NodeError('node/bad-request', `start: contig ${contig} of ${assembly} has ${length} bases`);
  }
  return search;
}

function contradiction(stated: Assembly, named: Assembly): NodeError {
  return new NodeError(
    'node/assembly-mismatch',
    `assemblyId is ${stated}, but the accession is of ${named}: which is meant?`,
  );
}

function noSuchAssembly(assemblies: readonly Assembly[]): NodeError {
  return new NodeError(
    'node/assembly-mismatch',
    `what is asked for is of another assembly than the data here (${assemblies.join(', ')})`,
  );
}

function ambiguous(): NodeError {
  return new NodeError(
    'node/ambiguous-assembly',
    'assemblyId: GRCh37 or GRCh38? Datasets of both are here, and the position means another place in each',
  );
}

/**
 * How far whoever asks is let into what is asked: into each dataset by its own permits, and into all together as far as
 * into the least, because an answer has one granularity. `notices` say what would open more.
 */
export function accessOf(
  asked: readonly Asked[],
  asker: Asker,
  ports: Pick<DiscoveryPorts, 'datasetUrl' | 'now'>,
): AnswerAccess & { readonly notices: readonly string[] } {
  const now = ports.now();
  const each = asked.map(({ dataset }) => accessTo(ports.datasetUrl(dataset.id), asker, now));
  const levels = each.map(({ level }) => level);
  const level = levels.length === 0 ? 'public' : levels.reduce(lesserLevel);
  const most = levels.reduce<AccessLevel>(greaterLevel, level);
  const permits = level === 'public' ? [] : [...new Set(each.flatMap((access) => access.permits))];
  return { level, permits, notices: accessNotices(each, level !== most) };
}

function accessNotices(each: readonly Access[], isMixed: boolean): readonly string[] {
  const lacksPurpose = each.some((access) => access.lacksPurpose);
  return [
    ...(lacksPurpose ? [`a grant counts only with a stated purpose: ${PURPOSES.join(', ')}`] : []),
    ...(isMixed
      ? ['answered as far as the least open dataset allows: ask for fewer datasets at a time']
      : []),
  ];
}

/**
 * What may be answered: at most what was asked, never records of people, never more than the node's policy allows whoever
 * is let in that far, and of variants within filters as `selectionAnswer` says.
 */
export function allowedAnswer(
  question: DiscoveryQuestion,
  about: 'people' | 'variants',
  policy: DisclosurePolicy,
  level: AccessLevel,
): SelectionAnswer {
  const most = mostOf(level, policy);
  if (most === 'boolean') return { granularity: 'boolean', notices: [] };
  if (about === 'people') {
    return { granularity: question.granularity === 'boolean' ? 'boolean' : 'count', notices: [] };
  }
  const allowed = selectionAnswer(question);
  // Every variant of everyone is a release of the whole data, not an answer.
  if (question.variant === undefined) return { ...allowed, granularity: 'boolean' };
  return { ...allowed, granularity: lesser(allowed.granularity, most) };
}

/** The most that a level may be told: where the public gets yes and no, registered users get counts. */
function mostOf(level: AccessLevel, { publicGranularity }: DisclosurePolicy): Granularity {
  if (publicGranularity === 'count' || level === 'controlled') return 'record';
  return level === 'registered' ? 'count' : 'boolean';
}

function lesser(a: Granularity, b: Granularity): Granularity {
  return GRANULARITIES.indexOf(a) <= GRANULARITIES.indexOf(b) ? a : b;
}

/** The consents that an answer needs of everyone who is in it (docs/decisions/0003-consent-and-silence.md). */
export function consentsNeeded(
  question: DiscoveryQuestion,
  about: 'people' | 'variants',
): readonly ConsentScope[] {
  if (about === 'people') return ['subject-level-query'];
  return selectsPeople(question) ? ['allele-frequency', 'subject-level-query'] : ['allele-frequency'];
}

/** Whoever is selected and consents. */
export function consenting(cohort: CohortExpression, scopes: readonly ConsentScope[]): CohortExpression {
  return allOf(cohort, ...scopes.map((scope) => namedSet({ kind: 'consent', scope })));
}
