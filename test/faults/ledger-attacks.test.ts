import { cp, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { federome, type SignedMember, signedNetwork, temporaryDirectory } from '@federome/testkit';
import { formatAddCheckpoint, MemoryStorage, parseNote, TileLog } from '@federome/tlog';
import { expect, test } from 'vitest';
import { signersOf } from '../../packages/node/src/services/ledger/note-keys.ts';
import { openSqlite, type SqlDatabase } from '../../packages/node/src/stores/database/database.ts';
import { SigningKeyFiles } from '../../packages/node/src/stores/keys/signing-key-files.ts';

const AT = '2026-01-01T00:00:00.000Z';
const record = async ({ node }: SignedMember, count: number, of = 'ours') => {
  for (let at = 0; at < count; at++)
    await node.ledger.ledger.record({ type: 'data/used', at: AT, data: { of, at } });
};
const partsOf = ({ node }: SignedMember) => node.ledger.parts();
const alarmsOf = async (member: SignedMember) =>
  (await (await partsOf(member)).alarms.list()).map(({ kind, origin }) => `${kind} of ${origin}`);

/** Changes the database of a member as somebody with all rights of the machine can. */
async function tamper({ directory }: SignedMember, work: (database: SqlDatabase) => Promise<unknown>) {
  const database = await openSqlite(join(directory, 'records.sqlite'));
  await work(database);
  await database.close();
}

const cutRecords = (from: number) => (database: SqlDatabase) =>
  database.write.deleteFrom('ledger_record').where('log_index', '>=', from).execute();

test('members cosign each other’s ledgers, and no alarm comes where nobody cheats', async () => {
  const members = await signedNetwork();
  for (const member of members) await record(member, 3);
  for (const member of members) await (await partsOf(member)).round();
  for (const member of members) await record(member, 2);
  for (const member of [...members, ...members]) await (await partsOf(member)).round();
  for (const member of members) {
    const status = await (await partsOf(member)).status();
    expect(status.cosigned.entries).toBe(status.entries);
    expect(status.cosigned.by).toHaveLength(2);
    expect(status).toMatchObject({ quorum: { needed: 2, of: 2 }, overdue: false, alarms: [] });
  }
  const [first] = members;
  const served = await (await fetch(`${first!.url}tlog/checkpoint`)).text();
  expect(parseNote(served).signatures).toHaveLength(3);
  const { exitCode, stdout } = await federome('verify', first!.url, '--home', members[1]!.directory);
  expect([exitCode, stdout]).toEqual([0, expect.stringContaining('Cosigned by')]);
});

test('witnesses that are away stop no recording, and the status says since when their word lacks', async () => {
  const [first, ...others] = await signedNetwork();
  for (const { server } of others) await server.close();
  await record(first!, 1);
  await (await partsOf(first!)).round();
  const status = await (await partsOf(first!)).status();
  expect(status).toMatchObject({ cosigned: { by: [] }, waitingSince: expect.any(String), alarms: [] });
  expect(status.overdue).toBe(Date.now() - Date.parse(status.waitingSince ?? '') > 600_000);
  expect(status.witnesses.map(({ outcome }) => outcome)).toEqual(['failed', 'failed']);
});

test('an event that the operator rewrote, and a record that was dropped, are found by verify', async () => {
  const [first] = await signedNetwork({ countries: ['EE'] });
  await record(first!, 4);
  await tamper(first!, (database) =>
    database.write.updateTable('ledger_record').set({ event: '{}' }).where('log_index', '=', 1).execute(),
  );
  await tamper(first!, (database) =>
    database.write.deleteFrom('ledger_record').where('log_index', '=', 2).execute(),
  );
  const { exitCode, stderr } = await federome('verify', first!.directory);
  expect(exitCode).toBe(1);
  expect(stderr).toMatch(/entry 1 \(.*\): its event or salt was changed/);
  expect(stderr).toContain('entry 2: its record is gone');
});

test('a ledger that was made anew, with valid signatures of its own, is caught by its witnesses', async () => {
  const [first, second, third] = await signedNetwork();
  await record(first!, 5);
  await (await partsOf(first!)).round();
  await first!.node.ledger.close();
  await rm(join(first!.directory, 'ledger'), { recursive: true });
  await tamper(first!, cutRecords(0));
  await record(first!, 40, 'others');
  expect((await alarmsOf(first!)).length).toBe(0);
  await (await partsOf(first!)).round();
  const { id } = first!.node.config;
  expect(await alarmsOf(first!)).toContain(`fork of ${id}`);
  for (const witness of [second!, third!]) {
    await (await partsOf(witness)).round();
    expect(await alarmsOf(witness)).toContain(`fork of ${id}`);
    const told = await (await partsOf(witness)).records.list({ limit: 9, type: 'ledger/fork-seen' });
    expect(told[0]?.event?.data).toMatchObject({ kind: 'fork', origin: id });
  }
  const { exitCode, stderr } = await federome('verify', first!.directory);
  expect([exitCode, stderr]).toEqual([1, expect.stringContaining('showed a fork of it')]);
});

test('a home that was put back to an older copy is caught by its witnesses and by a remembered head', async () => {
  const [first, second] = await signedNetwork();
  const copy = await temporaryDirectory();
  const { id } = first!.node.config;
  await record(first!, 5);
  await first!.node.ledger.close();
  await cp(join(first!.directory, 'ledger'), join(copy, 'ledger'), { recursive: true });
  const status = await (await partsOf(first!)).status();
  await record(first!, 5);
  await (await partsOf(first!)).round();
  const remembered = join(copy, 'head');
  const keys = ['--home', second!.directory, '--quorum', '0'];
  expect((await federome('verify', first!.url, ...keys, '--remember', remembered)).exitCode).toBe(0);
  expect((await federome('verify', first!.url, ...keys, '--since', remembered)).exitCode).toBe(0);

  await first!.node.ledger.close();
  await rm(join(first!.directory, 'ledger'), { recursive: true });
  await cp(join(copy, 'ledger'), join(first!.directory, 'ledger'), { recursive: true });
  await tamper(first!, cutRecords(status.entries));
  const { exitCode, stderr } = await federome('verify', first!.url, ...keys, '--since', remembered);
  expect([exitCode, stderr]).toEqual([1, expect.stringMatching(/rolled back|is absent/)]);
  await record(first!, 1, 'others');
  await (await partsOf(first!)).round();
  expect(await alarmsOf(first!)).toContain(`rollback of ${id}`);
  await (await partsOf(second!)).round();
  expect(await alarmsOf(second!)).toContain(`rollback of ${id}`);
});

test('a ledger that shows one history to one witness and another to the next is caught by their gossip', async () => {
  const [cheat, second, third] = await signedNetwork();
  const { id } = cheat!.node.config;
  const keys = new SigningKeyFiles(join(cheat!.directory, 'keys'), () => new Date());
  const show = async (to: SignedMember, entries: readonly string[]) => {
    const signers = await signersOf(keys, 'ledger', id);
    const log = await TileLog.open({ origin: id, signers, storage: new MemoryStorage() });
    await log.append(entries.map((entry) => Buffer.from(entry)));
    const body = formatAddCheckpoint({ oldSize: 0, proof: [], checkpoint: log.checkpoint });
    const url = `${to.url}tlog/witness/add-checkpoint`;
    const answer = await fetch(url, { method: 'POST', body });
    await log.close();
    return answer.status;
  };
  // Nobody was shown anything yet: each cosigns what it is shown first.
  expect(await show(second!, ['one', 'two'])).toBe(200);
  expect(await show(third!, ['one', 'other'])).toBe(200);
  expect(await show(third!, ['one', 'two'])).toBe(409);
  await (await partsOf(second!)).round();
  expect(await alarmsOf(second!)).toContain(`fork of ${id}`);
});

test('a witness cosigns for members only, what they signed, and never from a wrong size', async () => {
  const [first, second] = await signedNetwork({ countries: ['EE', 'ES'] });
  const post = async (body: string) => {
    const answer = await fetch(`${second!.url}tlog/witness/add-checkpoint`, { method: 'POST', body });
    return { status: answer.status, type: answer.headers.get('content-type'), body: await answer.text() };
  };
  await record(first!, 2);
  await (await partsOf(first!)).round();
  const note = await (await fetch(`${first!.url}tlog/latest`)).text();
  const size = Number(note.split('\n')[1]);
  const asking = (oldSize: number, checkpoint: string) =>
    formatAddCheckpoint({ oldSize, proof: [], checkpoint });
  expect((await post('nonsense')).status).toBe(400);
  expect((await post(asking(0, note.replace(first!.node.config.id, 'someone.else')))).status).toBe(404);
  expect((await post(asking(size, note.replace(`\n${size}\n`, `\n${size + 1}\n`)))).status).toBe(403);
  expect(await post(asking(0, note))).toEqual({ status: 409, type: 'text/x.tlog.size', body: `${size}\n` });
  expect((await post(asking(size, note))).status).toBe(200);
});

test('files of genotypes that were put back to an older state are found, though each of them is whole', async () => {
  const [first] = await signedNetwork({ countries: ['EE'] });
  const { directory, node } = first!;
  await node.datasets.add({ id: 'biobank', assembly: 'GRCh38' });
  const store = join(directory, 'datasets', 'biobank');
  const copy = await temporaryDirectory();
  await cp(store, join(copy, 'old'), { recursive: true });
  const vcf = join(copy, 'a.vcf');
  await writeFile(
    vcf,
    '##fileformat=VCFv4.3\n##contig=<ID=chr22,assembly=GRCh38>\n##FORMAT=<ID=GT,Number=1,Type=String,Description="G">\n' +
      '#CHROM\tPOS\tID\tREF\tALT\tQUAL\tFILTER\tINFO\tFORMAT\tS1\nchr22\t10510000\t.\tA\tC\t.\t.\t.\tGT\t0/1\n',
  );
  await node.datasets.ingest('biobank', [vcf]);
  expect((await federome('verify', directory)).exitCode).toBe(0);
  await rm(store, { recursive: true });
  await cp(join(copy, 'old'), store, { recursive: true });
  const { exitCode, stderr } = await federome('verify', directory);
  expect([exitCode, stderr]).toEqual([
    1,
    expect.stringContaining('genotypes of biobank: rolled back to generation'),
  ]);
});
