import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { expect, onTestFinished, test } from 'vitest';
import { JwksCache } from './jwks-cache.ts';

const KEY = { kty: 'EC', crv: 'P-256', kid: 'k1', x: 'AA', y: 'AA' };

/** An issuer on loopback that answers as it is told. */
async function issuer(answer: (request: IncomingMessage, response: ServerResponse) => void) {
  let asked = 0;
  const server = createServer((request, response) => {
    asked += 1;
    answer(request, response);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  const address = server.address();
  const port = typeof address === 'object' && address !== null ? address.port : 0;
  return { url: `http://127.0.0.1:${port}/jwk`, asked: () => asked };
}

const keySet = (...keys: readonly object[]) => JSON.stringify({ keys });
const AWAY = expect.objectContaining({ code: 'keys-unavailable' });

function cache(timeoutMs = 60_000) {
  const clock = { ms: 1_000_000 };
  return { clock, keys: new JwksCache({ now: () => new Date(clock.ms), timeoutMs }) };
}

test('a key is found by its name, with one question for many at once', async () => {
  const { url, asked } = await issuer((_, response) => response.end(keySet({ ...KEY, kid: 'k0' }, KEY)));
  const { keys } = cache();
  const found = await Promise.all(Array.from({ length: 20 }, () => keys.key(url, 'k1')));
  expect(found[0]).toEqual(KEY);
  expect(asked()).toBe(1);
});

test.each<[string, (request: IncomingMessage, response: ServerResponse) => void]>([
  [
    'a redirect',
    (request, response) => {
      if (request.url === '/jwk') response.writeHead(302, { location: '/other' }).end();
      else response.end(keySet(KEY));
    },
  ],
  ['an endless answer', (_, response) => void writeOn(response.on('error', () => {}))],
  ['a larger one than 64 KiB', (_, response) => void response.end(keySet({ ...KEY, x: 'A'.repeat(70_000) }))],
  ['no answer', () => {}],
  ['an error', (_, response) => void response.writeHead(500).end(keySet(KEY))],
  ['no JSON', (_, response) => void response.end('<html>')],
  ['a member twice', (_, response) => void response.end(`{"keys":[],"keys":[${JSON.stringify(KEY)}]}`)],
  ['more than 50 keys', (_, response) => void response.end(keySet(...Array(51).fill(KEY)))],
])('%s gives no keys', async (_, answer) => {
  const { url } = await issuer(answer);
  await expect(cache(200).keys.key(url, 'k1')).rejects.toEqual(AWAY);
});

test('an unknown name asks again, but not twice within 30 s', async () => {
  const sets = [keySet(KEY), keySet({ ...KEY, kid: 'k2' })];
  const { url, asked } = await issuer((_, response) => response.end(sets[Math.min(asked() - 1, 1)]));
  const { keys, clock } = cache();
  await keys.key(url, 'k1');
  const unknown = expect.objectContaining({ code: 'unknown-key' });
  for (let time = 0; time < 3; time += 1) await expect(keys.key(url, 'k2')).rejects.toEqual(unknown);
  expect(asked()).toBe(1);
  clock.ms += 30_000;
  expect(await keys.key(url, 'k2')).toMatchObject({ kid: 'k2' });
  await expect(keys.key(url, 'k1')).rejects.toEqual(unknown);
});

test('a set is asked for again after ten minutes, so that a withdrawn key is believed no longer', async () => {
  const sets = [keySet(KEY), keySet({ ...KEY, kid: 'k2' })];
  const { url, asked } = await issuer((_, response) => response.end(sets[Math.min(asked() - 1, 1)]));
  const { keys, clock } = cache();
  await keys.key(url, 'k1');
  clock.ms += 599_999;
  await keys.key(url, 'k1');
  clock.ms += 1;
  await expect(keys.key(url, 'k1')).rejects.toMatchObject({ code: 'unknown-key' });
  expect(asked()).toBe(2);
});

function writeOn(response: ServerResponse): void {
  if (!response.destroyed) response.write('{"keys":['.padEnd(10_000), () => writeOn(response));
}
