import { describe, expect, test } from 'vitest';
import type { SqlDatabase } from '../database/database.ts';
import type { NewRecord } from './ledger-store.ts';
import { SqlLedgerStore } from './sql-ledger-store.ts';
import { SqlAlarmStore, SqlWitnessStore } from './sql-witness-store.ts';

const AT = '2026-01-01T00:00:00.000Z';
const record = (salt: string, type = 'data/used'): NewRecord => ({
  type,
  at: AT,
  salt,
  event: `{"salt":"${salt}"}`,
});

/** What every store of the ledger does. */
export function ledgerStoreContract(name: string, fresh: () => Promise<SqlDatabase>): void {
  describe(name, () => {
    test('a record is pending in the order of coming until it has its place', async () => {
      const store = new SqlLedgerStore(await fresh());
      expect(await store.size()).toBe(0);
      await store.add([record('a'), record('b')]);
      await store.add([record('c', 'key/rotated')]);
      const pending = await store.pending(10);
      expect(pending.map(({ salt }) => salt)).toEqual(['a', 'b', 'c']);
      expect(await store.pendingCount()).toBe(3);
      await store.place([
        { sequence: pending[1]!.sequence, index: 0 },
        { sequence: pending[0]!.sequence, index: 1 },
      ]);
      expect((await store.pending(10)).map(({ salt }) => salt)).toEqual(['c']);
      expect(await store.placesOf(['a', 'b', 'c', 'd'])).toEqual(
        new Map([
          ['a', 1],
          ['b', 0],
        ]),
      );
      expect(await store.size()).toBe(2);
    });

    test('no place is given twice', async () => {
      const store = new SqlLedgerStore(await fresh());
      await store.add([record('a'), record('b')]);
      const [a, b] = await store.pending(2);
      await store.place([{ sequence: a!.sequence, index: 0 }]);
      await expect(store.place([{ sequence: b!.sequence, index: 0 }])).rejects.toMatchObject({
        code: 'node/store',
      });
      expect(await store.pendingCount()).toBe(1);
    });

    test('thousands are added and placed together', async () => {
      const store = new SqlLedgerStore(await fresh());
      await store.add(Array.from({ length: 3_000 }, (_, at) => record(`${at}`)));
      const pending = await store.pending(5_000);
      await store.place(pending.map(({ sequence }, index) => ({ sequence, index })));
      expect(await store.size()).toBe(3_000);
      expect((await store.records(1_500, 2)).map(({ index }) => index)).toEqual([1_500, 1_501]);
    });

    test('records are read by place, the latest first, and by type', async () => {
      const store = new SqlLedgerStore(await fresh());
      await store.add([record('a'), record('b', 'key/rotated'), record('c')]);
      const pending = await store.pending(9);
      await store.place(pending.map(({ sequence }, index) => ({ sequence, index })));
      expect((await store.latest({ limit: 2 })).map(({ index }) => index)).toEqual([2, 1]);
      expect((await store.latest({ limit: 9, before: 1 })).map(({ index }) => index)).toEqual([0]);
      expect((await store.latest({ limit: 9, type: 'key/rotated' })).map(({ index }) => index)).toEqual([1]);
      expect(await store.record(1)).toEqual({
        index: 1,
        type: 'key/rotated',
        at: AT,
        content: { salt: 'b', event: '{"salt":"b"}' },
        erasedAt: undefined,
      });
      expect(await store.record(3)).toBeUndefined();
    });

    test('erasing takes event and salt, once, and leaves the place', async () => {
      const store = new SqlLedgerStore(await fresh());
      await store.add([record('a')]);
      await store.place([{ sequence: (await store.pending(1))[0]!.sequence, index: 0 }]);
      expect(await store.erase(0, AT)).toBe(true);
      expect(await store.erase(0, AT)).toBe(false);
      expect(await store.erase(1, AT)).toBe(false);
      expect(await store.record(0)).toMatchObject({ index: 0, content: undefined, erasedAt: AT });
      expect(await store.size()).toBe(1);
    });

    test('a witnessed head is replaced only where it still is the expected one', async () => {
      const store = new SqlWitnessStore(await fresh());
      const head = (size: number) => ({ size, checkpoint: `note ${size}` });
      expect(await store.read('ee.node')).toBeUndefined();
      expect(await store.replace('ee.node', undefined, head(3))).toBe(true);
      expect(await store.replace('ee.node', undefined, head(4))).toBe(false);
      expect(await store.replace('ee.node', head(2), head(4))).toBe(false);
      expect(await store.replace('ee.node', head(3), head(5))).toBe(true);
      expect(await store.read('ee.node')).toEqual(head(5));
      expect(await store.all()).toEqual([{ origin: 'ee.node', ...head(5) }]);
    });

    test('an alarm is new once, and stays', async () => {
      const store = new SqlAlarmStore(await fresh());
      const alarm = {
        id: 'x',
        kind: 'fork',
        origin: 'ee.node',
        seenAt: AT,
        source: 'lv.node',
        first: 'one',
        second: 'two',
      } as const;
      expect(await store.add(alarm)).toBe(true);
      expect(await store.add(alarm)).toBe(false);
      expect(await store.list()).toEqual([alarm]);
    });
  });
}
