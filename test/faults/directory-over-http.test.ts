import { documentHash, nextDocument, type SignedDirectory, versionStatement } from '@federome/core';
import { type SignedMember, signedNetwork } from '@federome/testkit';
import { expect, test } from 'vitest';
import { directoryCrypto } from '../../packages/node/src/stores/directory/directory-crypto.ts';
import { SigningKeyFiles } from '../../packages/node/src/stores/keys/signing-key-files.ts';

const HOUR_MS = 3_600_000;

async function served({ url }: SignedMember): Promise<SignedDirectory> {
  const response = await fetch(`${url}directory`);
  return await response.json();
}

const upkeep = async (members: readonly SignedMember[]) => {
  for (const { node } of members) await (await node.directory.service()).upkeep();
};

test('the hub is stopped for a day: nodes renew, serve and go by the directory, and let somebody else leave', async () => {
  let nowMs = Date.parse('2026-06-01T00:00:00.000Z');
  const all = await signedNetwork({ hub: true, now: () => new Date(nowMs) });
  const [ee, es, fi, hub] = all;
  await hub!.server.close();
  for (let hour = 0; hour < 26; hour += 1) {
    nowMs += HOUR_MS;
    await upkeep([ee!, es!, fi!]);
  }
  expect((await served(ee!)).directory.version).toBe(4);
  expect(await served(es!)).toEqual(await served(ee!));
  const { members } = await es!.node.directory.members.current();
  expect(members.map(({ id }) => id)).toEqual(all.map(({ node }) => node.config.id).sort());
  await expect(hub!.node.directory.members.current()).rejects.toMatchObject({
    code: 'node/directory-expired',
  });
  await (await fi!.node.directory.service()).propose({ kind: 'leave', member: fi!.node.config.id });
  expect(await es!.node.directory.members.member(fi!.node.config.id)).toBeUndefined();
});

test('a national node refuses a directory that the hub’s own key signed, and answers on', async () => {
  const [ee, , , hub] = await signedNetwork({ hub: true });
  const { directory } = await served(hub!);
  const issuedAt = new Date(Date.parse(directory.issuedAt) + 1_000).toISOString();
  const next = nextDocument(directory, issuedAt, [], directoryCrypto);
  const attempt = { number: 1, member: hub!.node.config.id };
  const bytes = versionStatement(next.network, next.version, documentHash(next, directoryCrypto), attempt);
  const { keyId, signature } = await new SigningKeyFiles(`${hub!.directory}/keys`, () => new Date()).sign(
    'directory',
    bytes,
  );
  const signed = { member: attempt.member, keyId, signature: Buffer.from(signature).toString('base64url') };
  const link = {
    version: next.version,
    issuedAt,
    attempt,
    changes: [],
    signatures: [signed, signed, signed],
  };
  const response = await fetch(`${ee!.url}api/directory/versions`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(link),
  });
  expect(response.status).toBe(422);
  expect(await response.json()).toMatchObject({ code: 'core/directory-under-signed' });
  expect((await served(ee!)).directory.version).toBe(2);
});

test('with too few nodes the directory expires: members are no longer given out, and the public is answered', async () => {
  let nowMs = Date.parse('2026-06-01T00:00:00.000Z');
  const [ee, es, fi] = await signedNetwork({ now: () => new Date(nowMs) });
  await es!.server.close();
  await fi!.server.close();
  nowMs += 25 * HOUR_MS;
  const service = await ee!.node.directory.service();
  await expect(service.upkeep()).rejects.toMatchObject({ code: 'node/directory-unreachable' });
  await expect(ee!.node.directory.members.current()).rejects.toMatchObject({
    code: 'node/directory-expired',
  });
  expect((await fetch(`${ee!.url}info`)).status).toBe(200);
  expect((await served(ee!)).directory.version).toBe(2);
});

test('a key that rotated is in everybody’s directory after one round of upkeep, and the old one goes with it', async () => {
  const [ee, es, fi] = await signedNetwork();
  const keys = new SigningKeyFiles(`${ee!.directory}/keys`, () => new Date());
  const keysOf = async ({ node }: SignedMember) => {
    const member = await node.directory.members.member(ee!.node.config.id);
    return member?.keys.filter(({ purpose }) => purpose === 'request').map(({ id }) => id);
  };
  const [old] = await keys.signingKeys('request');
  expect(await keysOf(fi!)).toEqual([old!.id]);
  const { id } = await keys.rotate('request', new Date());
  await upkeep([ee!]);
  expect(await keysOf(es!)).toEqual([id, old!.id]);
  await keys.retire(old!.id);
  await upkeep([ee!]);
  expect(await keysOf(es!)).toEqual([id]);
  expect(await keysOf(fi!)).toEqual([id]);
});
