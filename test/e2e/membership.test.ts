import { readFile, stat } from 'node:fs/promises';
import { federome, federomeOutput, servedNode, temporaryDirectory } from '@federome/testkit';
import { expect, onTestFinished, test } from 'vitest';

/** A home and the process that serves it. */
async function member(root: string, country: string, role = 'node') {
  const home = `${root}/${country.toLowerCase()}`;
  await federomeOutput('init', home, '--country', country, '--role', role, '--id', country.toLowerCase());
  return { home, ...(await serve(home)) };
}

async function serve(home: string) {
  const served = await servedNode(home, '--quiet');
  onTestFinished(() => void served.process.kill('SIGKILL'));
  return { ...served, stop: () => served.process.kill('SIGKILL') };
}

const json = async (...args: readonly string[]) => JSON.parse(await federomeOutput(...args, '--json'));

const listed = async (home: string): Promise<readonly string[]> =>
  (await json('member', 'list', home)).map(
    ({ id, role, trust }: Readonly<Record<string, string>>) => `${id} ${role} ${trust}`,
  );

test('operators found a network, invite, join, vote and leave by commands, over served processes', async () => {
  const root = await temporaryDirectory();
  const [ee, es, hub] = await Promise.all([
    member(root, 'EE'),
    member(root, 'ES'),
    member(root, 'LU', 'hub'),
  ]);
  const dpia = ['--dpia', 'DPIA 1'];

  const elsewhere = await federome('member', 'found', ee.home, '--network', 'Net', '--url', es.url, ...dpia);
  expect(elsewhere.exitCode).toBe(1);
  expect(elsewhere.stderr).toMatch(/✗ address answers as this node: 'es' answers there, not 'ee'/);
  expect(elsewhere.stderr).toMatch(/\[node\/self-check-failed\]/);
  await federomeOutput('member', 'found', ee.home, '--network', 'Net', '--url', ee.url, ...dpia);

  const token = `${root}/es.token`;
  await federomeOutput('member', 'invite', ee.home, '--out', token);
  expect((await stat(token)).mode & 0o777).toBe(0o600);
  expect(await readFile(token, 'utf8')).toMatch(/^federome-join-[A-Za-z0-9_-]+\n$/);
  const joining = federome('member', 'join', es.home, '--token', token, '--url', es.url, ...dpia);
  const proposals = async () => await json('member', 'proposals', ee.home);
  await expect.poll(async () => (await proposals()).proposals.length, { timeout: 20_000 }).toBe(1);
  const [{ id, proposal }] = (await proposals()).proposals;
  expect(proposal.proposal.change.checks.every(({ passed }: { passed: boolean }) => passed)).toBe(true);
  expect((await federome('member', 'vote', ee.home, 'zzzzzz', 'yes')).stderr).toMatch(/unknown-proposal/);
  await federomeOutput('member', 'vote', ee.home, id.slice(0, 8), 'yes');
  const joined = await joining;
  expect(joined.stderr).toMatch(/✓ keys of every purpose/);
  expect(joined.stdout).toBe('es is a member, by version 2 of the directory\n');

  const [hubToken] = [await json('member', 'invite', es.home)];
  await federomeOutput(
    'member',
    'join',
    hub.home,
    '--token',
    hubToken.token,
    '--url',
    hub.url,
    '--no-wait',
    ...dpia,
  );
  await federomeOutput('member', 'vote', ee.home, 'all', 'yes');
  expect((await json('member', 'directory', ee.home)).directory.version).toBe(2);
  await federomeOutput('member', 'vote', es.home, 'all', 'yes');
  const all = ['ee node directory', 'es node directory', 'lu hub directory'];
  expect(await listed(ee.home)).toEqual(all);
  await expect.poll(() => listed(hub.home), { timeout: 20_000 }).toEqual(all);
  expect((await federome('member', 'vote', hub.home, 'all', 'yes')).stderr).toMatch(/node\/wrong-role/);
  const overview: { members: { id: string }[] } = await (await fetch(`${hub.url}/api/network`)).json();
  expect(overview.members.map((each) => each.id)).toEqual(['ee', 'es']);

  hub.stop();
  await federomeOutput('member', 'leave', es.home);
  expect(await listed(ee.home)).toEqual(['ee node directory', 'lu hub directory']);
  const served: { directory: { version: number } } = await (await fetch(`${ee.url}/directory`)).json();
  expect(served.directory.version).toBe(4);
  expect((await fetch(`${ee.url}/directory/99`)).status).toBe(404);
  expect((await fetch(`${ee.url}/directory/x`)).status).toBe(400);
  const again = await serve(hub.home);
  const known = async () =>
    ((await (await fetch(`${again.url}/directory`)).json()) as typeof served).directory.version;
  await expect.poll(known, { timeout: 20_000 }).toBe(4);
});

test('what is no version, vote or promise is refused with its place, and a stranger’s with its reason', async () => {
  const root = await temporaryDirectory();
  const ee = await member(root, 'EE');
  const post = async (path: string, body: unknown) => {
    const response = await fetch(`${ee.url}/api/directory/${path}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(body),
    });
    const { code }: { code: string } = await response.json();
    return `${response.status} ${code}`;
  };
  expect((await fetch(`${ee.url}/directory`)).status).toBe(503);
  await federomeOutput('member', 'found', ee.home, '--network', 'Net', '--url', ee.url, '--dpia', 'DPIA 1');
  const paths = ['versions', 'proposals', 'votes', 'promises', 'signatures', 'joins'];
  for (const path of paths) expect(await post(path, { hello: 1 })).toBe('400 node/bad-request');
  const change = { kind: 'leave', member: 'ee' };
  expect(await post('joins', { secret: 'guess', change, proofs: [] })).toBe('403 node/bad-invitation');
  const { directory, ...rest } = await (await fetch(`${ee.url}/directory`)).json();
  const [signature] = rest.signatures;
  const link = { version: 2, issuedAt: directory.issuedAt, ...rest };
  expect(await post('versions', link)).toBe('422 core/directory-under-signed');
  expect(await post('versions', { ...link, version: 1 })).toBe('409 node/directory-rolled-back');
  const request = {
    network: 'Net',
    previous: 'A'.repeat(43),
    attempt: { number: 1, member: 'ee' },
    signature,
  };
  expect(await post('promises', request)).toBe('409 node/directory-behind');
});
