import { beforeEach, describe, expect, test } from 'vitest';
import type { Session, SessionStore } from './sessions.ts';

const at = (minutes: number) => new Date(Date.UTC(2026, 0, 1, 0, minutes));
const text = (minutes: number) => at(minutes).toISOString();

function session(id: string, rest: Partial<Session> = {}): Session {
  return {
    id,
    tokenHash: `${id}-1`,
    previousHash: '',
    previousUntil: '',
    person: 'anna',
    provider: 'own',
    providerSession: `sid-${id}`,
    csrfToken: 'c',
    sealedIdToken: 's',
    roles: '[]',
    startedAt: text(0),
    seenAt: text(0),
    rotatedAt: text(0),
    endsAt: text(100),
    ...rest,
  };
}

/** What every store of sessions does. `make` opens an empty one. */
export function sessionStoreContract(name: string, make: () => Promise<SessionStore>): void {
  describe(name, () => {
    let store: SessionStore;
    beforeEach(async () => {
      store = await make();
    });
    const next = {
      tokenHash: 'a-2',
      previousUntil: text(11),
      sealedIdToken: 't',
      roles: '["auditor"]',
      rotatedAt: text(10),
    };

    test('a session is found by its token alone', async () => {
      await store.start(session('a'));
      expect(await store.find('a-1', at(1))).toEqual(session('a'));
      expect(await store.find('a', at(1))).toBeUndefined();
      expect(await store.find('', at(1))).toBeUndefined();
    });

    test('after a rotation the old token holds for the overlap, and never again', async () => {
      await store.start(session('a'));
      expect(await store.rotate(session('a'), next)).toBe(true);
      expect((await store.find('a-2', at(50)))?.id).toBe('a');
      expect((await store.find('a-1', at(10)))?.id).toBe('a');
      expect(await store.find('a-1', at(11))).toBeUndefined();
    });

    test('of many rotations at once, one succeeds', async () => {
      await store.start(session('a'));
      const tries = await Promise.all(
        [2, 3, 4].map((number) => store.rotate(session('a'), { ...next, tokenHash: `a-${number}` })),
      );
      expect(tries.filter(Boolean)).toHaveLength(1);
    });

    test('sessions end one by one, by person, or at their provider', async () => {
      for (const id of ['a', 'b', 'c']) await store.start(session(id));
      await store.start(session('d', { person: 'ben' }));
      expect(await store.end({ id: 'a', person: 'ben' })).toBe(0);
      expect(await store.end({ id: 'a', person: 'anna' })).toBe(1);
      expect(await store.end({ provider: 'own', providerSession: 'sid-b' })).toBe(1);
      expect((await store.ofPerson('anna')).map(({ id }) => id)).toEqual(['c']);
      expect(await store.end({ person: 'anna' })).toBe(1);
      expect(await store.ofPerson('ben')).toHaveLength(1);
    });

    test('what is idle or over goes', async () => {
      await store.start(session('a', { seenAt: text(5) }));
      await store.start(session('b', { seenAt: text(20) }));
      await store.start(session('c', { seenAt: text(20), endsAt: text(30) }));
      await store.deleteExpired(at(30), at(10));
      expect((await store.ofPerson('anna')).map(({ id }) => id)).toEqual(['b']);
      await store.seen('b', at(40));
      await store.deleteExpired(at(50), at(39));
      expect(await store.ofPerson('anna')).toHaveLength(1);
    });

    test('a login comes back once, and in time', async () => {
      const attempt = {
        stateHash: 's',
        provider: 'own',
        browserHash: 'b',
        nonce: 'n',
        verifier: 'v',
        returnPath: '/portal/',
        expiresAt: text(10),
      };
      await store.begin(attempt);
      const taken = await Promise.all([1, 2, 3].map(() => store.take('s', at(1))));
      expect(taken.filter((each) => each !== undefined)).toEqual([attempt]);
      await store.begin(attempt);
      expect(await store.take('s', at(10))).toBeUndefined();
    });

    test('a logout token counts once', async () => {
      expect([await store.firstLogout('j', text(5)), await store.firstLogout('j', text(5))]).toEqual([
        true,
        false,
      ]);
    });
  });
}
