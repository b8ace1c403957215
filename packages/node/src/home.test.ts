import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DISCLOSURE_FLOOR } from '@federome/core';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { createHome, isIdentifier, readHome } from './home.ts';

let directory: string;
beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'federome-home-'));
});
afterEach(async () => await rm(directory, { recursive: true, force: true }));

const changed = async (change: (config: Record<string, unknown>) => unknown) => {
  const home = await createHome(directory, { country: 'EE' });
  await writeFile(join(directory, 'federome.json'), JSON.stringify(change({ ...home.config })));
  return readHome(directory);
};

describe('a home', () => {
  test('is read as it was made, with the network’s floor where nothing stricter is asked for', async () => {
    const home = await createHome(directory, { country: 'ee', disclosure: { countThreshold: 20 } });
    expect(await readHome(directory)).toEqual(home);
    expect(home.config).toMatchObject({ country: 'EE', role: 'node', id: 'federome.ee' });
    expect(home.config.disclosure).toEqual({ ...DISCLOSURE_FLOOR, countThreshold: 20 });
  });

  test('is made in an empty directory only, and once', async () => {
    await createHome(directory, { country: 'EE' });
    const before = await readFile(join(directory, 'federome.json'), 'utf8');
    await expect(createHome(directory, { country: 'FI' })).rejects.toMatchObject({
      code: 'node/home-exists',
    });
    expect(await readFile(join(directory, 'federome.json'), 'utf8')).toBe(before);
    await mkdir(join(directory, 'other'));
    await writeFile(join(directory, 'other', 'notes.txt'), 'mine');
    await expect(createHome(join(directory, 'other'), { country: 'FI' })).rejects.toMatchObject({
      code: 'node/home-exists',
    });
  });

  test('names the environment variable of an address, never the address', async () => {
    const records = { kind: 'postgres', urlVariable: 'postgres://u:secret@host/db' } as const;
    await expect(createHome(directory, { country: 'EE', records })).rejects.toMatchObject({
      code: 'node/bad-config',
    });
  });

  test.each(['', 'E', 'EEE', 'XX', 'EU', 'UK', '12'])("'%s' is no country", async (country) => {
    await expect(createHome(directory, { country })).rejects.toMatchObject({ code: 'node/bad-config' });
  });

  test.each([
    ['that is no object', () => null, 'node/bad-config'],
    ['of a later format', (config: object) => ({ ...config, formatVersion: 2 }), 'node/bad-config'],
    ['with a key that is unknown', (config: object) => ({ ...config, secret: 'x' }), 'node/bad-config'],
    ['of an unknown role', (config: object) => ({ ...config, role: 'king' }), 'node/bad-config'],
    [
      'whose policy was loosened by hand',
      (config: object) => ({ ...config, disclosure: { ...DISCLOSURE_FLOOR, countThreshold: 9 } }),
      'node/bad-config',
    ],
  ])('a file %s is refused', async (_, change, code) => {
    await expect(changed(change)).rejects.toMatchObject({ code });
  });

  test('a directory without the file is no home', async () => {
    await expect(readHome(directory)).rejects.toMatchObject({ code: 'node/no-home' });
  });
});

test.each([
  ['cohort-1.b_2', true],
  ['../x', false],
  ['.hidden', false],
  ['a/b', false],
  ['', false],
  ['a'.repeat(101), false],
])("'%s' as the name of a folder: %s", (text, expected) => {
  expect(isIdentifier(text)).toBe(expected);
});
