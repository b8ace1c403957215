import type { FastifyPluginCallback } from 'fastify';
import Type from 'typebox';
import { Compile } from 'typebox/compile';
import { NodeError } from '../../errors.ts';
import type { ReceiptReader } from '../../services/exchange/receipts.ts';
import type { ReceiptFilter } from '../../stores/exchange/exchange-store.ts';
import { sendProblem } from '../problem.ts';
import { askerOf } from '../requester.ts';

export interface ReceiptRoutesOptions {
  readonly reader: ReceiptReader;
}

const ID = /^[A-Za-z0-9_-]{43}$/;
const SEARCH = Compile(
  Type.Object({
    peer: Type.Optional(Type.String({ minLength: 1, maxLength: 100 })),
    limit: Type.Optional(Type.String({ pattern: '^([1-9]\\d{0,2}|1000)$' })),
  }),
);
const DEFAULT_LISTED = 100;

/**
 * `GET /api/exchange/receipts?peer=&limit=` and `GET /api/exchange/receipts/:id`, for operators and auditors of this node.
 * Errors are RFC 9457 problem documents.
 */
export const receiptRoutes: FastifyPluginCallback<ReceiptRoutesOptions> = (app, options, done) => {
  const { reader } = options;
  app.setErrorHandler(sendProblem);
  app.addHook('onRequest', async (_, reply) => {
    reply.header('cache-control', 'no-store');
  });
  app.get('/api/exchange/receipts', async (request) => ({
    receipts: await reader.list(askerOf(request).requester, filterOf(request.query)),
  }));
  app.get<{ Params: { id: string } }>('/api/exchange/receipts/:id', async (request) => {
    const { id } = request.params;
    if (!ID.test(id)) throw new NodeError('node/bad-request', 'id: expected 43 characters of base64url');
    return { receipts: await reader.get(askerOf(request).requester, id) };
  });
  done();
};

function filterOf(query: unknown): ReceiptFilter {
  if (!SEARCH.Check(query)) {
    throw new NodeError('node/bad-request', 'expected peer (a member) and limit (1 to 1000), each once');
  }
  return { peer: query.peer, limit: Number(query.limit ?? DEFAULT_LISTED) };
}
