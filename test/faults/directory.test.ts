import { DirectoryNetwork } from '@federome/testkit';
import { expect, test } from 'vitest';

const HOUR_MS = 3_600_000;

test('a network is founded, joined and voted into, and everybody knows the same directory', async () => {
  const network = new DirectoryNetwork();
  const all = await network.of(['ee', 'es', 'fi', 'it'], 'hub');
  const versions = await Promise.all(all.map(({ members }) => members.current()));
  expect(versions[0]).toMatchObject({ network: 'net', version: 2, threshold: 3 });
  expect(versions[0]?.members.map(({ id, role }) => `${id} ${role}`)).toEqual([
    'ee node',
    'es node',
    'fi node',
    'hub hub',
    'it node',
  ]);
  for (const version of versions) expect(version).toEqual(versions[0]);
  expect(all[0]?.events.map(({ type }) => type)).toContain('directory/founded');
});

test('with the hub away for days the nodes renew the directory by themselves, and the hub catches up', async () => {
  const network = new DirectoryNetwork();
  const all = await network.of(['ee', 'es', 'fi'], 'hub');
  const [hub] = all.slice(-1);
  network.stopped.add('hub');
  for (let hour = 0; hour < 72; hour += 1) {
    network.nowMs += HOUR_MS;
    for (const { id, service } of all) if (id !== 'hub') await service.upkeep();
  }
  const { version } = await all[0]!.members.current();
  expect(version).toBeGreaterThanOrEqual(7);
  expect(version).toBeLessThanOrEqual(8);
  await expect(hub!.members.current()).rejects.toMatchObject({ code: 'node/directory-expired' });
  network.stopped.clear();
  await hub!.service.upkeep();
  expect((await hub!.members.current()).version).toBe(version);
});
