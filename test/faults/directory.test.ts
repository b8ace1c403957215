import {
  ANONYMOUS,
  type DirectoryLink,
  documentHash,
  nextDocument,
  type Requester,
  versionStatement,
} from '@federome/core';
import { type DirectoryMemberUnderTest, DirectoryNetwork } from '@federome/testkit';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { directoryCrypto } from '../../packages/node/src/stores/directory/directory-crypto.ts';

const HOUR_MS = 3_600_000;
const PERSON = { issuer: 'https://login.example/', subject: 'p1' };

/** The next version of what `signers` know, signed by them without asking anybody's leave. */
async function forged(
  signers: readonly DirectoryMemberUnderTest[],
  issuedAt: string,
): Promise<DirectoryLink> {
  const { directory } = await signers[0]!.service.signed();
  const next = nextDocument(directory, issuedAt, [], directoryCrypto);
  const attempt = { number: 99, member: signers[0]!.id };
  const hash = documentHash(next, directoryCrypto);
  const bytes = versionStatement(next.network, next.version, hash, attempt);
  const signatures = await Promise.all(
    signers.map(async ({ id, keys }) => {
      const { keyId, signature } = await keys.sign('directory', bytes);
      return { member: id, keyId, signature: Buffer.from(signature).toString('base64url') };
    }),
  );
  return { version: next.version, issuedAt, attempt, changes: [], signatures };
}

const versionsOf = (members: readonly DirectoryMemberUnderTest[]) =>
  Promise.all(members.map(async (member) => (await member.members.current()).version));

const upkeep = async (members: readonly DirectoryMemberUnderTest[]) => {
  for (const { service } of members) await service.upkeep().catch(() => undefined);
};

describe('a network', () => {
  test('is founded, joined and voted into, and everybody knows the same directory', async () => {
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
    const types = all[0]!.events.map(({ type }) => type);
    expect(types).toEqual([
      'directory/founded',
      'directory/member-joined',
      ...Array.from({ length: 4 }, () => 'directory/proposed'),
      ...Array.from({ length: 4 }, () => 'directory/voted'),
      ...Array.from({ length: 4 }, () => 'directory/member-joined'),
    ]);
  });

  test('lets in who was voted for by k of its nodes, and nobody earlier', async () => {
    const network = new DirectoryNetwork();
    const all = await network.of(['ee', 'es', 'fi'], 'hub');
    const newcomer = await network.add('it');
    const proposal = await network.join(newcomer, all[3]!);
    await expect(newcomer.members.current()).rejects.toMatchObject({ code: 'node/no-directory' });
    await all[0]!.service.vote([proposal], 'for');
    expect((await all[0]!.members.current()).members).toHaveLength(4);
    await expect(all[3]!.service.vote([proposal], 'for')).rejects.toMatchObject({ code: 'node/wrong-role' });
    await all[1]!.service.vote([proposal], 'for');
    expect(await newcomer.members.member('it')).toMatchObject({ id: 'it', role: 'node' });
    expect(await versionsOf([...all, newcomer])).toEqual([3, 3, 3, 3, 3]);
  });

  test.each<[string, Requester, string]>([
    ['nobody known', ANONYMOUS, 'node/unauthenticated'],
    ['another member', { kind: 'member', member: 'es' }, 'node/forbidden'],
    ['an auditor', { kind: 'person', identity: PERSON, roles: ['auditor'], visas: [] }, 'node/forbidden'],
    [
      'an operator whom another member passes on',
      { kind: 'person', identity: PERSON, roles: ['operator'], visas: [], through: 'es' },
      'node/forbidden',
    ],
  ])('has no votes of %s', async (_, requester, code) => {
    const network = new DirectoryNetwork();
    const [ee] = await network.of(['ee']);
    const proposal = await network.join(await network.add('it'), ee!);
    await expect(ee!.service.voteAs(requester, [proposal], 'for')).rejects.toMatchObject({ code });
    const operator: Requester = { kind: 'person', identity: PERSON, roles: ['operator'], visas: [] };
    await ee!.service.voteAs(operator, [proposal], 'for');
    expect(await ee!.members.member('it')).toBeDefined();
  });

  test('turns down who too many voted against, and a second thought counts', async () => {
    const network = new DirectoryNetwork();
    const all = await network.of(['ee', 'es', 'fi']);
    const newcomer = await network.add('it');
    const proposal = await network.join(newcomer, all[0]!);
    await all[0]!.service.vote([proposal], 'for');
    network.nowMs += 1_000;
    await all[0]!.service.vote([proposal], 'against');
    await all[1]!.service.vote([proposal], 'against');
    await upkeep(all);
    expect((await all[2]!.service.standings()).find(({ id }) => id === proposal)?.state).toBe('rejected');
    await expect(all[2]!.service.vote([proposal], 'for')).rejects.toMatchObject({
      code: 'node/unknown-proposal',
    });
  });

  test('goes on without who left, whose vote and signature count no more', async () => {
    const network = new DirectoryNetwork();
    const [ee, es, fi] = await network.of(['ee', 'es', 'fi']);
    await fi!.service.propose({ kind: 'leave', member: 'fi' });
    expect((await ee!.members.current()).members.map(({ id }) => id)).toEqual(['ee', 'es']);
    expect(await es!.members.member('fi')).toBeUndefined();
    network.nowMs += 13 * HOUR_MS;
    const link = await forged([ee!, fi!], new Date(network.nowMs).toISOString());
    await expect(es!.service.receiveVersion(link)).rejects.toMatchObject({
      code: 'core/directory-under-signed',
    });
  });

  test('takes in keys that a member rotated by itself, and the votes of its new key from then on', async () => {
    const network = new DirectoryNetwork();
    const all = await network.of(['ee', 'es', 'fi']);
    const [ee, es, fi] = all;
    const rotated = await ee!.keys.rotate('directory', new Date(network.nowMs));
    await ee!.service.upkeep();
    const listed = (await es!.members.member('ee'))?.keys.map(({ id }) => id);
    expect(listed).toContain(rotated.id);
    const [, old] = await ee!.keys.signingKeys('directory');
    await ee!.keys.retire(old!.id);
    await ee!.service.upkeep();
    expect((await fi!.members.member('ee'))?.keys.map(({ id }) => id)).not.toContain(old!.id);
    network.nowMs += 20 * HOUR_MS;
    await ee!.service.upkeep();
    expect((await fi!.service.signed()).signatures.map(({ keyId }) => keyId)).toContain(rotated.id);
  });

  test('gives a member that lost its keys new ones when k others say so', async () => {
    const network = new DirectoryNetwork();
    const [ee, es, fi] = await network.of(['ee', 'es', 'fi']);
    const [lost] = await fi!.keys.signingKeys('directory');
    await fi!.keys.retire(lost!.id);
    const token = await ee!.service.invite();
    const options = { url: fi!.url, dpia: 'DPIA 2', checks: [], rekey: true };
    const proposal = await fi!.service.join(token, options);
    await ee!.service.vote([proposal], 'for');
    expect((await es!.members.member('fi'))?.keys.map(({ id }) => id)).toContain(lost!.id);
    await es!.service.vote([proposal], 'for');
    const [fresh] = await fi!.keys.signingKeys('directory');
    expect((await es!.members.member('fi'))?.keys.map(({ id }) => id)).toContain(fresh!.id);
  });
});

describe('a join token', () => {
  test('serves once, and again only for the same request', async () => {
    const network = new DirectoryNetwork();
    const [ee] = await network.of(['ee']);
    const [es, fi] = [await network.add('es'), await network.add('fi')];
    const token = await ee!.service.invite();
    const checks = await es.service.selfCheck({ url: es.url, dpia: 'D' }, token);
    const proposal = await es.service.join(token, { url: es.url, dpia: 'D', checks });
    expect(await es.service.join(token, { url: es.url, dpia: 'D', checks })).toBe(proposal);
    await expect(fi.service.join(token, { url: fi.url, dpia: 'D', checks })).rejects.toMatchObject({
      code: 'node/bad-invitation',
    });
  });

  test.each([
    ['expired', 8 * 24 * HOUR_MS, (token: string) => token],
    ['damaged', 0, (token: string) => `${token.slice(0, -20)}AAAA`],
    ['of no network', 0, () => 'federome-join-e30'],
    ['no token', 0, () => 'hello'],
  ])('that is %s is refused', async (_, laterMs, spoil) => {
    const network = new DirectoryNetwork();
    const [ee] = await network.of(['ee']);
    const es = await network.add('es');
    const token = spoil(await ee!.service.invite());
    network.nowMs += laterMs;
    await expect(es.service.join(token, { url: es.url, dpia: 'D', checks: [] })).rejects.toMatchObject({
      code: 'node/bad-invitation',
    });
  });

  test('brings nobody in whose self-check failed, such as one whose clock is wrong', async () => {
    const network = new DirectoryNetwork();
    const [ee] = await network.of(['ee']);
    const es = await network.add('es');
    network.skewMs.set('es', 10 * 60_000);
    const token = await ee!.service.invite();
    const checks = await es.service.selfCheck({ url: es.url, dpia: 'D' }, token);
    expect(checks.filter(({ passed }) => !passed).map(({ name }) => name)).toEqual(['clock']);
    await expect(es.service.join(token, { url: es.url, dpia: 'D', checks })).rejects.toMatchObject({
      code: 'node/self-check-failed',
    });
  });
});

describe('a node refuses', () => {
  test('a directory that the hub signed with its own key, whatever the hub says beside it', async () => {
    const network = new DirectoryNetwork();
    const all = await network.of(['ee', 'es', 'fi'], 'hub');
    const hub = all[3]!;
    network.nowMs += 13 * HOUR_MS;
    const link = await forged([hub, hub, hub], new Date(network.nowMs).toISOString());
    await expect(all[0]!.service.receiveVersion(link)).rejects.toMatchObject({
      code: 'core/directory-under-signed',
    });
    expect((await all[0]!.members.current()).version).toBe(2);
  });

  test('one node’s signature too few', async () => {
    const network = new DirectoryNetwork();
    const [ee, es, fi] = await network.of(['ee', 'es', 'fi']);
    network.nowMs += 13 * HOUR_MS;
    const at = new Date(network.nowMs).toISOString();
    await expect(fi!.service.receiveVersion(await forged([ee!], at))).rejects.toMatchObject({
      code: 'core/directory-under-signed',
    });
    await fi!.service.receiveVersion(await forged([ee!, es!], at));
    expect((await fi!.members.current()).version).toBe(3);
  });

  test('to go by a directory that has expired, and goes by a new one as soon as enough nodes are there', async () => {
    const network = new DirectoryNetwork();
    const [ee, es, fi] = await network.of(['ee', 'es', 'fi']);
    for (const id of ['es', 'fi']) network.stopped.add(id);
    network.nowMs += 23 * HOUR_MS;
    await upkeep([ee!]);
    expect((await ee!.members.current()).version).toBe(2);
    network.nowMs += 2 * HOUR_MS;
    await expect(ee!.service.upkeep()).rejects.toMatchObject({ code: 'node/directory-unreachable' });
    await expect(ee!.members.current()).rejects.toMatchObject({ code: 'node/directory-expired' });
    await expect(ee!.members.member('es')).rejects.toMatchObject({ code: 'node/directory-expired' });
    network.stopped.clear();
    await ee!.service.upkeep();
    expect(await versionsOf([ee!, es!, fi!])).toEqual([3, 3, 3]);
  });

  test('a version that others followed, sent again', async () => {
    const network = new DirectoryNetwork();
    const all = await network.of(['ee', 'es']);
    const { directory, ...rest } = await all[0]!.service.signed();
    const old = { version: directory.version, issuedAt: directory.issuedAt, ...rest };
    network.nowMs += 20 * HOUR_MS;
    await upkeep(all);
    await expect(all[1]!.service.receiveVersion(old)).rejects.toMatchObject({
      code: 'node/directory-rolled-back',
    });
  });

  test('a second version of one number, keeps it as evidence, and names who signed both', async () => {
    const network = new DirectoryNetwork();
    const [ee, es, fi] = await network.of(['ee', 'es', 'fi']);
    network.nowMs += 13 * HOUR_MS;
    const one = await forged([ee!, es!], new Date(network.nowMs).toISOString());
    const other = await forged([es!, fi!], new Date(network.nowMs + 1_000).toISOString());
    await ee!.service.receiveVersion(one);
    await expect(ee!.service.receiveVersion(other)).rejects.toMatchObject({
      code: 'node/directory-forked',
      message: expect.stringMatching(/; es signed both$/),
    });
    expect((await ee!.service.forks()).map(({ version }) => version)).toEqual([3]);
    expect(ee!.events.at(-1)).toMatchObject({ type: 'directory/fork-seen', data: { signedBoth: ['es'] } });
    expect((await ee!.members.current()).issuedAt).toBe(one.issuedAt);
  });

  test('a fork that another member was given, as soon as the two talk', async () => {
    const network = new DirectoryNetwork();
    const [ee, es, fi] = await network.of(['ee', 'es', 'fi']);
    network.nowMs += 11 * HOUR_MS;
    network.side.set('fi', 1);
    await ee!.service.receiveVersion(await forged([ee!, es!], new Date(network.nowMs).toISOString()));
    await fi!.service.receiveVersion(await forged([es!, fi!], new Date(network.nowMs + 1_000).toISOString()));
    network.side.clear();
    const { failures } = await ee!.service.refresh(true);
    expect(failures.map(({ error }) => error.code)).toEqual(['node/directory-forked']);
  });

  test('another network’s directory, though well signed', async () => {
    const [network, other] = [new DirectoryNetwork(), new DirectoryNetwork()];
    const [ee] = await network.of(['ee']);
    const [xx] = await other.of(['ee']);
    const link = await forged([xx!], '2026-01-01T13:00:00.000Z');
    network.nowMs += 13 * HOUR_MS;
    await expect(ee!.service.receiveVersion(link)).rejects.toMatchObject({
      code: 'core/directory-under-signed',
    });
  });

  test('to join a network whose version 1 is not the one that its token names', async () => {
    const [network, other] = [new DirectoryNetwork(), new DirectoryNetwork()];
    const [ee] = await network.of(['ee']);
    await other.of(['ee']);
    const es = await other.add('es');
    const token = await ee!.service.invite();
    await expect(es.service.join(token, { url: es.url, dpia: 'D', checks: [] })).rejects.toMatchObject({
      code: 'node/bad-invitation',
    });
    const { failures } = await es.service.refresh();
    expect(failures.map(({ error }) => error.code)).toEqual(['core/bad-directory']);
    await expect(es.members.current()).rejects.toMatchObject({ code: 'node/no-directory' });
  });
});

describe('a node that lies', () => {
  test('about what it promised or signed holds up nobody', async () => {
    const network = new DirectoryNetwork();
    const [ee, es, fi] = await network.of(['ee', 'es', 'fi']);
    const { service } = fi!;
    const spoil = <T extends { signature: string }>(signature: T): T => ({
      ...signature,
      signature: `${signature.signature.slice(0, -4)}AAAA`,
    });
    const { promise, sign } = service;
    let lies = 0;
    service.promise = async (request) => {
      const answer = await promise.call(service, request);
      if (answer.kind !== 'promised' || lies++ % 2 === 0) return answer;
      return { ...answer, promise: { ...answer.promise, signature: spoil(answer.promise.signature) } };
    };
    service.sign = async (request) => spoil(await sign.call(service, request));
    for (const version of [3, 4, 5]) {
      network.nowMs += 20 * HOUR_MS;
      await ee!.service.upkeep();
      expect(await versionsOf([ee!, es!])).toEqual([version, version]);
      expect((await ee!.service.signed()).signatures.map(({ member }) => member)).toEqual(['ee', 'es']);
    }
  });
});

describe('without the hub', () => {
  test('an hour goes by, a new member comes in, and nobody notices but the hub', async () => {
    const network = new DirectoryNetwork();
    const all = await network.of(['ee', 'es', 'fi'], 'hub');
    const nodes = all.slice(0, 3);
    network.stopped.add('hub');
    network.nowMs += HOUR_MS;
    await upkeep(nodes);
    const newcomer = await network.add('it');
    const proposal = await network.join(newcomer, nodes[1]!);
    for (const node of nodes.slice(0, 2)) await node.service.vote([proposal], 'for');
    expect(await versionsOf([...nodes, newcomer])).toEqual([3, 3, 3, 3]);
    network.stopped.clear();
    await all[3]!.service.upkeep();
    expect((await all[3]!.members.current()).version).toBe(3);
  });

  test('the nodes renew the directory for days, and the hub catches up through every version it missed', async () => {
    const network = new DirectoryNetwork();
    const all = await network.of(['ee', 'es', 'fi'], 'hub');
    const hub = all[3]!;
    network.stopped.add('hub');
    for (let hour = 0; hour < 72; hour += 1) {
      network.nowMs += HOUR_MS;
      await upkeep(all.slice(0, 3));
    }
    const { version } = await all[0]!.members.current();
    expect(version).toBeGreaterThanOrEqual(7);
    expect(version).toBeLessThanOrEqual(8);
    await expect(hub.members.current()).rejects.toMatchObject({ code: 'node/directory-expired' });
    network.stopped.clear();
    await hub.service.upkeep();
    expect((await hub.members.current()).version).toBe(version);
    expect((await hub.service.signed(version - 1)).directory.version).toBe(version - 1);
  });
});

describe('a partition', () => {
  test('leaves the smaller side without new versions, and heals by itself', async () => {
    const network = new DirectoryNetwork();
    const all = await network.of(['ee', 'es', 'fi', 'it', 'lu']);
    for (const id of ['it', 'lu']) network.side.set(id, 1);
    for (let hour = 0; hour < 30; hour += 1) {
      network.nowMs += HOUR_MS;
      await upkeep(all);
    }
    expect(await versionsOf(all.slice(0, 3))).toEqual([4, 4, 4]);
    for (const node of all.slice(3)) {
      await expect(node.members.current()).rejects.toMatchObject({ code: 'node/directory-expired' });
    }
    network.side.clear();
    await upkeep(all);
    expect(await versionsOf(all)).toEqual([4, 4, 4, 4, 4]);
    expect(await Promise.all(all.map(({ service }) => service.forks()))).toEqual([[], [], [], [], []]);
  });

  test('with messages and answers lost while several nodes compose at once never makes two versions of a number', async () => {
    const fates = fc.constantFrom('arrives', 'arrives', 'lost', 'answer lost');
    const nodes = fc.uniqueArray(fc.integer({ min: 0, max: 2 }), { minLength: 1, maxLength: 3 });
    const round = fc.record({
      fates: fc.array(fates, { minLength: 5, maxLength: 40 }),
      composers: nodes,
      voters: nodes,
      skewMinutes: fc.array(fc.integer({ min: -2, max: 2 }), { minLength: 3, maxLength: 3 }),
      minutes: fc.constantFrom(1, 20, 800),
    });
    await fc.assert(
      fc.asyncProperty(fc.array(round, { minLength: 3, maxLength: 8 }), async (rounds) => {
        const network = new DirectoryNetwork();
        const all = await network.of(['ee', 'es', 'fi']);
        for (const [index, { composers, voters, skewMinutes, minutes, ...each }] of rounds.entries()) {
          let message = 0;
          network.fate = () => each.fates[message++ % each.fates.length]!;
          for (const [at, { id }] of all.entries()) network.skewMs.set(id, skewMinutes[at]! * 60_000);
          network.nowMs += minutes * 60_000;
          const proposer = all[index % 3]!.service;
          await proposer.propose({ kind: 'threshold', rule: 2 + (index % 2) }).catch(() => undefined);
          await Promise.all(
            voters.map(async (at) => {
              const open = await all[at]!.service.standings('open');
              const ids = open.map(({ id }) => id);
              await all[at]!.service.vote(ids, 'for').catch(() => undefined);
            }),
          );
          await Promise.all(composers.map((at) => all[at]!.service.upkeep().catch(() => undefined)));
        }
        network.fate = () => 'arrives';
        network.skewMs.clear();
        network.nowMs += 24 * HOUR_MS;
        for (let upkeeps = 0; upkeeps < 3; upkeeps += 1) await upkeep(all);
        const latest = await Promise.all(all.map(({ members }) => members.current()));
        for (const version of latest) expect(version).toEqual(latest[0]);
        for (const { service } of all) expect(await service.forks()).toEqual([]);
      }),
      { numRuns: 10 },
    );
  });
});
