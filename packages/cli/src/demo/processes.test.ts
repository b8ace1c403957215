import { existsSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { Processes } from './processes.ts';

async function directory(): Promise<string> {
  const made = await mkdtemp(join(tmpdir(), 'federome-processes-'));
  onTestFinished(() => rm(made, { recursive: true, force: true }));
  return made;
}

function processes(): Processes {
  const made = new Processes();
  onTestFinished(() => made.stop());
  return made;
}

test('commands run in order up to the first that fails, which is told with its reason', async () => {
  const root = await directory();
  const [first, second] = [join(root, 'first'), join(root, 'second')];
  const failing = processes().run(
    'Estonia',
    ['init', first, '--country', 'EE'],
    ['init', first, '--country', 'EE'],
    ['init', second, '--country', 'EE'],
  );
  await expect(failing).rejects.toMatchObject({
    code: 'cli/command-failed',
    message: expect.stringMatching(/^Estonia was not set up: .*\[node\/home-exists\]$/),
  });
  expect(existsSync(join(first, 'federome.json'))).toBe(true);
  expect(existsSync(second)).toBe(false);
});

test('a home that cannot be served is reported by name, with the reason', async () => {
  const root = await directory();
  await expect(processes().serve('Finland', join(root, 'nothing'))).rejects.toMatchObject({
    code: 'cli/child-died',
    message: expect.stringMatching(/^Finland \(process \d+\) ended unexpectedly: .*\[node\/no-home\]$/),
  });
});

test('what serves answers, until it is stopped; stopping is no death', async () => {
  const home = join(await directory(), 'node');
  const staged = processes();
  await staged.run('Estonia', ['init', home, '--country', 'EE']);
  const { url } = await staged.serve('Estonia', home);
  expect((await fetch(`${url}/health`)).status).toBe(200);
  const died = staged.death.then(
    () => 'died',
    () => 'died',
  );
  await staged.stop();
  await expect(fetch(`${url}/health`)).rejects.toThrow();
  expect(await Promise.race([died, Promise.resolve('stopped')])).toBe('stopped');
});

test('nothing starts after the end', async () => {
  const staged = processes();
  await staged.stop();
  await expect(staged.run('Estonia', ['--help'])).rejects.toMatchObject({ code: 'cli/interrupted' });
});
