import { expect, test } from 'vitest';
import { quorumOf } from '../notes/policy.ts';
import { testEntries, testSigner } from '../test-signers.ts';
import type { ReadPath } from '../tiles/reader.ts';
import { MemoryStorage } from './memory-storage.ts';
import { TileLog } from './tile-log.ts';
import { verifyLog } from './verify-log.ts';

const signer = testSigner('ee.node');
const policy = quorumOf(0, [signer.key], []);

async function served(count: number): Promise<ReadPath> {
  const log = await TileLog.open({ origin: 'ee.node', signers: [signer], storage: new MemoryStorage() });
  await log.importEntries(testEntries(count));
  return (path) => log.read(path);
}

test('a whole log verifies, with every entry seen once and its progress told', async () => {
  const seen: number[] = [];
  const progress: number[] = [];
  const verified = await verifyLog(await served(70_000), {
    policy,
    onEntry: (_, index) => void seen.push(index),
    onProgress: ({ entries }) => progress.push(entries),
  });
  expect(verified.checkpoint.size).toBe(70_000);
  expect(seen).toEqual(Array.from({ length: 70_000 }, (_, index) => index));
  expect(progress.slice(0, 2)).toEqual([256, 512]);
  expect(verified.tiles).toBe(273 + 1 + 1 + 1 + 1);
});

test.each([
  'tile/0/012',
  'tile/entries/012',
  'tile/0/273.p/112',
  'tile/1/000',
  'tile/1/001.p/17',
  'tile/2/000.p/1',
])('one changed bit in %s is found and the file named, and so is its absence', async (damaged) => {
  const read = await served(70_000);
  const changed: ReadPath = async (path) => {
    const bytes = (await read(path))!;
    return path === damaged ? bytes.with(bytes.length - 1, bytes.at(-1)! ^ 1) : bytes;
  };
  const file = damaged.replace('entries', '0');
  await expect(verifyLog(changed, { policy })).rejects.toThrow(`${file} does not hold the hashes`);
  const absent: ReadPath = async (path) => (path === damaged ? undefined : read(path));
  await expect(verifyLog(absent, { policy })).rejects.toThrow(`${damaged} is absent`);
});

test('a log whose tiles were all made anew over other entries does not have its checkpoint’s root', async () => {
  const [log, other] = [
    await served(300),
    await TileLog.open({ origin: 'ee.node', signers: [signer], storage: new MemoryStorage() }),
  ];
  await other.append(testEntries(300, 1));
  const mixed: ReadPath = (path) => (path === 'checkpoint' ? log(path) : other.read(path));
  await expect(verifyLog(mixed, { policy })).rejects.toThrow(
    expect.objectContaining({ code: 'tlog/bad-proof' }),
  );
});

test('a log that its policy’s key did not sign is refused before anything is read', async () => {
  const stranger = quorumOf(0, [testSigner('ee.node').key], []);
  await expect(verifyLog(await served(3), { policy: stranger })).rejects.toThrow(
    expect.objectContaining({ code: 'tlog/bad-signature' }),
  );
});
