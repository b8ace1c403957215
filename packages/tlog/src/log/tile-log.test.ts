import { expect, test } from 'vitest';
import { leafHash, sameHash } from '../merkle/hash.ts';
import { verifyConsistency, verifyInclusion } from '../merkle/proof.ts';
import { type Policy, quorumOf, verifyCheckpoint } from '../notes/policy.ts';
import type { NoteSigner } from '../notes/signer.ts';
import { testEntries, testSigner } from '../test-signers.ts';
import { TileReader } from '../tiles/reader.ts';
import { readLog } from './files.ts';
import { encodeCheckpoint } from './journal.ts';
import { MemoryStorage } from './memory-storage.ts';
import { COSIGNED_PATH, TileLog } from './tile-log.ts';
import { verifyLog } from './verify-log.ts';

const ORIGIN = 'ee.node';
const signer = testSigner(ORIGIN);
const policy: Policy = quorumOf(0, [signer.key], []);
const open = (storage: MemoryStorage, signers: readonly NoteSigner[] = [signer]) =>
  TileLog.open({ origin: ORIGIN, signers, storage });
const code = (name: string) => expect.objectContaining({ code: `tlog/${name}` });
const headOf = (log: TileLog) => verifyCheckpoint(log.checkpoint, policy);

test('a new log has a signed checkpoint of nothing', async () => {
  const log = await open(new MemoryStorage());
  expect(headOf(log).size).toBe(0);
  expect((await verifyLog((path) => log.read(path), { policy })).size).toBe(0);
});

test('entries are numbered in the order of the calls, and each call’s checkpoint holds its own', async () => {
  const log = await open(new MemoryStorage());
  const appended = await Promise.all([
    log.append(testEntries(2)),
    log.append([]),
    log.append(testEntries(3, 2)),
  ]);
  expect(appended.map(({ index }) => index)).toEqual([0, 2, 2]);
  for (const { size, checkpoint } of appended) expect(verifyCheckpoint(checkpoint, policy).size).toBe(size);
  expect(appended[0]!.size).toBeGreaterThanOrEqual(2);
  expect(log.size).toBe(5);
  expect(Buffer.from(await log.tree().entry(3)).toString()).toBe('entry 3');
});

test('calls that wait together share one write and one signature', async () => {
  let signatures = 0;
  const counting = {
    ...signer,
    sign: (message: Uint8Array) => {
      signatures++;
      return signer.sign(message);
    },
  };
  const log = await open(new MemoryStorage(), [counting]);
  await Promise.all(testEntries(500).map((entry) => log.append([entry])));
  expect(log.size).toBe(500);
  expect(signatures).toBeLessThanOrEqual(3);
});

test.each([1, 255, 256, 257, 4095, 4096, 4097, 5000, 70_000])(
  'a log of %i is the same after it was opened again, and every proof in it verifies',
  async (count) => {
    const storage = new MemoryStorage();
    const first = await open(storage);
    await first.append(testEntries(Math.floor(count / 2)));
    const before = headOf(first);
    await first.append(testEntries(count - before.size, before.size));
    await first.close();
    const log = await open(storage);
    const { size, root } = headOf(log);
    expect(size).toBe(count);
    const tree = log.tree();
    for (const index of new Set([0, 255, 256, count >> 1, count - 2, count - 1])) {
      if (index < 0 || index >= count) continue;
      const proof = await tree.inclusionProof(index);
      verifyInclusion(proof, { index, size, leaf: leafHash(testEntries(1, index)[0]!), root });
    }
    const proof = await tree.consistencyProof(before.size);
    verifyConsistency(proof, { oldSize: before.size, oldRoot: before.root, size, root });
    const verified = await verifyLog(await readLog(storage), { policy });
    expect(verified.entries).toBe(count);
  },
);

test('an import makes the very tree that appending makes, and appending goes on behind it', async () => {
  const [appended, imported] = [await open(new MemoryStorage()), await open(new MemoryStorage())];
  await appended.append(testEntries(67_000));
  await imported.append(testEntries(300));
  const { index, size } = await imported.importEntries(testEntries(66_000, 300));
  expect([index, size]).toEqual([300, 66_300]);
  await imported.append(testEntries(700, 66_300));
  expect(sameHash(headOf(imported).root, headOf(appended).root)).toBe(true);
  await verifyLog((path) => imported.read(path), { policy });
});

test('an import that fails half-way leaves the log as it was', async () => {
  const storage = new MemoryStorage();
  const log = await open(storage);
  await log.append(testEntries(300));
  const before = log.checkpoint;
  function* failing() {
    yield* testEntries(40_000, 300);
    throw new Error('the source ended');
  }
  await expect(log.importEntries(failing())).rejects.toThrow(code('not-durable'));
  expect(log.checkpoint).toBe(before);
  await log.append([Buffer.from('other')]);
  expect(log.size).toBe(301);
  await verifyLog(await readLog(storage), { policy });
});

test('a replaced key signs from then on, and the tree as it is when asked', async () => {
  const next = testSigner(ORIGIN);
  let signers = [signer, next];
  const log = await TileLog.open({ origin: ORIGIN, signers: () => signers, storage: new MemoryStorage() });
  await log.append(testEntries(1));
  expect(verifyCheckpoint(log.checkpoint, quorumOf(0, [signer.key, next.key], [])).signatures).toHaveLength(
    2,
  );
  signers = [next];
  await log.republish();
  expect(verifyCheckpoint(log.checkpoint, quorumOf(0, [next.key], [])).size).toBe(1);
  expect(() => verifyCheckpoint(log.checkpoint, policy)).toThrow(code('bad-signature'));
});

test('every partial tile that a checkpoint once needed is served for ever', async () => {
  const log = await open(new MemoryStorage());
  const heads = [];
  for (const count of [1, 254, 3, 42, 5000]) {
    await log.append(testEntries(count, log.size));
    heads.push(headOf(log));
  }
  for (const { size, root } of heads)
    expect(sameHash(await new TileReader((path) => log.read(path), size).root(), root)).toBe(true);
});

test('nothing but checkpoint and tiles is asked of a log by path', async () => {
  const log = await open(new MemoryStorage());
  await log.append(testEntries(300));
  expect(await log.read('tile/0/007')).toBeUndefined();
  await expect(log.read('tile/../journal')).rejects.toThrow(code('bad-path'));
  expect(() => log.tree(301)).toThrow(code('out-of-range'));
  await expect(log.tree().inclusionProof(300)).rejects.toThrow(code('out-of-range'));
});

test('an entry that is too long is refused before anything is written', async () => {
  const log = await open(new MemoryStorage());
  await expect(log.append([new Uint8Array(65_536)])).rejects.toThrow(code('entry-too-long'));
  expect(log.size).toBe(0);
});

test('an entry that its caller changes afterwards stays as it was given', async () => {
  const log = await open(new MemoryStorage());
  const entry = Buffer.from('entry');
  const appended = log.append([entry]);
  entry.fill(0);
  await appended;
  function* reusing() {
    for (const text of ['first', 'other']) {
      entry.write(text);
      yield entry;
    }
  }
  await log.importEntries(reusing());
  const found = await Promise.all([0, 1, 2].map((index) => log.tree().entry(index)));
  expect(found.map((each) => Buffer.from(each).toString())).toEqual(['entry', 'first', 'other']);
});

test('a closed log finishes what was asked for and takes no more', async () => {
  const storage = new MemoryStorage();
  const log = await open(storage);
  const appended = log.append(testEntries(3));
  await log.close();
  expect((await appended).size).toBe(3);
  await expect(log.append(testEntries(1))).rejects.toThrow(code('closed'));
  await expect(log.importEntries([])).rejects.toThrow(code('closed'));
  expect((await open(storage)).size).toBe(3);
});

test('the largest cosigned checkpoint is kept, and none of another history', async () => {
  const witness = testSigner('lv.node/witness', 'cosignature');
  const storage = new MemoryStorage();
  const log = await open(storage);
  await log.append(testEntries(3));
  const small = log.checkpoint;
  await log.append(testEntries(3, 3));
  expect(await log.keepCosigned(log.checkpoint)).toBe(true);
  expect(await log.keepCosigned(small)).toBe(false);
  expect(Buffer.from((await log.read(COSIGNED_PATH)) ?? '').toString()).toBe(log.checkpoint);
  const other = await open(new MemoryStorage(), [signer, witness]);
  await other.append([Buffer.from('another history')]);
  await expect(log.keepCosigned(other.checkpoint)).rejects.toThrow(code('inconsistent'));
  await log.append(testEntries(1, 6));
  expect(log.size).toBe(7);
});

test('a log refuses to open over files that contradict its checkpoint', async () => {
  const prepare = async () => {
    const storage = new MemoryStorage();
    const log = await open(storage);
    await log.append(testEntries(300));
    await log.close();
    return storage;
  };
  const damaged = async (path: string, change: (bytes: Uint8Array) => Uint8Array) => {
    const storage = await prepare();
    await storage.put([{ path, bytes: change((await storage.read(path))!) }]);
    return expect(open(storage)).rejects;
  };
  const flip = (at: number) => (bytes: Uint8Array) => bytes.with(at, bytes[at]! ^ 1);
  await (await damaged('journal', flip(20))).toThrow(code('inconsistent'));
  await (await damaged('journal', flip(200))).toThrow(/promised 300 entries, 0 are there/);
  await (await damaged('journal', (bytes) => bytes.subarray(0, -1))).toThrow(code('inconsistent'));
  const storage = await prepare();
  const note = Buffer.from((await storage.read('checkpoint'))!).toString();
  await storage.put([{ path: 'checkpoints', bytes: encodeCheckpoint(note.replace('300', '299')) }]);
  await expect(open(storage)).rejects.toThrow(/not those of its checkpoint/);
  await expect(
    TileLog.open({ origin: 'fi.node', signers: [signer], storage: await prepare() }),
  ).rejects.toThrow(/of ee.node, not fi.node/);
});

test('a damaged file of checkpoints costs nothing: the entries are kept, and signed again', async () => {
  const storage = new MemoryStorage();
  const log = await open(storage);
  await log.append(testEntries(10));
  const checkpoints = (await storage.read('checkpoints'))!;
  await log.close();
  await storage.put([{ path: 'checkpoints', bytes: checkpoints.subarray(0, -1) }]);
  expect(headOf(await open(storage)).size).toBe(10);
});

test('a log rolled back to an older journal is refused', async () => {
  const storage = new MemoryStorage();
  const log = await open(storage);
  await log.append(testEntries(10));
  const old = (await storage.read('journal'))!;
  await log.append(testEntries(10, 10));
  await log.close();
  await storage.put([{ path: 'journal', bytes: old }]);
  await expect(open(storage)).rejects.toThrow(/promised 20 entries, 10 are there/);
});
