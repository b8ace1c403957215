import { existsSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type Browser, chromium, type Page } from 'playwright-core';

const CHROMIUM = '/usr/bin/chromium';
const PORTAL = fileURLToPath(new URL('../../packages/portal/', import.meta.url));

export const hasChromium: boolean = existsSync(CHROMIUM);

/** Debian's chromium, which talks to nobody but the page's own server. */
export function launchChromium(): Promise<Browser> {
  return chromium.launch({
    executablePath: CHROMIUM,
    args: [
      '--headless',
      '--no-sandbox',
      '--disable-gpu',
      '--disable-quic',
      '--no-first-run',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
    ],
  });
}

/** Builds packages/portal/dist where it is missing or older than any source. */
export async function buildPortalIfStale(): Promise<void> {
  const built = join(PORTAL, 'dist/index.html');
  const sources = [
    'src',
    'public',
    'index.html',
    'vite.config.ts',
    'build.mjs',
    'package.json',
    '../core/src',
  ];
  const newest = Math.max(...sources.map((source) => newestChange(join(PORTAL, source))));
  if (existsSync(built) && statSync(built).mtimeMs > newest) return;
  const { buildPortal } = await import('../../packages/portal/build.mjs');
  await buildPortal({ quiet: true });
}

/** What to ask; terms are typed and the first completion is taken. */
export interface PortalQuestion {
  readonly about?: string;
  readonly terms?: readonly string[];
  readonly sex?: 'female' | 'male' | 'other';
  readonly ageFrom?: number;
  readonly ageTo?: number;
}

/** Composes a question in the portal's form, asks it, and waits for the answer's table. The page is in English. */
export async function askQuestion(page: Page, question: PortalQuestion): Promise<void> {
  await page.getByRole('button', { name: 'Clear', exact: true }).click();
  if (question.about !== undefined) {
    const field = page.getByRole('combobox', { name: 'Gene, variant or region' });
    await field.fill(question.about);
    await field.blur();
  }
  for (const term of question.terms ?? []) {
    await page.getByRole('combobox', { name: 'Diseases and features' }).fill(term);
    await page.getByRole('option', { name: term }).first().click();
  }
  if (question.sex !== undefined) await page.getByText(question.sex, { exact: true }).click();
  if (question.ageFrom !== undefined) await page.getByLabel('Age from').fill(String(question.ageFrom));
  if (question.ageTo !== undefined) await page.getByLabel('Age to').fill(String(question.ageTo));
  await page.getByRole('button', { name: /^Ask/ }).click();
  await page.locator('.country-table').waitFor();
}

export interface PlaceReading {
  readonly country: string;
  /** `answered`, `refused`, `timed-out`, `unreachable` or `invalid-answer`. */
  readonly state: string;
  /** `1240`, `<10`, or `undefined` where no number was given. */
  readonly count: string | undefined;
  /** What people read of it, in the page's language. */
  readonly text: string;
}

/** The rows of the answer's table in the order shown. */
export function readTable(page: Page): Promise<PlaceReading[]> {
  return page.locator('.country-table tbody tr').evaluateAll(readPlaces);
}

/** The member countries of the map. */
export async function readMap(page: Page): Promise<PlaceReading[]> {
  await page.locator('.map .region').first().waitFor();
  return page.locator('.map .region').evaluateAll(readPlaces);
}

// Runs in the page: nothing from outside of it may be used.
function readPlaces(elements: readonly Element[]): PlaceReading[] {
  return elements.map((element) => ({
    country: element.getAttribute('data-country') ?? '',
    state: element.getAttribute('data-state') ?? '',
    count: element.getAttribute('data-count') ?? undefined,
    text: element.getAttribute('aria-label') ?? element.textContent,
  }));
}

export interface FrequencyReading {
  /** `17-43044295-A-G`, 1-based. */
  readonly variant: string;
  /** Over all countries; `suppressed` where it is hidden. */
  readonly frequency: number | 'suppressed';
}

/** The variants of the frequency table in the order shown. */
export async function readFrequencies(page: Page): Promise<FrequencyReading[]> {
  const rows = await page
    .locator('.frequency-table tbody tr')
    .evaluateAll((elements) =>
      elements.map((row) => [row.getAttribute('data-variant'), row.getAttribute('data-frequency')]),
    );
  return rows.map(([variant, frequency]) => ({
    variant: variant ?? '',
    frequency: frequency === 'suppressed' ? 'suppressed' : Number(frequency),
  }));
}

function newestChange(path: string): number {
  const stat = statSync(path);
  if (!stat.isDirectory()) return stat.mtimeMs;
  return Math.max(stat.mtimeMs, ...readdirSync(path).map((name) => newestChange(join(path, name))));
}
