import { spawn } from 'node:child_process';
import { rename } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { initNode, openNode } from '@federome/node';
import { temporaryDirectory } from '@federome/testkit';
import { expect, test } from 'vitest';

const RECORDER = fileURLToPath(new URL('../testkit/ledger-recorder.ts', import.meta.url));

async function home(): Promise<string> {
  const directory = join(await temporaryDirectory(), 'home');
  await initNode(directory, { country: 'EE', id: 'ee.node' });
  return directory;
}

/** A process that records; resolves with what was acknowledged, by its place, once it has ended. */
function recorder(directory: string, name: string, options: { count?: number; killAfter?: number }) {
  const args = [RECORDER, directory, name, ...(options.count === undefined ? [] : [String(options.count)])];
  const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'pipe'] });
  let [told, complaints] = ['', ''];
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    complaints += text;
  });
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    // The moment counts from the first acknowledgement: before, there is only a program that starts.
    if (told === '' && options.killAfter !== undefined)
      setTimeout(() => child.kill('SIGKILL'), options.killAfter);
    told += text;
  });
  return new Promise<ReadonlyMap<number, string>>((resolve, reject) => {
    child.once('close', (code, signal) => {
      if (code !== 0 && signal !== 'SIGKILL') reject(new Error(complaints));
      const lines = told.slice(0, told.lastIndexOf('\n') + 1).split('\n');
      resolve(
        new Map(
          lines.filter(Boolean).map((line) => {
            const [index, event] = line.split(' ');
            return [Number(index), event!];
          }),
        ),
      );
    });
  });
}

/** That records, log and what was acknowledged are the same; the number of entries. */
async function requireAll(directory: string, acknowledged: ReadonlyMap<number, string>): Promise<number> {
  const node = await openNode(directory);
  try {
    await node.ledger.ledger.record({ type: 'data/used', at: 'now', data: { event: 'last' } });
    const parts = await node.ledger.parts();
    const verified = await parts.verify(await parts.keysOf('ee.node'));
    expect(verified).toMatchObject({ faults: [], pending: 0 });
    const all = await parts.records.list({ limit: 1_000_000 });
    const names = new Map(all.map(({ index, event }) => [index, event?.data.event]));
    expect(names.size).toBe(verified.entries);
    expect(new Set(names.values()).size).toBe(verified.entries);
    for (const [index, event] of acknowledged) expect(names.get(index)).toBe(event);
    return verified.entries;
  } finally {
    await node.close();
  }
}

test('two processes that are killed at twenty random moments lose nothing they acknowledged, and write nothing twice', async () => {
  const directory = await home();
  const acknowledged = new Map<number, string>();
  for (let round = 0; round < 10; round++) {
    const killed = ['a', 'b'].map((name) =>
      recorder(directory, `${name}${round}`, { killAfter: Math.random() * 150 }),
    );
    for (const each of await Promise.all(killed))
      for (const [index, event] of each) {
        expect(acknowledged.has(index)).toBe(false);
        acknowledged.set(index, event);
      }
  }
  expect(acknowledged.size).toBeGreaterThan(20);
  await requireAll(directory, acknowledged);
});

test('two processes record into one ledger, each as much as it wants', async () => {
  const directory = await home();
  const both = await Promise.all(['a', 'b'].map((name) => recorder(directory, name, { count: 300 })));
  expect(both.map(({ size }) => size)).toEqual([300, 300]);
  expect(await requireAll(directory, new Map(both.flatMap((each) => [...each])))).toBe(601);
});

test('a ledger whose key cannot be had refuses, and goes on when it can', async () => {
  const directory = await home();
  const node = await openNode(directory);
  const record = () => node.ledger.ledger.record({ type: 'data/used', at: 'now', data: {} });
  expect(await record()).toBe(0);
  await node.ledger.close();
  const keys = join(directory, 'keys');
  await rename(keys, `${keys}.away`);
  await expect(record()).rejects.toMatchObject({ code: 'node/ledger-unavailable' });
  await rename(`${keys}.away`, keys);
  expect(await record()).toBe(2);
  await node.close();
});
