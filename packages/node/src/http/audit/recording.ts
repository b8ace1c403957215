import {
  type AnswerAccess,
  type AuditNote,
  type AuditOperation,
  type AuditWho,
  auditWho,
  CodedError,
  type DisclosedCount,
  type DiscoveryAnswer,
  type DiscoveryQuestion,
  type Identity,
  sizeClass,
} from '@federome/core';
import type { FastifyInstance, FastifyRequest, onSendHookHandler, RouteHandlerMethod } from 'fastify';
import type { AuditService } from '../../services/audit/audit-service.ts';
import { askerOf } from '../requester.ts';
import { operationOf } from './operations.ts';

/** What a request is for the audit, until it is recorded. */
interface Inquiry {
  readonly operation: AuditOperation;
  told: Told | undefined;
  who: AuditWho | undefined;
  recorded: boolean;
}

/** How far somebody was let in, and how much they were told. */
export interface Told {
  /** Kept nowhere: the audit learns how many conditions it has, and whether it was put before. */
  readonly question: { readonly filters?: readonly unknown[] | undefined; readonly variant?: unknown };
  readonly datasets: readonly string[];
  readonly access: AnswerAccess;
  readonly total: DisclosedCount;
  readonly records: number;
  /** Below which people are withheld. */
  readonly threshold: number;
}

type Recorder = Pick<AuditService, 'recordQuestion' | 'shapeOf'>;
type Facts = Pick<AuditNote, 'operation' | 'datasets' | 'level' | 'permits' | 'answer' | 'shape'>;

const INQUIRIES = new WeakMap<FastifyRequest, Inquiry>();

/**
 * Records every question of the routes that are added later: its answer before it leaves, its refusal wherever that came
 * from (a body that is no JSON, too many requests, the service). Once each.
 */
export function recordQuestions(server: FastifyInstance, audit: Recorder): void {
  server.addHook('onRoute', (route) => {
    const operation = operationOf(route.url);
    if (operation === undefined) return;
    const { handler } = route;
    // A login answers with a redirect, which leaves from within its handler.
    if (operation === 'login' || operation === 'logout')
      route.onSend = [onLeaving(audit), ...hooksOf(route.onSend)];
    else route.handler = recording(handler, audit);
    route.onRequest = [
      (request, _reply, done) => {
        INQUIRIES.set(request, { operation, told: undefined, who: undefined, recorded: false });
        done();
      },
      ...hooksOf(route.onRequest),
    ];
  });
  server.addHook('onError', async (request, reply, error) => {
    const inquiry = INQUIRIES.get(request);
    if (inquiry === undefined || inquiry.recorded) return;
    inquiry.recorded = true;
    // A refusal that could not be recorded tells nothing: it leaves, and the audit says that there was one.
    await audit
      .recordQuestion(noteOf(request, inquiry, reply.elapsedTime, audit, codeOf(error)))
      .catch(() => {});
  });
}

/** What an answer told, for the audit; the last one of a request counts. */
export function noteTold(request: FastifyRequest, told: Told): void {
  const inquiry = INQUIRIES.get(request);
  if (inquiry !== undefined) inquiry.told = told;
}

/** Who somebody turned out to be, where a request establishes it itself. */
export function noteWho(request: FastifyRequest, identity: Identity): void {
  const inquiry = INQUIRIES.get(request);
  const { issuer, subject } = identity;
  if (inquiry !== undefined) inquiry.who = { kind: 'person', issuer, subject };
}

/** As `noteTold`, of a Beacon's answer. */
export function noteAnswer(
  request: FastifyRequest,
  question: DiscoveryQuestion,
  answer: DiscoveryAnswer,
): void {
  const { sets, access, total, policy } = answer;
  noteTold(request, {
    question,
    datasets: sets.map(({ id }) => id),
    access,
    total,
    records: sets.reduce((sum, set) => sum + set.records.length, 0),
    threshold: policy.countThreshold,
  });
}

function hooksOf<Hook>(hooks: Hook | Hook[] | undefined): Hook[] {
  return hooks === undefined ? [] : Array.isArray(hooks) ? hooks : [hooks];
}

function onLeaving(audit: Recorder): onSendHookHandler {
  return async (request, reply, payload) => {
    const inquiry = INQUIRIES.get(request);
    if (inquiry !== undefined && !inquiry.recorded) {
      inquiry.recorded = true;
      await audit.recordQuestion(noteOf(request, inquiry, reply.elapsedTime, audit, undefined));
    }
    return payload;
  };
}

function recording(handler: RouteHandlerMethod, audit: Recorder): RouteHandlerMethod {
  return async function (request, reply) {
    const payload: unknown = await handler.call(this, request, reply);
    const inquiry = INQUIRIES.get(request);
    // A HEAD route that follows from a GET route wraps its handler once more.
    if (inquiry !== undefined && !inquiry.recorded) {
      inquiry.recorded = true;
      await audit.recordQuestion(noteOf(request, inquiry, reply.elapsedTime, audit, undefined));
    }
    return payload;
  };
}

function noteOf(
  request: FastifyRequest,
  inquiry: Inquiry,
  elapsedMs: number,
  audit: Recorder,
  code: string | undefined,
): AuditNote {
  const { requester, purpose } = askerOf(request);
  const who = inquiry.who ?? auditWho(requester);
  const facts = code === undefined ? factsOf(inquiry, who, audit) : { operation: inquiry.operation };
  return {
    ...facts,
    who,
    ...(purpose !== undefined && { purpose }),
    decision: code === undefined ? 'answered' : 'refused',
    ...(code !== undefined && { code }),
    durationMs: Math.round(elapsedMs),
  };
}

/** What of a question and its answer the audit keeps: which kind, which datasets, how far open, how large. */
function factsOf({ operation, told }: Inquiry, who: AuditWho, audit: Recorder): Facts {
  if (told === undefined) return { operation };
  const { question, datasets, access, total, records, threshold } = told;
  const count = total.kind === 'shown' ? total.value : 0;
  const suppressed = total.kind === 'suppressed';
  return {
    operation: kindOf(operation, told),
    datasets,
    ...access,
    answer: { count: sizeClass(count), records: sizeClass(records), suppressed },
    shape: audit.shapeOf(who, question, suppressed || count < 2 * threshold),
  };
}

/** As precisely as the answer tells: people by filters or by a variant, a variant's presence or its frequencies. */
function kindOf(operation: AuditOperation, { question, records }: Told): AuditOperation {
  if (operation === 'individuals-by-filter' && question.variant !== undefined)
    return 'individuals-by-variant';
  const isWhole = (question.filters?.length ?? 0) === 0;
  return operation === 'variants' && records > 0 && isWhole ? 'variant-frequencies' : operation;
}

function codeOf(error: Error): string {
  if (error instanceof CodedError) return error.code;
  const status = 'statusCode' in error && typeof error.statusCode === 'number' ? error.statusCode : 500;
  if (status === 429) return 'node/too-many-requests';
  if (status === 413) return 'node/request-too-large';
  return status >= 400 && status < 500 ? 'node/bad-request' : 'node/internal';
}
