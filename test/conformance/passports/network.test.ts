import { join } from 'node:path';
import { datasetUrl, type Identity } from '@federome/core';
import type { GrantDraft, Granter } from '@federome/node';
import { type SignedMember, signedNetwork } from '@federome/testkit';
import { createRemoteJWKSet, jwtVerify } from 'jose';
import { expect, test } from 'vitest';

const ALICE: Identity = { issuer: 'https://login.example/', subject: 'alice' };
const COMMITTEE: Granter = {
  kind: 'person',
  identity: { issuer: 'https://login.example/', subject: 'carol' },
  roles: ['dac-member'],
};

/** Two nodes and a hub, with a dataset each, and a clock that the test turns. */
async function network() {
  const clock = { ms: Date.now() };
  const members = await signedNetwork({
    countries: ['EE', 'FI'],
    hub: true,
    now: () => new Date(clock.ms),
    prepare: async (node) => {
      if (node.config.role === 'node') await node.datasets.add({ id: 'biobank', assembly: 'GRCh38' });
    },
  });
  const [ee, fi, hub] = members;
  if (ee === undefined || fi === undefined || hub === undefined) throw new Error('three members');
  return { ee, fi, hub, clock };
}

function access(member: SignedMember, clock: { readonly ms: number }): GrantDraft {
  return {
    identity: ALICE,
    type: 'ControlledAccessGrants',
    value: datasetUrl(member.node.config.id, 'biobank'),
    until: new Date(clock.ms + 86_400_000).toISOString(),
    reason: 'permit 7',
  };
}

test('a standard client verifies our visas with nothing but their jku', async () => {
  const { ee, clock } = await network();
  const { grants, issuer } = await ee.node.visas.services();
  const grant = await grants.grant(COMMITTEE, access(ee, clock));
  const [visa] = await issuer.visasOf(ALICE);
  const jku = `${ee.url}.well-known/visa-jwks.json`;
  const { payload, protectedHeader } = await jwtVerify(visa!, createRemoteJWKSet(new URL(jku)), {
    algorithms: ['ES256'],
    issuer: ee.url,
    subject: 'alice',
    typ: 'vnd.ga4gh.visa+jwt',
  });
  expect(protectedHeader.jku).toBe(jku);
  expect(payload).toMatchObject({
    jti: expect.stringContaining(grant.id),
    ga4gh_visa_v1: { type: 'ControlledAccessGrants', value: grant.value, by: 'dac', source: ee.url },
  });
  expect(payload.exp! - payload.iat!).toBe(900);
  const answer = await fetch(jku);
  expect(await answer.json()).toMatchObject({
    keys: [{ kty: 'EC', crv: 'P-256', use: 'sig', alg: 'ES256' }],
  });
  expect(answer.headers.get('content-type')).toMatch(/^application\/jwk-set\+json/);
});

test('a revocation is with the other members at once, and without the push with the next reading', async () => {
  const { ee, fi, clock } = await network();
  const there = await fi.node.visas.services();
  const here = await ee.node.visas.services();
  const first = await there.grants.grant(COMMITTEE, access(fi, clock));
  const [visa] = await there.issuer.visasOf(ALICE);
  expect(await here.watch.poll()).toEqual({ unread: [] });
  expect((await here.verifier.verifyVisa(visa!, ALICE)).visas).toMatchObject([{ value: first.value }]);
  await there.grants.revoke(COMMITTEE, first.id, 'misuse');
  const { visas, report } = await here.verifier.verifyVisa(visa!, ALICE);
  expect(visas).toEqual([]);
  expect(report.visas[0]?.checks.at(-1)).toMatchObject({ name: 'revocation', code: 'revoked' });
  expect(await there.issuer.visasOf(ALICE)).toEqual([]);
});

test('a node that is cut off accepts nothing of the other after the bound, and knows what was revoked when it is back', async () => {
  const { ee, fi, clock } = await network();
  const there = await fi.node.visas.services();
  const here = await ee.node.visas.services();
  const [kept, lost] = [
    await there.grants.grant(COMMITTEE, access(fi, clock)),
    await there.grants.grant(COMMITTEE, access(fi, clock)),
  ];
  const tokens = await there.issuer.visasOf(ALICE);
  const tokenOf = (id: string) => tokens.find((token) => atob(token.split('.')[1]!).includes(id))!;
  const accepts = async (id: string) => {
    const { visas, report } = await here.verifier.verifyVisa(tokenOf(id), ALICE);
    return visas.length === 1 ? 'accepted' : report.visas[0]?.checks.at(-1)?.code;
  };
  await here.watch.poll();
  expect([await accepts(kept.id), await accepts(lost.id)]).toEqual(['accepted', 'accepted']);
  await ee.server.close();
  await fi.server.close();
  await there.grants.revoke(COMMITTEE, lost.id, 'misuse');
  expect(await here.watch.poll()).toEqual({ unread: [fi.node.config.id] });
  clock.ms += 49_000;
  expect(await accepts(lost.id)).toBe('accepted');
  clock.ms += 1_000;
  expect([await accepts(kept.id), await accepts(lost.id)]).toEqual([
    'revocation-unknown',
    'revocation-unknown',
  ]);
  const { serveNode } = await import('@federome/node');
  const again = await serveNode(fi.node, { port: fi.server.port, requestsPerMinute: false });
  try {
    expect(await here.watch.poll()).toEqual({ unread: [] });
    expect([await accepts(kept.id), await accepts(lost.id)]).toEqual(['accepted', 'revoked']);
  } finally {
    await again.close();
  }
});

test('an accepted visa ends with what is known of revocations, long before the visa itself', async () => {
  const { ee, fi, clock } = await network();
  const there = await fi.node.visas.services();
  const here = await ee.node.visas.services();
  await there.grants.grant(COMMITTEE, access(fi, clock));
  const [visa] = await there.issuer.visasOf(ALICE);
  await here.watch.poll();
  const { visas } = await here.verifier.verifyVisa(visa!, ALICE);
  expect(visas[0]?.expires).toBe(clock.ms / 1_000 + 50);
});

test('members ask each other for the visas of a person; nobody else is told of anybody', async () => {
  const { ee, fi, hub, clock } = await network();
  await (await ee.node.visas.services()).grants.grant(COMMITTEE, access(ee, clock));
  await (await fi.node.visas.services()).grants.grant(COMMITTEE, access(fi, clock));
  const { collect } = await hub.node.visas.services();
  const { visas, unreachable } = await collect(ALICE);
  expect([visas.length, unreachable]).toEqual([2, []]);
  const body = JSON.stringify({ identity: ALICE });
  const headers = { 'content-type': 'application/json' };
  const stranger = await fetch(`${ee.url}visas`, { method: 'POST', headers, body });
  expect(stranger.status).toBe(401);
  const pushed = await fetch(`${ee.url}visas/revocations`, {
    method: 'POST',
    headers,
    body: JSON.stringify({ feed: 'x' }),
  });
  expect(pushed.status).toBe(401);
  await fi.server.close();
  expect(await collect(ALICE)).toMatchObject({ unreachable: [fi.node.config.id] });
  expect(await hub.node.visas.visasOf(ALICE)).toHaveLength(1);
  expect(await ee.node.visas.visasOf(ALICE)).toHaveLength(1);
});

test('a passport gives the person, the roles of this node’s records, and the visas of all', async () => {
  const { ee, fi, hub, clock } = await network();
  const broker = `${hub.url}oidc`;
  const person = { issuer: broker, subject: 'alice' };
  const { grants } = await ee.node.visas.services();
  await grants.grant(COMMITTEE, { ...access(ee, clock), identity: person });
  const keys = (await hub.node.directory.members.member(hub.node.config.id))?.keys;
  const kid = keys?.find(({ purpose }) => purpose === 'identity')?.id;
  const iat = Math.floor(clock.ms / 1_000);
  const parts = [
    { alg: 'ES256', typ: 'vnd.ga4gh.passport+jwt', kid },
    {
      iss: broker,
      sub: 'alice',
      aud: await hub.node.visas.audience(),
      iat,
      exp: iat + 300,
      jti: 'p1',
      ga4gh_passport_v1: await hub.node.visas.visasOf(person),
    },
  ];
  const input = parts.map((part) => Buffer.from(JSON.stringify(part)).toString('base64url')).join('.');
  const { SigningKeyFiles } = await import('../../../packages/node/src/stores/keys/signing-key-files.ts');
  const signing = new SigningKeyFiles(join(hub.directory, 'keys'), () => new Date(clock.ms));
  const { signature } = await signing.sign('identity', Buffer.from(input));
  const token = `${input}.${Buffer.from(signature).toString('base64url')}`;
  const expected = {
    kind: 'person',
    identity: person,
    roles: [],
    visas: [{ type: 'ControlledAccessGrants' }],
  };
  expect(await ee.node.visas.passport(token)).toMatchObject(expected);
  const { watch } = await fi.node.visas.services();
  await watch.poll();
  expect(await fi.node.visas.passport(token, 'lu.hub')).toMatchObject({ ...expected, through: 'lu.hub' });
});

test('a key that the directory does not have yet signs nothing that others must verify', async () => {
  const { ee, fi, clock } = await network();
  const there = await fi.node.visas.services();
  await there.grants.grant(COMMITTEE, access(fi, clock));
  const { SigningKeyFiles } = await import('../../../packages/node/src/stores/keys/signing-key-files.ts');
  const keys = new SigningKeyFiles(join(fi.directory, 'keys'), () => new Date(clock.ms));
  await keys.rotate('visa', new Date(clock.ms));
  const [visa] = await there.issuer.visasOf(ALICE);
  const here = await ee.node.visas.services();
  expect(await here.watch.poll()).toEqual({ unread: [] });
  expect((await here.verifier.verifyVisa(visa!, ALICE)).visas).toHaveLength(1);
  const jwks = await (await fetch(`${fi.url}.well-known/visa-jwks.json`)).json();
  expect(Object(jwks).keys).toHaveLength(2);
});

test('a Beacon refuses a bad passport with 401, and does not take its bearer for the public', async () => {
  const { ee } = await network();
  const header = Buffer.from('{"alg":"none","typ":"vnd.ga4gh.passport+jwt"}').toString('base64url');
  const answer = await fetch(`${ee.url}datasets`, { headers: { authorization: `Bearer ${header}.e30.AA` } });
  expect(answer.status).toBe(401);
  expect(await answer.text()).toContain('unsupported-algorithm');
});

test('a feed tells nobody which grant was revoked, and answers with the number that was sent', async () => {
  const { ee, clock } = await network();
  const { grants } = await ee.node.visas.services();
  const grant = await grants.grant(COMMITTEE, access(ee, clock));
  await grants.revoke(COMMITTEE, grant.id, 'misuse');
  const answer = await fetch(`${ee.url}visas/revocations/0123456789abcdefg`);
  const { feed } = Object(await answer.json());
  const claims = JSON.parse(Buffer.from(String(feed).split('.')[1]!, 'base64url').toString());
  expect(claims).toMatchObject({ seq: 1, nonce: '0123456789abcdefg', revoked: [expect.any(String)] });
  expect(JSON.stringify(claims)).not.toContain(grant.id);
  expect((await fetch(`${ee.url}visas/revocations/short`)).status).toBe(400);
});
