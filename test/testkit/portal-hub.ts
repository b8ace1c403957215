import { readFile } from 'node:fs/promises';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { extname, join, normalize } from 'node:path';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import type { MemberState, NetworkQuestion } from '@federome/client';
import { answerOf, GENES, overviewOf, TERMS } from './portal-network.ts';

/** The strictest policy that a server may set: no inline scripts or styles, no other hosts, no data: addresses. */
export const CONTENT_SECURITY_POLICY = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "font-src 'self'",
  "img-src 'self'",
  "connect-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join('; ');

const TYPES: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.woff2': 'font/woff2',
};

/** A small hub of five countries that serves the built portal, for tests of the page alone. */
export interface PortalHub {
  readonly url: string;
  /** Countries that do not answer, and how; changed between questions. */
  readonly states: Map<string, MemberState>;
  /** Paths, with their queries, that the page asked for. */
  readonly requested: string[];
  readonly questions: NetworkQuestion[];
  /** A problem document that every question gets instead of an answer. */
  refuseWith: { readonly status: number; readonly code: string; readonly detail: string } | undefined;
  /** How long an answer takes. */
  delayMs: number;
  close(): Promise<void>;
}

/** Serves `dist` at /portal/ and the network's API beside it, on a free port of this machine. */
export async function startPortalHub(
  dist = fileURLToPath(new URL('../../packages/portal/dist/', import.meta.url)),
  port = 0,
): Promise<PortalHub> {
  const server = createServer((request, response) => {
    hub.requested.push(request.url ?? '');
    handle(request, response).catch(() => response.writeHead(500).end());
  });
  await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve));
  const hub: PortalHub = {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/portal/`,
    states: new Map(),
    requested: [],
    questions: [],
    refuseWith: undefined,
    delayMs: 0,
    close: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
  return hub;

  async function handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { pathname, searchParams } = new URL(request.url ?? '/', 'http://localhost');
    const query = (searchParams.get('q') ?? '').toLowerCase();
    const limit = Number(searchParams.get('limit') ?? 20);
    switch (pathname) {
      case '/api/network':
        return send(response, overviewOf(hub.states));
      case '/api/network/terms': {
        const found = TERMS.filter(({ id, label }) => `${id} ${label}`.toLowerCase().includes(query));
        return send(
          response,
          found.slice(0, limit).map(({ id, label, type }) => ({ id, label, type })),
        );
      }
      case '/api/network/genes':
        return send(
          response,
          GENES.filter(({ symbol }) => symbol.toLowerCase().startsWith(query)).slice(0, limit),
        );
      case '/api/network/questions': {
        const question: NetworkQuestion = JSON.parse(await text(request));
        hub.questions.push(question);
        if (hub.delayMs > 0) await new Promise((resolve) => setTimeout(resolve, hub.delayMs));
        if (hub.refuseWith !== undefined) return refuse(response, hub.refuseWith);
        return send(response, answerOf(question, hub.states));
      }
      default:
        return serveFile(response, dist, pathname);
    }
  }
}

function send(response: ServerResponse, body: unknown): void {
  response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(body));
}

function refuse(response: ServerResponse, problem: NonNullable<PortalHub['refuseWith']>): void {
  const body = { type: 'about:blank', title: 'Refused', ...problem };
  response
    .writeHead(problem.status, { 'content-type': 'application/problem+json' })
    .end(JSON.stringify(body));
}

async function serveFile(response: ServerResponse, dist: string, pathname: string): Promise<void> {
  const inside = normalize(pathname.replace(/^\/portal\//, '')).replace(/^(\.\.[/\\])+/, '');
  const path = join(dist, inside === '' || inside === '.' ? 'index.html' : inside);
  try {
    const bytes = await readFile(path);
    response
      .writeHead(200, {
        'content-type': TYPES[extname(path)] ?? 'application/octet-stream',
        'content-security-policy': CONTENT_SECURITY_POLICY,
        'x-content-type-options': 'nosniff',
      })
      .end(bytes);
  } catch {
    response.writeHead(404).end();
  }
}
