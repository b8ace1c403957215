import { createHash, randomBytes } from 'node:crypto';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { DirectoryStorage, quorumOf, TileLog, verifyCheckpoint } from '@federome/tlog';
import { expect, onTestFinished, test } from 'vitest';
import { MemoryKeys } from '../../../../../test/testkit/memory-keys.ts';
import { temporaryDirectory } from '../../../../../test/testkit/temporary.ts';
import { openSqlite } from '../../stores/database/database.ts';
import { SqlLedgerStore } from '../../stores/ledger/sql-ledger-store.ts';
import { reconcile } from './ledger-writer.ts';
import { LogTurns } from './log-turns.ts';
import { signersOf } from './note-keys.ts';
import { LedgerRecorder } from './recorder.ts';

const event = (at: number) => ({ type: 'data/used', at: `2026-01-01T00:00:${at}`, data: { at } });

async function ledger(directory: string, keys = new MemoryKeys()) {
  const database = await openSqlite(join(directory, 'records.sqlite'));
  const store = new SqlLedgerStore(database);
  const open = async () => {
    const signers = await signersOf(keys, 'ledger', 'ee.node');
    const storage = new DirectoryStorage(join(directory, 'ledger'));
    const log = await TileLog.open({ origin: 'ee.node', signers, storage });
    await reconcile(log, store).catch(async (error: unknown) => {
      await log.close();
      throw error;
    });
    return log;
  };
  const turns = new LogTurns(open, { lingerMs: 20 });
  const recorder = new LedgerRecorder(store, turns, randomBytes);
  onTestFinished(async () => {
    await recorder.close();
    await database.close();
  });
  return { recorder, store, turns, open, keys, database };
}

test('an event has its place when it is recorded, and events that come together follow each other', async () => {
  const { recorder, store } = await ledger(await temporaryDirectory());
  expect(await recorder.record(event(0))).toBe(0);
  const places = await Promise.all(Array.from({ length: 1_000 }, (_, at) => recorder.record(event(at))));
  expect(places).toEqual(Array.from({ length: 1_000 }, (_, at) => at + 1));
  expect(JSON.parse((await store.record(1_000))!.content!.event)).toEqual(event(999));
  expect(await store.pendingCount()).toBe(0);
});

test('what is pending when a process dies is appended by the next, and not twice', async () => {
  const directory = await temporaryDirectory();
  const { store, open, recorder } = await ledger(directory);
  await recorder.record(event(0));
  await recorder.close();
  const record = (at: number) => ({
    type: 'a/b',
    at: 'now',
    salt: createHash('sha256').update(`${at}`).digest('hex'),
    event: `{"at":${at}}`,
  });
  await store.add([record(1), record(2), record(3)]);
  const [first, second] = await store.pending(2);
  const { entryOf } = await import('./commitments.ts');
  // As if killed after the append of two and before their places were stored; the second of the two first.
  const log = await open();
  await log.append([entryOf(second!), entryOf(first!)]);
  await log.close();
  expect(await recorder.record(event(4))).toBe(4);
  expect(await store.placesOf([1, 2, 3].map((at) => record(at).salt))).toEqual(
    new Map([
      [record(1).salt, 2],
      [record(2).salt, 1],
      [record(3).salt, 3],
    ]),
  );
});

test('nothing is recorded when the log is shorter than its records', async () => {
  const directory = await temporaryDirectory();
  const { recorder } = await ledger(directory);
  await recorder.record(event(0));
  await recorder.close();
  await rm(join(directory, 'ledger'), { recursive: true });
  await expect(recorder.record(event(1))).rejects.toMatchObject({
    code: 'node/ledger-unavailable',
    message: expect.stringContaining('the log has 0 entries and its records tell of 1'),
    publicMessage: 'the ledger is not available',
  });
});

test('nothing is recorded when the database is older than the log, or when its last record was changed', async () => {
  const directory = await temporaryDirectory();
  const { recorder, database } = await ledger(directory);
  await recorder.record(event(0));
  await recorder.record(event(1));
  await recorder.close();
  await database.write.updateTable('ledger_record').set({ event: '{}' }).where('log_index', '=', 1).execute();
  await expect(recorder.record(event(2))).rejects.toThrow('entry 1 of the log is not that of its record');
  await database.write.deleteFrom('ledger_record').where('log_index', '=', 1).execute();
  await expect(recorder.record(event(2))).rejects.toThrow('no record belongs to entry 1');
});

test('without its key nothing is recorded, and with it what waited is', async () => {
  const directory = await temporaryDirectory();
  const keys = new MemoryKeys();
  const { recorder, store } = await ledger(directory, keys);
  const signingKeys = keys.signingKeys.bind(keys);
  keys.signingKeys = () => Promise.reject(new Error('the key process is gone'));
  await expect(recorder.record(event(0))).rejects.toThrow('the key process is gone');
  expect(await store.pendingCount()).toBe(1);
  keys.signingKeys = signingKeys;
  expect(await recorder.record(event(1))).toBe(1);
});

test('two recorders of one home take turns', async () => {
  const directory = await temporaryDirectory();
  const one = await ledger(directory);
  const other = await ledger(directory, one.keys);
  const all = await Promise.all(
    Array.from({ length: 60 }, async (_, at) => {
      await new Promise((resolve) => setTimeout(resolve, at * 3));
      return await (at % 2 === 0 ? one : other).recorder.record(event(at));
    }),
  );
  expect(all.toSorted((a, b) => a - b)).toEqual(Array.from({ length: 60 }, (_, at) => at));
});

test('whoever finds the log held for too long is refused', async () => {
  const directory = await temporaryDirectory();
  const { open, store, recorder } = await ledger(directory);
  const held = await open();
  onTestFinished(() => held.close());
  const impatient = new LedgerRecorder(store, new LogTurns(open, { patienceMs: 50 }), randomBytes);
  await expect(impatient.record(event(0))).rejects.toMatchObject({ code: 'node/ledger-unavailable' });
  await held.close();
  expect(await recorder.record(event(1))).toBe(1);
});

test('keys are rotated and retired under load, and no event is refused', async () => {
  const { recorder, keys, open } = await ledger(await temporaryDirectory());
  const [first] = await keys.signingKeys('ledger');
  const results: Promise<number>[] = [];
  for (let at = 0; at < 60; at++) {
    results.push(recorder.record(event(at)));
    if (at === 20) await keys.rotate('ledger', new Date());
    if (at === 40) await keys.retire(first!.id);
    await new Promise((resolve) => setTimeout(resolve, 2));
  }
  expect((await Promise.all(results)).length).toBe(60);
  await recorder.close();
  const log = await open();
  const [current] = await signersOf(keys, 'ledger', 'ee.node');
  expect(log.size).toBe(60);
  expect(log.checkpoint).toContain('— ee.node ');
  expect(verifyCheckpoint(log.checkpoint, quorumOf(0, [current!.key], [])).size).toBe(60);
  await log.close();
});
