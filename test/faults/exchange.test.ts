import type { NetworkAnswer } from '@federome/client';
import type { FederomeNode } from '@federome/node';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { Receipt } from '../../packages/node/src/stores/exchange/exchange-store.ts';
import { inventedNode, people } from '../testkit/beacon-node.ts';
import { type ExchangeSite, exchangeSite, WrittenDirectory } from '../testkit/exchange-sites.ts';
import { exchange, type PassingAnswer, type PassingRequest } from '../testkit/meddling-proxy.ts';

const QUESTION = { variant: { geneId: 'APOL1', assemblyId: 'GRCh38' } };

let node: FederomeNode;
let directory: WrittenDirectory;
let hub: ExchangeSite;
let ee: ExchangeSite;
let fi: ExchangeSite;

const cleanUps: (() => Promise<void>)[] = [];
beforeAll(async () => {
  node = await inventedNode([{ id: 'biobank', people: people(400) }], (cleanUp) => cleanUps.push(cleanUp));
});
afterAll(async () => {
  for (const cleanUp of cleanUps) await cleanUp();
});
beforeEach(async () => {
  directory = new WrittenDirectory();
  hub = await exchangeSite(directory, 'the.hub', node, 'hub');
  ee = await exchangeSite(directory, 'ee.node', node);
  fi = await exchangeSite(directory, 'fi.node', node);
});

function stateOf(answer: NetworkAnswer, id: string) {
  const member = answer.members.find((one) => one.id === id);
  return [member?.state, member?.reason?.code ?? member?.reason];
}

/** Every request of one question to the node in Estonia, as it came by. */
async function overheard(): Promise<{
  readonly requests: PassingRequest[];
  readonly answers: PassingAnswer[];
}> {
  const requests: PassingRequest[] = [];
  const answers: PassingAnswer[] = [];
  ee.proxy.meddling = {
    request: (request) => requests.push({ ...request, headers: { ...request.headers } }),
    answer: (answer) => {
      answers.push({ ...answer });
      return undefined;
    },
  };
  await hub.network.ask(QUESTION);
  ee.proxy.meddling = {};
  return { requests, answers };
}

async function overheardQuestion(): Promise<PassingRequest> {
  const found = (await overheard()).requests.find(({ path }) => path === '/individuals');
  if (found === undefined) throw new Error('the hub did not ask for individuals');
  return found;
}

function codeOf(answer: PassingAnswer): readonly [number, unknown] {
  const json: { readonly info?: { readonly code?: string }; readonly code?: string } = JSON.parse(
    String(answer.body),
  );
  return [answer.status, json.info?.code ?? json.code];
}

/** A request that the node never saw, as the hub would send it. */
async function heldBack(): Promise<PassingRequest> {
  let held: PassingRequest | undefined;
  ee.proxy.meddling = {
    request: (request) => {
      if (request.path === '/individuals') held = { ...request, headers: { ...request.headers } };
      request.path = '/health';
      request.method = 'GET';
    },
  };
  await hub.network.ask(QUESTION);
  ee.proxy.meddling = {};
  if (held === undefined) throw new Error('the hub did not ask for individuals');
  return held;
}

test('a hub asks the members of the directory with signed requests, and both sides keep the same receipts', async () => {
  const answer = await hub.network.ask(QUESTION);
  expect(answer.members.map(({ id, state, reason }) => [id, state, reason])).toEqual([
    ['ee.node', 'answered', undefined],
    ['fi.node', 'answered', undefined],
  ]);
  const asked = await (await hub.composed.exchange()).receipts.list({ peer: 'ee.node', limit: 10 });
  const answered = await (await ee.composed.exchange()).receipts.list({ limit: 10 });
  const heads = (receipts: readonly Receipt[]) =>
    receipts
      .map(({ id, request, answer: told }) => ({ id, request, answer: told }))
      .sort((a, b) => (a.id < b.id ? -1 : 1));
  expect(asked.map(({ request }) => new URL(request.target).pathname).sort()).toEqual([
    '/g_variants',
    '/individuals',
    '/info',
  ]);
  expect(heads(answered)).toEqual(heads(asked));
  expect(new Set(answered.map(({ direction, peer }) => `${direction} ${peer}`))).toEqual(
    new Set(['answered the.hub']),
  );
  expect(JSON.stringify(asked)).not.toContain('APOL1');
});

test('an unsigned question stays a public one', async () => {
  const { headers, ...request } = await overheardQuestion();
  const answer = await exchange(ee.url, { ...request, headers: { 'content-type': headers['content-type'] } });
  expect(answer.status).toBe(200);
  expect(answer.headers.signature).toBeUndefined();
});

describe('a node refuses', () => {
  test('a request that it answered before', async () => {
    const request = await overheardQuestion();
    expect(codeOf(await exchange(ee.url, request))).toEqual([401, 'node/replayed']);
  });

  test('of many copies of a new request at once, all but one', async () => {
    const request = await heldBack();
    const answers = await Promise.all(Array.from({ length: 10 }, () => exchange(ee.url, request)));
    const statuses = answers.map(({ status }) => status).sort();
    expect(statuses).toEqual([200, ...Array.from({ length: 9 }, () => 401)]);
  });

  test('another body than the signed one', async () => {
    const request = await heldBack();
    const body = Buffer.from(String(request.body).replace('APOL1', 'APOL2'));
    expect(codeOf(await exchange(ee.url, { ...request, body }))).toEqual([401, 'node/tampered']);
  });

  test.each<[string, (request: PassingRequest) => void]>([
    [
      'another digest with another body',
      (request) => {
        request.body = Buffer.from('{}');
        request.headers['content-digest'] = 'sha-256=:RBNvo1WzZ4oRRq0W9+hknpT7T8If536DEMBg9hyq/4o=:';
      },
    ],
    [
      'another path',
      (request) => {
        request.path = '/g_variants';
      },
    ],
    [
      'pagination that was added',
      (request) => {
        request.path = '/individuals?skip=1';
      },
    ],
    [
      'a question in the query',
      (request) => {
        request.path = '/individuals?geneId=APOL1';
      },
    ],
    [
      'another content type',
      (request) => {
        request.headers['content-type'] = 'text/json';
      },
    ],
    [
      'a purpose that was added',
      (request) => {
        request.headers['federome-purpose'] = 'research';
      },
    ],
    [
      'a later expiry',
      (request) => edit(request, /expires=\d+/, (text) => `expires=${Number(text.slice(8)) - 1}`),
    ],
    ['another nonce', (request) => edit(request, /nonce="./, () => 'nonce="_')],
    ['another algorithm', (request) => edit(request, /alg="ed25519"/, () => 'alg="rsa-v1_5-sha256"')],
    ['no algorithm', (request) => edit(request, /;alg="ed25519"/, () => '')],
    ['no nonce', (request) => edit(request, /;nonce="[^"]*"/, () => '')],
    [
      'another tag of ours',
      (request) => edit(request, /tag="federome-request"/, () => 'tag="federome-answer"'),
    ],
    ['no tag', (request) => edit(request, /;tag="federome-request"/, () => '')],
    ['less covered', (request) => edit(request, /"content-digest" /, () => '')],
    ['a component twice', (request) => edit(request, /"@method"/, () => '"@method" "@method"')],
    [
      'a signature without its parameters',
      (request) => {
        delete request.headers['signature-input'];
      },
    ],
    [
      'parameters without their signature',
      (request) => {
        delete request.headers.signature;
      },
    ],
    [
      'a signature that is no bytes',
      (request) => {
        request.headers.signature = 'federome="AAAA"';
      },
    ],
    [
      'a second signature with our tag',
      (request) => {
        request.headers['signature-input'] +=
          `, b=${String(request.headers['signature-input']).slice('federome='.length)}`;
        request.headers.signature += `, b=${String(request.headers.signature).slice('federome='.length)}`;
      },
    ],
    [
      'no dictionary at all',
      (request) => {
        request.headers['signature-input'] = '(((';
      },
    ],
    [
      'no digest',
      (request) => {
        delete request.headers['content-digest'];
      },
    ],
  ])('%s', async (_, meddle) => {
    const request = await heldBack();
    meddle(request);
    expect(codeOf(await exchange(ee.url, request))).toEqual([401, 'node/bad-signature']);
  });

  test('an endpoint that it has not, and keeps no evidence of what was asked there', async () => {
    const { outgoing } = await hub.composed.exchange();
    for (const [path, code] of [
      ['variants/APOL1', [404, 'node/not-found']],
      ['individuals?skip=APOL1', [401, 'node/bad-signature']],
    ] as const) {
      const response = await outgoing.fetchFor('ee.node')(`${ee.href}${path}`, {
        method: 'POST',
        body: '{}',
      });
      const answer: { info: { code: string } } = await response.json();
      expect([response.status, answer.info.code]).toEqual(code);
    }
    expect(await (await ee.composed.exchange()).receipts.list({ limit: 10 })).toEqual([]);
  });

  test('a passport that is not the signed one', async () => {
    const request = await heldBack();
    request.headers['ga4gh-passport'] = 'eyJ';
    expect(codeOf(await exchange(ee.url, request))).toEqual([401, 'node/tampered']);
  });

  test('what was signed for another member', async () => {
    const request = await heldBack();
    expect(codeOf(await exchange(fi.url, request))).toEqual([401, 'node/bad-signature']);
  });

  test.each([
    [-61, 'behind'],
    [62, 'ahead of'],
  ])('a clock that is %d s away, and says so', async (seconds, how) => {
    hub.clock.skewMs = seconds * 1_000;
    const request = await heldBack();
    const answer = await exchange(ee.url, request);
    expect(codeOf(answer)).toEqual([401, 'node/wrong-clock']);
    expect(String(answer.body)).toMatch(new RegExp(`6[0-3] s ${how} the clock here`));
    hub.clock.skewMs = Math.sign(seconds) * 55_000;
    expect(stateOf(await hub.network.ask(QUESTION), 'ee.node')).toEqual(['answered', undefined]);
  });

  test('a signature by the hub that names the key of a node', async () => {
    const [own] = await hub.keys.signingKeys('request');
    const [other] = await fi.keys.signingKeys('request');
    const request = await heldBack();
    edit(request, own!.id, () => other!.id);
    expect(codeOf(await exchange(ee.url, request))).toEqual([401, 'node/bad-signature']);
  });

  test('a key that is in the directory for something else', async () => {
    const request = await heldBack();
    directory.members = directory.members.map((member) => ({
      ...member,
      keys: member.keys.map((key) => ({ ...key, purpose: 'witness' as const })),
    }));
    expect(codeOf(await exchange(ee.url, request))).toEqual([401, 'node/unknown-key']);
  });

  test('a key that was rotated out', async () => {
    const request = await heldBack();
    const [old] = await hub.keys.signingKeys('request');
    await hub.keys.rotate('request', new Date());
    await hub.keys.retire(old!.id);
    await directory.publish(hub);
    expect(codeOf(await exchange(ee.url, request))).toEqual([401, 'node/unknown-key']);
  });

  test('whoever left the network', async () => {
    const request = await heldBack();
    directory.remove('the.hub');
    expect(codeOf(await exchange(ee.url, request))).toEqual([401, 'node/unknown-key']);
  });

  test('everybody once its directory has expired, and a hub asks nobody any more', async () => {
    const request = await heldBack();
    directory.expiresAt = '2026-01-01T00:00:00.000Z';
    expect(codeOf(await exchange(ee.url, request))).toEqual([503, 'node/directory-expired']);
    await expect(hub.network.ask(QUESTION)).rejects.toMatchObject({ code: 'node/directory-expired' });
  });

  test('signed requests when evidence cannot be stored, and answers the public still', async () => {
    const request = await heldBack();
    await ee.database.write.schema.dropTable('exchange_nonce').execute();
    expect(codeOf(await exchange(ee.url, request))).toEqual([503, 'node/evidence-unavailable']);
    expect((await fetch(`${ee.url}/info`)).status).toBe(200);
  });

  test('to let an answer go whose receipt cannot be stored', async () => {
    const request = await heldBack();
    await ee.database.write.schema.dropTable('exchange_receipt').execute();
    const answer = await exchange(ee.url, request);
    expect(codeOf(answer)).toEqual([503, 'node/evidence-unavailable']);
    expect(answer.headers.signature).toBeUndefined();
  });

  test('a signed body that is larger than it may be', async () => {
    const request = await heldBack();
    const body = Buffer.alloc(2_000_000, ' ');
    expect(codeOf(await exchange(ee.url, { ...request, body }))).toEqual([413, 'node/request-too-large']);
  });
});

describe('a hub does not believe', () => {
  const meddled = async (
    answer: (answer: PassingAnswer, request: PassingRequest) => PassingAnswer | undefined,
  ) => {
    ee.proxy.meddling = {
      answer: (told, request) => (request.path === '/individuals' ? answer(told, request) : undefined),
    };
    const heard = await hub.network.ask(QUESTION);
    expect(stateOf(heard, 'fi.node')).toEqual(['answered', undefined]);
    return stateOf(heard, 'ee.node');
  };

  test('a number that a man in the middle changed', async () => {
    const state = await meddled((answer) => ({
      ...answer,
      body: Buffer.from(String(answer.body).replace(/"numTotalResults":\d+/g, '"numTotalResults":7777')),
    }));
    expect(state).toEqual(['invalid-answer', 'node/answer-tampered']);
  });

  test('an answer without a signature', async () => {
    const state = await meddled(({ headers: { signature: _, ...headers }, ...answer }) => ({
      ...answer,
      headers,
    }));
    expect(state).toEqual(['invalid-answer', 'node/answer-unsigned']);
  });

  test('a status that was changed', async () => {
    const state = await meddled((answer) => ({ ...answer, status: 202 }));
    expect(state).toEqual(['invalid-answer', 'node/answer-bad-signature']);
  });

  test('a digest that was changed with the body', async () => {
    const state = await meddled((answer) => ({
      ...answer,
      body: Buffer.from('{}'),
      headers: {
        ...answer.headers,
        'content-digest': 'sha-256=:RBNvo1WzZ4oRRq0W9+hknpT7T8If536DEMBg9hyq/4o=:',
      },
    }));
    expect(state).toEqual(['invalid-answer', 'node/answer-bad-signature']);
  });

  test('the answer to another request', async () => {
    const { answers, requests } = await overheard();
    const old = answers[requests.findIndex(({ path }) => path === '/individuals')];
    expect(await meddled(() => old)).toEqual(['invalid-answer', 'node/answer-replayed']);
  });

  test('the answer to another request whose nonce was changed to fit', async () => {
    const { answers, requests } = await overheard();
    const old = answers[requests.findIndex(({ path }) => path === '/individuals')]!;
    const state = await meddled((_, request) => {
      const nonce = /nonce="[^"]*"/.exec(String(request.headers['signature-input']))?.[0] ?? '';
      const input = String(old.headers['signature-input']).replace(/nonce="[^"]*"/, nonce);
      return { ...old, headers: { ...old.headers, 'signature-input': input } };
    });
    expect(state).toEqual(['invalid-answer', 'node/answer-bad-signature']);
  });

  test('an answer that another member signed', async () => {
    // Estonia's address leads to Finland, whose entry claims Estonia's address as well: its signature holds, its name does not.
    ee.proxy.target = fi.url;
    const own = directory.members;
    const [entry] = own.filter(({ id }) => id === 'fi.node');
    ee.proxy.meddling = {
      request: () => {
        directory.members = [...own.filter(({ id }) => id !== 'fi.node'), { ...entry!, url: ee.href }];
      },
      answer: () => {
        directory.members = own;
        return undefined;
      },
    };
    const fetched = (await hub.composed.exchange()).outgoing.fetchFor('ee.node');
    await expect(fetched(`${ee.href}info`, { method: 'GET' })).rejects.toMatchObject({
      code: 'node/answer-wrong-key',
    });
  });

  test('an answer of another time', async () => {
    // Its clock turns after the request was taken, so that only the answer tells.
    const { composed } = ee;
    const { incoming } = await composed.exchange();
    const accept = incoming.accept.bind(incoming);
    incoming.accept = async (request) => {
      const accepted = await accept(request);
      ee.clock.skewMs = -120_000;
      return accepted;
    };
    const fetched = (await hub.composed.exchange()).outgoing.fetchFor('ee.node');
    await expect(fetched(`${ee.href}info`, { method: 'GET' })).rejects.toMatchObject({
      code: 'node/wrong-clock',
    });
  });

  test('in a node whose evidence it cannot keep itself', async () => {
    await hub.database.write.schema.dropTable('exchange_receipt').execute();
    const heard = await hub.network.ask(QUESTION);
    expect(stateOf(heard, 'ee.node')).toEqual(['unreachable', 'node/evidence-unavailable']);
  });
});

test('a refusal of a member comes with its own words', async () => {
  hub.clock.skewMs = -300_000;
  const [state] = stateOf(await hub.network.ask(QUESTION), 'ee.node');
  expect(state).toBe('refused');
});

test('a passport goes to members with the question, bound to it, and is in no receipt', async () => {
  const passports: unknown[] = [];
  ee.proxy.meddling = { request: ({ headers }) => passports.push(headers['ga4gh-passport']) };
  const asker = {
    requester: { kind: 'anonymous' },
    passport: 'eyJwYXNzcG9ydCI',
    purpose: 'research',
  } as const;
  const answer = await hub.network.ask(QUESTION, asker);
  expect(stateOf(answer, 'ee.node')).toEqual(['answered', undefined]);
  expect(passports.filter((passport) => passport === asker.passport).length).toBeGreaterThan(0);
  const receipts = await (await ee.composed.exchange()).receipts.list({ limit: 10 });
  expect(receipts.filter(({ request }) => request.passportDigest !== undefined).length).toBeGreaterThan(0);
  expect(JSON.stringify(receipts)).not.toContain(asker.passport);
});

function edit(request: PassingRequest, what: RegExp | string, how: (found: string) => string): void {
  const before = String(request.headers['signature-input']);
  const after = before.replace(what, how);
  if (after === before) throw new Error(`nothing to change in ${before}`);
  request.headers['signature-input'] = after;
}
