import { spawn } from 'node:child_process';
import { generateKeyPairSync, sign } from 'node:crypto';
import { once } from 'node:events';
import { rm, symlink } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import {
  DirectoryStorage,
  noteKey,
  quorumOf,
  rawPublicKey,
  readLog,
  TileLog,
  verifyLog,
} from '@federome/tlog';
import { expect, test } from 'vitest';
import { temporaryDirectory } from '../testkit/temporary.ts';

const WORKER = fileURLToPath(new URL('log-worker.ts', import.meta.url));
const ROUNDS = 32;
const { privateKey, publicKey } = generateKeyPairSync('ed25519');
const signer = {
  key: noteKey('ee.node', rawPublicKey(publicKey)),
  sign: async (message: Uint8Array) => sign(null, message, privateKey),
};
const policy = quorumOf(0, [signer.key], []);
const open = (directory: string) =>
  TileLog.open({ origin: 'ee.node', signers: [signer], storage: new DirectoryStorage(directory) });

/** Random numbers below 1, the same ones in every run. */
function draws(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
}

/** Starts a writer, kills it some time after it opened the log, and gives the lines that it had said. */
async function killedAfter(directory: string, name: string, spanMs: number): Promise<readonly string[]> {
  const pem = privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();
  const worker = spawn(process.execPath, [WORKER, directory, pem, name], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  let said = '';
  worker.stdout.setEncoding('utf8').on('data', (text: string) => {
    said += text;
  });
  while (!said.startsWith('open\n')) await once(worker.stdout, 'data');
  await delay(spanMs);
  worker.kill('SIGKILL');
  await once(worker, 'close');
  return said.split('\n').slice(1, -1);
}

test('a writer killed at any moment leaves a log that holds all it acknowledged, for the next writer', async () => {
  const directory = join(await temporaryDirectory(), 'log');
  const draw = draws(20_261_123);
  const acknowledged = new Map<number, string>();
  for (let round = 0; round < ROUNDS; round++) {
    for (const line of await killedAfter(directory, String(round), 1 + draw() * 60)) {
      const [index = '', count = '', entry = ''] = line.split(' ');
      for (let at = 0; at < Number(count); at++) acknowledged.set(Number(index) + at, entry);
    }
    const found: string[] = [];
    const onEntry = (entry: Uint8Array) => void found.push(Buffer.from(entry).toString());
    await verifyLog(await readLog(new DirectoryStorage(directory)), { policy, onEntry });
    const lost = [...acknowledged].filter(([index, entry]) => found[index] !== entry);
    expect(lost).toEqual([]);
  }
  expect(acknowledged.size).toBeGreaterThan(10_000);
  const log = await open(directory);
  expect(log.size).toBeGreaterThanOrEqual(acknowledged.size);
  await log.close();
});

test('while a writer lives nobody else writes; once it is killed the next one may at once', async () => {
  const directory = join(await temporaryDirectory(), 'log');
  const worker = spawn(
    process.execPath,
    [WORKER, directory, privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(), 'one'],
    { stdio: ['ignore', 'pipe', 'inherit'] },
  );
  await once(worker.stdout, 'data');
  await expect(open(directory)).rejects.toThrow(expect.objectContaining({ code: 'tlog/locked' }));
  worker.stdout.resume();
  worker.kill('SIGKILL');
  await once(worker, 'close');
  const log = await open(directory);
  await log.append([Buffer.from('two')]);
  await log.close();
});

test('a full disk acknowledges nothing, and the log goes on once there is room', async () => {
  const directory = await temporaryDirectory();
  await (await open(directory)).close();
  const log = await open(directory);
  const before = log.checkpoint;
  await rm(join(directory, 'checkpoints'));
  await symlink('/dev/full', join(directory, 'checkpoints'));
  await expect(log.append([Buffer.from('during')])).rejects.toThrow(
    expect.objectContaining({ code: 'tlog/not-durable', cause: expect.objectContaining({ code: 'ENOSPC' }) }),
  );
  expect(log.checkpoint).toBe(before);
  await rm(join(directory, 'checkpoints'));
  const { index } = await log.append([Buffer.from('after')]);
  expect(Buffer.from(await log.tree().entry(index)).toString()).toBe('after');
  await verifyLog(await readLog(new DirectoryStorage(directory)), { policy });
  await log.close();
});
