import { expect, test } from 'vitest';
import { testSigner } from '../test-signers.ts';
import { formatCheckpoint } from './checkpoint.ts';
import { formatVerifierKey } from './key.ts';
import { type Policy, quorumOf, verifyCheckpoint } from './policy.ts';
import { formatPolicy, parsePolicy } from './policy-text.ts';
import { signNote } from './signer.ts';

const code = (name: string) => expect.objectContaining({ code: `tlog/${name}` });
const log = testSigner('ee.node');
const [x1, x2, x3, y1, y2] = ['x1', 'x2', 'x3', 'y1', 'y2'].map((name) =>
  testSigner(`${name}/witness`, 'cosignature'),
);
const witnesses = [x1!, x2!, x3!, y1!, y2!];
const text = formatCheckpoint({ origin: 'ee.node', size: 5, root: new Uint8Array(32) });
const signedBy = (...signers: readonly (typeof log)[]) => signNote(text, signers);
const lines = (...more: readonly string[]) =>
  [
    `log ${formatVerifierKey(log.key)} https://ee.example/tlog`,
    ...witnesses.map(({ key }) => `witness ${key.name.slice(0, 2)} ${formatVerifierKey(key)}`),
    ...more,
  ].join('\n');
const NESTED = ['group X 2 x1 x2 x3', 'group Y any y1 y2', 'group both all X Y', 'quorum both'];

test('k of n witnesses are enough, and fewer are not', async () => {
  const policy = quorumOf(2, [log.key], [x1!.key, x2!.key, x3!.key]);
  const { size, cosignatures } = verifyCheckpoint(await signedBy(log, x3!, x1!, y1!), policy);
  expect([size, cosignatures.map(({ name }) => name)]).toEqual([5, ['x3/witness', 'x1/witness']]);
  await expect(async () => verifyCheckpoint(await signedBy(log, x1!), policy)).rejects.toThrow(
    code('too-few-cosignatures'),
  );
});

test('one witness that cosigns twice counts once', async () => {
  const policy = quorumOf(2, [log.key], [x1!.key, x2!.key]);
  const note = await signedBy(log, x1!, x1!);
  expect(() => verifyCheckpoint(note, policy)).toThrow(code('too-few-cosignatures'));
});

test('witnesses alone do not make a checkpoint: its log must sign', async () => {
  const note = await signedBy(x1!, x2!);
  expect(() => verifyCheckpoint(note, quorumOf(2, [log.key], [x1!.key, x2!.key]))).toThrow(/did not sign/);
});

test('a log’s key does not sign the checkpoints of another origin', async () => {
  const other = await signNote(formatCheckpoint({ origin: 'fi.node', size: 5, root: new Uint8Array(32) }), [
    log,
  ]);
  expect(() => verifyCheckpoint(other, quorumOf(0, [log.key], []))).toThrow(code('bad-signature'));
});

test('groups of groups are counted as the text says', async () => {
  const policy = parsePolicy(lines('  # two of X, any of Y', '', ...NESTED, ''));
  verifyCheckpoint(await signedBy(log, x1!, x3!, y2!), policy);
  for (const signers of [[x1!, x2!, x3!], [x1!, y1!, y2!], []])
    await expect(async () => verifyCheckpoint(await signedBy(log, ...signers), policy)).rejects.toThrow(
      code('too-few-cosignatures'),
    );
});

test('a policy reads back as it was written', () => {
  for (const policy of [
    parsePolicy(lines(...NESTED)),
    parsePolicy(lines('quorum none')),
    parsePolicy(lines('quorum x2')),
  ])
    expect(parsePolicy(formatPolicy(policy))).toEqual(policy);
  const flat: Policy = quorumOf(2, [log.key], [x1!.key, x2!.key, y1!.key]);
  expect(parsePolicy(formatPolicy(flat))).toEqual(flat);
});

test.each([
  ['without a quorum', lines()],
  ['with two', lines('quorum none', 'quorum none')],
  ['with a quorum that nothing defines', lines('quorum z')],
  ['with a group of later names', lines('group G all H', 'group H all x1', 'quorum G')],
  ['with a threshold beyond its members', lines('group G 3 x1 x2', 'quorum G')],
  ['with a threshold of none', lines('group G 0 x1 x2', 'quorum G')],
  ['with an empty group', lines('group G all', 'quorum G')],
  ['with one witness in two groups', lines('group G all x1 x2', 'group H all x1 G', 'quorum H')],
  ['with one witness twice in a group', lines('group G all x1 x1', 'quorum G')],
  ['with a name twice', lines('group x1 all x2', 'quorum x1')],
  ['with a witness named none', `witness none ${formatVerifierKey(x1!.key)}\nquorum none`],
  ['with a key twice', lines(`witness again ${formatVerifierKey(x1!.key)}`, 'quorum x1')],
  ['with a log’s key for a witness', `witness w ${formatVerifierKey(log.key)}\nquorum w`],
  ['with a witness’s key for a log', `log ${formatVerifierKey(x1!.key)}\nquorum none`],
  ['with an unknown line', lines('trust everybody', 'quorum none')],
  ['with a carriage return', lines('quorum none\r')],
])('a policy %s is refused', (_, policy) => {
  expect(() => parsePolicy(policy)).toThrow(code('bad-policy'));
});

test('more witnesses than there are cannot be asked for', () => {
  expect(() => quorumOf(2, [log.key], [x1!.key])).toThrow(code('bad-policy'));
  expect(() => quorumOf(1, [log.key], [x1!.key, x1!.key])).toThrow(code('bad-policy'));
});
