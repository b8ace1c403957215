import { execFileSync } from 'node:child_process';
import { createReadStream } from 'node:fs';
import { lstat, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { expect, onTestFinished, test } from 'vitest';
import { createHome } from '../home.ts';
import { replaceFile } from './atomic-file.ts';

async function scratch(): Promise<string> {
  const directory = await mkdtemp(join(tmpdir(), 'federome-atomic-'));
  onTestFinished(() => rm(directory, { recursive: true, force: true }));
  return directory;
}

test('a file appears as a whole or not at all', async () => {
  const directory = await scratch();
  const path = join(directory, 'file');
  await replaceFile(path, async (file) => void (await file.write('old')));
  const failing = replaceFile(path, async (file) => {
    await file.write('half');
    throw new Error('stopped');
  });
  await expect(failing).rejects.toThrow('stopped');
  expect([await readdir(directory), await readFile(path, 'utf8')]).toEqual([['file'], 'old']);
});

test('what the disk refuses is told by name, and what was there stays', async () => {
  const directory = await scratch();
  await writeFile(join(directory, 'file'), '');
  const write = async () => {};
  for (const [path, reason] of [
    [join(directory, 'absent', 'out.tsv'), 'there is no such directory'],
    [join(directory, 'file', 'out.tsv'), 'its directory is a file'],
    [directory, 'it is a directory'],
  ] as const) {
    await expect(replaceFile(path, write)).rejects.toMatchObject({
      code: 'node/cannot-write',
      message: `cannot be written: ${reason}`,
      location: { file: path },
    });
  }
  const full = Object.assign(new Error('ENOSPC'), { code: 'ENOSPC' });
  await expect(replaceFile(join(directory, 'out'), () => Promise.reject(full))).rejects.toMatchObject({
    message: 'cannot be written: the disk is full',
  });
  expect(await readdir(directory)).toEqual(['file']);
});

test('a home is not made where a file lies', async () => {
  const file = join(await scratch(), 'file');
  await writeFile(file, '');
  for (const home of [file, join(file, 'home')])
    await expect(createHome(home, { country: 'EE' })).rejects.toMatchObject({ code: 'node/cannot-write' });
});

test('a pipe is written to, and not replaced', async () => {
  const path = join(await scratch(), 'pipe');
  execFileSync('mkfifo', [path]);
  const [read] = await Promise.all([
    text(createReadStream(path)),
    replaceFile(path, (file) => file.writeFile('a table')),
  ]);
  expect(read).toBe('a table');
  expect((await lstat(path)).isFIFO()).toBe(true);
});
