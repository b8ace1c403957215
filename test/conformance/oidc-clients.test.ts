import { createRemoteJWKSet, decodeJwt, exportJWK, generateKeyPair, jwtVerify, UnsecuredJWT } from 'jose';
import * as openid from 'openid-client';
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest';
import { type IdentityNode, startIdentityNode } from '../testkit/identity-node.ts';
import { LoginBrowser } from '../testkit/login-browser.ts';

const VISA = 'eyJhbGciOiJFUzI1NiJ9.eyJzdWIiOiJkZW1vIn0.AAAA';
const BACK = 'http://127.0.0.1:9/back';
const EXCHANGE = 'urn:ietf:params:oauth:grant-type:token-exchange';
const EXCHANGE_OF = {
  requested_token_type: 'urn:ga4gh:params:oauth:token-type:passport',
  subject_token_type: 'urn:ietf:params:oauth:token-type:access_token',
};

describe('standard clients at the embedded provider', () => {
  let node: IdentityNode;
  let config: openid.Configuration;
  let clientKey: CryptoKey;
  beforeAll(async () => {
    node = await startIdentityNode({ embedded: 'demo' }, { visasOf: async () => [VISA] });
    const pair = await generateKeyPair('ES256', { extractable: true });
    clientKey = pair.privateKey;
    const jwk = { ...(await exportJWK(pair.publicKey)) };
    const service = await node.identity.service();
    await service.addClient({ id: 'robot', name: 'Robot', jwk, redirectUris: [BACK] }, ['data-user']);
    config = await discover('robot', clientKey);
  });
  afterAll(() => node.close());

  const discover = (id: string, key: CryptoKey) =>
    openid.discovery(new URL(`${node.url}/oidc`), id, undefined, openid.PrivateKeyJwt(key), {
      execute: [openid.allowInsecureRequests, openid.enableNonRepudiationChecks],
    });

  async function codeFlow(scope: string): Promise<Awaited<ReturnType<typeof openid.authorizationCodeGrant>>> {
    const verifier = openid.randomPKCECodeVerifier();
    const [state, nonce] = [openid.randomState(), openid.randomNonce()];
    const address = openid.buildAuthorizationUrl(config, {
      redirect_uri: BACK,
      scope,
      state,
      nonce,
      code_challenge: await openid.calculatePKCECodeChallenge(verifier),
      code_challenge_method: 'S256',
    });
    const browser = new LoginBrowser();
    const { url: page } = await browser.follow(address.href);
    const { url: back } = await browser.choose(page, 'demo-data-user', (at) => at.startsWith(BACK));
    return await openid.authorizationCodeGrant(config, new URL(back), {
      pkceCodeVerifier: verifier,
      expectedState: state,
      expectedNonce: nonce,
      idTokenExpected: true,
    });
  }

  test('code with PKCE: the person’s visas come at userinfo, and in no token', async () => {
    const tokens = await codeFlow('openid profile ga4gh_passport_v1');
    const claims = tokens.claims();
    expect(claims).toMatchObject({ sub: 'demo-data-user', iss: `${node.url}/oidc`, aud: 'robot' });
    expect(claims).not.toHaveProperty('ga4gh_passport_v1');
    const user = await openid.fetchUserInfo(config, tokens.access_token, 'demo-data-user');
    expect(user.ga4gh_passport_v1).toEqual([VISA]);
    const plain = await codeFlow('openid');
    expect(await openid.fetchUserInfo(config, plain.access_token, 'demo-data-user')).toEqual({
      sub: 'demo-data-user',
    });
  });

  test('an access token is exchanged for a passport (RFC 8693), by its own client alone', async () => {
    const tokens = await codeFlow('openid ga4gh_passport_v1');
    const given = { ...EXCHANGE_OF, subject_token: tokens.access_token };
    const answer = await openid.genericGrantRequest(config, EXCHANGE, given);
    const keys = createRemoteJWKSet(new URL(`${node.url}/oidc/jwks`));
    const { payload, protectedHeader } = await jwtVerify(answer.access_token, keys, {
      issuer: `${node.url}/oidc`,
    });
    expect(protectedHeader).toMatchObject({ typ: 'vnd.ga4gh.passport+jwt', alg: 'ES256' });
    expect(payload).toMatchObject({ sub: 'demo-data-user', ga4gh_passport_v1: [VISA] });
    const { access_token: without } = await codeFlow('openid');
    await expect(
      openid.genericGrantRequest(config, EXCHANGE, { ...EXCHANGE_OF, subject_token: without }),
    ).rejects.toMatchObject({ error: 'invalid_grant' });
    const body = new URLSearchParams({ ...given, grant_type: EXCHANGE, client_id: 'robot' });
    const unproven = await fetch(`${node.url}/oidc/token`, { method: 'POST', body });
    expect([unproven.status, (await unproven.json()).error]).toEqual([401, 'invalid_client']);
  });

  test('a code counts once: coming again, it takes its tokens with it', async () => {
    const tokens = await codeFlow('openid');
    await openid.fetchUserInfo(config, tokens.access_token, 'demo-data-user');
    const verifier = openid.randomPKCECodeVerifier();
    const address = openid.buildAuthorizationUrl(config, {
      redirect_uri: BACK,
      scope: 'openid',
      code_challenge: await openid.calculatePKCECodeChallenge(verifier),
      code_challenge_method: 'S256',
    });
    const browser = new LoginBrowser();
    const { url: page } = await browser.follow(address.href);
    const { url: back } = await browser.choose(page, 'demo-citizen', (at) => at.startsWith(BACK));
    const finish = () => openid.authorizationCodeGrant(config, new URL(back), { pkceCodeVerifier: verifier });
    const first = await finish();
    await expect(finish()).rejects.toMatchObject({ error: 'invalid_grant' });
    await expect(openid.fetchUserInfo(config, first.access_token, 'demo-citizen')).rejects.toThrow();
  });

  test('without PKCE nobody is let in', async () => {
    const address = openid.buildAuthorizationUrl(config, { redirect_uri: BACK, scope: 'openid' });
    const { url } = await new LoginBrowser().follow(address.href, (at) => at.startsWith(BACK));
    expect(new URL(url).searchParams.get('error')).toBe('invalid_request');
  });

  test('a machine’s token is taken by this server, with the roles of its records', async () => {
    const { access_token: token } = await openid.clientCredentialsGrant(config, { resource: node.url });
    const served = await node.identity.serveAt(node.url, PAGES);
    expect(await served.machineRequester(token)).toEqual({
      kind: 'machine',
      identity: { issuer: `${node.url}/oidc`, subject: 'robot' },
      roles: ['data-user'],
    });
    expect(
      (await fetch(`${node.url}/datasets`, { headers: { authorization: `Bearer ${token}` } })).status,
    ).toBe(200);
  });

  test.each([
    ['is meant for another server', { aud: 'https://elsewhere.example' }, {}],
    ['has expired', { exp: 1_000 }, {}],
    ['is no access token', {}, { typ: 'JWT' }],
    ['names another issuer', { iss: 'https://elsewhere.example' }, {}],
  ])('a token that %s is refused', async (_, claims: object, header: object) => {
    const [key] = await node.keys.signingKeys('identity');
    const now = Math.floor(Date.now() / 1_000);
    const body = {
      iss: `${node.url}/oidc`,
      aud: node.url,
      sub: 'robot',
      client_id: 'robot',
      iat: now,
      exp: now + 60,
      ...claims,
    };
    const input = [{ alg: 'ES256', kid: key?.id, typ: 'at+jwt', ...header }, body]
      .map((part) => Buffer.from(JSON.stringify(part)).toString('base64url'))
      .join('.');
    const { signature } = await node.keys.sign('identity', Buffer.from(input));
    const served = await node.identity.serveAt(node.url, PAGES);
    await expect(
      served.machineRequester(`${input}.${Buffer.from(signature).toString('base64url')}`),
    ).rejects.toMatchObject({
      code: 'node/unauthenticated',
    });
  });

  test('roles that a token claims are nothing; nor is one without signature', async () => {
    const now = Math.floor(Date.now() / 1_000);
    const claims = {
      sub: 'nobody',
      client_id: 'nobody',
      roles: ['operator'],
      iat: now,
      exp: now + 60,
      iss: `${node.url}/oidc`,
      aud: node.url,
    };
    const served = await node.identity.serveAt(node.url, PAGES);
    await expect(served.machineRequester(new UnsecuredJWT(claims).encode())).rejects.toMatchObject({
      code: 'node/unauthenticated',
    });
    const [key] = await node.keys.signingKeys('identity');
    const input = [{ alg: 'ES256', kid: key?.id, typ: 'at+jwt' }, claims]
      .map((part) => Buffer.from(JSON.stringify(part)).toString('base64url'))
      .join('.');
    const { signature } = await node.keys.sign('identity', Buffer.from(input));
    expect(
      await served.machineRequester(`${input}.${Buffer.from(signature).toString('base64url')}`),
    ).toMatchObject({ roles: [] });
  });

  test('another key than the registered one gives no token', async () => {
    const { privateKey } = await generateKeyPair('ES256');
    await expect(openid.clientCredentialsGrant(await discover('robot', privateKey))).rejects.toMatchObject({
      error: 'invalid_client',
    });
  });

  test('a client whose key is private is refused', async () => {
    const { privateKey } = await generateKeyPair('ES256', { extractable: true });
    const jwk = { ...(await exportJWK(privateKey)) };
    const service = await node.identity.service();
    await expect(service.addClient({ id: 'x', name: 'x', jwk, redirectUris: [] }, [])).rejects.toMatchObject({
      code: 'node/bad-client',
    });
  });

  test('keys rotate while people are logged in, and what was signed before is still verified', async () => {
    const browser = new LoginBrowser();
    await browser.logIn(node.url, 'demo-auditor');
    const { access_token: before } = await openid.clientCredentialsGrant(config);
    await node.keys.rotate('identity', new Date());
    const { access_token: after } = await openid.clientCredentialsGrant(config);
    const served = await node.identity.serveAt(node.url, PAGES);
    for (const token of [before, after])
      expect(await served.machineRequester(token)).toMatchObject({ kind: 'machine' });
    expect(decodeJwt(after).iss).toBe(config.serverMetadata().issuer);
    expect((await browser.session(node.url)).person?.roles).toEqual(['auditor']);
    // The provider's own session outlives the rotation too: nothing is asked again.
    const { url } = await browser.follow(`${node.url}/auth/login?provider=own&return=/portal/`, isPortal);
    expect(url).toBe(`${node.url}/portal/`);
    await new LoginBrowser().logIn(node.url, 'demo-citizen');
  });

  test('a person with a passphrase logs in after choosing one, and with no other', async () => {
    const local = await startIdentityNode({ embedded: 'local' });
    onTestFinished(() => local.close());
    const service = await local.identity.service();
    const { code } = await service.enrol('Anna', 'Anna Example', 'auditor');
    const post = (browser: LoginBrowser, url: string, form: Record<string, string>) =>
      browser.fetch(url, {
        method: 'POST',
        headers: { 'content-type': 'application/x-www-form-urlencoded' },
        body: new URLSearchParams(form).toString(),
      });
    const browser = new LoginBrowser();
    const choose = (passphrase: string) =>
      post(browser, `${local.url}/oidc/passphrase`, { code, passphrase });
    expect((await choose('short')).status).toBe(400);
    expect((await choose('correct horse battery')).status).toBe(200);
    expect((await choose('correct horse battery')).status).toBe(400);
    const { url: page } = await browser.follow(`${local.url}/auth/login?provider=own&return=/portal/`);
    expect((await post(browser, page, { login: 'anna', passphrase: 'wrong' })).status).toBe(401);
    expect(
      (await post(browser, page, { person: 'demo-operator' })).status,
      'no person of a demonstration',
    ).toBe(401);
    const done = await post(browser, page, { login: 'anna', passphrase: 'correct horse battery' });
    await browser.follow(new URL(done.headers.get('location') ?? '', page).href, isPortal);
    expect((await browser.session(local.url)).person?.roles).toEqual(['auditor']);
    const statuses: number[] = [];
    for (let attempt = 0; attempt < 11; attempt++) {
      const other = new LoginBrowser();
      const { url } = await other.follow(`${local.url}/auth/login?provider=own&return=/portal/`);
      statuses.push((await post(other, url, { login: 'anna', passphrase: 'guess' })).status);
    }
    expect(statuses.at(-1)).toBe(429);
  });
});

const isPortal = (url: string): boolean => new URL(url).pathname === '/portal/';
const PAGES = { loggingOut: () => '', loggedOut: () => '', failure: () => '' };
