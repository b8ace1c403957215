import { chmod, mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { keyThumbprint } from '@federome/core';
import { expect, onTestFinished, test } from 'vitest';
import { directoryCrypto } from '../directory/directory-crypto.ts';
import { SigningKeyFiles } from './signing-key-files.ts';
import type { SigningPurpose } from './signing-keys.ts';

const NOW = new Date('2026-01-01T00:00:00.000Z');
const BYTES = Buffer.from('what is signed');

async function freshStore() {
  const directory = await mkdtemp(join(tmpdir(), 'federome-signing-'));
  onTestFinished(() => rm(directory, { recursive: true, force: true }));
  return { directory, keys: new SigningKeyFiles(directory, () => NOW) };
}

test.each<[SigningPurpose, string]>([
  ['visa', 'ES256'],
  ['identity', 'ES256'],
  ['request', 'Ed25519'],
  ['ledger', 'Ed25519'],
  ['witness', 'Ed25519'],
  ['directory', 'Ed25519'],
])('a key for %s is made when it is first asked for, and signs with %s', async (purpose, algorithm) => {
  const { keys } = await freshStore();
  const [key, ...others] = await keys.signingKeys(purpose);
  expect(others).toEqual([]);
  expect(key).toMatchObject({ purpose, algorithm, state: 'current', createdAt: NOW.toISOString() });
  expect(key!.id).toBe(keyThumbprint(key!, directoryCrypto));
  expect(JSON.stringify(key)).not.toMatch(/secret|"d"/);
  const { keyId, signature } = await keys.sign(purpose, BYTES);
  expect(keyId).toBe(key!.id);
  const text = Buffer.from(signature).toString('base64url');
  expect(directoryCrypto.verify(key!, BYTES, text)).toBe(true);
  expect(directoryCrypto.verify(key!, Buffer.from('other'), text)).toBe(false);
});

test('several processes that ask first at once go on with the same key', async () => {
  const { directory } = await freshStore();
  const stores = Array.from({ length: 8 }, () => new SigningKeyFiles(directory, () => NOW));
  const ids = await Promise.all(stores.map(async (store) => (await store.signingKeys('request'))[0]?.id));
  expect(new Set(ids).size).toBe(1);
  expect(await readdir(directory)).toEqual(['request.signing']);
});

test('a rotation has its key published first, and the old one verified until it is retired', async () => {
  const { keys } = await freshStore();
  const [first] = await keys.signingKeys('request');
  const next = await keys.prepare('request', NOW);
  expect(await keys.prepare('request', NOW)).toEqual(next);
  expect((await keys.sign('request', BYTES)).keyId).toBe(first!.id);
  expect(await keys.rotate('request', NOW)).toMatchObject({ id: next.id, state: 'current' });
  expect((await keys.signingKeys('request')).map(({ id, state }) => `${id} ${state}`)).toEqual([
    `${next.id} current`,
    `${first!.id} retiring`,
  ]);
  expect((await keys.sign('request', BYTES)).keyId).toBe(next.id);
  expect((await keys.sign('request', BYTES, first!.id)).keyId).toBe(first!.id);
  await expect(keys.retire(next.id)).rejects.toMatchObject({ code: 'node/key-store' });
  await keys.retire(first!.id);
  await expect(keys.sign('request', BYTES, first!.id)).rejects.toMatchObject({ code: 'node/key-missing' });
  await expect(keys.retire(first!.id)).rejects.toMatchObject({ code: 'node/key-missing' });
});

test('files are for their owner alone, and damaged or open ones are refused', async () => {
  const { directory, keys } = await freshStore();
  await keys.signingKeys('ledger');
  const path = join(directory, 'ledger.signing');
  expect((await stat(path)).mode & 0o777).toBe(0o600);
  await chmod(path, 0o640);
  await expect(keys.signingKeys('ledger')).rejects.toMatchObject({ code: 'node/key-store' });
  await chmod(path, 0o600);
  await writeFile(path, (await readFile(path, 'utf8')).replace('Ed25519', 'Ed25518'));
  await expect(keys.sign('ledger', BYTES)).rejects.toMatchObject({ code: 'node/key-store' });
});
