import { expect, test } from 'vitest';
import { NodeError } from '../../errors.ts';
import type { MemberRow } from '../../stores/records/records.ts';
import { knownMembers } from './known-members.ts';

const row = (id: string, url = `https://${id}.example/`): MemberRow => ({
  id,
  url,
  name: id,
  country: 'EE',
  addedAt: '2026-01-01T00:00:00.000Z',
});
const fetchFor = (member: string) => async () => new Response(member);

test('whoever is in the directory and on the list is asked once, as a member', async () => {
  const listed = [row('ee.node'), row('renamed', 'https://fi.node.example/'), row('foreign')];
  const signed = { list: async () => [row('ee.node'), row('fi.node')], fetchFor };
  const known = await knownMembers(listed, signed);
  expect(known.map(({ row: { id }, fetch }) => [id, fetch !== undefined])).toEqual([
    ['ee.node', true],
    ['fi.node', true],
    ['foreign', false],
  ]);
});

test('without a directory those on the list are asked, unsigned', async () => {
  const known = await knownMembers([row('ee.node')], undefined);
  expect(known).toEqual([{ row: row('ee.node'), fetch: undefined }]);
});

test('an expired directory leaves nobody out in silence', async () => {
  const list = async () => {
    throw new NodeError('node/directory-expired', 'expired');
  };
  await expect(knownMembers([row('foreign')], { list, fetchFor })).rejects.toMatchObject({
    code: 'node/directory-expired',
  });
});
