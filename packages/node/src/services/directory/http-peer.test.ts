import { createServer, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect, onTestFinished, test } from 'vitest';
import { httpPeers } from './http-peer.ts';

async function peerOf(listener: RequestListener) {
  const server = createServer(listener).listen(0, '127.0.0.1');
  await new Promise((resolve) => server.once('listening', resolve));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  const { port } = server.address() as AddressInfo;
  return httpPeers({ timeoutMs: 300 })(`http://127.0.0.1:${port}/node/`);
}

const CHAIN = { network: 'net', head: { version: 3, hash: 'A'.repeat(43) }, links: [] };

test('a member is asked below its own address', async () => {
  const paths: (string | undefined)[] = [];
  const peer = await peerOf((request, response) => {
    paths.push(request.url);
    response.end(JSON.stringify({ ...CHAIN, at: '2026-01-01T00:00:00.000Z' }));
  });
  expect((await peer.chain(2)).head.version).toBe(3);
  expect(paths).toEqual(['/node/api/directory/chain?after=2']);
});

test('what a member refuses is told with its code, and nothing that it adds', async () => {
  const peer = await peerOf((_, response) => {
    response.statusCode = 409;
    response.end(JSON.stringify({ code: 'node/directory-forked', detail: 'two versions', secret: 'x' }));
  });
  await expect(peer.proposals()).rejects.toMatchObject({
    code: 'node/directory-unreachable',
    message: expect.stringMatching(/it refuses: two versions \[node\/directory-forked\]$/),
  });
});

test.each<[string, RequestListener]>([
  ['text that is no JSON', (_, response) => void response.end('hello')],
  ['another status without a reason', (_, response) => void response.writeHead(500).end('{}')],
  ['a redirect', (_, response) => void response.writeHead(302, { location: 'http://127.0.0.1:1/' }).end()],
  ['silence', () => {}],
  ['half an answer', (_, response) => void response.writeHead(200, { 'content-length': '100' }).write('{')],
  [
    'an answer without end',
    (_, response) => {
      const chunk = Buffer.alloc(1_000_000, 32);
      const more = () => {
        while (!response.destroyed && response.write(chunk));
      };
      response.on('drain', more);
      more();
    },
  ],
])('%s is a member that does not answer', async (_, listener) => {
  const peer = await peerOf(listener);
  await expect(peer.chain(0)).rejects.toMatchObject({ code: 'node/directory-unreachable' });
});

test('JSON of another shape is refused with its place', async () => {
  const peer = await peerOf((_, response) => {
    response.end(JSON.stringify({ ...CHAIN, at: 'yesterday' }));
  });
  await expect(peer.chain(0)).rejects.toMatchObject({
    code: 'node/directory-unreachable',
    message: expect.stringMatching(/its answer is none: at: /),
  });
});
