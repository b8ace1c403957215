import { expect, test } from 'vitest';
import { MemoryStorage } from '../log/memory-storage.ts';
import { TileLog } from '../log/tile-log.ts';
import { parseNote, parseSignature, verifySignature } from '../notes/note.ts';
import { quorumOf, verifyCheckpoint } from '../notes/policy.ts';
import { signText } from '../notes/signer.ts';
import { testEntries, testSigner } from '../test-signers.ts';
import { addSignatures, cosign, type WitnessPeer } from './cosign.ts';
import { MemoryWitnessStore } from './memory-store.ts';
import { formatAddCheckpoint } from './request.ts';
import {
  type Misbehaviour,
  SIZE_CONTENT_TYPE,
  Witness,
  type WitnessedHead,
  type WitnessStore,
} from './witness.ts';

const NOW = 1_800_000_000;
const logSigner = testSigner('ee.node');
const openLog = () => TileLog.open({ origin: 'ee.node', signers: [logSigner], storage: new MemoryStorage() });

function makeWitness(store: WitnessStore = new MemoryWitnessStore()) {
  const signer = testSigner('lv.node/witness', 'cosignature');
  const evidence: Misbehaviour[] = [];
  const witness = new Witness({
    logKeys: (origin) => (origin === 'ee.node' ? [logSigner.key] : undefined),
    signers: [signer],
    store,
    now: () => NOW,
    onMisbehaviour: (each) => void evidence.push(each),
  });
  const peer: WitnessPeer = { keys: [signer.key], addCheckpoint: (body) => witness.addCheckpoint(body) };
  return { witness, signer, peer, evidence, store };
}

async function request(log: TileLog, oldSize: number, checkpoint = log.checkpoint): Promise<string> {
  return formatAddCheckpoint({ oldSize, proof: await log.tree().consistencyProof(oldSize), checkpoint });
}

test('a witness cosigns the first head, and each that is shown to continue the last', async () => {
  const { witness, signer } = makeWitness();
  const log = await openLog();
  for (const [oldSize, count] of [
    [0, 3],
    [3, 300],
    [303, 1],
  ] as const) {
    await log.append(testEntries(count, oldSize));
    const answer = await witness.addCheckpoint(await request(log, oldSize));
    expect([answer.status, answer.contentType]).toEqual([200, 'text/plain; charset=utf-8']);
    const signature = parseSignature(answer.body.trimEnd());
    expect(verifySignature(parseNote(log.checkpoint).text, signature, signer.key).time).toBe(NOW);
  }
});

test('the same head is cosigned again', async () => {
  const { witness } = makeWitness();
  const log = await openLog();
  await log.append(testEntries(3));
  for (const oldSize of [0, 3, 3])
    expect((await witness.addCheckpoint(await request(log, oldSize))).status).toBe(200);
});

test('a wrong old size is answered with the one that was cosigned last', async () => {
  const { witness } = makeWitness();
  const log = await openLog();
  await log.append(testEntries(5));
  const early = await witness.addCheckpoint(await request(log, 2));
  expect(early).toEqual({ status: 409, contentType: SIZE_CONTENT_TYPE, body: '0\n' });
  await witness.addCheckpoint(await request(log, 0));
  await log.append(testEntries(5, 5));
  expect(await witness.addCheckpoint(await request(log, 0))).toMatchObject({ status: 409, body: '5\n' });
  expect(await witness.addCheckpoint(await request(log, 7))).toMatchObject({ status: 409, body: '5\n' });
});

test('a rollback is refused: the witness has seen more', async () => {
  const { witness } = makeWitness();
  const log = await openLog();
  await log.append(testEntries(5));
  const old = log.checkpoint;
  const oldTree = log.tree(5);
  await log.append(testEntries(5, 5));
  await witness.addCheckpoint(await request(log, 0));
  const proof = await oldTree.consistencyProof(5);
  expect(
    await witness.addCheckpoint(formatAddCheckpoint({ oldSize: 5, proof, checkpoint: old })),
  ).toMatchObject({ status: 409, body: '10\n' });
  expect(
    await witness.addCheckpoint(formatAddCheckpoint({ oldSize: 10, proof, checkpoint: old })),
  ).toMatchObject({ status: 400 });
});

test('a fork of the same size is refused, and both signed heads are the evidence', async () => {
  const { witness, evidence } = makeWitness();
  const [log, fork] = [await openLog(), await openLog()];
  await log.append(testEntries(4));
  await fork.append(testEntries(4, 1));
  await witness.addCheckpoint(await request(log, 0));
  expect(await witness.addCheckpoint(await request(fork, 4))).toMatchObject({ status: 409, body: '4\n' });
  expect(evidence).toEqual([
    { kind: 'fork', origin: 'ee.node', cosigned: log.checkpoint, submitted: fork.checkpoint },
  ]);
});

test('a rewritten log that grew is refused for its proof, whatever proof it brings', async () => {
  const { witness, evidence } = makeWitness();
  const [log, fork] = [await openLog(), await openLog()];
  await log.append(testEntries(4));
  await fork.append([...testEntries(3), Buffer.from('rewritten'), ...testEntries(4, 4)]);
  await witness.addCheckpoint(await request(log, 0));
  expect((await witness.addCheckpoint(await request(fork, 4))).status).toBe(422);
  const none = formatAddCheckpoint({ oldSize: 4, proof: [], checkpoint: fork.checkpoint });
  expect((await witness.addCheckpoint(none)).status).toBe(422);
  expect(evidence.map(({ kind }) => kind)).toEqual(['no-proof', 'no-proof']);
  await log.append(testEntries(1, 4));
  expect((await witness.addCheckpoint(await request(log, 4))).status).toBe(200);
});

test('a proof from nothing must be empty', async () => {
  const { witness } = makeWitness();
  const log = await openLog();
  await log.append(testEntries(4));
  const proof = await log.tree().consistencyProof(2);
  expect(
    (await witness.addCheckpoint(formatAddCheckpoint({ oldSize: 0, proof, checkpoint: log.checkpoint })))
      .status,
  ).toBe(422);
});

test('an unknown log is not found, a head that its log did not sign is forbidden', async () => {
  const { witness } = makeWitness();
  const stranger = await TileLog.open({
    origin: 'xx.node',
    signers: [testSigner('xx.node')],
    storage: new MemoryStorage(),
  });
  expect((await witness.addCheckpoint(await request(stranger, 0))).status).toBe(404);
  const imposter = await TileLog.open({
    origin: 'ee.node',
    signers: [testSigner('ee.node')],
    storage: new MemoryStorage(),
  });
  expect((await witness.addCheckpoint(await request(imposter, 0))).status).toBe(403);
});

test.each([
  ['nothing', ''],
  ['no old size', '\nee.node\n'],
  ['a leading zero', 'old 01\n\n'],
  ['a hash that is none', 'old 1\nabc\n\n'],
  ['no checkpoint', 'old 1\n\ntext\n'],
])('a request of %s is a bad one', async (_, body) => {
  expect((await makeWitness().witness.addCheckpoint(body)).status).toBe(400);
});

test('a proof of 64 lines is a bad request', async () => {
  const log = await openLog();
  const body = (await request(log, 0)).replace('old 0\n', `old 0\n${`${'A'.repeat(43)}=\n`.repeat(64)}`);
  expect((await makeWitness().witness.addCheckpoint(body)).status).toBe(400);
});

test('of two heads at once, one is cosigned, and nothing is signed before it is remembered', async () => {
  const { witness, store } = makeWitness();
  const [log, fork] = [await openLog(), await openLog()];
  await log.append(testEntries(4));
  await fork.append(testEntries(5, 1));
  const answers = await Promise.all([
    witness.addCheckpoint(await request(log, 0)),
    witness.addCheckpoint(await request(fork, 0)),
  ]);
  expect(answers.map(({ status }) => status).sort()).toEqual([200, 409]);
  const cosigned = answers[0]!.status === 200 ? log : fork;
  expect((await store.read('ee.node'))?.checkpoint).toBe(cosigned.checkpoint);
});

test('a witness whose store fails signs nothing', async () => {
  class FullStore extends MemoryWitnessStore {
    override async replace(_: string, __: WitnessedHead | undefined, ___: WitnessedHead): Promise<boolean> {
      throw new Error('disk full');
    }
  }
  const { witness } = makeWitness(new FullStore());
  const log = await openLog();
  await expect(witness.addCheckpoint(await request(log, 0))).rejects.toThrow('disk full');
});

test('a log gathers a quorum, from witnesses that stand at different sizes', async () => {
  const peers = [makeWitness(), makeWitness(), makeWitness()];
  const log = await openLog();
  await log.append(testEntries(4));
  await cosign(log.checkpoint, log.tree(), [peers[0]!.peer]);
  await log.append(testEntries(300, 4));
  const unreachable: WitnessPeer = { keys: [], addCheckpoint: () => Promise.reject(new Error('no route')) };
  const witnesses = [...peers.map(({ peer }) => peer), unreachable];
  const { checkpoint, outcomes } = await cosign(log.checkpoint, log.tree(), witnesses);
  expect(outcomes.map(({ kind }) => kind)).toEqual(['cosigned', 'cosigned', 'cosigned', 'failed']);
  const policy = quorumOf(
    3,
    [logSigner.key],
    peers.map(({ signer }) => signer.key),
  );
  expect(verifyCheckpoint(checkpoint, policy).cosignatures).toHaveLength(3);
  expect(
    parseNote(addSignatures(parseNote(checkpoint), parseNote(checkpoint).signatures)).signatures,
  ).toHaveLength(4);
});

test('a witness that has seen a larger tree is reported as ahead', async () => {
  const { peer } = makeWitness();
  const log = await openLog();
  await log.append(testEntries(4));
  const [old, tree] = [log.checkpoint, log.tree()];
  await log.append(testEntries(4, 4));
  await cosign(log.checkpoint, log.tree(), [peer]);
  expect((await cosign(old, tree, [peer])).outcomes).toEqual([{ kind: 'ahead', size: 8 }]);
});

test('a forked log gets no cosignature from the witness of its other history', async () => {
  const { peer } = makeWitness();
  const [log, fork] = [await openLog(), await openLog()];
  await log.append(testEntries(4));
  await fork.append(testEntries(6, 1));
  await cosign(log.checkpoint, log.tree(), [peer]);
  const { checkpoint, outcomes } = await cosign(fork.checkpoint, fork.tree(), [peer]);
  expect(outcomes).toMatchObject([{ kind: 'refused', status: 422 }]);
  expect(checkpoint).toBe(fork.checkpoint);
});

test('an answer that is not this witness’s cosignature of this head is not taken', async () => {
  const log = await openLog();
  const { signer } = makeWitness();
  const { name, id, signature } = await signText('another text\n', signer);
  const line = addSignatures({ text: '', signatures: [] }, [{ name, id, signature }]).trimStart();
  const answering = (status: number, body: string, contentType = 'text/plain'): WitnessPeer => ({
    keys: [signer.key],
    addCheckpoint: async () => ({ status, body, contentType }),
  });
  const { outcomes, checkpoint } = await cosign(log.checkpoint, log.tree(), [
    answering(200, line),
    answering(200, 'no signature\n'),
    answering(200, ''),
    answering(409, '0\n', SIZE_CONTENT_TYPE),
    answering(409, 'a fork\n'),
    answering(500, 'broken\n'),
  ]);
  expect(outcomes.map(({ kind }) => kind)).toEqual([
    'failed',
    'failed',
    'refused',
    'refused',
    'refused',
    'refused',
  ]);
  expect(checkpoint).toBe(log.checkpoint);
});
