import { createRequire } from 'node:module';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, beforeEach, describe, expect, onTestFinished, test } from 'vitest';
import { type IdentityNode, startIdentityNode } from '../testkit/identity-node.ts';
import { LoginBrowser } from '../testkit/login-browser.ts';
import { buildPortalIfStale, hasChromium, launchChromium } from '../testkit/portal-page.ts';

describe.skipIf(!hasChromium)('logging in with a browser', () => {
  let browser: Browser;
  let node: IdentityNode;
  beforeAll(async () => {
    await buildPortalIfStale();
    browser = await launchChromium();
    node = await startIdentityNode();
  });
  afterAll(async () => {
    await browser.close();
    await node.close();
  });
  let complaints: string[];
  beforeEach(() => {
    complaints = [];
  });

  async function open(): Promise<Page> {
    const context = await browser.newContext({ locale: 'en-GB', reducedMotion: 'reduce' });
    onTestFinished(() => context.close());
    const page = await context.newPage();
    page.setDefaultTimeout(10_000);
    page.on('console', (message) => {
      if (/content security policy/i.test(message.text())) complaints.push(message.text());
    });
    await page.goto(`${node.url}/portal/`);
    return page;
  }

  async function logIn(page: Page, person: RegExp): Promise<void> {
    await page.getByRole('link', { name: 'Log in' }).click();
    await page.getByRole('button', { name: person }).click();
    await page.getByRole('button', { name: 'Log out' }).waitFor();
  }

  test('with the keyboard alone one logs in and out, and the provider asks again', async () => {
    const page = await open();
    await page.getByRole('link', { name: 'Log in' }).focus();
    await page.keyboard.press('Enter');
    const operator = page.getByRole('button', { name: /Operator/ });
    await operator.waitFor();
    await page.keyboard.press('Tab');
    await expect.poll(() => operator.evaluate((element) => element === document.activeElement)).toBe(true);
    await page.keyboard.press('Enter');
    const logOut = page.getByRole('button', { name: 'Log out' });
    await logOut.focus();
    await page.keyboard.press('Enter');
    await page.getByRole('link', { name: 'Log in' }).waitFor();
    expect(new URL(page.url()).pathname).toBe('/portal/');
    await page.getByRole('link', { name: 'Log in' }).click();
    await page.getByRole('button', { name: /Citizen/ }).waitFor();
    expect(complaints).toEqual([]);
  });

  test('a role that an operator grants on the page counts at once, and is withdrawn after a question', async () => {
    const page = await open();
    const citizen = new LoginBrowser();
    await citizen.logIn(node.url, 'demo-citizen');
    await logIn(page, /Operator/);
    await page.getByRole('link', { name: 'People and roles' }).click();
    const row = page.locator('tr[data-person="demo-citizen"]');
    await row.getByRole('combobox').selectOption('auditor');
    await row.getByRole('button', { name: 'Grant' }).click();
    await row.getByText('auditor', { exact: false }).first().waitFor();
    await expect
      .poll(async () => (await citizen.session(node.url)).person?.roles)
      .toEqual(['auditor', 'citizen']);
    await row.getByRole('button', { name: /Withdraw auditor/ }).click();
    await page.keyboard.press('Enter');
    await expect.poll(async () => (await citizen.session(node.url)).person?.roles).toEqual(['citizen']);
    const last = page.locator('tr[data-person="demo-operator"]');
    await last.getByRole('button', { name: /Withdraw operator/ }).click();
    await page.keyboard.press('Enter');
    await page.getByText('this is the last operator').waitFor();
    expect(complaints).toEqual([]);
  });

  test('a session that was not used ends, and the page says who is logged in: nobody', async () => {
    const page = await open();
    await logIn(page, /Auditor/);
    node.turnClock(31 * 60_000);
    await page.reload();
    await page.getByRole('link', { name: 'Log in' }).waitFor();
  });

  test('axe finds nothing to object to', async () => {
    const axe = createRequire(import.meta.url).resolve('axe-core');
    const page = await open();
    const check = async (what: string) => {
      await page.evaluate(await (await import('node:fs/promises')).readFile(axe, 'utf8'));
      const violations = await page.evaluate(async () => {
        const run: unknown = Reflect.get(Reflect.get(globalThis, 'axe'), 'run');
        if (typeof run !== 'function') return ['axe did not load'];
        const { violations } = await run(document);
        return violations.map(
          (each: { id: string; nodes: { html: string }[] }) => `${each.id}: ${each.nodes[0]?.html}`,
        );
      });
      expect(violations, what).toEqual([]);
    };
    await page.getByRole('link', { name: 'Log in' }).click();
    await page.getByRole('button', { name: /Operator/ }).waitFor();
    await check('the provider’s page');
    await page.getByRole('button', { name: /Operator/ }).click();
    await page.goto(`${node.url}/portal/#/account`);
    await page.getByRole('heading', { name: 'Where you are logged in' }).waitFor();
    await check('the account');
    await page.getByRole('link', { name: 'People and roles' }).click();
    await page.locator('tr[data-person="demo-citizen"]').waitFor();
    await check('people and roles');
  });
});
