import type { Requester } from '@federome/core';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import type { Identity } from '../../composition/identity.ts';
import { NodeError } from '../../errors.ts';
import { sameText } from '../../services/identity/secrets.ts';
import type { LiveSession } from '../../services/identity/session-service.ts';
import { clearCookie, cookieOf, readCookie, setCookie } from './cookies.ts';

/** A request's session, or that it brought one which has ended. */
type Found = { readonly live: LiveSession; readonly token: string } | 'ended';

const FOUND = new WeakMap<FastifyRequest, Found>();
const SAFE = new Set(['GET', 'HEAD', 'OPTIONS']);
/** The provider has cookies and checks of its own; its logout tokens prove themselves. */
const OUTSIDE = /^\/(oidc\/|auth\/backchannel-logout)/;

/**
 * Finds the session of every request that brings a cookie, rotates its token when it is time, and refuses what would
 * change something unless it comes from this server's own pages: same origin, and the session's token in
 * `x-csrf-token`. Throws `node/cross-site`.
 */
export function acceptSessions(server: FastifyInstance, identity: Identity, url: () => string): void {
  server.addHook('onRequest', async (request, reply) => {
    if (OUTSIDE.test(request.url)) return;
    const cookie = cookieOf('session', url(), identity.config.id);
    const token = readCookie(request, cookie);
    if (token === undefined) return;
    const live = await identity.sessions.use(token);
    FOUND.set(request, live === undefined ? 'ended' : { live, token });
    if (live === undefined) return clearCookie(reply, cookie);
    if (live.renewed !== undefined) setCookie(reply, cookie, live.renewed);
    if (!SAFE.has(request.method)) assertOwnPage(request, url(), live);
  });
}

/** The session of a request; `undefined` where it brings none that holds. */
export function sessionOf(request: FastifyRequest): Exclude<Found, 'ended'> | undefined {
  const found = FOUND.get(request);
  return found === 'ended' ? undefined : found;
}

/** Whoever is logged in. Throws `node/unauthenticated`. */
export function loggedIn(request: FastifyRequest): Exclude<Found, 'ended'> {
  const found = sessionOf(request);
  if (found === undefined) throw new NodeError('node/unauthenticated', 'log in first');
  return found;
}

/** How a session says who asks: for `http/requester.ts`. */
export function sessionAuthentication(issuerOf: (recorded: string) => Promise<string>) {
  return {
    /** A session that has ended counts: whoever brings it learns so, instead of being the public unawares. */
    isPresent: (request: FastifyRequest): boolean => FOUND.has(request),
    /** Throws `node/unauthenticated`. */
    authenticate: async (request: FastifyRequest): Promise<{ readonly requester: Requester }> => {
      const found = FOUND.get(request);
      if (found === undefined || found === 'ended') {
        throw new NodeError('node/unauthenticated', 'the session has ended: log in again, or go on without');
      }
      const { person, roles } = found.live;
      const identity = { issuer: await issuerOf(person.issuer), subject: person.subject };
      return { requester: { kind: 'person', identity, roles, visas: [] } };
    },
  };
}

function assertOwnPage(request: FastifyRequest, url: string, { session }: LiveSession): void {
  const { origin, 'sec-fetch-site': site, 'x-csrf-token': token } = request.headers;
  const isOwnOrigin = origin === new URL(url).origin || origin === `${request.protocol}://${request.host}`;
  const isSameSite =
    site === undefined ? isOwnOrigin : site === 'same-origin' && (origin === undefined || isOwnOrigin);
  if (!isSameSite) throw new NodeError('node/cross-site', 'the request comes from another site’s page');
  if (typeof token !== 'string' || !sameText(token, session.csrfToken)) {
    throw new NodeError('node/cross-site', 'x-csrf-token: expected the token that GET /api/session says');
  }
}
