import { request as forward, type IncomingHttpHeaders } from 'node:http';
import { type LoopbackServer, loopbackServer } from './beacons.ts';

export interface PassingRequest {
  method: string;
  path: string;
  headers: IncomingHttpHeaders;
  body: Buffer;
}

export interface PassingAnswer {
  status: number;
  headers: IncomingHttpHeaders;
  body: Buffer;
}

/** What a man in the middle does; each may change what it gets, or answer by itself. */
export interface Meddling {
  request?: ((request: PassingRequest) => void) | undefined;
  answer?: ((answer: PassingAnswer, request: PassingRequest) => PassingAnswer | undefined) | undefined;
}

/** A proxy in front of a server, as an operator has one: it forwards everything, and meddles where a test tells it to. */
export interface MeddlingProxy extends LoopbackServer {
  /** With a slash at the end. */
  readonly href: string;
  meddling: Meddling;
  target: string | undefined;
}

export async function meddlingProxy(): Promise<MeddlingProxy> {
  const server = await loopbackServer((incoming, outgoing) => {
    const chunks: Buffer[] = [];
    incoming.on('data', (chunk: Buffer) => chunks.push(chunk));
    incoming.on('end', () => {
      const passing: PassingRequest = {
        method: incoming.method ?? 'GET',
        path: incoming.url ?? '/',
        headers: { ...incoming.headers },
        body: Buffer.concat(chunks),
      };
      proxy.meddling.request?.(passing);
      exchange(proxy.target ?? '', passing).then(
        (answer) => {
          const told = proxy.meddling.answer?.(answer, passing) ?? answer;
          const { 'transfer-encoding': _, connection: __, ...headers } = told.headers;
          outgoing.writeHead(told.status, { ...headers, 'content-length': told.body.length });
          outgoing.end(told.body);
        },
        () => outgoing.destroy(),
      );
    });
  });
  const proxy: MeddlingProxy = { ...server, href: `${server.url}/`, meddling: {}, target: undefined };
  return proxy;
}

/** Sends a request as it is, with exactly these headers and bytes. */
export function exchange(target: string, request: PassingRequest): Promise<PassingAnswer> {
  return new Promise((resolve, reject) => {
    const { host: _, connection: __, 'content-length': ___, ...headers } = request.headers;
    const length = request.method === 'GET' ? {} : { 'content-length': request.body.length };
    const sent = forward(
      new URL(request.path, target),
      { method: request.method, headers: { ...headers, ...length } },
      (response) => {
        const chunks: Buffer[] = [];
        response.on('data', (chunk: Buffer) => chunks.push(chunk));
        response.on('error', reject);
        response.on('end', () =>
          resolve({
            status: response.statusCode ?? 0,
            headers: { ...response.headers },
            body: Buffer.concat(chunks),
          }),
        );
      },
    );
    sent.on('error', reject);
    sent.end(request.body);
  });
}
