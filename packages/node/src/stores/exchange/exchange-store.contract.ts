import { beforeEach, describe, expect, test } from 'vitest';
import type { ExchangeStore, Receipt } from './exchange-store.ts';

const LATER = '2026-01-01T00:10:00.000Z';

function receipt(id: string, rest: Partial<Receipt> = {}): Receipt {
  const signed = {
    contentDigest: 'sha-256=:AA==:',
    signatureInput: 'federome=()',
    signature: 'federome=:AA==:',
  };
  return {
    format: 'federome-receipt 1',
    id,
    direction: 'asked',
    at: '2026-01-01T00:00:00.000Z',
    peer: 'ee.node',
    directoryVersion: 3,
    request: { method: 'POST', target: 'https://ee.example/individuals', ...signed },
    answer: { status: 200, contentType: 'application/json', ...signed },
    ...rest,
  };
}

/** What every store of exchanges does. `make` opens an empty one; `again` another connection to the same. */
export function exchangeStoreContract(
  name: string,
  make: () => Promise<{ readonly store: ExchangeStore; readonly again: ExchangeStore }>,
): void {
  describe(name, () => {
    let store: ExchangeStore;
    let again: ExchangeStore;
    beforeEach(async () => {
      ({ store, again } = await make());
    });
    const nonce = (text: string, member = 'ee.node') => ({ member, nonce: text, expiresAt: LATER });

    test('a nonce is new once', async () => {
      expect(await store.write([nonce('a'), nonce('b')], [])).toEqual({ isNew: [true, true] });
      expect(await again.write([nonce('b'), nonce('c')], [])).toEqual({ isNew: [false, true] });
    });

    test('of two alike in one batch, the first is new', async () => {
      expect(await store.write([nonce('a'), nonce('a'), nonce('a')], [])).toEqual({
        isNew: [true, false, false],
      });
    });

    test('another member may have chosen the same number', async () => {
      expect(await store.write([nonce('a'), nonce('a', 'fi.node')], [])).toEqual({ isNew: [true, true] });
    });

    test('of many at once with the same nonce, one is let in', async () => {
      const tries = Array.from({ length: 20 }, () => store.write([nonce('once')], []));
      const letIn = (await Promise.all(tries)).filter(({ isNew }) => isNew[0] === true);
      expect(letIn).toHaveLength(1);
    });

    test('a receipt is found by its id, from both sides, and never changes', async () => {
      const mine = receipt('r1');
      const theirs = receipt('r1', { direction: 'answered' });
      await store.write([], [mine, theirs]);
      await store.write([], [receipt('r1', { peer: 'somebody.else' })]);
      expect(await again.receipt('r1')).toEqual([theirs, mine]);
      expect(await again.receipt('r2')).toEqual([]);
    });

    test('receipts are listed by peer, the latest first', async () => {
      await store.write(
        [],
        ['01', '03', '02'].map((day) =>
          receipt(`r${day}`, {
            at: `2026-01-${day}T00:00:00.000Z`,
            peer: day === '02' ? 'fi.node' : 'ee.node',
          }),
        ),
      );
      const ids = async (filter: Parameters<ExchangeStore['receipts']>[0]) =>
        (await store.receipts(filter)).map(({ id }) => id);
      expect(await ids({ limit: 10 })).toEqual(['r03', 'r02', 'r01']);
      expect(await ids({ limit: 10, peer: 'ee.node' })).toEqual(['r03', 'r01']);
      expect(await ids({ limit: 1 })).toEqual(['r03']);
    });

    test('what is older than it is kept goes, in steps', async () => {
      const at = (day: number) => `2026-01-0${day}T00:00:00.000Z`;
      await store.write(
        [1, 2, 3].map((day) => ({ member: 'm', nonce: `n${day}`, expiresAt: at(day) })),
        [1, 2, 3, 4].map((day) => receipt(`r${day}`, { at: at(day) })),
      );
      const before = { nonces: new Date(at(3)), receipts: new Date(at(4)), limit: 2 };
      expect(await store.deleteBefore(before)).toBe(4);
      expect(await store.deleteBefore(before)).toBe(1);
      expect(await store.deleteBefore(before)).toBe(0);
      expect((await store.receipts({ limit: 10 })).map(({ id }) => id)).toEqual(['r4']);
      expect(
        (
          await store.write(
            [1, 3].map((day) => ({ ...nonce(`n${day}`), member: 'm' })),
            [],
          )
        ).isNew,
      ).toEqual([true, false]);
    });
  });
}
