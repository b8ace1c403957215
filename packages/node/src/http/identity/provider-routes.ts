import { CodedError } from '@federome/core';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { NodeError } from '../../errors.ts';
import type { EmbeddedProvider } from '../../services/identity/embedded/embedded-provider.ts';
import type { ServedIdentity } from '../../services/identity/identity-service.ts';
import { sendProblem } from '../problem.ts';
import { readForm } from './forms.ts';
import { loginForm, passphraseForm } from './login-pages.ts';
import { languageOf, PAGE_SCRIPT, PAGE_STYLE, wordsOf } from './pages.ts';
import { textOf } from './shapes.ts';

interface Options {
  readonly served: () => Promise<ServedIdentity>;
}

/** The embedded OpenID provider at `/oidc/`: its own endpoints, and the pages on which people log in. */
export async function providerRoutes(app: FastifyInstance, { served }: Options): Promise<void> {
  const provider = async (): Promise<EmbeddedProvider> => {
    const { embedded } = await served();
    if (embedded === undefined) throw new NodeError('node/not-found', 'there is no provider here');
    return embedded;
  };
  app.setErrorHandler(sendProblem);
  app.addHook('onRequest', async (_request, reply) => {
    reply.header('cache-control', 'no-store');
  });
  await app.register(async (scope) => protocol(scope, served, provider));
  await app.register(async (scope) => pages(scope, provider));
}

/** What clients and browsers ask of the provider itself, which reads its own bodies. */
function protocol(
  app: FastifyInstance,
  served: () => Promise<ServedIdentity>,
  provider: () => Promise<EmbeddedProvider>,
): void {
  app.removeAllContentTypeParsers();
  app.addContentTypeParser('*', (_request, _body, done) => done(null));
  app.all('/oidc/*', async (request, reply) => {
    const embedded = await provider();
    const { url } = await served();
    reply.hijack();
    allowForms(reply);
    reply.raw.setHeader('cache-control', 'no-store');
    await embedded.handle(mounted(request, url), reply.raw);
  });
}

function pages(app: FastifyInstance, provider: () => Promise<EmbeddedProvider>): void {
  readForm(app);
  app.get('/oidc/page.css', async (_request, reply) =>
    reply.type('text/css; charset=utf-8').send(PAGE_STYLE),
  );
  app.get('/oidc/page.js', async (_request, reply) =>
    reply.type('text/javascript; charset=utf-8').send(PAGE_SCRIPT),
  );

  app.get('/oidc/interaction/:uid', async (request, reply) => {
    const embedded = await provider();
    const { uid } = await asked(embedded, request, reply);
    return sendPage(reply, loginForm(languageOf(request), uid, embedded.accounts.demo));
  });

  app.post('/oidc/interaction/:uid', async (request, reply) => {
    const embedded = await provider();
    const { uid } = await asked(embedded, request, reply);
    assertOwnForm(request);
    try {
      const account = await chosen(embedded, request);
      return reply.redirect(await embedded.loggedIn(request.raw, reply.raw, account), 303);
    } catch (error) {
      if (!(error instanceof CodedError)) throw error;
      const language = languageOf(request);
      const refusal = error.code === 'node/too-many-requests' ? 'tooMany' : 'wrong';
      reply.code(refusal === 'wrong' ? 401 : 429);
      return sendPage(reply, loginForm(language, uid, embedded.accounts.demo, wordsOf(language)[refusal]));
    }
  });

  app.post('/oidc/interaction/:uid/abort', async (request, reply) => {
    const embedded = await provider();
    await asked(embedded, request, reply);
    assertOwnForm(request);
    return reply.redirect(await embedded.brokenOff(request.raw, reply.raw), 303);
  });

  app.get('/oidc/passphrase', async (request, reply) => {
    await provider();
    return sendPage(reply, passphraseForm(languageOf(request), 'ask'));
  });

  app.post('/oidc/passphrase', async (request, reply) => {
    const embedded = await provider();
    assertOwnForm(request);
    const [code, passphrase] = [textOf(request.body, 'code') ?? '', textOf(request.body, 'passphrase') ?? ''];
    try {
      await embedded.accounts.choose(code, passphrase, request.ip);
      return sendPage(reply, passphraseForm(languageOf(request), 'done'));
    } catch (error) {
      if (!(error instanceof CodedError)) throw error;
      reply.code(error.code === 'node/too-many-requests' ? 429 : 400);
      return sendPage(reply, passphraseForm(languageOf(request), 'refused'));
    }
  });
}

/** Sets a request as the provider expects one that came to its own root, at the address that clients know. */
function mounted(request: FastifyRequest, url: string) {
  const { raw } = request;
  const { protocol: scheme, host } = new URL(url);
  for (const name of Object.keys(raw.headers)) if (name.startsWith('x-forwarded-')) delete raw.headers[name];
  raw.headers['x-forwarded-proto'] = scheme.slice(0, -1);
  raw.headers['x-forwarded-host'] = host;
  raw.headers.host = host;
  return Object.assign(raw, { originalUrl: raw.url, url: (raw.url ?? '').replace(/^\/oidc/, '') });
}

/** The request that this browser was sent here with. Throws `node/bad-login`. */
async function asked(embedded: EmbeddedProvider, request: FastifyRequest, reply: FastifyReply) {
  try {
    const interaction = await embedded.interaction(request.raw, reply.raw);
    if (interaction.uid !== textOf(request.params, 'uid')) throw new Error('another interaction');
    return interaction;
  } catch (cause) {
    throw new NodeError('node/bad-login', 'this login is over: begin again at the page that sent you', {
      cause,
    });
  }
}

async function chosen(embedded: EmbeddedProvider, request: FastifyRequest) {
  const subject = textOf(request.body, 'person');
  if (subject !== undefined) {
    const person = embedded.accounts.demo.find((each) => each.subject === subject);
    if (person === undefined) throw new NodeError('node/bad-code', 'there is no such person');
    return person;
  }
  const [login, passphrase] = [textOf(request.body, 'login') ?? '', textOf(request.body, 'passphrase') ?? ''];
  return await embedded.accounts.logIn(login, passphrase);
}

function assertOwnForm({ headers }: FastifyRequest): void {
  const site = headers['sec-fetch-site'];
  if (site === undefined || site === 'same-origin') return;
  throw new NodeError('node/cross-site', 'the form comes from another site’s page');
}

function sendPage(reply: FastifyReply, html: string): FastifyReply {
  allowForms(reply);
  return reply.type('text/html; charset=utf-8').send(html);
}

/** A form here ends, by redirects, at the client that sent the person: browsers hold every step to `form-action`. */
function allowForms(reply: FastifyReply): void {
  const policy =
    "default-src 'none'; style-src 'self'; script-src 'self'; base-uri 'none'; frame-ancestors 'none'";
  reply.raw.setHeader('content-security-policy', policy);
  reply.header('content-security-policy', policy);
}
