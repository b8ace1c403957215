import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { exportJWK, generateKeyPair, SignJWT, UnsecuredJWT } from 'jose';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { type IdentityNode, startIdentityNode } from '../testkit/identity-node.ts';
import { LoginBrowser } from '../testkit/login-browser.ts';

type Claims = Record<string, unknown>;
let make: (claims: Claims) => Promise<string>;
let sign: (claims: Claims, typ?: string) => Promise<string>;
let issuer: string;
let node: IdentityNode;
let browser: LoginBrowser;
let nonce = '';
const keys = await generateKeyPair('ES256');
const stranger = await generateKeyPair('ES256');

const server = createServer(async (request, response) => {
  const send = (body: unknown) =>
    response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(body));
  if (request.url?.startsWith('/.well-known/')) {
    return send({
      issuer,
      authorization_endpoint: `${issuer}/authorize`,
      token_endpoint: `${issuer}/token`,
      jwks_uri: `${issuer}/jwks`,
      id_token_signing_alg_values_supported: ['ES256', 'none', 'HS256'],
      authorization_response_iss_parameter_supported: true,
    });
  }
  if (request.url === '/jwks') {
    return send({ keys: [{ ...(await exportJWK(keys.publicKey)), kid: 'k', alg: 'ES256', use: 'sig' }] });
  }
  return send({ access_token: 'x', token_type: 'Bearer', id_token: await make(claimsNow()) });
});

function claimsNow(): Claims {
  const now = Math.floor(Date.now() / 1_000);
  return {
    iss: issuer,
    aud: 'us',
    sub: 'anna',
    sid: 's1',
    nonce,
    iat: now,
    exp: now + 60,
    roles: ['operator'],
  };
}

beforeAll(async () => {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  issuer = `http://127.0.0.1:${port}`;
  sign = (claims, typ = 'JWT') =>
    new SignJWT(claims).setProtectedHeader({ alg: 'ES256', kid: 'k', typ }).sign(keys.privateKey);
  const provider = { id: 'ext', name: 'Ext', issuer, clientId: 'us', clientSecretVariable: 'SECRET' };
  node = await startIdentityNode({ providers: [provider] }, { environment: { SECRET: 's3cret' } });
});
afterAll(async () => {
  await node.close();
  server.close();
});
beforeEach(() => {
  browser = new LoginBrowser();
  make = (claims) => sign(claims);
});

async function logIn(): Promise<Response> {
  const sent = await browser.fetch(`${node.url}/auth/login?provider=ext&return=/portal/`);
  const asked = new URL(sent.headers.get('location') ?? '').searchParams;
  nonce = asked.get('nonce') ?? '';
  const back = new URLSearchParams({ code: 'c', state: asked.get('state') ?? '', iss: issuer });
  return await browser.fetch(`${node.url}/auth/callback?${back}`);
}

test('a right ID token logs in, and the roles that it claims are nothing', async () => {
  expect((await logIn()).status).toBe(303);
  expect((await browser.session(node.url)).person?.roles).toEqual([]);
});

test.each<[string, (claims: Claims) => Promise<string>]>([
  ['has no signature', async (claims) => new UnsecuredJWT(claims).encode()],
  ['is for another client', (claims) => sign({ ...claims, aud: 'them' })],
  ['is of another issuer', (claims) => sign({ ...claims, iss: 'https://evil.example' })],
  ['answers another request', (claims) => sign({ ...claims, nonce: 'another' })],
  ['has expired', (claims) => sign({ ...claims, exp: 1_000 })],
  [
    'is signed with the secret that both sides know',
    (claims) =>
      new SignJWT(claims).setProtectedHeader({ alg: 'HS256' }).sign(Buffer.from('s3cret'.padEnd(32))),
  ],
  [
    'is signed by somebody else',
    (claims) => new SignJWT(claims).setProtectedHeader({ alg: 'ES256', kid: 'k' }).sign(stranger.privateKey),
  ],
])('an ID token that %s logs nobody in', async (_, wrong) => {
  make = wrong;
  const response = await logIn();
  expect([response.status, (await response.json()).code]).toEqual([400, 'node/bad-login']);
  expect((await browser.session(node.url)).person).toBeNull();
});

test('a provider’s logout token ends its session, once and if it is one', async () => {
  await logIn();
  const now = Math.floor(Date.now() / 1_000);
  const claims = { iss: issuer, aud: 'us', sid: 's1', jti: 'j1', iat: now, exp: now + 60 };
  const events = { 'http://schemas.openid.net/event/backchannel-logout': {} };
  const tell = async (token: string) =>
    (
      await fetch(`${node.url}/auth/backchannel-logout`, {
        method: 'POST',
        body: new URLSearchParams({ logout_token: token }),
      })
    ).status;
  expect(await tell(await sign(claims)), 'it says nothing of logging out').toBe(400);
  expect(await tell(await sign({ ...claims, events, nonce: 'n' })), 'an ID token is none').toBe(400);
  expect(await tell(new UnsecuredJWT({ ...claims, events }).encode())).toBe(400);
  expect((await browser.session(node.url)).person).not.toBeNull();
  const token = await sign({ ...claims, events }, 'logout+jwt');
  expect(await tell(token)).toBe(200);
  expect((await browser.session(node.url)).person).toBeNull();
  expect(await tell(token), 'a replay').toBe(400);
});

test('a provider that is away stops new logins, and no session', async () => {
  const away = { id: 'away', name: 'Away', issuer: 'http://127.0.0.1:9/', clientId: 'us' };
  const own = await startIdentityNode({ embedded: 'demo', providers: [away] });
  await browser.logIn(own.url, 'demo-auditor');
  const refused = await browser.fetch(`${own.url}/auth/login?provider=away&return=/portal/`);
  expect([refused.status, (await refused.json()).code]).toEqual([503, 'node/provider-unavailable']);
  expect((await browser.session(own.url)).person?.roles).toEqual(['auditor']);
  await own.close();
});
