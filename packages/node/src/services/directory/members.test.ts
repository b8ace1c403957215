import type { DirectoryDocument } from '@federome/core';
import { expect, test } from 'vitest';
import { DirectoryMembers } from './members.ts';

const documentOf = (version: number, expiresAt: string): DirectoryDocument => ({
  network: 'net',
  version,
  previous: null,
  issuedAt: '2026-01-01T00:00:00.000Z',
  expiresAt,
  rule: 'majority',
  threshold: 1,
  members: [],
  applied: [],
});

/** A store whose latest version a test sets, and which counts how often content is read. */
function membersAt(now: () => Date) {
  const state: { latest: DirectoryDocument | undefined; reads: number } = { latest: undefined, reads: 0 };
  const head = () => state.latest && { version: state.latest.version, hash: `h${state.latest.version}` };
  const store = {
    head: async () => head(),
    version: async () => {
      state.reads += 1;
      const { latest } = state;
      if (latest === undefined) return undefined;
      const { version, issuedAt } = latest;
      const link = { version, issuedAt, attempt: { number: 1, member: 'a' }, changes: [], signatures: [] };
      return { version, hash: `h${version}`, link, document: latest };
    },
  };
  return { state, members: new DirectoryMembers({ store, now }) };
}

test('a node that is in no network knows no members', async () => {
  const { members } = membersAt(() => new Date());
  await expect(members.current()).rejects.toMatchObject({ code: 'node/no-directory' });
  await expect(members.member('ee')).rejects.toMatchObject({ code: 'node/no-directory' });
  expect(await members.latest()).toBeUndefined();
});

test('a version serves until the instant at which it expires, and a newer one at once', async () => {
  let now = '2026-01-01T23:59:59.999Z';
  const { state, members } = membersAt(() => new Date(now));
  state.latest = documentOf(1, '2026-01-02T00:00:00.000Z');
  expect((await members.current()).version).toBe(1);
  expect(await members.member('ee')).toBeUndefined();
  now = '2026-01-02T00:00:00.000Z';
  await expect(members.current()).rejects.toMatchObject({ code: 'node/directory-expired' });
  expect((await members.latest())?.version).toBe(1);
  state.latest = documentOf(2, '2026-01-03T00:00:00.000Z');
  expect((await members.current()).version).toBe(2);
});

test('content is read once a version', async () => {
  const { state, members } = membersAt(() => new Date('2026-01-01T00:00:00.000Z'));
  state.latest = documentOf(1, '2026-01-02T00:00:00.000Z');
  for (let time = 0; time < 5; time += 1) await members.current();
  expect(state.reads).toBe(1);
});
