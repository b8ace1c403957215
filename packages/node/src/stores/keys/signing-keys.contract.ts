import { createPublicKey, verify } from 'node:crypto';
import { beforeEach, describe, expect, test } from 'vitest';
import type { SigningKey, SigningKeys, SigningPurpose } from './signing-keys.ts';

const AT = new Date('2026-01-02T03:04:05.000Z');
const BYTES = Buffer.from('what is signed');
const PURPOSES: readonly SigningPurpose[] = ['visa', 'identity', 'request', 'ledger', 'witness', 'directory'];

/** What all signing keys do, wherever they are. `freshKeys` gives an empty store; what it gives opens it as another process would. */
export function signingKeysContract(
  name: string,
  freshKeys: () => Promise<() => Promise<SigningKeys>>,
): void {
  describe(name, () => {
    let open: () => Promise<SigningKeys>;
    let keys: SigningKeys;

    beforeEach(async () => {
      open = await freshKeys();
      keys = await open();
    });

    test.each(PURPOSES)(
      'what a key for %s signs is verified with what is published of it',
      async (purpose) => {
        const [key] = await keys.signingKeys(purpose);
        const { keyId, signature } = await keys.sign(purpose, BYTES);
        expect(keyId).toBe(key!.id);
        expect(isBy(key!, BYTES, signature)).toBe(true);
        expect(isBy(key!, Buffer.from('other'), signature)).toBe(false);
        expect(signature).toHaveLength(64);
      },
    );

    test('nobody loses a key when several processes make, prepare and rotate at once', async () => {
      const stores = await Promise.all(Array.from({ length: 4 }, open));
      const made = await Promise.all(stores.map((store) => store.rotate('request', AT)));
      const held = await keys.signingKeys('request');
      expect(held.map(({ state }) => state)).toEqual([
        'current',
        'retiring',
        'retiring',
        'retiring',
        'retiring',
      ]);
      expect(made.every(({ id }) => held.some((key) => key.id === id))).toBe(true);
      const next = await Promise.all(stores.map((store) => store.prepare('request', AT)));
      expect(new Set(next.map(({ id }) => id)).size).toBe(1);
    });

    test('under load, every signature is by a key that was published before, through all rotations', async () => {
      const published = new Map<string, SigningKey>();
      const publish = async (purpose: SigningPurpose) => {
        for (const key of await keys.signingKeys(purpose)) published.set(key.id, key);
      };
      await Promise.all(PURPOSES.map(publish));
      let isOver = false;
      let signatures = 0;
      const load = PURPOSES.map(async (purpose) => {
        const store = await open();
        while (!isOver) {
          const { keyId, signature } = await store.sign(purpose, BYTES);
          const key = published.get(keyId);
          expect(key).toBeDefined();
          expect(isBy(key!, BYTES, signature)).toBe(true);
          signatures += 1;
        }
      });
      for (let round = 0; round < 2; round += 1) {
        for (const purpose of PURPOSES) {
          await keys.prepare(purpose, AT);
          await publish(purpose);
          await keys.rotate(purpose, AT);
          for (const { id, state } of await keys.signingKeys(purpose)) {
            if (state === 'retiring') await keys.retire(id);
          }
        }
      }
      isOver = true;
      await Promise.all(load);
      expect(signatures).toBeGreaterThan(PURPOSES.length);
    });

    test('a key that signs cannot be retired, and a retired one is missed', async () => {
      const [first] = await keys.signingKeys('ledger');
      await expect(keys.retire(first!.id)).rejects.toMatchObject({ code: 'node/key-store' });
      await keys.rotate('ledger', AT);
      expect((await keys.sign('ledger', BYTES, first!.id)).keyId).toBe(first!.id);
      await keys.retire(first!.id);
      const missing = { code: 'node/key-missing' };
      await expect(keys.sign('ledger', BYTES, first!.id)).rejects.toMatchObject(missing);
      await expect(keys.retire(first!.id)).rejects.toMatchObject(missing);
    });
  });
}

function isBy({ algorithm, publicKey }: SigningKey, bytes: Uint8Array, signature: Uint8Array): boolean {
  const key = createPublicKey({ key: { ...publicKey }, format: 'jwk' });
  return algorithm === 'Ed25519'
    ? verify(null, bytes, key, signature)
    : verify('sha256', bytes, { key, dsaEncoding: 'ieee-p1363' }, signature);
}
