import { existsSync } from 'node:fs';
import { chmod, mkdir, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { temporaryDirectory } from '@federome/testkit';
import { expect, test } from 'vitest';
import { initNode, openNode } from '../../main.ts';
import { createKeyFiles, KeyFiles } from './key-files.ts';
import { keysContract } from './keys.contract.ts';

const AT = new Date('2026-01-02T03:04:05.000Z');

async function freshDirectory(): Promise<string> {
  const directory = join(await temporaryDirectory(), 'keys');
  await createKeyFiles(directory);
  return directory;
}

keysContract('keys in files', async () => {
  const directory = await freshDirectory();
  return async () => new KeyFiles(directory);
});

test('keys are for their owner only, and refused when anyone else may read them', async () => {
  const directory = await freshDirectory();
  const keys = new KeyFiles(directory);
  const { id } = await keys.create('data', AT);
  const path = join(directory, `${id}.key`);
  expect([(await stat(directory)).mode & 0o777, (await stat(path)).mode & 0o777]).toEqual([0o700, 0o600]);
  const refused = { code: 'node/key-store', message: expect.stringMatching(/others may read/) };
  for (const [open, mode, kept] of [
    [path, 0o640, 0o600],
    [path, 0o604, 0o600],
    [directory, 0o750, 0o700],
  ] as const) {
    await chmod(open, mode);
    await expect(keys.wrap(id, Buffer.alloc(32), 's')).rejects.toMatchObject(refused);
    await chmod(open, kept);
  }
  await keys.wrap(id, Buffer.alloc(32), 's');
});

test('a key file with a flipped bit is refused by name, and takes no other key with it', async () => {
  const directory = await freshDirectory();
  const keys = new KeyFiles(directory);
  const [damaged, whole] = [await keys.create('data', AT), await keys.create('data', AT)];
  const path = join(directory, `${damaged.id}.key`);
  const bytes = await readFile(path);
  for (let place = 0; place < bytes.length; place += 1) {
    const flipped = Buffer.from(bytes);
    flipped[place]! ^= 1 << (place % 8);
    await writeFile(path, flipped);
    await expect(keys.wrap(damaged.id, Buffer.alloc(32), 's'), `byte ${place}`).rejects.toMatchObject({
      code: 'node/key-store',
      location: { file: path },
    });
  }
  await keys.wrap(whole.id, Buffer.alloc(32), 's');
});

test('where the key store’s volume is not mounted no key is made, and what is missing is said', async () => {
  const directory = await freshDirectory();
  await rm(directory, { recursive: true });
  const absent = { code: 'node/key-store', location: { file: directory } };
  await expect(new KeyFiles(directory).create('data', AT)).rejects.toMatchObject(absent);
  await mkdir(directory, { mode: 0o700 });
  await expect(new KeyFiles(directory).create('data', AT)).rejects.toMatchObject(absent);
  expect(await readdir(directory)).toEqual([]);
});

test('a directory that others may read becomes no key store, nor does a home that wanted its keys there', async () => {
  const home = await temporaryDirectory();
  const [open, node] = [join(home, 'open'), join(home, 'node')];
  await mkdir(open, { mode: 0o755 });
  await chmod(open, 0o755);
  await expect(initNode(node, { country: 'EE', keys: open })).rejects.toMatchObject({
    code: 'node/key-store',
  });
  expect([await readdir(open), await readdir(node)]).toEqual([[], []]);
  await initNode(node, { country: 'EE' });
});

test('the environment may say where the keys of a home are', async () => {
  const home = join(await temporaryDirectory(), 'node');
  const { config } = await initNode(home, { country: 'EE' });
  expect(config).toMatchObject({ keys: { kind: 'files', path: 'keys' }, segments: 'sealed' });
  const elsewhere = await freshDirectory();
  const at = (FEDEROME_KEYS: string | undefined) => openNode(home, { environment: { FEDEROME_KEYS } });
  const node = await at(elsewhere);
  await node.datasets.add({ id: 'd', assembly: 'GRCh38' });
  await node.close();
  expect((await new KeyFiles(elsewhere).list()).map(({ purpose }) => purpose)).toEqual(['data']);
  const without = await at(undefined);
  await expect(without.datasets.genotypes('d')).rejects.toMatchObject({ code: 'node/key-missing' });
  await without.close();
});

test('a home that could not be made leaves no key store behind', async () => {
  const home = join(await temporaryDirectory(), 'node');
  const records = { kind: 'postgres', urlVariable: 'FEDEROME_NO_SUCH_DATABASE' } as const;
  await expect(initNode(home, { country: 'EE', records })).rejects.toMatchObject({ code: 'node/bad-config' });
  expect(existsSync(join(home, 'keys'))).toBe(false);
});

test('making a key store where one is leaves its keys', async () => {
  const directory = await freshDirectory();
  const made = await new KeyFiles(directory).create('data', AT);
  expect(await createKeyFiles(directory)).toBe(false);
  expect(await new KeyFiles(directory).list()).toEqual([made]);
});
