import type { AuditOperation } from '@federome/core';

/** What each route that gives data asks for, and where people log in and out. A route of data that is not here is not audited: a test lists them all. */
const OPERATIONS: Readonly<Record<string, AuditOperation>> = {
  '/datasets': 'datasets',
  '/datasets/:id': 'datasets',
  '/datasets/:id/individuals': 'individuals-by-filter',
  '/datasets/:id/g_variants': 'variants',
  '/datasets/:id/filtering_terms': 'filtering-terms',
  '/filtering_terms': 'filtering-terms',
  '/individuals': 'individuals-by-filter',
  '/individuals/filtering_terms': 'filtering-terms',
  '/individuals/:id': 'individual-records',
  '/individuals/:id/*': 'individual-records',
  '/g_variants': 'variants',
  '/g_variants/:id': 'variants',
  '/g_variants/:id/individuals': 'individuals-by-variant',
  '/api/network/questions': 'network-question',
  '/api/network/terms': 'filtering-terms',
  '/auth/callback': 'login',
  '/auth/logout': 'logout',
};
const PORTAL_PREFIX = /^\/v2\.0\.0(?=\/)/;

/** What a route asks for; `undefined` of one that gives no data about people. */
export function operationOf(route: string): AuditOperation | undefined {
  return OPERATIONS[route.replace(PORTAL_PREFIX, '')];
}
