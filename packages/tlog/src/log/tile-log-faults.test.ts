import { expect, test } from 'vitest';
import { quorumOf } from '../notes/policy.ts';
import { testSigner } from '../test-signers.ts';
import { readLog } from './files.ts';
import { MemoryStorage } from './memory-storage.ts';
import type { LogFile, LogStorage } from './storage.ts';
import { type Appended, TileLog } from './tile-log.ts';
import { verifyLog } from './verify-log.ts';

const signer = testSigner('ee.node');
const policy = quorumOf(0, [signer.key], []);
const open = (storage: LogStorage) => TileLog.open({ origin: 'ee.node', signers: [signer], storage });

/**
 * A storage whose write number `failing` fails half-done: of an append a beginning is there (or all of it, where only
 * the sync failed), of files put together some. From then on every write fails, or only that one.
 */
class FailingStorage implements LogStorage {
  writes = 0;
  readonly #inner: LogStorage;
  readonly #failing: number;
  readonly #share: number;
  readonly #forGood: boolean;

  constructor(inner: LogStorage, failing: number, share: number, forGood: boolean) {
    this.#inner = inner;
    this.#failing = failing;
    this.#share = share;
    this.#forGood = forGood;
  }

  read(path: string): Promise<Uint8Array | undefined> {
    return this.#inner.read(path);
  }

  async put(files: readonly LogFile[]): Promise<void> {
    const fails = this.#fails();
    if (fails === 'now')
      await this.#inner.put(files.filter((_, at) => (at + 1) / files.length <= this.#share));
    if (fails !== undefined) throw new Error('ENOSPC');
    await this.#inner.put(files);
  }

  async append(path: string, bytes: Uint8Array): Promise<void> {
    const fails = this.#fails();
    if (fails === 'now')
      await this.#inner.append(path, bytes.subarray(0, Math.floor(bytes.length * this.#share)));
    if (fails !== undefined) throw new Error('ENOSPC');
    await this.#inner.append(path, bytes);
  }

  lock(): Promise<() => Promise<void>> {
    return this.#inner.lock();
  }

  #fails(): 'now' | 'since' | undefined {
    const write = this.writes++;
    if (write === this.#failing) return 'now';
    return this.#forGood && write > this.#failing ? 'since' : undefined;
  }
}

interface Acknowledged {
  readonly entry: string;
  readonly appended: Appended;
}

/** Appends and imports, enough to fill tiles and to seal; what was acknowledged is noted, what failed is passed over. */
async function work(log: TileLog, acknowledged: Acknowledged[], name: string): Promise<void> {
  const entries = (step: number, count: number) =>
    Array.from({ length: count }, (_, at) => `${name} ${step} ${at} ${'x'.repeat(at % 50)}`);
  const note = (texts: readonly string[], appended: Appended) => {
    for (const [at, entry] of texts.entries())
      acknowledged.push({ entry, appended: { ...appended, index: appended.index + at } });
  };
  for (const [step, count] of [3, 300, 4000, 1, 4200, 7].entries()) {
    const texts = entries(step, count);
    const bytes = texts.map((text) => Buffer.from(text));
    const storing = step === 4 ? log.importEntries(bytes) : log.append(bytes);
    await storing.then((appended) => note(texts, appended)).catch(() => {});
  }
}

async function expectKept(storage: LogStorage, acknowledged: readonly Acknowledged[]): Promise<void> {
  const found: string[] = [];
  const onEntry = (entry: Uint8Array, index: number) => {
    found[index] = Buffer.from(entry).toString();
  };
  const { size } = await verifyLog(await readLog(storage), { policy, onEntry });
  expect(acknowledged.filter(({ entry, appended }) => found[appended.index] !== entry)).toEqual([]);
  expect(size).toBeGreaterThanOrEqual(acknowledged.length);
}

async function writesOf(): Promise<number> {
  const storage = new FailingStorage(new MemoryStorage(), Number.POSITIVE_INFINITY, 0, false);
  await work(await open(storage), [], 'a');
  return storage.writes;
}

const WRITES = Array.from({ length: await writesOf() }, (_, write) => write);

test('the work has writes of every kind to fail', () => {
  expect(WRITES.length).toBeGreaterThanOrEqual(16);
});

test.each(WRITES)(
  'after a crash at write %i everything acknowledged is there, and the log goes on',
  async (write) => {
    for (const share of [0, 0.6, 1]) {
      const disk = new MemoryStorage();
      const acknowledged: Acknowledged[] = [];
      const crashing = new FailingStorage(disk, write, share, true);
      const log = await open(crashing).catch(() => undefined);
      if (log !== undefined) {
        await work(log, acknowledged, 'before');
        await expectKept(disk, acknowledged);
        await log.close();
      }
      const again = await open(disk);
      await work(again, acknowledged, 'after');
      await expectKept(disk, acknowledged);
    }
  },
);

test.each(WRITES)('after write %i failed once, the same log recovers by itself', async (write) => {
  for (const share of [0.6, 1]) {
    const disk = new MemoryStorage();
    const acknowledged: Acknowledged[] = [];
    const log = await open(new FailingStorage(disk, write, share, false)).catch(() => open(disk));
    await work(log, acknowledged, 'first');
    await work(log, acknowledged, 'second');
    expect(acknowledged.length).toBeGreaterThan(8000);
    await expectKept(disk, acknowledged);
  }
});

test('a signer that fails acknowledges nothing, and a later append carries what waited on disk', async () => {
  let fails = false;
  const failing = {
    ...signer,
    sign: (message: Uint8Array) => (fails ? Promise.reject(new Error('locked')) : signer.sign(message)),
  };
  const disk = new MemoryStorage();
  const log = await TileLog.open({ origin: 'ee.node', signers: [failing], storage: disk });
  fails = true;
  await expect(log.append([Buffer.from('a')])).rejects.toThrow(
    expect.objectContaining({ code: 'tlog/not-durable' }),
  );
  await expect(log.append([Buffer.from('b')])).rejects.toThrow();
  expect(log.size).toBe(0);
  fails = false;
  const { index, size } = await log.append([Buffer.from('c')]);
  expect([index, size]).toEqual([1, 2]);
  await verifyLog(await readLog(disk), { policy });
});
