import { datasetUrl, type Identity } from '@federome/core';
import { AT_THE_TERMINAL } from '@federome/node';
import { type SignedMember, signedNetwork } from '@federome/testkit';
import { expect, test } from 'vitest';
import { signedClaims } from '../../packages/node/src/services/identity/key-proof.ts';
import { brokerIssuerOf } from '../../packages/node/src/services/visas/trust.ts';

async function eventsOf({ node }: SignedMember) {
  await node.audit.close();
  const kept = await node.audit.reader.search(AT_THE_TERMINAL, {}, { limit: 100 });
  return kept.map(({ event }) => event).filter(({ operation }) => operation.startsWith('individuals'));
}

async function network() {
  const members = await signedNetwork({
    countries: ['EE', 'FI'],
    hub: true,
    prepare: async (node) => {
      if (node.config.role === 'node') await node.datasets.add({ id: 'biobank', assembly: 'GRCh38' });
    },
  });
  const [ee, fi, hub] = members;
  if (ee === undefined || fi === undefined || hub === undefined) throw new Error('three members');
  const alice: Identity = { issuer: brokerIssuerOf(hub.url), subject: 'alice' };
  const committee = {
    kind: 'person',
    identity: { issuer: 'https://login.example/', subject: 'carol' },
    roles: ['dac-member'],
  } as const;
  const there = await fi.node.visas.services();
  await there.grants.grant(committee, {
    identity: alice,
    type: 'ControlledAccessGrants',
    value: datasetUrl(fi.node.config.id, 'biobank'),
    until: new Date(Date.now() + 86_400_000).toISOString(),
    reason: 'permit 7',
  });
  for (const { node } of members) await (await node.visas.services()).watch.poll();
  const iat = Math.floor(Date.now() / 1_000);
  const passport = await signedClaims(hub.node.keys, 'vnd.ga4gh.passport+jwt', {
    iss: alice.issuer,
    sub: alice.subject,
    aud: [...(await hub.node.visas.audience()), ...(await fi.node.visas.audience())],
    iat,
    exp: iat + 300,
    jti: 'passport',
    ga4gh_passport_v1: await there.issuer.visasOf(alice),
  });
  return { ee, fi, hub, alice, passport };
}

test('a hub passes on who asks and what for; each node decides by its own records, and records the person and the hub', async () => {
  const { ee, fi, hub, alice, passport } = await network();
  const headers = { authorization: `Bearer ${passport}`, 'federome-purpose': 'healthcare' };
  const answer = await fetch(`${hub.url}individuals?requestedGranularity=count`, { headers });
  expect(answer.status, await answer.clone().text()).toBe(200);
  const who = { kind: 'person', ...alice };
  const through = { ...who, member: hub.node.config.id };
  expect(await eventsOf(hub)).toMatchObject([{ who, purpose: 'healthcare', level: 'public' }]);
  expect(await eventsOf(fi)).toMatchObject([
    { who: through, purpose: 'healthcare', level: 'controlled', permits: [expect.any(String)] },
  ]);
  const [use] = await eventsOf(fi);
  expect(use?.ledgerIndex).toBeTypeOf('number');
  // The other node granted nothing, and was asked by the same person.
  expect(await eventsOf(ee)).toMatchObject([{ who: through, level: 'public', permits: [] }]);
});

test('a hub that asks for nobody is the member itself, and the public', async () => {
  const { fi, hub } = await network();
  await fetch(`${hub.url}individuals`);
  expect(await eventsOf(fi)).toMatchObject([
    { who: { kind: 'member', member: hub.node.config.id }, level: 'public' },
  ]);
});

test('a passport that is forged is refused by the hub, and no node is asked', async () => {
  const { fi, hub, passport } = await network();
  const [header, , signature] = passport.split('.');
  const forged = `${header}.${Buffer.from('{"sub":"mallory"}').toString('base64url')}.${signature}`;
  const answer = await fetch(`${hub.url}individuals`, { headers: { authorization: `Bearer ${forged}` } });
  expect(answer.status).toBe(401);
  expect(answer.headers.get('www-authenticate')).toContain('invalid_token');
  expect(await eventsOf(fi)).toEqual([]);
  expect(await eventsOf(hub)).toMatchObject([{ who: { kind: 'anonymous' }, code: 'node/bad-passport' }]);
});
