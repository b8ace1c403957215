import type { FastifyPluginCallback, FastifyRequest } from 'fastify';
import Type from 'typebox';
import { Compile } from 'typebox/compile';
import { NodeError } from '../../errors.ts';
import type { Receipts } from '../../services/exchange/receipts.ts';
import type { ReceiptFilter } from '../../stores/exchange/exchange-store.ts';
import { sendProblem } from '../problem.ts';

export interface ReceiptRoutesOptions {
  readonly receipts: Receipts;
  /** Throws where whoever asks is neither operator nor auditor here. */
  readonly assertMayRead: (request: FastifyRequest) => Promise<void>;
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
  const { receipts, assertMayRead } = options;
  app.setErrorHandler(sendProblem);
  app.addHook('preHandler', async (request, reply) => {
    reply.header('cache-control', 'no-store');
    await assertMayRead(request);
  });
  app.get('/api/exchange/receipts', async ({ query }) => ({
    receipts: await receipts.list(filterOf(query)),
  }));
  app.get<{ Params: { id: string } }>('/api/exchange/receipts/:id', async ({ params: { id } }) => {
    if (!ID.test(id)) throw new NodeError('node/bad-request', 'id: expected 43 characters of base64url');
    return { receipts: await receipts.get(id) };
  });
  done();
};

function filterOf(query: unknown): ReceiptFilter {
  if (!SEARCH.Check(query)) {
    throw new NodeError('node/bad-request', 'expected peer (a member) and limit (1 to 1000), each once');
  }
  return { peer: query.peer, limit: Number(query.limit ?? DEFAULT_LISTED) };
}
