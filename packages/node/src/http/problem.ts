import { CodedError } from '@federome/core';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { challengeOf } from './requester.ts';

/** RFC 9457. `code` is the stable code of the error. */
export interface Problem {
  readonly type: string;
  readonly title: string;
  readonly status: number;
  readonly detail: string;
  readonly code: string;
}

/** The status of each refusal of Federome's own APIs; whatever is not listed is a fault of the server. */
const STATUS: Readonly<Record<string, readonly [status: number, title: string]>> = {
  'node/bad-request': [400, 'The request is not well-formed'],
  'node/request-too-large': [413, 'The request is too large'],
  'node/ambiguous-authentication': [400, 'The request says in several ways who asks'],
  'node/unauthenticated': [401, 'Who asks is not known'],
  'node/audit-unavailable': [503, 'The answer cannot be recorded'],
  'node/forbidden': [403, 'Not allowed'],
  'node/not-found': [404, 'There is nothing here'],
  'node/too-many-requests': [429, 'Too many requests'],
  'node/overloaded': [503, 'Too many requests at a time'],
  'node/cross-site': [403, 'The request comes from elsewhere'],
  'node/bad-login': [400, 'The login does not hold'],
  'node/provider-unavailable': [503, 'The identity provider is not to be reached'],
  'node/bad-code': [403, 'The code is no use'],
  'node/unknown-person': [404, 'Nobody is known by that'],
  'node/last-operator': [409, 'Somebody must remain operator'],
  'node/unsigned': [401, 'A signature is needed'],
  'node/bad-signature': [401, 'The signature does not hold'],
  'node/unknown-key': [401, "The key is no member's"],
  'node/wrong-clock': [401, 'Signed at another time'],
  'node/tampered': [401, 'The request was changed'],
  'node/replayed': [401, 'The request came before'],
  'node/nodes-only': [403, 'For nodes only'],
  'node/unknown-receipt': [404, 'There is no such receipt'],
  'node/evidence-unavailable': [503, 'Evidence cannot be stored'],
  'node/no-directory': [503, 'There is no directory of members here'],
  'node/directory-expired': [503, 'The directory of members has expired'],
  'node/directory-unreachable': [503, 'Other members are not to be reached'],
  'node/directory-forked': [409, 'There are two versions of one number'],
  'node/directory-rolled-back': [409, 'The version was followed by others'],
  'node/directory-behind': [409, 'Another version is the latest here'],
  'node/directory-early': [422, 'A clock is wrong'],
  'node/unknown-proposal': [404, 'No such proposal is open'],
  'node/bad-invitation': [403, 'The join token is no use'],
  'node/wrong-role': [403, 'Not what this server does'],
  'node/bad-passport': [401, 'The passport is refused'],
  'node/bad-grant': [422, 'The grant is no grant'],
  'node/unknown-grant': [404, 'There is no such grant'],
  'node/ledger-unavailable': [503, 'The ledger is not available'],
  'node/unknown-entry': [404, 'There is no such entry'],
  'core/bad-directory': [422, 'The directory would contradict itself'],
  'core/directory-under-signed': [422, 'Too few nodes signed the version'],
  'core/bad-proposal': [422, 'The proposal has no effect'],
  'core/bad-promise': [422, 'The version has not been promised'],
};

/** What an error is to whoever asked: its public message, never its internals. */
export function problemOf(error: unknown): Problem {
  if (error instanceof CodedError) {
    const [status, title] = STATUS[error.code] ?? [500, 'The server failed'];
    return { type: typeOf(error.code), title, status, detail: error.publicMessage, code: error.code };
  }
  const status = statusOf(error);
  if (status === 413) return named('node/request-too-large', 'the body is larger than it may be here');
  if (status === 429) {
    return named('node/too-many-requests', 'you ask more often than this server allows; try again later');
  }
  if (status >= 400 && status < 500) {
    return { ...named('node/bad-request', 'expected a JSON body of type application/json'), status };
  }
  const detail = 'an unexpected error; the operator finds it in the log';
  return {
    type: typeOf('node/internal'),
    title: 'The server failed',
    status: 500,
    detail,
    code: 'node/internal',
  };
}

/** Sends any error of Federome's own APIs as a problem document; what is unexpected is logged, without what was asked. */
export function sendProblem(error: unknown, request: FastifyRequest, reply: FastifyReply): FastifyReply {
  const problem = problemOf(error);
  if (problem.status === 500)
    request.log.error({ code: problem.code, stack: stackOf(error) }, 'unexpected error');
  if (problem.status === 503) reply.header('retry-after', '1');
  const challenge = challengeOf(problem.status, problem.code);
  if (challenge !== undefined) reply.header('www-authenticate', challenge);
  return reply.code(problem.status).type('application/problem+json').send(problem);
}

function named(code: string, detail: string): Problem {
  const [status, title] = STATUS[code] ?? [500, 'The server failed'];
  return { type: typeOf(code), title, status, detail, code };
}

function typeOf(code: string): string {
  return `urn:federome:problem:${code}`;
}

function statusOf(error: unknown): number {
  const status = error instanceof Error && 'statusCode' in error ? error.statusCode : undefined;
  return typeof status === 'number' ? status : 500;
}

/** Where it happened; the message may quote what was asked. */
function stackOf(error: unknown): string | undefined {
  const frames =
    error instanceof Error ? error.stack?.split('\n').filter((line) => /^\s+at /.test(line)) : undefined;
  return frames?.join('\n');
}
