import type { AuditEvent } from '@federome/core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type IdentityNode, startIdentityNode } from '../testkit/identity-node.ts';
import { LoginBrowser } from '../testkit/login-browser.ts';

let node: IdentityNode;
beforeAll(async () => {
  node = await startIdentityNode();
});
afterAll(() => node.close());

/** The audit as an auditor reads it with a session of their own, the eldest first. */
async function audit(browser: LoginBrowser, query = ''): Promise<readonly AuditEvent[]> {
  const answer = await browser.fetch(`${node.url}/api/audit?limit=1000&${query}`);
  expect(answer.status).toBe(200);
  return (await answer.json()).events.toReversed();
}

test('a login, what is asked in its session, a refusal and the log-out are in the audit, under one name', async () => {
  const [auditor, researcher] = [new LoginBrowser(), new LoginBrowser()];
  await auditor.logIn(node.url, 'demo-auditor');
  await researcher.logIn(node.url, 'demo-data-user');
  const { person } = await researcher.session(node.url);
  const { subject, issuer } = Object.assign({ subject: '', issuer: '' }, person);
  const asked = await researcher.fetch(`${node.url}/individuals?requestedGranularity=count`);
  expect(asked.status).toBe(200);
  expect((await researcher.fetch(`${node.url}/individuals/somebody`)).status).toBe(403);
  expect((await researcher.fetch(`${node.url}/api/audit`)).status).toBe(403);
  expect((await researcher.call(node.url, 'POST', '/auth/logout')).status).toBe(200);
  const events = await audit(auditor, `who=${encodeURIComponent(subject)}`);
  expect(events.map(({ operation, decision }) => `${operation} ${decision}`)).toEqual([
    'login answered',
    'individuals-by-filter answered',
    'individual-records refused',
    'audit-read refused',
    'logout answered',
  ]);
  expect(new Set(events.map(({ who }) => JSON.stringify(who)))).toEqual(
    new Set([JSON.stringify({ kind: 'person', issuer, subject })]),
  );
});

test('a session that has ended is refused, and the refusal is nobody’s', async () => {
  const [auditor, researcher] = [new LoginBrowser(), new LoginBrowser()];
  await auditor.logIn(node.url, 'demo-auditor');
  await researcher.logIn(node.url, 'demo-data-user');
  const cookies = new Map(researcher.cookies);
  await researcher.call(node.url, 'POST', '/auth/logout');
  for (const [name, value] of cookies) researcher.setCookie(name, value);
  const refused = await researcher.fetch(`${node.url}/individuals`);
  expect([refused.status, (await refused.json()).info.code]).toEqual([401, 'node/unauthenticated']);
  expect((await audit(auditor, 'decision=refused')).at(-1)).toMatchObject({
    operation: 'individuals-by-filter',
    who: { kind: 'anonymous' },
    code: 'node/unauthenticated',
  });
});

test('a login that fails is in the audit, without what was brought', async () => {
  const auditor = new LoginBrowser();
  await auditor.logIn(node.url, 'demo-auditor');
  await fetch(`${node.url}/auth/callback?code=zqsecret&state=zqforged`, { redirect: 'manual' });
  const events = await audit(auditor, 'operation=login&decision=refused');
  expect(events).toMatchObject([{ who: { kind: 'anonymous' }, code: 'node/bad-login' }]);
  expect(JSON.stringify(events)).not.toContain('zq');
});
