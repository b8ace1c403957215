import { BeaconClient, ClientError, type ClientErrorCode } from '@federome/client';
import { type BeaconReply, beaconServer, countAnswer, infoAnswer, loopbackServer } from '@federome/testkit';
import { expect, test } from 'vitest';

async function failure(work: Promise<unknown>): Promise<ClientError> {
  const error = await work.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  if (!(error instanceof ClientError)) throw new Error(`expected a ClientError, had ${String(error)}`);
  return error;
}

async function askedOf(reply: BeaconReply, options: { timeoutMs?: number; maximumBytes?: number } = {}) {
  const { url } = await beaconServer(() => reply);
  return await failure(
    new BeaconClient(url, { timeoutMs: 5_000, ...options }).individuals({ granularity: 'count' }),
  );
}

function summary(responseSummary: unknown): BeaconReply {
  return { json: { meta: {}, responseSummary } };
}

test('a port where nobody listens is unreachable', async () => {
  const server = await beaconServer(() => undefined);
  await server.stop();
  const error = await failure(new BeaconClient(server.url).info());
  expect(error.code).toBe('client/unreachable');
  expect(error.message).toBe('cannot be reached (ECONNREFUSED)');
});

test('an address that is not http is unreachable before anything is sent', () => {
  for (const url of ['ftp://example.org', 'file:///etc/passwd', 'nonsense']) {
    expect(() => new BeaconClient(url)).toThrow(expect.objectContaining({ code: 'client/unreachable' }));
  }
});

test('a connection that breaks in the middle of the body is unreachable', async () => {
  const error = await askedOf((response) => {
    response.writeHead(200, { 'content-type': 'application/json', 'content-length': '1000' });
    response.write('{"meta":');
    setTimeout(() => response.destroy(), 20);
  });
  expect(error.code).toBe('client/unreachable');
});

test('a Beacon that never answers, and one that drips a byte at a time, time out', async () => {
  const silent: BeaconReply = () => undefined;
  const dripping: BeaconReply = (response) => {
    response.writeHead(200, { 'content-type': 'application/json' });
    const timer = setInterval(() => response.write(' '), 20);
    response.on('close', () => clearInterval(timer));
  };
  for (const reply of [silent, dripping]) {
    const startedMs = performance.now();
    const error = await askedOf(reply, { timeoutMs: 300 });
    expect(error.code).toBe('client/timed-out');
    expect(performance.now() - startedMs).toBeLessThan(2_500);
  }
});

test('whoever asks may give up earlier, for a reason of their own', async () => {
  const { url } = await beaconServer(() => () => undefined);
  const beacon = new BeaconClient(url);
  const own = new AbortController();
  const asked = beacon.info({ signal: own.signal });
  own.abort(new Error('the page was left'));
  await expect(asked).rejects.toThrow('the page was left');
  expect((await failure(beacon.info({ signal: AbortSignal.timeout(50) }))).code).toBe('client/timed-out');
});

test('an answer is read up to the limit and no further, whether its length is announced or not', async () => {
  let written = 0;
  const endless: BeaconReply = (response) => {
    response.writeHead(200, { 'content-type': 'application/json' });
    const block = Buffer.alloc(65_536, ' ');
    const more = () => {
      while (!response.destroyed) {
        written += block.length;
        if (!response.write(block)) return;
      }
    };
    response.on('drain', more);
    more();
  };
  expect((await askedOf(endless, { maximumBytes: 1_000_000 })).code).toBe('client/answer-too-large');
  expect(written).toBeLessThan(20_000_000);
  const announced: BeaconReply = (response) => {
    response.writeHead(200, { 'content-type': 'application/json', 'content-length': '200000000' });
    response.write('{');
  };
  expect((await askedOf(announced)).code).toBe('client/answer-too-large');
});

test('a small body that unpacks into a large one is stopped too', async () => {
  const { gzipSync } = await import('node:zlib');
  const bomb = gzipSync(Buffer.alloc(100_000_000, ' '));
  const error = await askedOf((response) => {
    response.writeHead(200, { 'content-type': 'application/json', 'content-encoding': 'gzip' });
    response.end(bomb);
  });
  expect(bomb.length).toBeLessThan(200_000);
  expect(error.code).toBe('client/answer-too-large');
});

test('HTML, text that is no JSON and bytes that are no UTF-8 are not JSON', async () => {
  const bodies: readonly (readonly [string, string | Buffer])[] = [
    ['text/html; charset=utf-8', '<html>please log in</html>'],
    ['application/json', '{"responseSummary": '],
    ['application/json', ''],
    ['application/json', Buffer.from([0x22, 0xff, 0xfe, 0x22])],
  ];
  for (const [type, body] of bodies) {
    const error = await askedOf((response) => {
      response.writeHead(200, { 'content-type': type }).end(body);
    });
    expect([type, error.code]).toEqual([type, 'client/not-json']);
    expect(`${error.message} ${String(error.cause)}`).not.toContain('responseSummary');
  }
});

test('JSON that is no Beacon answer, or contradicts itself, has the wrong schema', async () => {
  const replies: readonly BeaconReply[] = [
    { json: [] },
    { json: null },
    { json: { response: {} } },
    summary({}),
    summary({ exists: 'yes' }),
    summary({ exists: true, numTotalResults: -5 }),
    summary({ exists: true, numTotalResults: 1.5 }),
    summary({ exists: true, numTotalResults: '20' }),
    summary({ exists: true, numTotalResults: 1e300 }),
    summary({ exists: true, numTotalResults: 0 }),
    summary({ exists: false, numTotalResults: 20 }),
    { json: { responseSummary: { exists: true }, response: { resultSets: {} } } },
    {
      json: {
        responseSummary: { exists: true },
        response: { resultSets: [{ id: 'a', exists: true, resultsCount: 0 }] },
      },
    },
  ];
  for (const reply of replies) {
    const error = await askedOf(reply);
    expect([JSON.stringify(reply), error.code]).toEqual([JSON.stringify(reply), 'client/wrong-schema']);
  }
});

test('refusals are told apart from other failures, with what the Beacon says about them', async () => {
  const expected: readonly (readonly [number, ClientErrorCode])[] = [
    [400, 'client/http-status'],
    [401, 'client/refused'],
    [403, 'client/refused'],
    [429, 'client/refused'],
    [500, 'client/http-status'],
    [503, 'client/http-status'],
  ];
  for (const [status, code] of expected) {
    const json = { meta: {}, error: { errorCode: status, errorMessage: 'the reason,\nin two lines' } };
    const error = await askedOf({ status, json });
    expect([error.status, error.code]).toEqual([status, code]);
    expect(error.message).toBe(`answers with status ${status}: the reason, in two lines`);
  }
  const html = await askedOf((response) => {
    response.writeHead(502, { 'content-type': 'text/html' }).end('<h1>Bad gateway</h1>');
  });
  expect([html.code, html.message]).toEqual(['client/http-status', 'answers with status 502']);
});

test('a redirect to another origin is not followed, one within the same origin is', async () => {
  let reached = 0;
  const elsewhere = await loopbackServer((_, response) => {
    reached += 1;
    response.end('{}');
  });
  const away = await beaconServer(() => ({
    status: 302,
    json: {},
    headers: { location: `${elsewhere.url}/info` },
  }));
  const error = await failure(new BeaconClient(away.url).info());
  expect([error.code, error.status, reached]).toEqual(['client/http-status', 302, 0]);

  const moved = await beaconServer(({ path, method, body }) => {
    if (path === 'individuals') return { status: 308, json: {}, headers: { location: '/v2/individuals' } };
    return path === 'v2/individuals' && method === 'POST' && body !== undefined
      ? countAnswer('moved', 30)
      : undefined;
  });
  const answer = await new BeaconClient(moved.url).individuals({ granularity: 'count' });
  expect(answer.count).toEqual({ kind: 'shown', value: 30 });
  const circle = await beaconServer(() => ({ status: 307, json: {}, headers: { location: '/info' } }));
  expect((await failure(new BeaconClient(circle.url).info())).code).toBe('client/http-status');
});

test('a node that says it is of another country than expected is refused, in /info and in answers', async () => {
  const { url } = await beaconServer(({ path }) =>
    path === 'info' ? infoAnswer('ee', { country: 'XX' }) : countAnswer('ee', 50, { country: 'XX' }),
  );
  const beacon = new BeaconClient(url, { country: 'EE' });
  expect((await failure(beacon.info())).code).toBe('client/wrong-country');
  expect((await failure(beacon.individuals({ granularity: 'count' }))).code).toBe('client/wrong-country');
  await expect(new BeaconClient(url).info()).resolves.toMatchObject({ country: 'XX' });
});
