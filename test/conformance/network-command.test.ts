import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import {
  beaconServer,
  countAnswer,
  federome,
  federomeOutput,
  infoAnswer,
  temporaryDirectory,
} from '@federome/testkit';
import { expect, test } from 'vitest';
import { foreignBeacon } from '../testkit/foreign-beacon.ts';

async function hubHome(): Promise<string> {
  const home = join(await temporaryDirectory(), 'hub');
  await federomeOutput('init', home, '--country', 'LU', '--role', 'hub');
  return home;
}

async function node(id: string, country: string, people: number) {
  const seen: { body: unknown; search: string }[] = [];
  const server = await beaconServer(({ path, body, search }) => {
    if (path === 'info') return infoAnswer(id, { role: 'node', country });
    seen.push({ body, search: search.toString() });
    return countAnswer(id, people, { country });
  });
  return { ...server, seen };
}

test('members are added by what they say of themselves, listed, and removed', async () => {
  const home = await hubHome();
  const ee = await node('ee', 'EE', 50);
  const foreign = await foreignBeacon();
  const added = await federomeOutput('member', 'add', home, ee.url);
  expect(added).toBe(`Beacon ee (ee, EE) is a member, at ${ee.url}/\n`);
  const unknown = await federome('member', 'add', home, foreign.url, ee.url);
  expect(unknown.exitCode).toBe(1);
  expect(unknown.stderr).toContain('does not state its country');
  expect(unknown.stderr).toContain('[node/member-refused]');
  expect(unknown.stderr).toContain('[node/member-exists]');
  await federomeOutput('member', 'add', home, foreign.url, '--country', 'ES');
  const listed = await federomeOutput('member', 'list', home);
  const rows = listed
    .trimEnd()
    .split('\n')
    .map((line) => line.split('\t').slice(0, 4));
  expect(rows).toEqual([
    ['id', 'country', 'name', 'url'],
    ['ee', 'EE', 'Beacon ee', `${ee.url}/`],
    ['org.example.beacon', 'ES', 'Foreign Beacon', `${foreign.url}/`],
  ]);
  await federomeOutput('member', 'remove', home, 'ee');
  expect(JSON.parse(await federomeOutput('member', 'list', home, '--json'))).toMatchObject([
    { country: 'ES' },
  ]);
  expect((await federome('member', 'remove', home, 'ee')).stderr).toContain('[node/unknown-member]');
});

test('only a hub has members', async () => {
  const home = join(await temporaryDirectory(), 'node');
  await federomeOutput('init', home, '--country', 'EE');
  const { exitCode, stderr } = await federome('member', 'list', home);
  expect([exitCode, stderr.includes('[node/wrong-role]')]).toEqual([1, true]);
});

test('a question as in a GET or from a file gives a row for each result set', async () => {
  const ee = await node('ee', 'EE', 50);
  const table =
    'beacon\tdataset\tcountry\tstate\texists\tcount\treason\nee\tee-dataset\tEE\tanswered\tyes\t50\t\n';
  expect(await federomeOutput('query', ee.url, 'individuals?filters=HP:0001250')).toBe(table);
  expect(ee.seen[0]?.search).toBe(
    'filters=HP%3A0001250&requestedGranularity=count&includeResultsetResponses=ALL',
  );
  const file = join(await temporaryDirectory(), 'question.json');
  await writeFile(file, JSON.stringify({ query: { requestParameters: { g_variant: { geneId: 'BRCA1' } } } }));
  expect(await federomeOutput('query', ee.url, `@${file}`, '--entry', 'individuals')).toBe(table);
  expect(ee.seen[1]?.body).toMatchObject({
    query: { requestParameters: { g_variant: { geneId: 'BRCA1' } }, requestedGranularity: 'count' },
  });
  const json = JSON.parse(
    await federomeOutput('query', ee.url, 'individuals', '--json', '--granularity', 'boolean'),
  );
  expect(json.responseSummary).toEqual({ exists: true, numTotalResults: 50 });
  expect(ee.seen[2]?.search).toContain('requestedGranularity=boolean');
});

test('why less is answered than was asked goes to standard error, without what a terminal would obey', async () => {
  const notices = ['within filters\u001b[2J, yes or no'];
  const { url } = await beaconServer(() => ({
    json: {
      meta: { beaconId: 'ee', returnedGranularity: 'boolean' },
      responseSummary: { exists: true },
      info: { notices },
    },
  }));
  const { exitCode, stdout, stderr } = await federome('query', url, 'g_variants?geneId=BRCA1&filters=HP:1');
  expect([exitCode, stderr]).toEqual([0, 'federome: within filters [2J, yes or no\n']);
  expect(stdout).toContain('ee\t\t\tanswered\tyes');
});

test('what is withheld is shown as <10, and a refusal ends with 1 and its reason', async () => {
  const fi = await node('fi', 'FI', 3);
  expect(await federomeOutput('query', fi.url, 'individuals')).toContain('fi-dataset\tFI\tanswered\tno\t<10');
  const refusing = await beaconServer(() => ({
    status: 403,
    json: { meta: {}, error: { errorCode: 403, errorMessage: 'only for members' } },
  }));
  const { exitCode, stderr, stdout } = await federome('query', refusing.url, 'individuals');
  expect([exitCode, stdout]).toEqual([1, '']);
  expect(stderr).toContain('answers with status 403: only for members [client/refused]');
  const missing = await federome('query', refusing.url, '@/nonexistent.json');
  expect([missing.exitCode, missing.stderr.includes('[cli/bad-question]')]).toEqual([1, true]);
});
