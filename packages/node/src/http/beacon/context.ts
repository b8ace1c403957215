import type { FastifyRequest } from 'fastify';
import type { RequestSummary } from './request/request.ts';
import type { EntryType } from './response/schemas.ts';

/** What is known of a request by the time it is refused: error responses carry `meta` like all others. */
export interface RequestContext {
  readonly summary: RequestSummary;
  readonly entryType: EntryType | undefined;
}

const CONTEXTS = new WeakMap<FastifyRequest, RequestContext>();

export function remember(request: FastifyRequest, context: RequestContext): void {
  CONTEXTS.set(request, context);
}

/** `undefined` for a request that was not understood. */
export function contextOf(request: FastifyRequest): RequestContext | undefined {
  return CONTEXTS.get(request);
}
