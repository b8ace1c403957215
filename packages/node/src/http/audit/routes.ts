import { Readable } from 'node:stream';
import { ACCESS_LEVELS, AUDIT_OPERATIONS, PURPOSES } from '@federome/core';
import type { FastifyPluginCallback, FastifyReply } from 'fastify';
import Type from 'typebox';
import { Compile } from 'typebox/compile';
import { NodeError } from '../../errors.ts';
import type { AuditReader } from '../../services/audit/audit-reader.ts';
import { AUDIT_FORMATS, type AuditFormat, formatOf, written } from '../../services/audit/formats/format.ts';
import type { AuditFilter } from '../../stores/audit/audit-store.ts';
import { sendProblem } from '../problem.ts';
import { askerOf } from '../requester.ts';

export interface AuditRoutesOptions {
  readonly reader: AuditReader;
  /** This node's id, for FHIR. */
  readonly nodeId: string;
}

const Word = Type.String({ minLength: 1, maxLength: 300 });
const Instant = Type.String({
  pattern: '^\\d{4}-\\d{2}-\\d{2}(T\\d{2}:\\d{2}(:\\d{2}(\\.\\d{1,3})?)?Z)?$',
});
const oneOf = <const Values extends readonly string[]>(values: Values) =>
  Type.Union(values.map((value) => Type.Literal<Values[number]>(value)));
const Filter = {
  from: Type.Optional(Instant),
  to: Type.Optional(Instant),
  who: Type.Optional(Word),
  kind: Type.Optional(oneOf(['anonymous', 'person', 'machine', 'member', 'operator', 'unknown'])),
  operation: Type.Optional(oneOf(AUDIT_OPERATIONS)),
  dataset: Type.Optional(Word),
  decision: Type.Optional(oneOf(['answered', 'refused'])),
  level: Type.Optional(oneOf(ACCESS_LEVELS)),
  purpose: Type.Optional(oneOf(PURPOSES)),
};
const strict = { additionalProperties: false };
const WholeNumber = Type.String({ pattern: '^[1-9]\\d{0,15}$' });
const Search = Compile(
  Type.Object({ ...Filter, cursor: Type.Optional(WholeNumber), limit: Type.Optional(WholeNumber) }, strict),
);
const Timeline = Compile(Type.Object({ ...Filter, by: Type.Optional(oneOf(['hour', 'day'])) }, strict));
const Export = Compile(Type.Object({ ...Filter, format: Type.Optional(oneOf(AUDIT_FORMATS)) }, strict));
const Anomalies = Compile(
  Type.Object({ since: Type.Optional(Instant), limit: Type.Optional(WholeNumber) }, strict),
);

const DEFAULT_LIMIT = 100;
const MAXIMUM_LIMIT = 1_000;

/**
 * `GET /api/audit` (a page of events, the latest first), `/timeline`, `/anomalies` and `/export`, for operators and
 * auditors; the service says who is one. Problems are RFC 9457.
 */
export const auditRoutes: FastifyPluginCallback<AuditRoutesOptions> = (app, { reader, nodeId }, done) => {
  app.setErrorHandler(sendProblem);
  app.addHook('onRequest', async (_, reply) => {
    reply.header('cache-control', 'no-store');
  });

  app.get('/api/audit', async (request) => {
    const { query } = request;
    if (!Search.Check(query)) throw badRequest(Search.Errors(query)[0]?.instancePath);
    const { cursor, limit, ...filter } = query;
    const size = Math.min(Number(limit ?? DEFAULT_LIMIT), MAXIMUM_LIMIT);
    const page = { limit: size, ...(cursor !== undefined && { before: Number(cursor) }) };
    const kept = await reader.search(askerOf(request), instants(filter), page);
    const last = kept.length === size ? kept.at(-1) : undefined;
    return {
      events: kept.map(({ event }) => event),
      ...(last !== undefined && { cursor: String(last.sequence) }),
    };
  });

  app.get('/api/audit/timeline', async (request) => {
    const { query } = request;
    if (!Timeline.Check(query)) throw badRequest(Timeline.Errors(query)[0]?.instancePath);
    const { by = 'day', ...filter } = query;
    return { by, buckets: await reader.timeline(askerOf(request), instants(filter), by) };
  });

  app.get('/api/audit/anomalies', async (request) => {
    const { query } = request;
    if (!Anomalies.Check(query)) throw badRequest(Anomalies.Errors(query)[0]?.instancePath);
    const limit = Math.min(Number(query.limit ?? DEFAULT_LIMIT), MAXIMUM_LIMIT);
    const since = query.since === undefined ? undefined : instant(query.since);
    return { anomalies: await reader.anomalies(askerOf(request), { limit, since }) };
  });

  app.get('/api/audit/export', async (request, reply) => {
    const { query } = request;
    if (!Export.Check(query)) throw badRequest(Export.Errors(query)[0]?.instancePath);
    const { format = 'tsv', ...filter } = query;
    const events = await reader.export(askerOf(request), instants(filter));
    return send(reply, format, Readable.from(written(events, format, nodeId)));
  });

  done();
};

function send(reply: FastifyReply, format: AuditFormat, body: Readable): FastifyReply {
  const { mediaType, suffix } = formatOf(format);
  return reply
    .type(mediaType)
    .header('content-disposition', `attachment; filename="federome-audit.${suffix}"`)
    .send(body);
}

/** Instants as the store compares them. */
function instants<Filter extends AuditFilter>(filter: Filter): AuditFilter {
  const { from, to, ...rest } = filter;
  return {
    ...rest,
    ...(from !== undefined && { from: instant(from) }),
    ...(to !== undefined && { to: instant(to) }),
  };
}

function instant(text: string): string {
  const date = new Date(text);
  if (Number.isNaN(date.getTime())) throw badRequest('/from');
  return date.toISOString();
}

function badRequest(place = ''): NodeError {
  const name = place.slice(1);
  return new NodeError('node/bad-request', `${name === '' ? 'the query' : name}: not what is expected here`);
}
