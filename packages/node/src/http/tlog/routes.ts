import { actingRoles, type Requester } from '@federome/core';
import { formatVerifierKey, type NoteKey, TlogError } from '@federome/tlog';
import type { FastifyPluginCallback, FastifyReply } from 'fastify';
import { NodeError } from '../../errors.ts';
import type { LedgerRecords } from '../../services/ledger/ledger-records.ts';
import type { LedgerStatus } from '../../services/ledger/ledger-status.ts';
import type { LogFiles } from '../../services/ledger/log-files.ts';
import type { WitnessService } from '../../services/ledger/witness-service.ts';
import { sendProblem } from '../problem.ts';
import { askerOf } from '../requester.ts';

/** What of a ledger is served. */
export interface ServedLedger {
  readonly files: Pick<LogFiles, 'latest' | 'cosigned' | 'view'>;
  readonly witness: Pick<WitnessService, 'addCheckpoint' | 'heads'>;
  readonly records: Pick<LedgerRecords, 'receipt'>;
  readonly status: () => Promise<LedgerStatus>;
  readonly verifierKeys: () => Promise<{ readonly log: NoteKey; readonly witness: NoteKey }>;
}

export interface TlogRoutesOptions {
  readonly parts: () => Promise<ServedLedger>;
}

/** A request to cosign: a proof has at most 63 lines, a note a signature for each witness. */
const MAXIMUM_BODY_BYTES = 65_536;
const INDEX = /^(0|[1-9]\d{0,15})$/;
/** Level or `entries`, up to six groups of the tile's number, and the width of a partial one. */
const TILE_PLACES = [2, 3, 4, 5, 6, 7, 8].map((count) =>
  ['level', 'a', 'b', 'c', 'd', 'e', 'f', 'width'].slice(0, count),
);
const TEXT = 'text/plain; charset=utf-8';

/**
 * The log for anybody to read (C2SP tlog-tiles) under `/tlog/`: `checkpoint` (cosigned where there is a network), `latest`
 * (of the log alone), `tile/…`, `verifier` (its keys). Members bring heads to `/tlog/witness/add-checkpoint` (C2SP
 * tlog-witness) and read at `/tlog/witness/heads` what was cosigned. `/api/ledger/status` and `/api/ledger/receipts/:index`
 * are for operators and auditors of this server.
 */
export const tlogRoutes: FastifyPluginCallback<TlogRoutesOptions> = (app, { parts }, done) => {
  app.setErrorHandler(sendProblem);
  app.removeAllContentTypeParsers();
  app.addContentTypeParser('*', { parseAs: 'string', bodyLimit: MAXIMUM_BODY_BYTES }, (_, body, ready) =>
    ready(null, body),
  );
  app.addHook('onRequest', async (_, reply) => void reply.header('cache-control', 'no-cache'));

  app.get('/tlog/checkpoint', async (_, reply) => {
    const { files } = await parts();
    return sendText(reply, (await files.cosigned()) ?? (await files.latest()));
  });
  app.get('/tlog/latest', async (_, reply) => sendText(reply, await (await parts()).files.latest()));
  for (const places of TILE_PLACES) {
    app.get<{ Params: Record<string, string> }>(
      `/tlog/tile/:${places.join('/:')}`,
      async (request, reply) => {
        const path = ['tile', ...places.map((place) => request.params[place])].join('/');
        const bytes = await readTile(path, (await parts()).files);
        // A tile never changes: neither a full one nor, as it carries its width in its path, a partial one.
        reply.header('cache-control', 'public, max-age=31536000, immutable');
        return reply.type('application/octet-stream').send(Buffer.from(bytes));
      },
    );
  }
  app.get('/tlog/verifier', async (_, reply) => {
    const keys = await (await parts()).verifierKeys();
    return sendText(reply, `${formatVerifierKey(keys.log)}\n${formatVerifierKey(keys.witness)}\n`);
  });

  app.get('/tlog/witness/heads', async () => ({ heads: await (await parts()).witness.heads() }));
  app.post('/tlog/witness/add-checkpoint', async (request, reply) => {
    if (typeof request.body !== 'string') throw new NodeError('node/bad-request', 'expected a text');
    const answer = await (await parts()).witness.addCheckpoint(request.body);
    return reply.code(answer.status).type(answer.contentType).send(answer.body);
  });

  app.get('/api/ledger/status', async (request, reply) => {
    requireReader(askerOf(request).requester);
    reply.header('cache-control', 'no-store');
    return await (await parts()).status();
  });
  app.get<{ Params: { index: string } }>('/api/ledger/receipts/:index', async (request, reply) => {
    requireReader(askerOf(request).requester);
    reply.header('cache-control', 'no-store');
    const { index } = request.params;
    if (!INDEX.test(index)) throw new NodeError('node/bad-request', 'index: expected a whole number from 0');
    return await (await parts()).records.receipt(Number(index));
  });
  done();
};

async function readTile(path: string, files: ServedLedger['files']): Promise<Uint8Array> {
  const absent = () => new NodeError('node/not-found', 'the log has no such tile');
  try {
    const bytes = await (await files.view())(path);
    if (bytes === undefined) throw absent();
    return bytes;
  } catch (error) {
    if (error instanceof TlogError) throw absent();
    throw error;
  }
}

function sendText(reply: FastifyReply, text: string | undefined): FastifyReply {
  if (text === undefined) throw new NodeError('node/not-found', 'nothing was recorded here yet');
  return reply.type(TEXT).send(text);
}

/** Operators and auditors, by the records of this server. */
function requireReader(requester: Requester): void {
  if (requester.kind === 'anonymous') throw new NodeError('node/unauthenticated', 'log in to see the ledger');
  const roles = actingRoles(requester);
  if (!roles.includes('operator') && !roles.includes('auditor'))
    throw new NodeError('node/forbidden', 'the ledger is for operators and auditors of this server');
}
