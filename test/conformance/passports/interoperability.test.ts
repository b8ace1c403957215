import { afterAll, expect, test } from 'vitest';
import { claims, finnishVisa, linkVisa, passport, remsVisa, signed, visa } from './builder.ts';
import { OPTIONS } from './cases.ts';
import { ALICE, BROKER, closeWorlds, EE, LS, REMS_JKU, RSA_SIGN, World } from './world.ts';

afterAll(closeWorlds);

const LS_PERSON = { issuer: LS, subject: 'abcd@ls.example' };

test('visas of REMS in the userinfo of LS Login are accepted, and end an hour after they were issued', async () => {
  const world = await World.make();
  const { visas, report } = await world.verifier.verifyUserinfo(LS_PERSON, [await remsVisa(world)]);
  expect(report.visas[0]?.checks.filter(({ passed }) => !passed)).toEqual([]);
  expect(visas).toMatchObject([
    {
      type: 'ControlledAccessGrants',
      by: 'dac',
      value: 'urn:nbn:fi:lb-201403262',
      expires: world.nowS + 3_600,
    },
  ]);
  const other = { ...LS_PERSON, subject: 'efgh@ls.example' };
  expect((await world.verifier.verifyUserinfo(other, [await remsVisa(world)])).visas).toEqual([]);
});

test.each([[undefined], ['visa'], [[7]], [Array.from({ length: 101 }, () => 'x')]])(
  'a userinfo claim that is no list of visas counts for nothing: %#',
  async (claim) => {
    const world = await World.make();
    const { identity, report } = await world.verifier.verifyUserinfo(LS_PERSON, claim);
    expect([identity, report.checks[0]?.passed]).toEqual([undefined, false]);
  },
);

test('a passport of LS Login, RS256 and of the typ JWT, is taken for this audience', async () => {
  const world = await World.make();
  const token = await signed(
    { alg: 'RS256', typ: 'JWT', kid: 'rsa-1' },
    {
      iss: LS,
      sub: LS_PERSON.subject,
      aud: EE,
      iat: world.nowS,
      exp: world.nowS + 600,
      jti: 'p',
      ga4gh_passport_v1: [await remsVisa(world)],
    },
    RSA_SIGN,
  );
  const { identity, visas } = await world.verifier.verify(token, { audience: [EE] });
  expect([identity, visas.length]).toEqual([LS_PERSON, 1]);
  expect(visas[0]?.expires).toBe(world.nowS + 600);
});

test.each([
  ['AffiliationAndRole', 'faculty@helsinki.example', 'so'],
  ['AcceptedTermsAndPolicies', 'https://doi.org/10.1038/s41431-018-0219-y', 'self'],
  ['ResearcherStatus', 'https://doi.org/10.1038/s41431-018-0219-y', 'system'],
  ['ControlledAccessGrants', 'urn:federome:fi.node:dataset:biobank', 'dac'],
])('%s is accepted of whom it may come from', async (type, value, by) => {
  const world = await World.make();
  const token = await finnishVisa(world, visa({ type, value, by }));
  const { visas } = await world.verifier.verify(await passport(world, [token]), OPTIONS);
  expect(visas).toMatchObject([{ type, value, by }]);
});

test('linked identities are one person over several links, and what rests on them ends with the first link', async () => {
  const world = await World.make();
  const pair = (subject: string) => `${encodeURIComponent(subject)},${encodeURIComponent(BROKER)}`;
  const third = await finnishVisa(world, claims({ sub: 'alice3' }));
  const links = [
    await linkVisa(world, pair('alice2'), claims({ exp: world.nowS + 20 })),
    await linkVisa(world, pair('alice3'), claims({ sub: 'alice2' })),
  ];
  const { visas } = await world.verifier.verify(await passport(world, [third, ...links]), OPTIONS);
  expect(visas.find(({ type }) => type === 'ControlledAccessGrants')?.expires).toBe(world.nowS + 20);
  const without = await world.verifier.verify(await passport(world, [third, links[1]]), OPTIONS);
  expect(without.visas).toEqual([]);
});

test('a visa whose condition another meets ends with that other', async () => {
  const world = await World.make();
  const conditions = [
    [{ type: 'ResearcherStatus', by: 'const:system' }],
    [{ type: 'AffiliationAndRole', value: 'split_pattern:faculty@*', source: 'pattern:https://fi.?xample/' }],
  ];
  const role = { type: 'AffiliationAndRole', value: 'member@x.example;faculty@x.example', by: 'so' };
  const tokens = [
    await finnishVisa(world, visa({ conditions })),
    await finnishVisa(world, {
      claims: (all) => ({ ...(visa(role).claims?.(all) ?? all), exp: world.nowS + 9 }),
    }),
  ];
  const { visas } = await world.verifier.verify(await passport(world, tokens), OPTIONS);
  expect(visas.map(({ expires }) => expires)).toEqual([world.nowS + 9, world.nowS + 9]);
});

test('a signature is computed once, and a withdrawn key takes it along', async () => {
  const world = await World.make();
  const token = await passport(world, [await finnishVisa(world)]);
  await world.verifier.verify(token, OPTIONS);
  const { computed } = world.signatures;
  await world.verifier.verify(token, OPTIONS);
  expect(world.signatures.computed).toBe(computed);
  const [old] = await world.fi.signingKeys('visa');
  await world.fi.rotate('visa', new Date(0));
  await world.publish();
  expect((await world.verifier.verify(token, OPTIONS)).visas).toHaveLength(1);
  await world.fi.retire(old!.id);
  await world.publish();
  expect((await world.verifier.verify(token, OPTIONS)).visas).toEqual([]);
});

test('nothing is fetched for an issuer that is on no list, whatever its jku, nor for a member', async () => {
  const world = await World.make();
  const tokens = [
    await remsVisa(world, claims({ iss: 'https://evil.example/' })),
    await remsVisa(world, { header: (all) => ({ ...all, jku: 'https://evil.example/' }) }),
    await finnishVisa(world, { header: (all) => ({ ...all, kid: 'unknown' }) }),
  ];
  await world.verifier.verifyUserinfo(ALICE, tokens);
  expect(world.fetched).toEqual([]);
});

test('while an issuer is away its keys serve for an hour, and an unknown kid asks once in 30 s', async () => {
  const world = await World.make();
  const accepted = async () =>
    (await world.verifier.verifyUserinfo(LS_PERSON, [await remsVisa(world)])).visas.length;
  expect(await accepted()).toBe(1);
  world.outsideWire = 'cut';
  world.nowS += 3_599;
  expect(await accepted()).toBe(1);
  world.nowS += 1;
  expect(await accepted()).toBe(0);
  const { report } = await world.verifier.verifyUserinfo(LS_PERSON, [await remsVisa(world)]);
  expect(report.visas[0]?.checks.at(-1)).toMatchObject({ name: 'key', code: 'keys-unavailable' });
  world.outsideWire = 'whole';
  world.nowS += 30;
  expect(await accepted()).toBe(1);
  const before = world.fetched.length;
  const unknown = await remsVisa(world, { header: (all) => ({ ...all, kid: 'rsa-2' }) });
  for (let time = 0; time < 5; time += 1) await world.verifier.verifyUserinfo(LS_PERSON, [unknown]);
  expect(world.fetched.length).toBe(before);
  world.nowS += 30;
  world.outsideKid = 'rsa-2';
  const rotated = await remsVisa(world, { header: (all) => ({ ...all, kid: 'rsa-2' }) });
  expect((await world.verifier.verifyUserinfo(LS_PERSON, [rotated])).visas).toHaveLength(1);
  expect(world.fetched.slice(before)).toEqual([REMS_JKU]);
});
