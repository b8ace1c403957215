import type { FastifyPluginCallback } from 'fastify';
import { NodeError } from '../../errors.ts';
import type { NetworkService } from '../../services/network/network-service.ts';
import { noteTold } from '../audit/recording.ts';
import { sendProblem } from '../problem.ts';
import { askerOf } from '../requester.ts';
import { parseExamples, parseQuestion, parseSearch } from './question.ts';

export interface NetworkRoutesOptions {
  readonly network: NetworkService;
  /** Questions answered at a time; further ones get 503. */
  readonly maximumQuestions?: number | undefined;
}

const MAXIMUM_BODY_BYTES = 65_536;
const DEFAULT_MAXIMUM_QUESTIONS = 128;

/**
 * What the portal asks a hub: `GET /api/network`, `POST /api/network/questions`, `GET /api/network/terms` and
 * `GET /api/network/genes`. Every error is an RFC 9457 problem document; nothing that was asked reaches a log.
 */
export const networkRoutes: FastifyPluginCallback<NetworkRoutesOptions> = (app, options, done) => {
  const { network } = options;
  const maximumQuestions = options.maximumQuestions ?? DEFAULT_MAXIMUM_QUESTIONS;
  let underWay = 0;
  app.setErrorHandler(sendProblem);

  const examples = parseExamples(network.examples);
  app.get('/api/network', async () => {
    const overview = await network.overview();
    return examples.length === 0 ? overview : { ...overview, examples };
  });

  app.post('/api/network/questions', { bodyLimit: MAXIMUM_BODY_BYTES }, async (request, reply) => {
    const question = parseQuestion(request.body);
    if (underWay >= maximumQuestions) {
      throw new NodeError(
        'node/overloaded',
        `${maximumQuestions} questions are under way; try again in a second`,
      );
    }
    underWay += 1;
    reply.header('cache-control', 'no-store');
    const answer = await network.ask(question, askerOf(request)).finally(() => {
      underWay -= 1;
    });
    noteTold(request, {
      question,
      // Who was asked: whose data it is, each member says in its own audit.
      datasets: answer.members.filter(({ state }) => state === 'answered').map(({ id }) => id),
      access: { level: 'public', permits: [] },
      total: answer.total.people,
      records: answer.variants.length,
      threshold: network.disclosure.countThreshold,
    });
    return answer;
  });

  app.get('/api/network/terms', (request) => {
    const { text, limit } = parseSearch(request.query);
    return network.terms(text, limit);
  });

  app.get('/api/network/genes', (request) => {
    const { text, limit } = parseSearch(request.query);
    return network.genes(text, limit);
  });

  done();
};
