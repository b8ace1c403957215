import type { FastifyInstance, FastifyRequest } from 'fastify';
import { NodeError } from '../../errors.ts';
import { Attempts } from '../../services/identity/attempts.ts';
import { noteWho } from '../audit/recording.ts';
import { prefersHtml } from '../preferences.ts';
import { sendProblem } from '../problem.ts';
import { clearCookie, cookieOf, readCookie, setCookie } from './cookies.ts';
import { readForm } from './forms.ts';
import { failurePage, languageOf } from './pages.ts';
import { peopleRoutes } from './people-routes.ts';
import type { IdentityRoutesOptions } from './route-options.ts';
import { loggedIn, sessionOf } from './session-edge.ts';
import { textOf } from './shapes.ts';

const LOGINS = 60;
const WINDOW_MS = 5 * 60_000;
const NO_STORE = 'no-store';

/**
 * Logging in and out (`/auth/…`), who is logged in (`/api/session`), and people with their roles (`/api/people`). Every
 * error is an RFC 9457 problem document, or a page where a browser was sent here.
 */
export async function identityRoutes(app: FastifyInstance, options: IdentityRoutesOptions): Promise<void> {
  const { identity, served } = options;
  const tries = new Attempts(LOGINS, WINDOW_MS, () => new Date());
  app.setErrorHandler((error, request, reply) => {
    const isVisit = request.method === 'GET' && request.url.startsWith('/auth/');
    if (!isVisit || !prefersHtml(request.headers.accept)) return sendProblem(error, request, reply);
    return failurePage(error, request, reply);
  });
  app.addHook('onRequest', async (_request, reply) => {
    reply.header('cache-control', NO_STORE);
  });
  readForm(app);

  app.get('/auth/login', async (request, reply) => {
    tries.count(request.ip);
    const elsewhere = otherLoopback(request, options.url());
    if (elsewhere !== undefined) return reply.redirect(elsewhere, 303);
    const returnPath = localPath(textOf(request.query, 'return') ?? '/portal/');
    const cookie = cookieOf('login', options.url(), identity.config.id);
    // Logins in two tabs of one browser are kept apart by their states.
    const browser = knownBrowser(readCookie(request, cookie));
    const { relyingParty } = await served();
    const provider = textOf(request.query, 'provider') ?? relyingParty.providers[0]?.id ?? '';
    const address = await relyingParty.begin(provider, returnPath, browser, languageOf(request));
    setCookie(reply, cookie, browser);
    return reply.redirect(address.href, 303);
  });

  app.get('/auth/callback', async (request, reply) => {
    tries.count(request.ip);
    const { relyingParty, recorded, people, sessions } = await served();
    const cookie = cookieOf('login', options.url(), identity.config.id);
    const query = request.url.slice(request.url.indexOf('?') + 1);
    const login = await relyingParty.finish(query, readCookie(request, cookie));
    const person = await people.enter(recorded(login.provider, login.identity), { name: login.name });
    noteWho(request, login.identity);
    const before = sessionOf(request);
    if (before !== undefined) {
      await sessions.end({ id: before.live.session.id, person: before.live.person.id });
    }
    const token = await sessions.start(person, { ...login, provider: login.provider.id });
    reply.removeHeader('set-cookie');
    clearCookie(reply, cookie);
    setCookie(reply, cookieOf('session', options.url(), identity.config.id), token);
    return reply.redirect(login.returnPath, 303);
  });

  app.post('/auth/logout', async (request, reply) => {
    const found = sessionOf(request);
    reply.removeHeader('set-cookie');
    clearCookie(reply, cookieOf('session', options.url(), identity.config.id));
    if (found === undefined) return { location: '/portal/' };
    const { session, person } = found.live;
    noteWho(request, { issuer: (await served()).issuerOf(person.issuer), subject: person.subject });
    const idToken = identity.sessions.idTokenOf(found.live, found.token);
    await identity.sessions.end({ id: session.id, person: person.id });
    const address = await (await served()).relyingParty.logoutAddress(session.provider, idToken);
    return { location: address?.href ?? '/portal/' };
  });

  app.post('/auth/backchannel-logout', async (request, reply) => {
    const { relyingParty, recorded, people, sessions } = await served();
    const { provider, session, subject } = await relyingParty.loggedOut(
      textOf(request.body, 'logout_token') ?? '',
    );
    if (session !== undefined) await sessions.end({ provider: provider.id, providerSession: session });
    else if (subject !== undefined) {
      const person = await people.find(recorded(provider, { issuer: provider.issuer, subject }));
      if (person !== undefined) await sessions.end({ person: person.id });
    }
    return await reply.code(200).send();
  });

  app.get('/auth/jwks.json', async (_request, reply) => {
    reply.header('cache-control', 'public, max-age=300');
    return await (await served()).publicKeys();
  });

  app.get('/api/session', async (request) => await sessionAnswer(request, options));

  app.get('/api/session/sessions', async (request) => {
    const { live } = loggedIn(request);
    const all = await identity.sessions.ofPerson(live.person.id);
    return {
      sessions: all.map(({ id, startedAt, seenAt }) => ({
        id,
        startedAt,
        seenAt,
        isThis: id === live.session.id,
      })),
    };
  });

  app.delete('/api/session/sessions', async (request, reply) => {
    await identity.sessions.end({ person: loggedIn(request).live.person.id });
    return await reply.code(204).send();
  });

  app.delete('/api/session/sessions/:id', async (request, reply) => {
    const person = loggedIn(request).live.person.id;
    await identity.sessions.end({ id: textOf(request.params, 'id') ?? '', person });
    return await reply.code(204).send();
  });

  app.post('/api/session/invitation', async (request) => {
    tries.count(request.ip);
    const { live } = loggedIn(request);
    return { role: await identity.people.redeem(live.person.id, textOf(request.body, 'code') ?? '') };
  });

  peopleRoutes(app, options);
}

async function sessionAnswer(request: FastifyRequest, { identity, served }: IdentityRoutesOptions) {
  const { id, name, role } = identity.config;
  const { relyingParty, issuerOf } = await served();
  const found = sessionOf(request);
  const server = { id, name, role };
  const providers = relyingParty.providers.map((each) => ({ id: each.id, name: each.name }));
  if (found === undefined) return { server, providers, person: null };
  const { person, roles, session } = found.live;
  const provider = providers.find((each) => each.id === session.provider);
  return {
    server,
    providers,
    csrfToken: session.csrfToken,
    person: {
      id: person.id,
      issuer: issuerOf(person.issuer),
      subject: person.subject,
      name: person.name,
      provider: provider?.name ?? session.provider,
      roles,
      endsAt: session.endsAt,
    },
  };
}

/** A path of this server's portal, and of no other server however a browser reads it. Throws `node/bad-request`. */
export function localPath(path: string): string {
  const isPlain = /^\/portal\/[!-~]{0,500}$/.test(path) && !path.includes('\\');
  if (isPlain && new URL(path, 'http://here.invalid').origin === 'http://here.invalid') return path;
  throw new NodeError('node/bad-request', 'return: expected a path of the portal, such as /portal/');
}

/** A browser that came as localhost goes on as 127.0.0.1, or the other way round: cookies know hosts by name. */
function otherLoopback(request: FastifyRequest, url: string): string | undefined {
  const { host, port, hostname } = new URL(url);
  const isLoopback = ['localhost', '127.0.0.1', '[::1]'];
  const [asked] = request.host.split(/:(?=\d+$)/);
  if (request.host === host || !isLoopback.includes(hostname) || !isLoopback.includes(asked ?? ''))
    return undefined;
  return request.host.endsWith(`:${port}`) ? `${url}${request.url}` : undefined;
}

function knownBrowser(secret: string | undefined): string {
  return secret !== undefined && /^[\w-]{43}$/.test(secret) ? secret : newBrowser();
}

function newBrowser(): string {
  return Buffer.from(crypto.getRandomValues(new Uint8Array(32))).toString('base64url');
}
