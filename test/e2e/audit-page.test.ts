import { createRequire } from 'node:module';
import type { AuditEvent } from '@federome/core';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest';
import { recordsPath } from '../../packages/node/src/home.ts';
import { SqlAuditStore } from '../../packages/node/src/stores/audit/sql-audit-store.ts';
import { openSqlite } from '../../packages/node/src/stores/database/database.ts';
import { auditedServer, person } from '../testkit/audited-node.ts';
import { testHub } from '../testkit/hub.ts';
import { buildPortalIfStale, hasChromium, launchChromium } from '../testkit/portal-page.ts';

function event(at: string, rest: Partial<AuditEvent> = {}): AuditEvent {
  return {
    id: `event ${at} ${rest.level ?? ''}`,
    at: `${at}:00.000Z`,
    operation: 'individuals-by-filter',
    who: { kind: 'person', issuer: 'https://idp.example', subject: 'anne' },
    datasets: ['biobank'],
    decision: 'answered',
    level: 'registered',
    permits: [],
    answer: { count: 100, records: 0, suppressed: false },
    ...rest,
  };
}

const EVENTS: readonly AuditEvent[] = [
  ...Array.from({ length: 60 }, (_, at) => event(`2026-06-10T10:${String(at).padStart(2, '0')}`)),
  event('2026-06-12T10:00', { decision: 'refused', code: 'node/forbidden', level: 'public' }),
  event('2026-06-13T10:00', {
    who: { kind: 'member', member: 'lu.hub' },
    purpose: 'healthcare',
    level: 'controlled',
  }),
];

describe.skipIf(!hasChromium)('the audit in the portal', () => {
  let browser: Browser;
  beforeAll(async () => {
    await buildPortalIfStale();
    browser = await launchChromium();
  }, 120_000);
  afterAll(() => browser.close());

  async function open(roles: readonly ('auditor' | 'data-user')[], bypassCSP = false): Promise<Page> {
    const { node } = await testHub();
    const database = await openSqlite(recordsPath(node.home));
    const store = new SqlAuditStore(database);
    await store.append(EVENTS);
    await store.addAnomalies(
      [
        {
          id: 'a',
          kind: 'small-cohorts',
          severity: 'alarm',
          who: EVENTS[0]!.who,
          from: '2026-06-10T00:00:00.000Z',
          to: '2026-06-10T11:00:00.000Z',
          expected: 12,
          seen: 140,
          because: 'of 150 questions, 140 were small',
        },
      ],
      new Date('2026-06-13T11:00:00Z'),
    );
    const { server } = await auditedServer(node, { ada: person('ada', roles) }, { withPortal: true });
    const url = await server.listen({ host: '127.0.0.1', port: 0 });
    const context = await browser.newContext({
      locale: 'en-GB',
      reducedMotion: 'reduce',
      // axe is no part of the page.
      bypassCSP,
      extraHTTPHeaders: { authorization: 'Bearer ada' },
    });
    onTestFinished(async () => {
      await context.close();
      await database.close();
    });
    const page = await context.newPage();
    page.setDefaultTimeout(10_000);
    // Who is logged in is another part's; here the token above says so to the server.
    await page.route('**/api/session', (route) =>
      route.fulfill({
        json: {
          server: { id: 'lu.hub', name: 'Network', role: 'hub' },
          providers: [],
          person: {
            id: '1',
            issuer: 'i',
            subject: 'ada',
            provider: 'p',
            roles,
            endsAt: '2030-01-01T00:00:00Z',
          },
        },
      }),
    );
    await page.goto(`${url}/portal/#/audit`);
    await page.getByRole('heading', { level: 1, name: 'Audit' }).waitFor();
    return page;
  }

  test('an auditor sees what was unusual, the days, and every event; and narrows them by keyboard', async () => {
    const page = await open(['auditor']);
    await page.getByText('140 different questions about few or suppressed people in a row').waitFor();
    const plot = page.getByRole('img', { name: /questions from 2026-06-10 to/ });
    await plot.waitFor();
    const rows = page.locator('.audit-table tbody tr');
    await expect.poll(() => rows.count()).toBe(50);
    await page.getByRole('button', { name: 'Show more' }).press('Enter');
    await expect.poll(() => rows.count()).toBeGreaterThan(60);
    await page.getByLabel('Who').fill('lu.hub');
    await page.getByLabel('Who').press('Enter');
    await expect.poll(() => rows.count()).toBe(1);
    expect(await rows.first().textContent()).toMatch(
      /lu\.hub.*biobank.*healthcare.*controlled.*answered.*100 or more/,
    );
    const exported = await page.getByRole('link', { name: 'FHIR' }).getAttribute('href');
    expect(exported).toBe('/api/audit/export?who=lu.hub&format=fhir');
  });

  test('whoever may not read it is told so, and sees nothing', async () => {
    const page = await open(['data-user']);
    await page.getByText('the audit is for operators and auditors of this node').waitFor();
    expect(await page.locator('.audit-table tbody tr').count()).toBe(0);
  });

  test('axe finds nothing', async () => {
    const page = await open(['auditor'], true);
    await page.locator('.audit-table tbody tr').first().waitFor();
    await page.addScriptTag({ path: createRequire(import.meta.url).resolve('axe-core/axe.min.js') });
    const violations: unknown = await page.evaluate(AXE);
    expect(violations).toEqual([]);
  });
});

const AXE = `(async () => {
  const { violations } = await globalThis.axe.run({
    runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'],
  });
  return violations.map(({ id, nodes }) => id + ' ' + nodes.map(({ html }) => html.slice(0, 120)).join(' | '));
})()`;
