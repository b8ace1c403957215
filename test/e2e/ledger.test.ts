import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { federome, federomeOutput, temporaryDirectory } from '@federome/testkit';
import { expect, test } from 'vitest';

async function nodeWithEvents(): Promise<string> {
  const home = join(await temporaryDirectory(), 'home');
  await federomeOutput('init', home, '--country', 'EE', '--id', 'ee.node');
  await federomeOutput('dataset', 'add', home, 'biobank', '--assembly', 'GRCh38');
  await federomeOutput('dataset', 'add', home, 'cancer', '--assembly', 'GRCh38');
  return home;
}

test('a receipt from the command is verified offline, outlives erasure, and fails for a changed event', async () => {
  const home = await nodeWithEvents();
  const listed = JSON.parse(await federomeOutput('ledger', 'list', home, '--json'));
  expect(listed).toMatchObject([
    { entry: 1, type: 'dataset/pinned' },
    { entry: 0, type: 'dataset/pinned' },
  ]);
  const file = join(home, '..', 'receipt.json');
  await federomeOutput('ledger', 'receipt', home, '0', '--to', file);
  const policy = join(home, '..', 'policy');
  await writeFile(policy, await federomeOutput('ledger', 'policy', home));
  await federomeOutput('ledger', 'erase', home, '0', '--reason', 'asked for');
  expect((await federome('ledger', 'receipt', home, '0')).stderr).toContain('[node/unknown-entry]');
  expect(await federomeOutput('ledger', 'list', home)).toContain('ledger/entry-erased');

  const said = await federomeOutput('verify', file, '--policy', policy);
  expect(said).toContain('entry 0 of the ledger ee.node');
  expect(said).toContain('dataset: "biobank"');
  expect(said).toContain('Cosigned by nobody who counts');
  expect(await federomeOutput('verify', file, '--home', home)).toBe(said);
  await writeFile(file, (await readFile(file, 'utf8')).replace('biobank', 'biobanc'));
  const changed = await federome('verify', file, '--policy', policy);
  expect(changed).toMatchObject({
    exitCode: 1,
    stderr: expect.stringContaining('[tlog/bad-proof] [node/ledger-broken]'),
  });
  expect((await federome('verify', file)).stderr).toContain('give the verifier key of ee.node');
  const verified = JSON.parse(await federomeOutput('verify', home, '--json'));
  expect(verified).toContainEqual({ store: 'ledger', entries: 3, faults: 0 });
});

test('a deletion of genotypes is an event that names its proof', async () => {
  const home = await nodeWithEvents();
  await federomeOutput('dataset', 'delete', home, 'biobank', '--yes');
  const [record] = JSON.parse(
    await federomeOutput('ledger', 'list', home, '--type', 'dataset/pinned', '--json'),
  );
  const { hash } = JSON.parse(await readFile(join(home, 'deletions', '000001.json'), 'utf8'));
  expect(JSON.parse(record.data)).toMatchObject({ dataset: 'biobank', change: 'deleted', deletion: hash });
  expect((await federome('verify', home)).exitCode).toBe(0);
});
