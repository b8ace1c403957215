import type { RunningServer } from './server.ts';

type Serve = typeof import('./server.ts').serveNode;

/**
 * As `serveNode` of `server.ts`, which is loaded by the first call: what serves nothing, such as most commands, does not
 * wait for the HTTP server's modules.
 */
export async function serveNode(...served: Parameters<Serve>): Promise<RunningServer> {
  const server = await import('./server.ts');
  return await server.serveNode(...served);
}
