import { createRequire } from 'node:module';
import { DISCLOSURE_FLOOR, discloseCount } from '@federome/core';
import type { Browser, BrowserContextOptions, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, onTestFinished, test } from 'vitest';
import { type PortalHub, startPortalHub } from '../testkit/portal-hub.ts';
import { COUNTRIES, REASONS, trueCount } from '../testkit/portal-network.ts';
import {
  askQuestion,
  buildPortalIfStale,
  hasChromium,
  launchChromium,
  readFrequencies,
  readMap,
  readTable,
} from '../testkit/portal-page.ts';

const BRCA1_AND_SEIZURE = '#about=BRCA1&assembly=GRCh38&term=HP:0001250';

describe.skipIf(!hasChromium)('the portal', () => {
  let browser: Browser;
  let hub: PortalHub;
  let complaints: string[];

  beforeAll(async () => {
    await buildPortalIfStale();
    browser = await launchChromium();
  });
  afterAll(() => browser.close());
  beforeEach(async () => {
    hub = await startPortalHub();
    complaints = [];
  });
  afterEach(async () => {
    await hub.close();
    expect(
      complaints,
      'the page threw, broke the content security policy, or was built for development',
    ).toEqual([]);
  });

  async function open(fragment = '', options: BrowserContextOptions = {}): Promise<Page> {
    const context = await browser.newContext({
      viewport: { width: 1280, height: 900 },
      locale: 'en-GB',
      reducedMotion: 'reduce',
      ...options,
    });
    onTestFinished(() => context.close());
    const page = await context.newPage();
    page.setDefaultTimeout(10_000);
    page.on('pageerror', (error) => complaints.push(error.message));
    page.on('console', (message) => {
      if (/content security policy|React DevTools/i.test(message.text())) complaints.push(message.text());
    });
    await page.goto(hub.url + fragment);
    await page.getByRole('heading', { level: 1 }).waitFor();
    return page;
  }

  const disclosed = (country: string): string => {
    const filters = [{ id: 'HP:0001250', includeDescendantTerms: true }];
    const question = { variant: { assemblyId: 'GRCh38', geneId: 'BRCA1' }, filters };
    const count = discloseCount(trueCount(country, question), DISCLOSURE_FLOOR);
    return count.kind === 'shown' ? String(count.value) : `<${count.below}`;
  };

  test('a question is asked with the keyboard alone, and the map and the table say what each country disclosed', async () => {
    const page = await open();
    const press = async (...keys: string[]) => {
      for (const key of keys) await page.keyboard.press(key);
    };
    await press('Tab');
    expect(await page.evaluate(() => document.activeElement?.textContent)).toBe('Skip to the question');
    await press('Enter', 'Tab');
    await page.keyboard.type('brca');
    await page.getByRole('option', { name: 'BRCA1' }).waitFor();
    await press('ArrowDown', 'Enter');
    const field = page.getByRole('combobox', { name: 'Gene, variant or region' });
    await expect.poll(() => field.inputValue()).toBe('BRCA1');
    await press('Tab', 'Tab');
    await page.keyboard.type('seiz');
    await page.getByRole('option', { name: 'Generalized-onset seizure' }).waitFor();
    await press('ArrowDown', 'Enter');
    await page.getByRole('row', { name: 'Seizure' }).waitFor();
    await press('Tab', 'Tab', 'Tab', 'Tab');
    await expect.poll(() => page.evaluate(() => document.activeElement?.textContent)).toBe('Ask 5 countries');
    await press('Enter');
    await page.locator('.country-table').waitFor();

    const expected = new Map(COUNTRIES.map((country) => [country, disclosed(country)]));
    const table = await readTable(page);
    expect(new Map(table.map(({ country, count }) => [country, count]))).toEqual(expected);
    expect(new Map((await readMap(page)).map(({ country, count }) => [country, count]))).toEqual(expected);
    expect(expected.get('LU'), 'the test needs a country whose number is hidden').toBe('<10');
    expect(table.find(({ country }) => country === 'LU')?.text).toContain(
      'hidden: fewer than 10, possibly nobody',
    );
    const sum = [...expected.values()].reduce((total, count) => total + (Number(count) || 0), 0);
    const headline = `At least ${sum} people in 4 of 5 countries`;
    expect(await page.getByRole('heading', { level: 2, name: headline }).count()).toBe(1);
    expect(await page.getByTestId('announcement').textContent()).toContain(headline);
    expect(hub.questions).toEqual([
      {
        variant: { assemblyId: 'GRCh38', geneId: 'BRCA1' },
        filters: [{ id: 'HP:0001250', includeDescendantTerms: true }],
      },
    ]);
  });

  test('every country that did not answer is named with its reason, on the map and in the table', async () => {
    hub.states
      .set('ES', 'refused')
      .set('FI', 'timed-out')
      .set('IT', 'unreachable')
      .set('LU', 'invalid-answer');
    const page = await open();
    await askQuestion(page, { about: 'BRCA1', terms: ['Seizure'], sex: 'female' });
    const states = {
      EE: 'answered',
      ES: 'refused',
      FI: 'timed-out',
      IT: 'unreachable',
      LU: 'invalid-answer',
    };
    for (const places of [await readTable(page), await readMap(page)]) {
      expect(Object.fromEntries(places.map(({ country, state }) => [country, state]))).toEqual(states);
      expect(places.find(({ country }) => country === 'ES')?.text).toContain(REASONS.refused);
    }
    const notes = (await page.locator('.notes').innerText()).replaceAll('\n', ' ');
    expect(notes).toContain(`Spain refused: ${REASONS.refused}`);
    expect(notes).toContain('Finland did not answer in time');
    expect(notes).toContain('Italy could not be reached');
    expect(notes).toContain('Luxembourg sent an answer that could not be trusted');
  });

  test('frequencies are shown by country and in total, and a hidden one says so', async () => {
    const page = await open();
    await askQuestion(page, { about: 'BRCA1' });
    const frequencies = await readFrequencies(page);
    expect(frequencies.map(({ variant }) => variant)).toEqual([
      '17-43044295-A-G',
      '17-43057062-T-TG',
      '17-43091434-C-A',
    ]);
    const detail = page.locator('.frequency-detail');
    expect(await detail.locator('tr[data-country="LU"]').innerText()).toContain('hidden');
    const [common] = frequencies;
    const shown = await detail.locator('tr[data-country="all"]').getAttribute('data-frequency');
    expect(Number(shown)).toBe(common?.frequency);
    await page.getByText('Allele frequency', { exact: true }).click();
    const onMap = await page.locator('.region[data-country="EE"]').getAttribute('data-frequency');
    expect(onMap).toBe(await detail.locator('tr[data-country="EE"]').getAttribute('data-frequency'));
    expect(await page.locator('.region[data-country="LU"]').getAttribute('data-look')).toBe('hidden');
  });

  test('the question lives in the address, comes back with it, and is never sent in one', async () => {
    const page = await open();
    await askQuestion(page, { about: '17-43044295-A-G', ageFrom: 40, ageTo: 65 });
    expect(new URL(page.url()).hash).toBe('#about=17-43044295-A-G&assembly=GRCh38&age=40-65');
    expect(hub.questions.at(-1)?.variant).toMatchObject({ referenceName: '17', start: [43_044_294] });
    await askQuestion(page, { sex: 'male' });
    await page.goBack();
    await page.goBack();
    await page.locator('.asked-part', { hasText: '40–65' }).waitFor();
    expect(await page.getByRole('combobox', { name: 'Gene, variant or region' }).inputValue()).toBe(
      '17-43044295-A-G',
    );
    expect(await page.getByLabel('Age from').inputValue()).toBe('40');
    expect(hub.requested.filter((path) => /43044295|age=/.test(path))).toEqual([]);
  });

  test('a mistake is explained while it is typed, and nothing is asked', async () => {
    const page = await open();
    const field = page.getByRole('combobox', { name: 'Gene, variant or region' });
    await field.fill('NC_000017.10:g.41196312A>G');
    await page.getByText('NC_000017.10 belongs to GRCh37, but the question is about GRCh38.').waitFor();
    await page.getByRole('button', { name: 'Ask about GRCh37 instead' }).click();
    await page.getByText('position 41,196,312 of chromosome 17').waitFor();
    await field.fill('rs80357906');
    await page.getByRole('button', { name: /^Ask 5/ }).click();
    await page.getByText('is a dbSNP identifier').waitFor();
    expect(hub.questions).toEqual([]);
  });

  test('Enter asks what is typed, though suggestions are open', async () => {
    const page = await open();
    const field = page.getByRole('combobox', { name: 'Gene, variant or region' });
    await field.fill('mybpc3');
    await page.getByRole('option', { name: 'MYBPC3' }).waitFor();
    await field.press('Enter');
    await page.locator('.country-table').waitFor();
    expect(hub.questions).toEqual([{ variant: { assemblyId: 'GRCh38', geneId: 'MYBPC3' } }]);
  });

  test('the map is walked with the arrow keys and tells each country', async () => {
    const page = await open(BRCA1_AND_SEIZURE);
    await page.locator('.region[tabindex="0"]').focus();
    expect(await page.evaluate(() => document.activeElement?.getAttribute('data-country'))).toBe('EE');
    await page.keyboard.press('ArrowUp');
    expect(await page.evaluate(() => document.activeElement?.getAttribute('aria-label'))).toMatch(
      /^Finland: \d+ people$/,
    );
    expect(await page.locator('.tooltip').innerText()).toContain('Finland');
    await page.keyboard.press('Escape');
    expect(await page.locator('.tooltip').count()).toBe(0);
  });

  test('the table is sorted by its heads, and the answer is downloaded as it is shown', async () => {
    const page = await open(BRCA1_AND_SEIZURE);
    await page.locator('.country-table').waitFor();
    await page.getByRole('button', { name: 'Country', exact: true }).click();
    expect((await readTable(page)).map(({ country }) => country)).toEqual(['EE', 'FI', 'IT', 'LU', 'ES']);
    const [download] = await Promise.all([
      page.waitForEvent('download'),
      page.getByRole('button', { name: 'Table (TSV)' }).click(),
    ]);
    const chunks: Buffer[] = [];
    for await (const chunk of await download.createReadStream()) chunks.push(chunk);
    const lines = Buffer.concat(chunks).toString().split('\n');
    const luxembourg = lines.find((line) => line.startsWith('LU'))?.split('\t');
    expect(luxembourg?.slice(3, 5)).toEqual(['answered', '<10']);
  });

  test("a refusal shows the hub's own words and code, and the question can be asked again", async () => {
    hub.refuseWith = { status: 429, code: 'network/too-many', detail: 'Too many questions; wait a minute.' };
    const page = await open(BRCA1_AND_SEIZURE);
    await page.getByText('Too many questions; wait a minute.').waitFor();
    expect(await page.locator('.failure').getAttribute('data-code')).toBe('network/too-many');
    hub.refuseWith = undefined;
    await page.getByRole('button', { name: 'Ask again' }).click();
    await page.locator('.country-table').waitFor();
  });

  test('whoever is offline is told so, and the answer comes with the connection', async () => {
    const page = await open();
    await page.locator('.map .region').first().waitFor();
    await page.context().setOffline(true);
    const field = page.getByRole('combobox', { name: 'Gene, variant or region' });
    await field.fill('BRCA1');
    await field.blur();
    await page.getByRole('button', { name: /^Ask 5/ }).click();
    await page.getByRole('heading', { name: 'You are offline' }).waitFor();
    await page.context().setOffline(false);
    await page.locator('.country-table').waitFor();
  });

  test('the page speaks the language of the browser, and another when told to', async () => {
    const page = await open(BRCA1_AND_SEIZURE, { locale: 'et-EE' });
    await page.getByRole('heading', { name: 'Küsi võrgustikult' }).waitFor();
    expect(await page.evaluate(() => document.documentElement.lang)).toBe('et');
    await page.locator('.language select').selectOption('fi');
    await page.getByRole('heading', { name: 'Kysy verkostolta' }).waitFor();
    expect((await readTable(page)).map(({ text }) => text).join()).toContain('Viro');
    await page.reload();
    await page.getByRole('heading', { name: 'Kysy verkostolta' }).waitFor();
  });

  test('dark and light follow the system until one is chosen, and the choice stays', async () => {
    const page = await open('', { colorScheme: 'dark' });
    const paper = () => page.evaluate(() => getComputedStyle(document.documentElement).backgroundColor);
    const dark = await paper();
    await page.getByRole('radiogroup', { name: 'Appearance' }).getByText('Light').locator('..').click();
    const light = await paper();
    const brightness = (colour: string) => Math.max(...(colour.match(/\d+/g) ?? []).slice(0, 3).map(Number));
    expect(brightness(dark)).toBeLessThan(60);
    expect(brightness(light)).toBeGreaterThan(200);
    await page.reload();
    await page.getByRole('heading', { level: 1 }).waitFor();
    expect(await paper()).toBe(light);
  });

  test.each(['en-GB', 'de-DE', 'fi-FI', 'fr-FR'])(
    'at phone width nothing overflows in %s',
    async (locale) => {
      hub.states.set('IT', 'invalid-answer').set('ES', 'refused');
      const page = await open(BRCA1_AND_SEIZURE, { viewport: { width: 320, height: 700 }, locale });
      await page.locator('.country-table').waitFor();
      await page.locator('.map .region').first().waitFor();
      expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(320);
    },
  );

  test.each([
    ['light', '', 1280],
    ['dark', '', 1280],
    ['light', BRCA1_AND_SEIZURE, 1280],
    ['dark', BRCA1_AND_SEIZURE, 375],
  ] as const)('axe finds nothing to object to: %s, "%s", %i px', async (colorScheme, fragment, width) => {
    hub.states.set('ES', 'refused').set('FI', 'timed-out');
    const page = await open(fragment, { colorScheme, viewport: { width, height: 900 }, bypassCSP: true });
    await page.locator('.map .region').first().waitFor();
    if (fragment !== '') await page.locator('.country-table').waitFor();
    await page.addScriptTag({ path: createRequire(import.meta.url).resolve('axe-core/axe.min.js') });
    const violations = await page.evaluate(async () => {
      const axe: {
        run(options: object): Promise<{ violations: { id: string; nodes: { html: string }[] }[] }>;
      } = Reflect.get(window, 'axe');
      const { violations } = await axe.run({
        runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'],
      });
      return violations.map(
        ({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html.slice(0, 160)).join(' | ')}`,
      );
    });
    expect(violations).toEqual([]);
  });
});
