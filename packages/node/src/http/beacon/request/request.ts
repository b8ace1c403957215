import {
  type DiscoveryQuestion,
  GRANULARITIES,
  type Granularity,
  type Pagination,
  PURPOSES,
  type Purpose,
  RESULTSET_CHOICES,
  type ResultsetChoice,
  variantParameters,
} from '@federome/core';
import { parseFilters } from './filters.ts';
import {
  badRequest,
  expectKeys,
  isRecord,
  optionalBoolean,
  optionalWholeNumber,
  optionalWord,
  own,
  texts,
} from './values.ts';
import { flatParameters, parseVariantQuestion, VARIANT_KEYS } from './variant.ts';

export const API_VERSION = 'v2.1.1';
const DEFAULT_LIMIT = 10;
const MAX_PAGE = 1_000_000_000;
const MAX_DATASETS = 100;

type Given = Readonly<Record<string, unknown>>;

/** Beacon's `receivedRequestSummary`: the request as it was understood. */
export interface RequestSummary {
  readonly apiVersion: string;
  readonly requestedSchemas: readonly Readonly<Record<string, string>>[];
  readonly pagination: Pagination;
  readonly requestedGranularity: Granularity;
  readonly includeResultsetResponses: ResultsetChoice;
  readonly testMode: boolean;
  readonly filters?: readonly string[];
  readonly requestParameters?: { readonly g_variant: Readonly<Record<string, unknown>> };
}

/** What the summary says of a request that was not understood. */
export const EMPTY_SUMMARY: RequestSummary = {
  apiVersion: API_VERSION,
  requestedSchemas: [],
  pagination: { skip: 0, limit: DEFAULT_LIMIT },
  requestedGranularity: 'boolean',
  includeResultsetResponses: 'HIT',
  testMode: false,
};

export interface BeaconRequest {
  readonly question: DiscoveryQuestion;
  readonly summary: RequestSummary;
  /** As the question states it: `meta.purpose`, or the parameter `purpose`. */
  readonly purpose: Purpose | undefined;
}

const QUERY_KEYS = new Set([
  'filters',
  'requestParameters',
  'includeResultsetResponses',
  'pagination',
  'requestedGranularity',
  'granularity',
  'testMode',
  'datasets',
  '$schema',
]);
const BODY_KEYS = new Set([...QUERY_KEYS, 'meta', 'query']);
const SEARCH_KEYS = new Set([
  ...VARIANT_KEYS,
  'filters',
  'includeResultsetResponses',
  'requestedGranularity',
  'granularity',
  'testMode',
  'skip',
  'limit',
  'datasets',
  'datasetIds',
  'purpose',
  'apiVersion',
  'requestedSchema',
  'requestedSchemas',
]);

/**
 * The question of a POST. Parameters may be nested by entry type or flat, numbers written as text, and everything of
 * `query` may lie at the root, where the standard's own examples have it; `query` prevails. Throws `node/bad-request`,
 * `node/bad-filter`, `node/not-annotated`.
 */
export function parseBody(body: unknown): BeaconRequest {
  const root = body === undefined || body === null ? {} : body;
  if (!isRecord(root)) throw badRequest('the body', 'a JSON object');
  expectKeys(root, BODY_KEYS, 'the body');
  const query = own(root, 'query') ?? {};
  if (!isRecord(query)) throw badRequest('query', 'an object');
  expectKeys(query, QUERY_KEYS, 'query');
  const meta = own(root, 'meta') ?? {};
  if (!isRecord(meta)) throw badRequest('meta', 'an object');
  const read = (key: string) => own(query, key) ?? own(root, key);
  const pagination = read('pagination') ?? {};
  if (!isRecord(pagination)) throw badRequest('pagination', 'an object');
  const { parameters, datasets } = withoutDatasets(read('requestParameters'));
  return assemble({
    parameters: flatParameters(parameters),
    filters: read('filters'),
    granularity: read('requestedGranularity') ?? read('granularity'),
    include: read('includeResultsetResponses'),
    skip: own(pagination, 'skip'),
    limit: own(pagination, 'limit'),
    testMode: read('testMode'),
    datasets: datasets ?? read('datasets'),
    apiVersion: own(meta, 'apiVersion'),
    schemas: own(meta, 'requestedSchemas'),
    purpose: own(meta, 'purpose'),
  });
}

/** The standard's example of a whole request names datasets among the parameters: `{ datasets: { datasetIds: […] } }`. */
function withoutDatasets(requestParameters: unknown): { parameters: unknown; datasets: unknown } {
  if (!isRecord(requestParameters)) return { parameters: requestParameters, datasets: undefined };
  const { datasets: _, ...parameters } = requestParameters;
  const datasets = own(requestParameters, 'datasets');
  return { parameters, datasets: isRecord(datasets) ? own(datasets, 'datasetIds') : datasets };
}

/** The question of a GET: the same, flat, lists comma-joined. */
export function parseSearch(search: unknown): BeaconRequest {
  const given: Given = isRecord(search) ? search : {};
  expectKeys(given, SEARCH_KEYS, 'the query');
  const parameters = Object.fromEntries(Object.entries(given).filter(([key]) => VARIANT_KEYS.has(key)));
  return assemble({
    parameters,
    filters: own(given, 'filters'),
    granularity: own(given, 'requestedGranularity') ?? own(given, 'granularity'),
    include: own(given, 'includeResultsetResponses'),
    skip: own(given, 'skip'),
    limit: own(given, 'limit'),
    testMode: own(given, 'testMode'),
    datasets: own(given, 'datasets') ?? own(given, 'datasetIds'),
    apiVersion: own(given, 'apiVersion'),
    schemas: undefined,
    purpose: own(given, 'purpose'),
  });
}

function assemble(given: {
  readonly parameters: Given;
  readonly filters: unknown;
  readonly granularity: unknown;
  readonly include: unknown;
  readonly skip: unknown;
  readonly limit: unknown;
  readonly testMode: unknown;
  readonly datasets: unknown;
  readonly apiVersion: unknown;
  readonly schemas: unknown;
  readonly purpose: unknown;
}): BeaconRequest {
  const variant = parseVariantQuestion(given.parameters);
  const filters = parseFilters(given.filters);
  const datasets = texts(given.datasets, 'datasets', MAX_DATASETS);
  const question: DiscoveryQuestion = {
    ...(variant === undefined ? {} : { variant }),
    filters,
    ...(datasets.length === 0 ? {} : { datasets }),
    granularity: optionalWord(given.granularity, GRANULARITIES, 'requestedGranularity') ?? 'boolean',
    include: optionalWord(given.include, RESULTSET_CHOICES, 'includeResultsetResponses') ?? 'HIT',
    pagination: {
      skip: page(given.skip, 'skip') ?? 0,
      limit: page(given.limit, 'limit') ?? DEFAULT_LIMIT,
    },
    testMode: optionalBoolean(given.testMode, 'testMode') ?? false,
  };
  const purpose = optionalWord(given.purpose, PURPOSES, 'purpose');
  return { question, summary: summarise(question, given.apiVersion, given.schemas), purpose };
}

function page(value: unknown, name: string): number | undefined {
  const number = optionalWholeNumber(value, name);
  if (number !== undefined && number > MAX_PAGE) throw badRequest(name, `at most ${MAX_PAGE}`);
  return number;
}

function summarise(question: DiscoveryQuestion, apiVersion: unknown, schemas: unknown): RequestSummary {
  const { variant, filters } = question;
  return {
    apiVersion: typeof apiVersion === 'string' && apiVersion.length <= 30 ? apiVersion : API_VERSION,
    requestedSchemas: Array.isArray(schemas) ? schemas.slice(0, 10).flatMap(schemaReference) : [],
    pagination: question.pagination,
    requestedGranularity: question.granularity,
    includeResultsetResponses: question.include,
    testMode: question.testMode,
    ...(filters.length === 0 ? {} : { filters: filters.map(({ id }) => id) }),
    ...(variant === undefined ? {} : { requestParameters: { g_variant: variantParameters(variant) } }),
  };
}

function schemaReference(value: unknown): readonly Readonly<Record<string, string>>[] {
  if (!isRecord(value)) return [];
  const reference = Object.fromEntries(
    ['entityType', 'schema'].flatMap((key) => {
      const text = own(value, key);
      return typeof text === 'string' && text.length <= 200 ? [[key, text] as const] : [];
    }),
  );
  return Object.keys(reference).length === 0 ? [] : [reference];
}
