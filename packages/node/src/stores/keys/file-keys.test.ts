import { randomBytes } from 'node:crypto';
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { changePassphrase, openFileKeys } from './file-keys.ts';
import { createKeyFiles } from './key-files.ts';
import { signingKeysContract } from './signing-keys.contract.ts';

const NOW = new Date('2026-01-02T03:04:05.000Z');
const BYTES = Buffer.from('what is signed');
const PASSPHRASE = 'correct horse battery';

async function freshDirectory() {
  const directory = await mkdtemp(join(tmpdir(), 'federome-keys-'));
  onTestFinished(() => rm(directory, { recursive: true, force: true }));
  return directory;
}

const open = (directory: string, passphrase?: string) =>
  openFileKeys(
    directory,
    () => NOW,
    async () => passphrase,
  );

signingKeysContract('signing keys in files', async () => {
  const directory = join(await freshDirectory(), 'keys');
  await createKeyFiles(directory);
  return async () => await open(directory);
});

test('keys under a passphrase open with it alone, and none of it is on the disk', async () => {
  const directory = join(await freshDirectory(), 'keys');
  await createKeyFiles(directory, PASSPHRASE);
  const keys = await open(directory, PASSPHRASE);
  const { id } = await keys.create('data', NOW);
  const dataKey = randomBytes(32);
  const wrapped = await keys.wrap(id, dataKey, 's');
  const [signing] = await keys.signingKeys('visa');
  const closed = { code: 'node/wrong-passphrase' };
  await expect(open(directory, 'another passphrase')).rejects.toMatchObject(closed);
  await expect(open(directory)).rejects.toMatchObject(closed);
  for (const name of await readdir(directory)) {
    const text = await readFile(join(directory, name), 'utf8');
    expect(text).not.toContain(PASSPHRASE);
    if (name.endsWith('.key') || name.endsWith('.signing')) expect(text).toMatch(/"secret":"sealed:/);
  }
  await changePassphrase(directory, PASSPHRASE, 'a quite different one');
  await expect(open(directory, PASSPHRASE)).rejects.toMatchObject(closed);
  const after = await open(directory, 'a quite different one');
  expect(Buffer.from(await after.unwrap(id, wrapped, 's'))).toEqual(dataKey);
  expect((await after.sign('visa', BYTES)).keyId).toBe(signing!.id);
});

test('a key store whose head was cut or changed gets no key in plain text', async () => {
  const directory = join(await freshDirectory(), 'keys');
  await createKeyFiles(directory, PASSPHRASE);
  const head = join(directory, 'federome-keys');
  const whole = await readFile(head, 'utf8');
  const cuts = Array.from({ length: whole.length }, (_, length) => whole.slice(0, length));
  for (const text of [...cuts, whole.replace(' sealed', ''), `${whole}x`]) {
    await writeFile(head, text);
    await expect(open(directory), text).rejects.toMatchObject({
      code: 'node/key-store',
      location: { file: head },
    });
  }
  await writeFile(head, whole);
  await open(directory, PASSPHRASE);
  expect(await readdir(directory)).toEqual(['federome-keys']);
});
