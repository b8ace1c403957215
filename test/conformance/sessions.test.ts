import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { type IdentityNode, startIdentityNode } from '../testkit/identity-node.ts';
import { LoginBrowser } from '../testkit/login-browser.ts';

const MINUTE = 60_000;
const SESSION = 'federome-session-federome.ee';

describe('logging in at a node', () => {
  let node: IdentityNode;
  let browser: LoginBrowser;
  beforeAll(async () => {
    node = await startIdentityNode();
  });
  afterAll(() => node.close());
  beforeEach(() => {
    browser = new LoginBrowser();
  });
  const held = (name: string): string => browser.cookies.get(name) ?? '';
  const roles = async () => (await browser.session(node.url)).person?.roles;

  test('gives a session with the roles of the node’s own records', async () => {
    expect((await browser.session(node.url)).person).toBeNull();
    await browser.logIn(node.url, 'demo-operator');
    expect(await roles()).toEqual(['operator']);
    const text = JSON.stringify(await node.database.read.selectFrom('session').selectAll().execute());
    expect(text).not.toContain(held(SESSION));
  });

  test('never takes over an id that the browser came with', async () => {
    browser.setCookie(SESSION, 'A'.repeat(43));
    await browser.logIn(node.url, 'demo-auditor');
    expect(held(SESSION)).toMatch(/^[\w-]{43}$/);
    expect(held(SESSION)).not.toBe('A'.repeat(43));
  });

  test('logging in again ends the session before', async () => {
    await browser.logIn(node.url, 'demo-auditor');
    const before = held(SESSION);
    await browser.logIn(node.url, 'demo-auditor');
    expect(held(SESSION)).not.toBe(before);
    const old = await fetch(`${node.url}/api/people`, { headers: { cookie: `${SESSION}=${before}` } });
    expect(old.status).toBe(401);
  });

  test.each([
    '//evil.example/',
    '/\\evil.example',
    'https://evil.example/portal/',
    '/portal/../../x\\y',
    '/api/people',
    'javascript:alert(1)',
  ])('comes back to the portal only, not to %s', async (path) => {
    const response = await browser.fetch(
      `${node.url}/auth/login?${new URLSearchParams({ provider: 'own', return: path })}`,
    );
    expect(response.status).toBe(400);
    expect(await response.json()).toMatchObject({ code: 'node/bad-request' });
  });

  test('the way back works once, and only in the browser that began', async () => {
    const { url: page } = await browser.follow(`${node.url}/auth/login?provider=own&return=/portal/`);
    const { url: back } = await browser.choose(page, 'demo-citizen', (at) => at.includes('/auth/callback'));
    const stranger = await fetch(back, { redirect: 'manual' });
    expect([stranger.status, (await stranger.json()).code]).toEqual([400, 'node/bad-login']);
    const late = await browser.fetch(back);
    expect(late.status, 'whoever brings the state, it is used').toBe(400);
  });

  test('a state that came back cannot come again', async () => {
    const { url: page } = await browser.follow(`${node.url}/auth/login?provider=own&return=/portal/`);
    const { url: back } = await browser.choose(page, 'demo-citizen', (at) => at.includes('/auth/callback'));
    expect((await browser.fetch(back)).status).toBe(303);
    expect((await browser.fetch(back)).status).toBe(400);
  });

  test('a login of another issuer’s answer is refused (RFC 9207)', async () => {
    const { url: page } = await browser.follow(`${node.url}/auth/login?provider=own&return=/portal/`);
    const { url: back } = await browser.choose(page, 'demo-citizen', (at) => at.includes('/auth/callback'));
    const mixed = new URL(back);
    mixed.searchParams.set('iss', 'https://evil.example');
    expect((await browser.fetch(mixed.href)).status).toBe(400);
  });

  test.each([
    ['without the token', { 'sec-fetch-site': 'same-origin' }],
    ['from another site', { 'sec-fetch-site': 'cross-site', token: 'yes' }],
    ['from another origin', { origin: 'https://evil.example', token: 'yes' }],
    ['without any origin', { token: 'yes' }],
    ['from a sibling host', { 'sec-fetch-site': 'same-site', token: 'yes' }],
  ])('a change %s is refused', async (_, { token, ...headers }: Record<string, string>) => {
    await browser.logIn(node.url, 'demo-operator');
    const response = await browser.fetch(`${node.url}/api/session/sessions`, {
      method: 'DELETE',
      headers: { ...headers, ...(token === undefined ? {} : { 'x-csrf-token': browser.csrfToken ?? '' }) },
    });
    expect([response.status, (await response.json()).code]).toEqual([403, 'node/cross-site']);
    expect((await browser.session(node.url)).person).not.toBeNull();
  });

  test('an operator grants and withdraws roles, which count in the next request', async () => {
    await browser.logIn(node.url, 'demo-operator');
    const citizen = new LoginBrowser();
    await citizen.logIn(node.url, 'demo-citizen');
    const { person } = await citizen.session(node.url);
    expect((await citizen.call(node.url, 'GET', '/api/people')).status).toBe(403);
    const before = citizen.cookies.get(SESSION);
    expect((await browser.call(node.url, 'PUT', `/api/people/${person?.id}/roles/auditor`)).status).toBe(204);
    expect((await citizen.session(node.url)).person?.roles).toEqual(['auditor', 'citizen']);
    expect(citizen.cookies.get(SESSION), 'the id is another').not.toBe(before);
    expect((await citizen.call(node.url, 'GET', '/api/people')).status).toBe(200);
    expect((await citizen.call(node.url, 'PUT', `/api/people/${person?.id}/roles/operator`)).status).toBe(
      403,
    );
    expect((await browser.call(node.url, 'DELETE', `/api/people/${person?.id}/roles/auditor`)).status).toBe(
      204,
    );
    expect((await citizen.call(node.url, 'GET', '/api/people')).status).toBe(403);
    const types = node.events.map(({ type }) => type);
    expect(types).toContain('person/role-granted');
    expect(types).toContain('person/role-withdrawn');
    expect(JSON.stringify(node.events)).not.toContain('Näidis');
  });

  test('the last operator stays one', async () => {
    await browser.logIn(node.url, 'demo-operator');
    const { person } = await browser.session(node.url);
    const response = await browser.call(node.url, 'DELETE', `/api/people/${person?.id}/roles/operator`);
    expect([response.status, (await response.json()).code]).toEqual([409, 'node/last-operator']);
  });

  test('an invitation gives its role once', async () => {
    await browser.logIn(node.url, 'demo-operator');
    const made = await browser.call(node.url, 'POST', '/api/people/invitations', { role: 'dac-member' });
    const { code } = await made.json();
    const user = new LoginBrowser();
    await user.logIn(node.url, 'demo-data-user');
    expect((await user.call(node.url, 'POST', '/api/session/invitation', { code })).status).toBe(200);
    expect((await user.session(node.url)).person?.roles).toEqual(['dac-member', 'data-user']);
    const again = await user.call(node.url, 'POST', '/api/session/invitation', { code });
    expect((await again.json()).code).toBe('node/bad-code');
  });

  test('an id that was rotated away opens nothing, and requests under way are not hurt', async () => {
    await browser.logIn(node.url, 'demo-auditor');
    const stolen = held(SESSION);
    node.turnClock(16 * MINUTE);
    const asked = () => fetch(`${node.url}/api/people`, { headers: { cookie: `${SESSION}=${stolen}` } });
    const all = await Promise.all(Array.from({ length: 8 }, asked));
    expect(all.map(({ status }) => status)).toEqual(Array(8).fill(200));
    expect(all.filter((each) => each.headers.getSetCookie().length > 0)).toHaveLength(1);
    node.turnClock(MINUTE);
    expect((await asked()).status).toBe(401);
  });

  test('a session ends when nothing is asked for half an hour, and after twelve hours whatever is asked', async () => {
    await browser.logIn(node.url, 'demo-auditor');
    node.turnClock(31 * MINUTE);
    expect((await browser.session(node.url)).person).toBeNull();
    expect(held(SESSION)).toBe('');
    await new LoginBrowser().session(node.url);
    const other = new LoginBrowser();
    await other.logIn(node.url, 'demo-auditor');
    for (let step = 0; step < 35; step++) {
      node.turnClock(20 * MINUTE);
      expect((await other.session(node.url)).person).not.toBeNull();
    }
    node.turnClock(21 * MINUTE);
    expect((await other.session(node.url)).person).toBeNull();
  });

  test('a question with a session that has ended is refused, not answered as the public', async () => {
    const response = await fetch(`${node.url}/api/people`, {
      headers: { cookie: `${SESSION}=${'x'.repeat(43)}` },
    });
    expect(response.status).toBe(401);
    const question = await fetch(`${node.url}/datasets`, {
      headers: { cookie: `${SESSION}=${'x'.repeat(43)}` },
    });
    expect(question.status).toBe(401);
  });

  test('one logs out everywhere', async () => {
    await browser.logIn(node.url, 'demo-data-holder');
    const second = new LoginBrowser();
    await second.logIn(node.url, 'demo-data-holder');
    expect((await browser.call(node.url, 'DELETE', '/api/session/sessions')).status).toBe(204);
    expect((await second.session(node.url)).person).toBeNull();
  });

  test('logging out names the session to its provider', async () => {
    await browser.logIn(node.url, 'demo-data-holder');
    const { location } = await (await browser.call(node.url, 'POST', '/auth/logout')).json();
    const address = new URL(location);
    expect(address.pathname).toBe('/oidc/session/end');
    expect(address.searchParams.get('post_logout_redirect_uri')).toBe(`${node.url}/portal/`);
    expect(address.searchParams.get('id_token_hint')?.split('.')).toHaveLength(3);
    expect((await browser.session(node.url)).person).toBeNull();
  });

  test('somebody who is forgotten is logged out, and unknown', async () => {
    await browser.logIn(node.url, 'demo-signing-official');
    const { person } = await browser.session(node.url);
    await (await node.identity.service()).forget(person?.id ?? '', 'command line');
    expect((await browser.session(node.url)).person).toBeNull();
    expect(await node.identity.people.person(person?.id ?? '')).toBeUndefined();
  });
});

test.each(['0.0.0.0', '192.0.2.1', '::'])('people without passphrase are not served at %s', async (host) => {
  const node = await startIdentityNode();
  const { serveNode } = await import('../../packages/node/src/http/server.ts');
  await expect(serveNode({ ...node.node, identity: node.identity }, { host })).rejects.toMatchObject({
    code: 'node/demo-people-exposed',
  });
  await expect(
    serveNode({ ...node.node, identity: node.identity }, { publicUrl: 'https://node.example' }),
  ).rejects.toMatchObject({ code: 'node/demo-people-exposed' });
  await node.close();
});
