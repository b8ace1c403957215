import type { FastifyInstance } from 'fastify';
import type { Identity } from '../../composition/identity.ts';
import { NodeError } from '../../errors.ts';
import { assertPrivate, isLoopback } from '../../services/identity/embedded/demo-people.ts';
import type { ServedIdentity } from '../../services/identity/identity-service.ts';
import type { Authentication } from '../requester.ts';
import { PROVIDER_PAGES } from './pages.ts';
import { providerRoutes } from './provider-routes.ts';
import { identityRoutes } from './routes.ts';
import { acceptSessions, sessionAuthentication } from './session-edge.ts';

/**
 * Lets people log in at a server: sessions, their routes, and the embedded provider where it is on. Returns how a request
 * of a browser or machine says who asks. What speaks OpenID is loaded when it is first needed.
 */
export async function mountIdentity(
  server: FastifyInstance,
  identity: Identity,
  publicUrl: string | undefined,
): Promise<Authentication> {
  const url = () => publicUrl ?? boundUrl(server);
  let made: Promise<ServedIdentity> | undefined;
  const served = () => {
    made ??= identity.serveAt(url(), PROVIDER_PAGES).catch((cause: unknown) => {
      made = undefined;
      throw cause;
    });
    return made;
  };
  acceptSessions(server, identity, url);
  await server.register(identityRoutes, { identity, served, url });
  if (identity.config.identity?.embedded !== undefined) await server.register(providerRoutes, { served });
  return {
    session: sessionAuthentication(async (recorded) => (await served()).issuerOf(recorded)),
    machine: async (token) => await (await served()).machineRequester(token),
  };
}

/**
 * Holds the address of a server to who can log in there. Throws `node/demo-people-exposed`, and `node/bad-config` where
 * people log in and it is not said where they reach the server.
 */
export function assertServable({ config }: Identity, host: string, publicUrl: string | undefined): void {
  const { embedded, providers = [] } = config.identity ?? {};
  if (embedded === 'demo') {
    assertPrivate(host);
    if (publicUrl !== undefined) assertPrivate(new URL(publicUrl).hostname);
  }
  if (publicUrl !== undefined || isLoopback(host) || (embedded === undefined && providers.length === 0))
    return;
  throw new NodeError(
    'node/bad-config',
    'people log in at this server: say with --public-url where they reach it',
  );
}

function boundUrl(server: FastifyInstance): string {
  const address = server.server.address();
  if (address === null || typeof address === 'string') return 'http://localhost';
  return `http://${address.family === 'IPv6' ? `[${address.address}]` : address.address}:${address.port}`;
}
