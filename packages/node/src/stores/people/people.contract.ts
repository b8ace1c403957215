import { beforeEach, describe, expect, test } from 'vitest';
import type { PeopleStore } from './people.ts';

const at = (minutes: number) => new Date(Date.UTC(2026, 0, 1, 0, minutes));
const text = (minutes: number) => at(minutes).toISOString();
const ANNA = {
  kind: 'person',
  issuer: 'https://id.example',
  subject: 'anna',
  name: undefined,
  createdAt: text(0),
} as const;

/** What every store of people does. `make` opens an empty one. */
export function peopleStoreContract(name: string, make: () => Promise<PeopleStore>): void {
  describe(name, () => {
    let store: PeopleStore;
    beforeEach(async () => {
      store = await make();
    });

    test('somebody is the same person whenever issuer and subject are the same', async () => {
      const first = await store.enter(ANNA, 'p1');
      expect(await store.enter({ ...ANNA, name: 'Anna' }, 'p2')).toEqual({ ...first, name: 'Anna' });
      expect(await store.enter(ANNA, 'p3')).toMatchObject({ id: 'p1', name: 'Anna' });
      const other = await store.enter({ ...ANNA, issuer: 'https://other.example' }, 'p4');
      expect((await store.list()).map(({ id }) => id)).toEqual([first.id, other.id]);
      expect(await store.find(ANNA)).toEqual(await store.person('p1'));
    });

    test('a role holds from its beginning until its end, not at its end', async () => {
      await store.enter(ANNA, 'p1');
      await store.grant('p1', { role: 'operator', from: text(10), until: text(20), by: 'x' });
      const held = async (minutes: number) =>
        (await store.rolesOf('p1', at(minutes))).map(({ role }) => role);
      expect([await held(9), await held(10), await held(19), await held(20)]).toEqual([
        [],
        ['operator'],
        ['operator'],
        [],
      ]);
      expect(await store.having('operator', at(15))).toEqual(['p1']);
      expect(await store.having('auditor', at(15))).toEqual([]);
    });

    test('a withdrawn role ends then, and can be granted again', async () => {
      await store.grant('p1', { role: 'auditor', from: text(1), until: undefined, by: 'x' });
      expect(await store.withdraw('p1', 'auditor', at(5), 'operator')).toBe('done');
      expect(await store.withdraw('p1', 'auditor', at(6), 'operator')).toBe('none');
      expect(await store.rolesOf('p1', at(5))).toEqual([]);
      expect(await store.rolesOf('p1', at(4))).toHaveLength(1);
      await store.grant('p1', { role: 'auditor', from: text(7), until: undefined, by: 'y' });
      expect(await store.rolesOf('p1', at(8))).toEqual([
        { role: 'auditor', from: text(7), until: undefined, by: 'y' },
      ]);
    });

    test('of somebody who is forgotten nothing is left', async () => {
      await store.enter(ANNA, 'p1');
      await store.grant('p1', { role: 'auditor', from: text(1), until: undefined, by: 'x' });
      expect(await store.forget('p1', at(2), 'operator')).toBe('done');
      expect(await store.forget('p1', at(2), 'operator')).toBe('none');
      expect(await store.find(ANNA)).toBeUndefined();
      expect(await store.having('auditor', at(2))).toEqual([]);
    });

    test('of those who must not all go, the last one stays, however many are taken at once', async () => {
      const people = ['p1', 'p2', 'p3', 'p4'];
      for (const person of people) {
        await store.enter({ ...ANNA, subject: person }, person);
        await store.grant(person, { role: 'operator', from: text(1), until: undefined, by: 'x' });
      }
      const done = await Promise.all(
        people.map((person, index) =>
          index % 2 === 0
            ? store.withdraw(person, 'operator', at(5), 'operator')
            : store.forget(person, at(5), 'operator'),
        ),
      );
      expect(done.toSorted()).toEqual(['done', 'done', 'done', 'last']);
      expect(await store.having('operator', at(6))).toEqual([people[done.indexOf('last')]]);
      expect(await store.withdraw('p1', 'operator', at(0), 'auditor')).not.toBe('last');
    });

    test('an invitation is taken once, and in time', async () => {
      const invitation = { codeHash: 'h', role: 'operator', by: 'x', expiresAt: text(10) } as const;
      await store.invite(invitation);
      const taken = await Promise.all([1, 2, 3].map(() => store.redeem('h', at(5))));
      expect(taken.filter((each) => each !== undefined)).toEqual([invitation]);
      await store.invite(invitation);
      expect(await store.redeem('h', at(10))).toBeUndefined();
      await store.invite(invitation);
      await store.deleteExpired(at(11));
      expect(await store.redeem('h', at(1))).toBeUndefined();
    });
  });
}
