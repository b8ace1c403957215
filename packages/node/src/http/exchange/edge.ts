import { Readable } from 'node:stream';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { NodeError } from '../../errors.ts';
import type { AcceptedRequest, AskingMember, IncomingExchange } from '../../services/exchange/incoming.ts';
import { type IncomingRequest, isSigned } from '../../services/exchange/request-checks.ts';

const MEMBERS = new WeakMap<FastifyRequest, AskingMember>();
/** Whose answers have still to be signed. */
const ACCEPTED = new WeakMap<FastifyRequest, AcceptedRequest>();
/** Largest answer to a member; it is in memory once. */
const MAXIMUM_ANSWER_BYTES = 64_000_000;
/** What a signature must be like (RFC 9421, section 5.1). */
const ACCEPT_SIGNATURE =
  'federome=("@method" "@target-uri" "content-digest" "content-type");created;expires;nonce;keyid;alg="ed25519";tag="federome-request"';

/** The member whose signature the request has; `undefined` of one without a signature. */
export function memberOf(request: FastifyRequest): AskingMember | undefined {
  return MEMBERS.get(request);
}

/** For endpoints of members only. Throws `node/unsigned`. */
export function requireMember(request: FastifyRequest): AskingMember {
  const asking = memberOf(request);
  if (asking !== undefined) return asking;
  throw new NodeError('node/unsigned', 'only members of the network may ask this, with a signed request');
}

/** For what only nodes may do: a hub coordinates, and has no say. Throws `node/unsigned`, `node/nodes-only`. */
export function requireNode(request: FastifyRequest): AskingMember {
  const asking = requireMember(request);
  if (asking.member.role === 'node') return asking;
  throw new NodeError('node/nodes-only', `'${asking.member.id}' is a hub: only nodes may do this`);
}

/**
 * Holds signed requests to their signatures before anything reads them, on every route that is added later, and signs
 * the answers. Unsigned requests pass untouched; a signed one with any defect is refused.
 */
export function acceptSignedRequests(server: FastifyInstance, exchange: IncomingExchange): void {
  server.addHook('preParsing', (request, reply, payload, done) => {
    if (!isSigned((name) => headerOf(request, name))) return done(null, payload);
    accept(request, payload, exchange).then(
      (body) => done(null, Readable.from(body.length === 0 ? [] : [body])),
      (error: Error) => {
        if (error instanceof NodeError) reply.header('accept-signature', ACCEPT_SIGNATURE);
        logLoss(request, error);
        done(error);
      },
    );
  });
  server.addHook('onSend', async (request, reply, payload) => {
    const accepted = ACCEPTED.get(request);
    if (accepted === undefined) return payload;
    // Whatever fails from here on is told without a signature, and once.
    ACCEPTED.delete(request);
    const body = await bytesOf(payload);
    const headers = await exchange.answer(accepted, { ...headOf(reply), body }).catch((error: unknown) => {
      logLoss(request, error);
      throw error;
    });
    reply.headers(headers);
    return payload === undefined || payload === null ? payload : body;
  });
}

async function accept(
  request: FastifyRequest,
  payload: NodeJS.ReadableStream,
  exchange: IncomingExchange,
): Promise<Buffer> {
  assertNamesNothing(request);
  const body = await collect(payload, request.routeOptions.bodyLimit ?? 0);
  const incoming: IncomingRequest = {
    method: request.method,
    path: request.raw.url ?? '',
    header: (name) => headerOf(request, name),
    body,
  };
  const accepted = await exchange.accept(incoming);
  MEMBERS.set(request, accepted);
  ACCEPTED.set(request, accepted);
  return body;
}

/** What an operator has to see to at once: no member gets an answer. */
function logLoss(request: FastifyRequest, error: unknown): void {
  if (!(error instanceof NodeError) || error.code !== 'node/evidence-unavailable') return;
  const why = error.cause instanceof Error ? error.cause.name : undefined;
  request.log.error({ code: error.code, why }, 'evidence of an exchange could not be stored');
}

/** Evidence keeps the target of a request: a variant or a person must not be named there. */
function assertNamesNothing({ routeOptions }: FastifyRequest): void {
  const { url, config } = routeOptions;
  if (url === undefined) throw new NodeError('node/not-found', 'there is no such endpoint');
  const mayBeKept = 'signedTarget' in config && config.signedTarget === true;
  if (mayBeKept || !/[:*]/.test(url)) return;
  throw new NodeError(
    'node/bad-signature',
    'the signature of the request is refused: this endpoint has its question in the path; ask in a body, or unsigned',
  );
}

function headOf(reply: FastifyReply) {
  const type = reply.getHeader('content-type');
  return { status: reply.statusCode, contentType: type === undefined ? undefined : String(type) };
}

function headerOf(request: FastifyRequest, name: string): string | undefined {
  const value = request.headers[name];
  return Array.isArray(value) ? value.join(', ') : value;
}

/** All of a body, within the route's limit; what is beyond is dropped as it comes, so that the refusal arrives. */
function collect(payload: NodeJS.ReadableStream, limit: number): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    let bytes = 0;
    payload.on('data', (chunk: Buffer) => {
      bytes += chunk.length;
      if (bytes <= limit) chunks.push(chunk);
      else reject(new NodeError('node/request-too-large', `the body is larger than ${limit} bytes`));
    });
    payload.once('end', () => resolve(Buffer.concat(chunks)));
    payload.once('error', reject);
    payload.once('close', () => reject(new NodeError('node/bad-request', 'the body did not come whole')));
  });
}

async function bytesOf(payload: unknown): Promise<Buffer> {
  if (payload === undefined || payload === null) return Buffer.alloc(0);
  if (typeof payload === 'string') return Buffer.from(payload);
  if (payload instanceof Uint8Array)
    return Buffer.from(payload.buffer, payload.byteOffset, payload.byteLength);
  if (payload instanceof Readable) return await collect(payload, MAXIMUM_ANSWER_BYTES);
  throw new NodeError('node/internal', 'an answer that can be neither read nor signed');
}
