import { CodedError } from '@federome/core';
import { NodeError } from '../../errors.ts';
import { EMPTY_SUMMARY, type RequestSummary } from './request/request.ts';
import { responseMeta } from './response/results.ts';
import type { EntryType } from './response/schemas.ts';

/** What each refusal is in HTTP; a code that is not here is our fault, and is not explained to whoever asked. */
const STATUS: Readonly<Record<string, number>> = {
  'node/bad-request': 400,
  'node/bad-filter': 400,
  'node/unknown-term': 400,
  'node/unknown-gene': 400,
  'node/not-annotated': 400,
  'node/assembly-mismatch': 400,
  'node/ambiguous-assembly': 400,
  'node/members-refused': 400,
  'node/unsigned': 401,
  'node/bad-signature': 401,
  'node/unknown-key': 401,
  'node/wrong-clock': 401,
  'node/tampered': 401,
  'node/replayed': 401,
  'node/ambiguous-authentication': 400,
  'node/unauthenticated': 401,
  'node/bad-passport': 401,
  'node/forbidden': 403,
  'node/cross-site': 403,
  'node/unknown-member': 403,
  'node/unknown-dataset': 404,
  'node/not-found': 404,
  'node/request-too-large': 413,
  'node/too-many-requests': 429,
  'node/overloaded': 503,
  'node/evidence-unavailable': 503,
  'node/no-directory': 503,
  'node/directory-expired': 503,
  'node/no-member-answered': 503,
  'node/audit-unavailable': 503,
};

/** A refusal as it leaves: its status, its stable code, and a sentence for whoever asked. */
export interface Refusal {
  readonly status: number;
  readonly code: string;
  readonly message: string;
}

/** What an error means for whoever asked. `internal` ones are for the log only. */
export function refusalOf(error: unknown): Refusal & { readonly internal: boolean } {
  const known = error instanceof CodedError ? error : ofFastify(error);
  const status = known === undefined ? undefined : STATUS[known.code];
  if (known === undefined || status === undefined) {
    return { status: 500, code: 'node/internal', message: 'the node could not answer', internal: true };
  }
  return { status, code: known.code, message: known.publicMessage, internal: false };
}

/** Refusals of the HTTP server itself, by its own codes or by status. */
function ofFastify(error: unknown): NodeError | undefined {
  if (!(error instanceof Error)) return undefined;
  const code = 'code' in error && typeof error.code === 'string' ? error.code : '';
  const status = 'statusCode' in error && typeof error.statusCode === 'number' ? error.statusCode : 500;
  if (code === 'FST_ERR_CTP_BODY_TOO_LARGE' || status === 413) {
    return new NodeError('node/request-too-large', 'the body is larger than 1 MB');
  }
  if (status === 429) return new NodeError('node/too-many-requests', 'too many requests: try again later');
  if (status === 415) return new NodeError('node/bad-request', 'content-type: expected application/json');
  if (status === 404) return new NodeError('node/not-found', 'there is no such endpoint');
  if (status === 503) return new NodeError('node/overloaded', 'the node is busy: try again later');
  if (status >= 400 && status < 500) return new NodeError('node/bad-request', 'the body: expected JSON');
  return undefined;
}

/** Beacon's error response; the stable code lies in `info`, which the specification leaves to implementations. */
export function errorResponse(
  beaconId: string,
  refusal: Refusal,
  entryType?: EntryType,
  summary: RequestSummary = EMPTY_SUMMARY,
) {
  return {
    meta: responseMeta(beaconId, entryType, 'boolean', summary),
    error: { errorCode: refusal.status, errorMessage: refusal.message },
    info: { code: refusal.code },
  };
}
