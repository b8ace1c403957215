import type { FastifyPluginCallback } from 'fastify';
import Type from 'typebox';
import { Compile } from 'typebox/compile';
import { NodeError } from '../../errors.ts';
import type { DirectoryService } from '../../services/directory/directory-service.ts';
import {
  readAttempt,
  readJoin,
  readLink,
  readProposal,
  readSignatureRequest,
  readVote,
} from '../../services/directory/wire.ts';
import { sendProblem } from '../problem.ts';

export interface DirectoryRoutesOptions {
  readonly directory: DirectoryService;
}

const MAXIMUM_BODY_BYTES = 4_000_000;
const VersionNumber = Compile(Type.Object({ version: Type.String({ pattern: '^[1-9][0-9]{0,14}$' }) }));
const After = Compile(Type.Object({ after: Type.String({ pattern: '^[0-9]{1,16}$' }) }));

/**
 * The directory of members, for anybody to read: `GET /directory`, `GET /directory/:version`. What members bring each
 * other under `/api/directory/` is signed by itself, and believed for that alone. Errors are RFC 9457 problems.
 */
export const directoryRoutes: FastifyPluginCallback<DirectoryRoutesOptions> = (app, options, done) => {
  const { directory } = options;
  app.setErrorHandler(sendProblem);
  // Versions may be read from anywhere; what changes by the second may not be kept.
  app.addHook('onRequest', async (_request, reply) => void reply.header('cache-control', 'no-cache'));

  app.get('/directory', () => directory.signed());
  app.get('/directory/:version', (request) => {
    if (!VersionNumber.Check(request.params)) {
      throw new NodeError('node/bad-request', 'version: expected a whole number from 1');
    }
    return directory.signed(Number(request.params.version));
  });

  app.get('/api/directory/chain', (request) => {
    if (!After.Check(request.query))
      throw new NodeError('node/bad-request', 'after: expected a whole number');
    return directory.chain(Number(request.query.after));
  });
  app.get('/api/directory/proposals', async () => ({ proposals: await directory.openProposals() }));

  const limit = { bodyLimit: MAXIMUM_BODY_BYTES };
  app.post('/api/directory/versions', limit, async (request) => {
    await directory.receiveVersion(readLink(request.body));
    return { taken: true };
  });
  app.post('/api/directory/proposals', limit, async (request) => {
    await directory.receiveProposal(readProposal(request.body));
    return { taken: true };
  });
  app.post('/api/directory/votes', limit, async (request) => {
    await directory.receiveVote(readVote(request.body));
    return { taken: true };
  });
  app.post('/api/directory/promises', limit, (request) => directory.promise(readAttempt(request.body)));
  app.post('/api/directory/signatures', limit, (request) =>
    directory.sign(readSignatureRequest(request.body)),
  );
  app.post('/api/directory/joins', limit, async (request, reply) => {
    const proposal = await directory.receiveJoin(readJoin(request.body));
    reply.code(202);
    return { proposal };
  });
  done();
};
