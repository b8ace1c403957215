import { existsSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import type { Writable } from 'node:stream';
import { fileURLToPath } from 'node:url';
import helmet from '@fastify/helmet';
import rateLimit from '@fastify/rate-limit';
import serveStatic from '@fastify/static';
import type { DiscoveryAnswers } from '@federome/core';
import fastify, {
  type FastifyInstance,
  type FastifyReply,
  type FastifyRequest,
  LogController,
} from 'fastify';
import type { Background } from '../background.ts';
import type { ComposedAudit } from '../composition/audit.ts';
import type { Directory } from '../composition/directory.ts';
import type { Exchange } from '../composition/exchange.ts';
import type { Identity } from '../composition/identity.ts';
import type { ComposedLedger } from '../composition/ledger.ts';
import type { Visas } from '../composition/visas.ts';
import { NodeError } from '../errors.ts';
import { ReceiptReader } from '../services/exchange/receipts.ts';
import type { NetworkService } from '../services/network/network-service.ts';
import { recordQuestions } from './audit/recording.ts';
import { auditRoutes } from './audit/routes.ts';
import { contextOf } from './beacon/context.ts';
import { errorResponse, refusalOf } from './beacon/errors.ts';
import { beaconRoutes, PORTAL_PREFIX } from './beacon/plugin.ts';
import { infoResponse } from './beacon/response/informational.ts';
import { directoryRoutes } from './directory/routes.ts';
import { votingRoutes } from './directory/voting.ts';
import { acceptSignedRequests, memberOf } from './exchange/edge.ts';
import { receiptRoutes } from './exchange/routes.ts';
import { assertServable, mountIdentity } from './identity/mount.ts';
import { networkRoutes } from './network/routes.ts';
import { visaRoutes } from './passports/routes.ts';
import { prefersHtml } from './preferences.ts';
import { type Authentication, challengeOf, establishAsker } from './requester.ts';
import { tlogRoutes } from './tlog/routes.ts';

const BODY_LIMIT_BYTES = 1_048_576;
const REQUEST_TIMEOUT_MS = 30_000;
const PORTAL = fileURLToPath(new URL('../../../portal/dist', import.meta.url));

/** What a server serves: a node or a hub, as `openNode` gives it. */
export interface ServedNode {
  readonly config: { readonly id: string; readonly country: string };
  readonly answers: DiscoveryAnswers;
  /** Only of a hub: then the network's own endpoints and the portal are served as well. */
  readonly network: NetworkService | undefined;
  /** Of what is or may become a member of a network: the directory's endpoints are served. */
  readonly directory?: Directory | undefined;
  /** Of a node: it asks the members of the network by itself, and the network's own endpoints are served. */
  readonly peers?: (() => Promise<NetworkService>) | undefined;
  /** Of what is or may become a member of a network: signed requests are held to their signatures, and answers signed. */
  readonly exchange?: (() => Promise<Exchange>) | undefined;
  /** Passports and visas: what this node issues, revokes and believes. */
  readonly visas?: Visas | undefined;
  /** Its log is served, and the logs of other members are cosigned. */
  readonly ledger?: Pick<ComposedLedger, 'parts'> | undefined;
  /** Every question is recorded there before its answer leaves. */
  readonly audit?: ComposedAudit | undefined;
  /** How somebody may say who they are; nobody can where it is omitted, and whoever tries is refused. */
  readonly authentication?: Authentication | undefined;
  /** Who logs in here, and with which roles. */
  readonly identity?: Identity | undefined;
  /** What it does by itself while it is served. */
  readonly background?: Background | undefined;
}

/** How a node or hub is served; all have defaults. */
export interface ServerOptions {
  /** Requests a client may make in a minute; 6,000 by default (a hub is one client), `false` for any number. */
  readonly requestsPerMinute?: number | false | undefined;
  /** Where clients reach the server, without a slash at the end; from the request where omitted. */
  readonly publicUrl?: string | undefined;
  /** Whether a proxy in front says who the client is (`X-Forwarded-*`). */
  readonly trustProxy?: boolean | undefined;
  /** Pages of these origins may ask the Beacon; of none by default. */
  readonly allowedOrigins?: readonly string[] | undefined;
  /** Where a line of JSON goes for every request: its method, route, status and time, nothing of what was asked. */
  readonly log?: Writable | undefined;
  /** The built portal; served where it exists. */
  readonly portal?: string | undefined;
}

/** A server that is ready to listen. */
export async function buildServer(node: ServedNode, options: ServerOptions = {}): Promise<FastifyInstance> {
  const server = fastify({
    bodyLimit: BODY_LIMIT_BYTES,
    requestTimeout: REQUEST_TIMEOUT_MS,
    trustProxy: options.trustProxy ?? false,
    routerOptions: { maxParamLength: 1_000 },
    logController: new LogController({ disableRequestLogging: true }),
    frameworkErrors: (error, request, reply) => sendRefusal(node, error, request, reply),
    ...(options.log === undefined ? {} : { logger: { level: 'info', stream: options.log, base: null } }),
  });
  server.setErrorHandler((error, request, reply) => sendRefusal(node, error, request, reply));
  server.setNotFoundHandler(() => {
    throw new NodeError('node/not-found', 'there is no such endpoint');
  });
  server.addHook('onResponse', async (request, reply) => logResponse(request, reply));
  await protect(server, options);
  allowOrigins(server, options.allowedOrigins ?? []);
  if (node.audit !== undefined) recordQuestions(server, node.audit.service);
  // After the audit: what is signed is what leaves.
  const exchange = await node.exchange?.();
  if (exchange !== undefined) acceptSignedRequests(server, exchange.incoming);
  const portal = portalOf(node, options);
  const identity =
    node.identity === undefined ? {} : await mountIdentity(server, node.identity, options.publicUrl);
  server.get('/health', { config: { rateLimit: false } }, async () => ({ status: 'ok' }));
  server.get('/', async (request, reply) => {
    if (portal !== undefined && prefersHtml(request.headers.accept)) return reply.redirect('/portal/');
    const url = options.publicUrl ?? `${request.protocol}://${request.host}`;
    return infoResponse(await node.answers.describe(), url);
  });
  const beacon = { answers: node.answers, identity: node.config, publicUrl: options.publicUrl };
  const network = node.network ?? (await node.peers?.());
  const directory = await node.directory?.service();
  await server.register(async (scope) => {
    establishAsker(scope, { ...identity, ...authenticationOf(node) });
    for (const prefix of ['', PORTAL_PREFIX]) {
      await scope.register(async (inner) => beaconRoutes(inner, beacon), { prefix });
    }
    if (network !== undefined) await scope.register(networkRoutes, { network });
    if (directory !== undefined) await scope.register(votingRoutes, { directory });
    if (exchange !== undefined) {
      await scope.register(receiptRoutes, { reader: new ReceiptReader(exchange.receipts) });
    }
    if (node.ledger !== undefined) await scope.register(tlogRoutes, { parts: node.ledger.parts });
    if (node.visas !== undefined) await scope.register(visaRoutes, { visas: node.visas });
    if (node.audit !== undefined) {
      await scope.register(auditRoutes, { reader: node.audit.reader, nodeId: node.config.id });
    }
  });
  if (directory !== undefined) await server.register(directoryRoutes, { directory });
  if (portal !== undefined)
    await server.register(serveStatic, { root: portal, prefix: '/portal/', redirect: true });
  return server;
}

/** A server that listens. */
export interface RunningServer {
  readonly url: string;
  readonly port: number;
  /** Stops taking requests, and returns when those under way are answered. */
  close(): Promise<void>;
}

/** Serves a node or hub; on loopback and a free port unless told otherwise. */
export async function serveNode(
  node: ServedNode,
  options: ServerOptions & { readonly host?: string | undefined; readonly port?: number | undefined } = {},
): Promise<RunningServer> {
  const { host = '127.0.0.1', port = 0, ...rest } = options;
  if (node.identity !== undefined) assertServable(node.identity, host, rest.publicUrl);
  const server = await buildServer(node, rest);
  try {
    await server.listen({ host, port });
  } catch (cause) {
    await server.close();
    throw cannotListen(host, port, cause);
  }
  const bound = portOf(server.server.address());
  const alarms = (await node.ledger?.parts())?.alarms;
  alarms?.listen(({ kind, origin, id }) =>
    server.log.error({ kind, origin, alarm: id }, 'a ledger was forked'),
  );
  node.background?.start((task, error) => server.log.error({ task, at: framesOf(error) }, 'a task failed'));
  return {
    url: `http://${host.includes(':') ? `[${host}]` : host}:${bound}`,
    port: bound,
    close: async () => {
      await node.background?.stop();
      await server.close();
    },
  };
}

const LISTEN_FAULTS: Readonly<Record<string, string>> = {
  EADDRINUSE: 'another program listens there',
  EACCES: 'permission denied (ports below 1024 need it)',
  EADDRNOTAVAIL: 'this machine has no such address',
  ENOTFOUND: 'no such host is known',
  EAI_AGAIN: 'no such host is known',
};

function cannotListen(host: string, port: number, cause: unknown): NodeError {
  const code = cause instanceof Error && 'code' in cause ? String(cause.code) : '';
  const why = LISTEN_FAULTS[code] ?? (cause instanceof Error ? cause.message : String(cause));
  return new NodeError('node/cannot-listen', `cannot listen at ${host}, port ${port}: ${why}`, { cause });
}

function portOf(address: AddressInfo | string | null): number {
  if (address === null || typeof address === 'string') {
    throw new NodeError('node/store', 'the server listens on no port');
  }
  return address.port;
}

async function protect(server: FastifyInstance, options: ServerOptions): Promise<void> {
  const secure = options.publicUrl?.startsWith('https:') === true;
  await server.register(helmet, {
    contentSecurityPolicy: {
      useDefaults: false,
      directives: {
        defaultSrc: ["'self'"],
        objectSrc: ["'none'"],
        baseUri: ["'none'"],
        formAction: ["'self'"],
        frameAncestors: ["'none'"],
      },
    },
    strictTransportSecurity: secure,
  });
  const max = options.requestsPerMinute ?? 6_000;
  if (max !== false) await server.register(rateLimit, { max, timeWindow: 60_000 });
}

/** Lets pages of these origins read what Beacon's endpoints answer (CORS); says nothing at all to any other. */
function allowOrigins(server: FastifyInstance, origins: readonly string[]): void {
  if (origins.length === 0) return;
  server.addHook('onRequest', async (request, reply) => {
    const origin = request.headers.origin;
    if (origin === undefined || !origins.includes(origin)) return;
    reply.headers({
      'access-control-allow-origin': origin,
      'cross-origin-resource-policy': 'cross-origin',
      vary: 'origin',
    });
    if (request.method !== 'OPTIONS') return;
    reply.headers({
      'access-control-allow-methods': 'GET, POST',
      'access-control-allow-headers': 'content-type, authorization, federome-purpose',
      'access-control-max-age': '600',
    });
    return await reply.code(204).send();
  });
}

/** A signed request says who asks wherever signatures are checked, and a passport wherever visas are. */
function authenticationOf({ authentication, exchange, visas }: ServedNode): Authentication {
  const signed: Authentication['member'] = (request) => {
    const asking = memberOf(request);
    return asking && { id: asking.member.id, passport: asking.passport };
  };
  const session = authentication?.session;
  return {
    ...(visas !== undefined && { passport: visas.passport }),
    ...authentication,
    ...(visas !== undefined && session !== undefined && { session: withGrants(session, visas) }),
    ...(exchange !== undefined && { member: signed }),
  };
}

/** Whoever has a session here has what this node granted them, without a visa from the node to itself. */
function withGrants(
  session: NonNullable<Authentication['session']>,
  visas: Visas,
): NonNullable<Authentication['session']> {
  return {
    isPresent: session.isPresent,
    authenticate: async (request) => {
      const { requester, ...rest } = await session.authenticate(request);
      if (requester.kind !== 'person') return { requester, ...rest };
      const standing = await visas.standing(requester.identity);
      return { ...rest, requester: { ...requester, visas: [...requester.visas, ...standing] } };
    },
  };
}

function portalOf(node: ServedNode, options: ServerOptions): string | undefined {
  const portal = options.portal ?? PORTAL;
  const isWanted = node.network !== undefined || node.identity?.config.identity !== undefined;
  return isWanted && existsSync(join(portal, 'index.html')) ? portal : undefined;
}

function sendRefusal(
  node: ServedNode,
  error: unknown,
  request: FastifyRequest,
  reply: FastifyReply,
): FastifyReply {
  const refusal = refusalOf(error);
  if (refusal.internal)
    request.log.error({ route: request.routeOptions.url, at: framesOf(error) }, 'unexpected error');
  const challenge = challengeOf(refusal.status, refusal.code);
  if (challenge !== undefined) reply.header('www-authenticate', challenge);
  if (refusal.status === 503 && !reply.hasHeader('retry-after')) reply.header('retry-after', '1');
  const context = contextOf(request);
  return reply
    .code(refusal.status)
    .send(errorResponse(node.config.id, refusal, context?.entryType, context?.summary));
}

/** The route, not the path: what stands in its place of parameters is what somebody asked about. */
function logResponse(request: FastifyRequest, reply: FastifyReply): void {
  request.log.info(
    {
      method: request.method,
      route: request.routeOptions.url ?? 'none',
      status: reply.statusCode,
      elapsedMs: Math.round(reply.elapsedTime),
    },
    'answered',
  );
}

/** Name and place of an error; its message may quote what was asked. */
function framesOf(error: unknown): string {
  if (!(error instanceof Error)) return typeof error;
  const frames = error.stack?.split('\n').filter((line) => /^\s+at /.test(line)) ?? [];
  return [error.name, ...frames].join('\n');
}
