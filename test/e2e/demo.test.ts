import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Readable } from 'node:stream';
import { setTimeout as pause } from 'node:timers/promises';
import { FEDEROME_MAIN, federome, temporaryDirectory } from '@federome/testkit';
import { expect, onTestFinished, test, vi } from 'vitest';

const SMALL = ['--people', '300', '--variants', '800', '--countries', 'EE,FI'];
const UP_WITHIN_MS = 90_000;

vi.setConfig({ testTimeout: 120_000 });

/** A demonstration that serves, as a process of its own. */
interface Demonstration {
  readonly process: ChildProcess;
  readonly output: () => string;
  readonly complaint: () => string;
}

/** Command lines of living processes that name a directory. */
function processesOf(directory: string): readonly { readonly pid: number; readonly line: string }[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name) && Number(name) !== process.pid)
    .map((pid) => {
      const file = `/proc/${pid}/cmdline`;
      try {
        return { pid: Number(pid), line: readFileSync(file, 'latin1').replaceAll('\0', ' ') };
      } catch {
        return { pid: Number(pid), line: '' };
      }
    })
    .filter(({ line }) => line.includes(directory));
}

async function expectNoneLeft(directory: string): Promise<void> {
  for (let attempt = 0; attempt < 80 && processesOf(directory).length > 0; attempt++) await pause(100);
  expect(processesOf(directory)).toEqual([]);
}

/** Resolves when a text has come, and keeps reading. */
async function saysThat(stream: Readable, wanted: string): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>();
  let output = '';
  stream.setEncoding('utf8').on('data', (text: string) => {
    output += text;
    if (output.includes(wanted)) resolve();
  });
  await promise;
}

async function start(directory: string): Promise<Demonstration> {
  const child = spawn(process.execPath, [FEDEROME_MAIN, 'demo', ...SMALL, '--dir', directory], {
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  onTestFinished(() => {
    child.kill('SIGKILL');
  });
  const [output, complaint]: string[][] = [[], []];
  child.stdout.setEncoding('utf8').on('data', (text: string) => output!.push(text));
  child.stderr.setEncoding('utf8').on('data', (text: string) => complaint!.push(text));
  const demonstration = {
    process: child,
    output: () => output!.join(''),
    complaint: () => complaint!.join(''),
  };
  const deadline = performance.now() + UP_WITHIN_MS;
  while (!demonstration.output().includes('Ctrl-C stops the network')) {
    if (child.exitCode !== null || performance.now() > deadline) {
      throw new Error(`the network did not come up: ${demonstration.output()}${demonstration.complaint()}`);
    }
    await pause(50);
  }
  return demonstration;
}

test('federome demo --once answers its questions, shows a withdrawal, and leaves nothing', async () => {
  const directory = join(await temporaryDirectory(), 'demo');
  const { exitCode, stdout, stderr } = await federome('demo', '--once', ...SMALL, '--dir', directory);
  expect(stderr).toBe('');
  expect(exitCode).toBe(0);
  for (const number of [1, 2, 3]) expect(stdout).toMatch(new RegExp(`^${number}\\. .+\\?$`, 'm'));
  expect(stdout.match(/^ {2}Estonia +answered/gm)).toHaveLength(3);
  expect(stdout.match(/^ {2}Finland +answered/gm)).toHaveLength(3);
  const [, before] = /^ {2}before +(.+)$/m.exec(stdout)!;
  const [, after] = /^ {2}after +(.+)$/m.exec(stdout)!;
  expect(before).toMatch(/\d/);
  expect(after).not.toBe(before);
  expect(existsSync(join(directory, 'nodes', 'fi', 'federome.json'))).toBe(true);
  await expectNoneLeft(directory);
});

test('with people enough, the withdrawal takes one person’s alleles out of a frequency', async () => {
  const directory = join(await temporaryDirectory(), 'demo');
  const size = ['--people', '1300', '--variants', '600', '--countries', 'EE'];
  const { exitCode, stdout } = await federome('demo', '--once', ...size, '--dir', directory);
  expect(exitCode).toBe(0);
  const numbers = [...stdout.matchAll(/^ {2}(?:before|after) +(\d+) of (\d+) alleles$/gm)];
  const [before, after] = numbers.map(([, ac, an]) => [Number(ac), Number(an)] as const);
  expect(before![1] - after![1]).toBe(2);
  expect([1, 2]).toContain(before![0] - after![0]);
  expect(stdout).toMatch(/^ {2}Estonia +answered .* \d+\.\d\d %$/m);
});

test('Ctrl-C stops every process and removes what was temporary', async () => {
  const directory = await temporaryDirectory();
  const child = spawn(process.execPath, [FEDEROME_MAIN, 'demo', ...SMALL], {
    stdio: ['ignore', 'pipe', 'inherit'],
    env: { ...process.env, TMPDIR: directory },
  });
  onTestFinished(() => {
    child.kill('SIGKILL');
  });
  await saysThat(child.stdout, 'Ctrl-C stops the network');
  expect(processesOf(directory).length).toBe(3);
  const closed = once(child, 'close');
  child.kill('SIGINT');
  expect(await closed).toEqual([0, null]);
  await expectNoneLeft(directory);
  expect(readdirSync(directory)).toEqual([]);
});

test('an interruption before the network is up ends with its reason and leaves nothing', async () => {
  const directory = await temporaryDirectory();
  const child = spawn(process.execPath, [FEDEROME_MAIN, 'demo', '--people', '3000', '--variants', '20000'], {
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { ...process.env, TMPDIR: directory },
  });
  onTestFinished(() => {
    child.kill('SIGKILL');
  });
  let complaint = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    complaint += text;
  });
  const closed = once(child, 'close');
  while (readdirSync(directory).length === 0) await pause(20);
  await pause(300);
  child.kill('SIGINT');
  expect(await closed).toEqual([1, null]);
  expect(complaint).toContain('[cli/interrupted]');
  expect(readdirSync(directory)).toEqual([]);
});

test('a node that dies is named, and the network goes on without it; without its hub it ends with exit code 1', async () => {
  const directory = join(await temporaryDirectory(), 'demo');
  const demonstration = await start(directory);
  const serverOf = (home: string) =>
    processesOf(join(directory, home)).find(({ line }) => line.includes(' serve '))!;
  const finland = serverOf('nodes/fi');
  process.kill(finland.pid, 'SIGKILL');
  const loss = `Finland (process ${finland.pid}) ended unexpectedly`;
  for (let attempt = 0; attempt < 80 && !demonstration.output().includes(loss); attempt++) await pause(100);
  expect(demonstration.output()).toContain(`${loss}: it ended with SIGKILL\nThe network goes on without it`);
  const hub = /Portal: (http:\/\/[^/]+)/.exec(demonstration.output())![1];
  const answer = await fetch(`${hub}/api/network/questions`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ filters: [{ id: 'NCIT:C16576' }] }),
  });
  const { members }: { members: { country: string; state: string }[] } = await answer.json();
  const states = Object.fromEntries(members.map(({ country, state }) => [country, state]));
  expect(states).toEqual({ EE: 'answered', FI: 'unreachable' });
  const closed = once(demonstration.process, 'close');
  process.kill(serverOf('hub').pid, 'SIGKILL');
  expect(await closed).toEqual([1, null]);
  expect(demonstration.complaint()).toContain('the hub (process');
  expect(demonstration.complaint()).toContain('[cli/child-died]');
  await expectNoneLeft(directory);
});

test('no process outlives a demonstration that is killed', async () => {
  const directory = join(await temporaryDirectory(), 'demo');
  const demonstration = await start(directory);
  expect(processesOf(directory).length).toBe(4);
  demonstration.process.kill('SIGKILL');
  await expectNoneLeft(directory);
});

test('a directory that holds something is refused and left alone', async () => {
  const directory = join(await temporaryDirectory(), 'full');
  await mkdir(directory);
  await writeFile(join(directory, 'mine.txt'), 'mine');
  const { exitCode, stderr } = await federome('demo', '--once', ...SMALL, '--dir', directory);
  expect(exitCode).toBe(1);
  expect(stderr).toContain('[cli/directory-not-empty]');
  expect(readdirSync(directory)).toEqual(['mine.txt']);
});

test('an unknown country is refused before anything starts', async () => {
  const { exitCode, stderr } = await federome('demo', '--once', '--countries', 'EE,ZZ');
  expect(exitCode).toBe(1);
  expect(stderr).toContain('[simulate/unknown-country]');
});
