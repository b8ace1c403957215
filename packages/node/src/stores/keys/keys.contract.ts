import { randomBytes } from 'node:crypto';
import { beforeEach, describe, expect, test } from 'vitest';
import type { KeyStore } from './keys.ts';

/** Opens the same key store once more, as another process would. */
export type OpenKeys = () => Promise<KeyStore>;

const AT = new Date('2026-01-02T03:04:05.000Z');

/** What every key store does, wherever its keys are. `freshKeys` gives an empty one for each test. */
export function keysContract(name: string, freshKeys: () => Promise<OpenKeys>): void {
  describe(name, () => {
    let open: OpenKeys;
    let keys: KeyStore;
    const dataKey = randomBytes(32);

    beforeEach(async () => {
      open = await freshKeys();
      keys = await open();
    });

    test('a key that one process made opens in another what the first wrapped', async () => {
      const { id } = await keys.create('data', AT);
      const wrapped = await keys.wrap(id, dataKey, 'store-1');
      expect(Buffer.from(await (await open()).unwrap(id, wrapped, 'store-1'))).toEqual(dataKey);
    });

    test('what is wrapped does not show what it is, and never looks the same twice', async () => {
      const { id } = await keys.create('data', AT);
      const [first, second] = [await keys.wrap(id, dataKey, 's'), await keys.wrap(id, dataKey, 's')];
      expect(Buffer.from(first).includes(dataKey.subarray(0, 8))).toBe(false);
      expect(Buffer.compare(first, second)).not.toBe(0);
    });

    test('keys are listed by age, with their purpose and nothing secret', async () => {
      expect(await keys.list()).toEqual([]);
      const later = await keys.create('data', new Date(AT.getTime() + 1));
      const first = await keys.create('data', AT);
      expect(await keys.list()).toEqual([first, later]);
      expect(first).toEqual({ id: first.id, purpose: 'data', createdAt: AT.toISOString() });
      expect(first.id).not.toBe(later.id);
    });

    test('another key, another context and changed bytes are each refused as the wrong key', async () => {
      const [one, other] = [await keys.create('data', AT), await keys.create('data', AT)];
      const wrapped = await keys.wrap(one.id, dataKey, 'store-1');
      const wrong = { code: 'node/wrong-key', message: expect.stringContaining(other.id) };
      await expect(keys.unwrap(other.id, wrapped, 'store-1')).rejects.toMatchObject(wrong);
      await expect(keys.unwrap(one.id, wrapped, 'store-2')).rejects.toMatchObject({ code: 'node/wrong-key' });
      for (let place = 0; place < wrapped.length; place += 1) {
        const changed = Uint8Array.from(wrapped);
        changed[place]! ^= 1;
        await expect(keys.unwrap(one.id, changed, 'store-1')).rejects.toMatchObject({
          code: 'node/wrong-key',
        });
      }
      await expect(keys.unwrap(one.id, wrapped.subarray(0, 5), 'store-1')).rejects.toMatchObject({
        code: 'node/wrong-key',
      });
    });

    test('a destroyed key is missed by its name, in every process, and cannot be destroyed twice', async () => {
      const other = await open();
      const [gone, kept] = [await keys.create('data', AT), await keys.create('data', AT)];
      const wrapped = await keys.wrap(gone.id, dataKey, 's');
      await other.unwrap(gone.id, wrapped, 's');
      await keys.destroy(gone.id);
      await keys.destroy(gone.id);
      const missing = { code: 'node/key-missing', message: expect.stringContaining(gone.id) };
      for (const store of [keys, other]) {
        await expect(store.unwrap(gone.id, wrapped, 's')).rejects.toMatchObject(missing);
        await expect(store.wrap(gone.id, dataKey, 's')).rejects.toMatchObject(missing);
        expect(await store.list()).toEqual([kept]);
      }
    });

    test('an id that was never made, or is none, is missed too', async () => {
      for (const id of ['0197-none', '../../etc/passwd', '']) {
        await expect(keys.wrap(id, dataKey, 's')).rejects.toMatchObject({ code: 'node/key-missing' });
        await keys.destroy(id);
      }
    });

    test('many keys made at once are all kept', async () => {
      const other = await open();
      const made = await Promise.all(
        Array.from({ length: 20 }, (_, place) => (place % 2 === 0 ? keys : other).create('data', AT)),
      );
      const ids = made.map(({ id }) => id);
      expect((await keys.list()).map(({ id }) => id).toSorted()).toEqual(ids.toSorted());
    });
  });
}
