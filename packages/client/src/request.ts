import type { BeaconQuery } from './beacon.ts';
import type { BeaconFilter } from './network.ts';

export const REQUEST_API_VERSION = '2.1.1';

/**
 * How the variant's parameters lie in `requestParameters`: the specification nests them by entry type
 * (`{ g_variant: { … } }`), many deployed Beacons want them flat.
 */
export type ParameterStyle = 'nested' | 'flat';

/** The body of a POST, Beacon v2 `beaconRequestBody`. */
export function requestBody(query: BeaconQuery, style: ParameterStyle): unknown {
  const { variant, filters, granularity, includeResultsetResponses, pagination } = query;
  return {
    meta: { apiVersion: REQUEST_API_VERSION },
    query: {
      ...(variant && { requestParameters: style === 'nested' ? { g_variant: variant } : variant }),
      ...(filters && { filters }),
      ...(includeResultsetResponses && { includeResultsetResponses }),
      ...(pagination && { pagination }),
      requestedGranularity: granularity ?? 'boolean',
    },
  };
}

/** The same as the parameters of a GET: lists comma-joined, filters by id (`age:>P70Y`), everything else flat. */
export function requestSearch(query: BeaconQuery): URLSearchParams {
  const search = new URLSearchParams();
  const { variant = {}, filters = [], granularity, includeResultsetResponses, pagination } = query;
  for (const [key, value] of Object.entries(variant)) {
    if (value !== undefined) search.set(key, Array.isArray(value) ? value.join(',') : String(value));
  }
  if (filters.length > 0) search.set('filters', filters.map(filterText).join(','));
  search.set('requestedGranularity', granularity ?? 'boolean');
  if (includeResultsetResponses) search.set('includeResultsetResponses', includeResultsetResponses);
  if (pagination) {
    search.set('skip', String(pagination.skip));
    search.set('limit', String(pagination.limit));
  }
  return search;
}

function filterText(filter: BeaconFilter): string {
  if (filter.operator !== undefined) return `${filter.id}:${filter.operator}${filter.value ?? ''}`;
  return filter.value === undefined ? filter.id : `${filter.id}:=${filter.value}`;
}
