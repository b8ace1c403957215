import { type ChildProcess, spawn } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { gunzipSync } from 'node:zlib';
import type { NetworkAnswer, NetworkOverview, NetworkQuestion, VariantFrequencies } from '@federome/client';
import { FEDEROME_MAIN, federomeOutput, temporaryDirectory } from '@federome/testkit';
import type { Page } from 'playwright-core';
import { expect, onTestFinished, test } from 'vitest';
import { isAnswer, isOverview } from '../../packages/portal/src/network/shapes.ts';
import {
  buildPortalIfStale,
  hasChromium,
  launchChromium,
  type PlaceReading,
  readFrequencies,
  readMap,
  readTable,
} from '../testkit/portal-page.ts';

const COUNTRIES = ['EE', 'FI', 'IT'];
/** Enough that more than 1,000 of a country consent, which its frequencies need. */
const NETWORK = ['--people', '1300', '--variants', '500', '--countries', COUNTRIES.join(',')];
const UP_WITHIN_MS = 40_000;

interface Demonstration {
  readonly process: ChildProcess;
  readonly directory: string;
  /** Of the page, as it was printed. */
  readonly portal: string;
  /** The hub's own address. */
  readonly hub: string;
  /** Addresses of the nodes, by country. */
  readonly nodes: ReadonlyMap<string, string>;
}

/** Process id of a node's server, which its command line names. */
function serverOf(directory: string, country: string): number {
  const home = join(directory, 'nodes', country.toLowerCase());
  for (const pid of readdirSync('/proc').filter((name) => /^\d+$/.test(name))) {
    try {
      if (readFileSync(`/proc/${pid}/cmdline`, 'latin1').includes(`serve\0${home}\0`)) return Number(pid);
    } catch {
      // It ended meanwhile.
    }
  }
  throw new Error(`no process serves ${home}`);
}

async function startNetwork(): Promise<Demonstration> {
  const directory = join(await temporaryDirectory(), 'demo');
  const child = spawn(process.execPath, [FEDEROME_MAIN, 'demo', ...NETWORK, '--dir', directory], {
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  onTestFinished(() => {
    child.kill('SIGKILL');
  });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', (text: string) => {
      output += text;
    });
  }
  const deadline = performance.now() + UP_WITHIN_MS;
  while (!output.includes('Ctrl-C stops the network')) {
    if (child.exitCode !== null || performance.now() > deadline) {
      throw new Error(`the network did not come up: ${output}`);
    }
    await pause(50);
  }
  const portal = /Portal: (\S+)/.exec(output)?.[1] ?? '';
  const hub = new URL('/', portal).href;
  const { members } = await overviewOf(hub);
  const nodes = new Map(members.map(({ country, url }) => [country, url]));
  return { process: child, directory, portal, hub, nodes };
}

async function overviewOf(hub: string): Promise<NetworkOverview> {
  const response = await fetch(new URL('api/network', hub));
  const overview: unknown = await response.json();
  if (!isOverview(overview)) throw new Error(`not an overview: ${JSON.stringify(overview)}`);
  return overview;
}

async function askHub(hub: string, question: NetworkQuestion): Promise<NetworkAnswer> {
  const answer = await post(new URL('api/network/questions', hub), question);
  if (!isAnswer(answer)) throw new Error(`not an answer: ${JSON.stringify(answer)}`);
  return answer;
}

/** What a node's own Beacon says of how many people match. */
async function askNode(url: string, { variant, filters }: NetworkQuestion): Promise<number> {
  const answer = await post(new URL('individuals', url), {
    meta: { apiVersion: '2.0' },
    query: { requestedGranularity: 'count', requestParameters: variant, filters },
  });
  const summary: unknown = Reflect.get(Object(answer), 'responseSummary');
  return Number(Reflect.get(Object(summary), 'numTotalResults'));
}

async function post(url: URL, body: unknown): Promise<unknown> {
  const response = await fetch(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  });
  if (!response.ok) throw new Error(`${url} answered ${response.status}: ${await response.text()}`);
  return await response.json();
}

/** Goes to a control with Tab alone, presses Enter, and waits for the answer. */
async function chooseByKeyboard(page: Page, text: string): Promise<void> {
  await page.getByRole('button', { name: text }).waitFor();
  const focused = () => page.evaluate(() => document.activeElement?.textContent ?? '');
  for (let presses = 0; (await focused()) !== text; presses++) {
    if (presses > 60) throw new Error(`Tab does not reach ${text}`);
    await page.keyboard.press('Tab');
  }
  await page.keyboard.press('Enter');
  await answered(page);
}

/** Waits for the answer to what is asked now. */
async function answered(page: Page): Promise<void> {
  await page.locator('.answer[aria-busy="false"] .country-table').waitFor();
}

function valuesOf(places: readonly PlaceReading[]): Record<string, string | undefined> {
  return Object.fromEntries(places.map(({ country, count }) => [country, count]));
}

function statesOf(places: readonly PlaceReading[]): Record<string, string> {
  return Object.fromEntries(places.map(({ country, state }) => [country, state]));
}

function alleleCounts(variant: VariantFrequencies | undefined, country: string) {
  const found = variant?.byMember.find((each) => each.population === country)?.frequency;
  return found?.kind === 'shown' ? found.counts : undefined;
}

/** What the page, the hub and each node's own Beacon say to the same question is the same. */
async function expectAgreement(
  page: Page,
  { hub, nodes }: Demonstration,
  question: NetworkQuestion,
): Promise<NetworkAnswer> {
  const answer = await askHub(hub, question);
  const told = Object.fromEntries(
    answer.members.map(({ country, people }) => [
      country,
      people?.kind === 'shown' ? String(people.value) : `<${people?.below}`,
    ]),
  );
  expect(Object.keys(told).sort()).toEqual(COUNTRIES);
  expect(valuesOf(await readTable(page))).toEqual(told);
  expect(valuesOf(await readMap(page))).toEqual(told);
  for (const [country, url] of nodes) {
    const count = await askNode(url, question);
    if (!told[country]?.startsWith('<')) expect(told[country], country).toBe(String(count));
  }
  return answer;
}

test.skipIf(!hasChromium)(
  'a whole network answers on its page, names who is stopped or dead, and forgets who withdraws',
  { timeout: 100_000 },
  async () => {
    await buildPortalIfStale();
    const network = await startNetwork();
    const browser = await launchChromium();
    onTestFinished(() => browser.close());
    const page = await browser.newPage({ locale: 'en-GB', reducedMotion: 'reduce' });
    page.setDefaultTimeout(10_000);
    await page.goto(network.portal);

    const { examples = [] } = await overviewOf(network.hub);
    const [first, , third] = examples;
    if (first === undefined || third === undefined) throw new Error('the demo offers three questions');

    await chooseByKeyboard(page, third.label);
    const women = await expectAgreement(page, network, third.question);
    expect(women.total.people.kind).toBe('shown');

    await page.goto(network.portal);
    await page.reload();
    await chooseByKeyboard(page, first.label);
    const before = await expectAgreement(page, network, first.question);
    const [shown] = before.variants;
    expect(shown?.total.kind).toBe('shown');
    expect(await readFrequencies(page)).toEqual([
      {
        variant: '2-135851076-G-A',
        frequency: shown?.total.kind === 'shown' ? shown.total.alleleFrequency : 'suppressed',
      },
    ]);
    const pageFrequency = (country: string) =>
      page
        .locator(`.frequency-detail tr[data-population="${country}"]`)
        .getAttribute('data-frequency')
        .then(Number);
    for (const country of COUNTRIES) {
      const counts = alleleCounts(shown, country);
      expect(counts, `${country} shows its frequency`).toBeDefined();
      expect(await pageFrequency(country)).toBe(counts && counts.ac / counts.an);
    }

    const withdrawn = await withdrawOneCarrier(network, 'EE');
    await page.getByRole('button', { name: /^Ask 3/ }).click();
    await answered(page);
    const after = await askHub(network.hub, first.question);
    const [had, has] = [alleleCounts(shown, 'EE'), alleleCounts(after.variants[0], 'EE')];
    expect(has?.an).toBe((had?.an ?? 0) - 2);
    expect(has?.ac).toBe((had?.ac ?? 0) - withdrawn.copies);
    expect(await pageFrequency('EE')).toBe((has?.ac ?? 0) / (has?.an ?? 1));
    expect(alleleCounts(after.variants[0], 'FI')).toEqual(alleleCounts(shown, 'FI'));

    const [finland, italy] = ['FI', 'IT'].map((country) => serverOf(network.directory, country));
    process.kill(finland!, 'SIGSTOP');
    onTestFinished(() => {
      process.kill(finland!, 'SIGKILL');
    });
    process.kill(italy!, 'SIGKILL');
    const askedMs = performance.now();
    await page.getByRole('button', { name: /^Ask 3/ }).click();
    await answered(page);
    expect(performance.now() - askedMs).toBeLessThan(before.deadlineMs + 1_500);
    const states = { EE: 'answered', FI: 'timed-out', IT: 'unreachable' };
    expect(statesOf(await readTable(page))).toEqual(states);
    expect(statesOf(await readMap(page))).toEqual(states);
    const notes = (await page.locator('.notes').innerText()).replaceAll('\n', ' ');
    expect(notes).toContain('Finland did not answer in time');
    expect(notes).toContain('Italy could not be reached');
    const estonia = (await readTable(page)).find(({ country }) => country === 'EE');
    const rest = after.members.find(({ country }) => country === 'EE')?.people;
    expect(estonia?.count).toBe(rest?.kind === 'shown' ? String(rest.value) : undefined);
  },
);

/** Lets the first person who carries the variant withdraw on a node that serves, and tells their copies of it. */
async function withdrawOneCarrier(
  { directory }: Demonstration,
  country: string,
): Promise<{ readonly copies: number }> {
  const code = country.toLowerCase();
  const carrier = await firstConsentingCarrier(directory, code);
  const file = join(directory, 'withdrawal.csv');
  await writeFile(file, `subject,item,decision\n${carrier.subject},all,deny\n`);
  const home = join(directory, 'nodes', code);
  await federomeOutput('consent', 'set', home, '--dataset', `${code}-biobank`, file);
  return { copies: carrier.copies };
}

/** The first in the hospital's VCF with the variant who permits every use, and did not withdraw since. */
async function firstConsentingCarrier(
  directory: string,
  country: string,
): Promise<{ readonly subject: string; readonly copies: number }> {
  const files = join(directory, 'files', country.toUpperCase());
  const refusals = new Set<string>();
  for (const name of ['consent.csv', 'withdrawals.csv']) {
    for (const line of (await readFile(join(files, name), 'utf8')).split('\n')) {
      const [subject, , decision] = line.split(',');
      if (subject !== undefined && decision !== 'permit') refusals.add(subject);
    }
  }
  const vcfs = readdirSync(files, { recursive: true, encoding: 'utf8' }).filter((name) =>
    /\.vcf(\.gz)?$/.test(name),
  );
  for (const vcf of vcfs) {
    const bytes = await readFile(join(files, vcf));
    const lines = (vcf.endsWith('.gz') ? gunzipSync(bytes) : bytes).toString('latin1').split('\n');
    const samples =
      lines
        .find((line) => line.startsWith('#CHROM'))
        ?.split('\t')
        .slice(9) ?? [];
    const site =
      lines
        .find((line) => /^(chr)?2\t135851076\t/.test(line))
        ?.split('\t')
        .slice(9) ?? [];
    for (const [index, genotype] of site.entries()) {
      const copies = genotype.split(':')[0]?.split('1').length ?? 1;
      const subject = samples[index];
      if (copies > 1 && subject !== undefined && !refusals.has(subject))
        return { subject, copies: copies - 1 };
    }
  }
  throw new Error(`nobody in ${files} carries the variant and consents`);
}
