import { beforeEach, describe, expect, test } from 'vitest';
import type { OidcStore } from './oidc-store.ts';

/** What every store of the embedded provider does. `make` opens an empty one. */
export function oidcStoreContract(name: string, make: () => Promise<OidcStore>): void {
  describe(name, () => {
    let store: OidcStore;
    beforeEach(async () => {
      store = await make();
    });
    const entry = {
      kind: 'AuthorizationCode',
      id: 'c',
      payload: { a: 1 },
      grantId: 'g',
      uid: 'u',
      expiresAt: 100,
    };

    test('an entry is found by id and uid until it expires, among its own kind', async () => {
      await store.put(entry);
      expect(await store.get('AuthorizationCode', 'c', 99)).toEqual(entry);
      expect(await store.getByUid('AuthorizationCode', 'u', 99)).toEqual(entry);
      expect(await store.get('AuthorizationCode', 'c', 100)).toBeUndefined();
      expect(await store.get('AccessToken', 'c', 99)).toBeUndefined();
    });

    test('of many that use a code at once, one succeeds, and it says that it was used', async () => {
      await store.put(entry);
      const uses = await Promise.all([1, 2, 3].map(() => store.consume('AuthorizationCode', 'c', 50)));
      expect(uses.filter(Boolean)).toHaveLength(1);
      expect((await store.get('AuthorizationCode', 'c', 60))?.payload).toEqual({ a: 1, consumed: 50 });
    });

    test('a grant takes everything with it that came of it', async () => {
      await store.put(entry);
      await store.put({ ...entry, kind: 'AccessToken', id: 't' });
      await store.put({ ...entry, kind: 'AccessToken', id: 'other', grantId: 'h' });
      await store.removeGrant('g');
      expect(await store.get('AccessToken', 't', 1)).toBeUndefined();
      expect(await store.get('AccessToken', 'other', 1)).toBeDefined();
      await store.deleteExpired(100);
      expect(await store.get('AccessToken', 'other', 1)).toBeUndefined();
    });

    test('a client is added once, and gone when removed', async () => {
      const client = {
        id: 'm',
        name: 'Machine',
        jwk: { kty: 'EC' },
        redirectUris: ['https://a.example/'],
        createdAt: 'then',
      };
      expect([await store.addClient(client), await store.addClient(client)]).toEqual([true, false]);
      expect(await store.clients()).toEqual([client]);
      expect([await store.removeClient('m'), await store.removeClient('m')]).toEqual([true, false]);
      expect(await store.client('m')).toBeUndefined();
    });

    test('a passphrase is chosen with a code, once and in time', async () => {
      const code = { hash: 'h', expiresAt: '2026-01-02T00:00:00.000Z' };
      const account = {
        subject: 's',
        login: 'anna',
        name: 'Anna',
        passphrase: undefined,
        code,
        createdAt: 'then',
      };
      expect(await store.addAccount(account)).toBe(true);
      expect(await store.addAccount({ ...account, subject: 't' })).toBe(false);
      expect(await store.choosePassphrase('h', 'p', new Date('2026-01-02'))).toBeUndefined();
      expect(await store.choosePassphrase('h', 'p', new Date('2026-01-01'))).toMatchObject({ subject: 's' });
      expect(await store.choosePassphrase('h', 'q', new Date('2026-01-01'))).toBeUndefined();
      expect(await store.account({ login: 'anna' })).toMatchObject({ passphrase: 'p', code: undefined });
      await store.setCode('s', code);
      expect((await store.account({ subject: 's' }))?.code).toEqual(code);
      await store.removeAccount('s');
      expect(await store.account({ subject: 's' })).toBeUndefined();
    });
  });
}
