import { createServer, type IncomingMessage, type RequestListener, type ServerResponse } from 'node:http';
import { onTestFinished } from 'vitest';

export interface LoopbackServer {
  readonly url: string;
  /** TCP connections that were made so far. */
  readonly connections: () => number;
  /** Stops it at once, with whatever is under way. */
  readonly stop: () => Promise<void>;
}

/** A real HTTP server on a free port of loopback, gone when the test has finished. */
export async function loopbackServer(listener: RequestListener): Promise<LoopbackServer> {
  const server = createServer(listener);
  let connections = 0;
  server.on('connection', () => {
    connections += 1;
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const stop = () =>
    new Promise<void>((resolve) => {
      server.close(() => resolve());
      server.closeAllConnections();
    });
  onTestFinished(stop);
  const address = server.address();
  if (typeof address !== 'object' || address === null) throw new Error('no port');
  return { url: `http://127.0.0.1:${address.port}`, connections: () => connections, stop };
}

export interface BeaconCall {
  readonly method: string;
  /** Without a leading slash. */
  readonly path: string;
  readonly search: URLSearchParams;
  /** Parsed JSON of a POST. */
  readonly body: unknown;
}

/** Answers JSON by itself; a function takes over the response, to misbehave in it. */
export type BeaconReply =
  | { readonly status?: number; readonly json: unknown; readonly headers?: Record<string, string> }
  | ((response: ServerResponse) => void);

/** A server that answers each call with what `reply` gives for it; 404 in Beacon's form for `undefined`. */
export async function beaconServer(
  reply: (call: BeaconCall) => BeaconReply | undefined,
): Promise<LoopbackServer> {
  return await loopbackServer((request, response) => {
    void readCall(request).then((call) => {
      const answer = reply(call) ?? {
        status: 404,
        json: { error: { errorCode: 404, errorMessage: `no ${call.path} here` } },
      };
      if (typeof answer === 'function') return answer(response);
      response.writeHead(answer.status ?? 200, { 'content-type': 'application/json', ...answer.headers });
      response.end(JSON.stringify(answer.json));
    });
  });
}

async function readCall(request: IncomingMessage): Promise<BeaconCall> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(Buffer.from(chunk));
  const text = Buffer.concat(chunks).toString();
  const url = new URL(request.url ?? '/', 'http://localhost');
  return {
    method: request.method ?? 'GET',
    path: url.pathname.slice(1),
    search: url.searchParams,
    body: text === '' ? undefined : JSON.parse(text),
  };
}

/** `/info` of a Beacon, as the specification has it; `info` is its own extension. */
export function infoAnswer(id: string, info: unknown = undefined): BeaconReply {
  return {
    json: {
      meta: { beaconId: id, apiVersion: 'v2.1.1', returnedSchemas: [] },
      response: {
        id,
        name: `Beacon ${id}`,
        apiVersion: 'v2.1.1',
        environment: 'test',
        organization: { id: 'org', name: 'Organisation' },
        ...(info === undefined ? {} : { info }),
      },
    },
  };
}

/** A count with result sets, as a node of ours writes it; below 10 it is withheld. */
export function countAnswer(id: string, people: number, extra: Record<string, unknown> = {}): BeaconReply {
  const suppressed = people < 10;
  const shown = suppressed ? '<10' : String(people);
  const disclosure = { suppressed, shown, threshold: 10, roundedTo: 5 };
  const exists = !suppressed;
  const count = suppressed ? 0 : people;
  return {
    json: {
      meta: { beaconId: id, apiVersion: 'v2.1.1', returnedSchemas: [], returnedGranularity: 'count' },
      responseSummary: { exists, numTotalResults: count },
      response: {
        resultSets: [
          {
            id: `${id}-dataset`,
            setType: 'dataset',
            exists,
            resultsCount: count,
            results: [],
            info: { disclosure },
          },
        ],
      },
      info: { disclosure, ...extra },
    },
  };
}
