import type { FastifyContextConfig, FastifyInstance, FastifyPluginCallback } from 'fastify';
import Type from 'typebox';
import { Compile } from 'typebox/compile';
import type { Visas } from '../../composition/visas.ts';
import { NodeError } from '../../errors.ts';
import { requireMember } from '../exchange/edge.ts';
import { sendProblem } from '../problem.ts';
import { askerOf } from '../requester.ts';

export interface VisaRoutesOptions {
  readonly visas: Visas;
}

const Text = Type.String({ minLength: 1, maxLength: 255 });
const IssueBody = Compile(
  Type.Object(
    { identity: Type.Object({ issuer: Text, subject: Text }, { additionalProperties: false }) },
    { additionalProperties: false },
  ),
);
const FeedBody = Compile(
  Type.Object({ feed: Type.String({ minLength: 1, maxLength: 1_000_000 }) }, { additionalProperties: false }),
);
const NONCE = /^[A-Za-z0-9_-]{16,64}$/;

/**
 * `GET /.well-known/visa-jwks.json` for anybody; `POST /visas` for members by signed request, of anybody, and for a person,
 * of themselves; `GET /visas/revocations` and `/visas/revocations/:nonce` for anybody; `POST /visas/revocations` for members
 * that bring their own. Errors are RFC 9457 problem documents.
 */
export const visaRoutes: FastifyPluginCallback<VisaRoutesOptions> = (app, { visas }, done) => {
  app.setErrorHandler(sendProblem);
  app.addHook('onRequest', async (_, reply) => void reply.header('cache-control', 'no-store'));
  app.get('/.well-known/visa-jwks.json', async (_, reply) => {
    const { issuer } = await visas.services();
    reply.header('cache-control', 'public, max-age=300').type('application/jwk-set+json');
    return await issuer.jwks();
  });
  app.post('/visas', async (request) => {
    if (!IssueBody.Check(request.body)) {
      throw new NodeError('node/bad-request', 'expected {"identity": {"issuer": …, "subject": …}}');
    }
    const { identity } = request.body;
    const { requester } = askerOf(request);
    if (requester.kind === 'person' && requester.through === undefined) {
      const isOwn =
        requester.identity.issuer === identity.issuer && requester.identity.subject === identity.subject;
      if (!isOwn) throw new NodeError('node/forbidden', 'a person gets their own visas only');
    } else requireMember(request);
    const { issuer } = await visas.services();
    return { visas: await issuer.visasOf(identity) };
  });
  revocationRoutes(app, visas);
  done();
};

function revocationRoutes(app: FastifyInstance, visas: Visas): void {
  app.get('/visas/revocations', async () => ({ feed: await (await visas.services()).issuer.feed() }));
  // What stands in its place is a number used once, and names nobody.
  const config: FastifyContextConfig & { readonly signedTarget: true } = { signedTarget: true };
  app.get<{ Params: { nonce: string } }>('/visas/revocations/:nonce', { config }, async (request) => {
    const { nonce } = request.params;
    if (!NONCE.test(nonce))
      throw new NodeError('node/bad-request', 'nonce: 16 to 64 characters of base64url');
    return { feed: await (await visas.services()).issuer.feed(nonce) };
  });
  app.post('/visas/revocations', async (request) => {
    const { member } = requireMember(request);
    if (!FeedBody.Check(request.body)) throw new NodeError('node/bad-request', 'expected {"feed": …}');
    await visas.receiveFeed(member.id, request.body.feed);
    return { taken: true };
  });
}
