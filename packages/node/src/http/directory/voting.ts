import type { FastifyPluginCallback } from 'fastify';
import Type from 'typebox';
import { Compile } from 'typebox/compile';
import { NodeError } from '../../errors.ts';
import type { DirectoryService } from '../../services/directory/directory-service.ts';
import { sendProblem } from '../problem.ts';
import { askerOf } from '../requester.ts';

export interface VotingRoutesOptions {
  readonly directory: DirectoryService;
}

const Id = Compile(Type.Object({ id: Type.String({ pattern: '^[A-Za-z0-9_-]{43}$' }) }));
const Decision = Compile(
  Type.Object(
    { decision: Type.Union([Type.Literal('for'), Type.Literal('against')]) },
    { additionalProperties: false },
  ),
);

/**
 * For people and machines of this node, in a scope that establishes who asks: `GET /api/directory/standings`, how every
 * proposal stands, and `POST /api/directory/proposals/:id/vote`, this node's vote by one of its operators.
 */
export const votingRoutes: FastifyPluginCallback<VotingRoutesOptions> = (app, { directory }, done) => {
  app.setErrorHandler(sendProblem);
  app.addHook('onRequest', async (_request, reply) => void reply.header('cache-control', 'no-store'));
  app.get('/api/directory/standings', async () => ({ proposals: await directory.standings() }));
  app.post('/api/directory/proposals/:id/vote', { bodyLimit: 1_000 }, async (request) => {
    if (!Id.Check(request.params)) throw new NodeError('node/bad-request', 'id: expected a proposal’s');
    if (!Decision.Check(request.body)) {
      throw new NodeError('node/bad-request', 'decision: expected for or against');
    }
    const { id } = request.params;
    await directory.voteAs(askerOf(request).requester, [id], request.body.decision);
    return { proposal: id, decision: request.body.decision };
  });
  done();
};
