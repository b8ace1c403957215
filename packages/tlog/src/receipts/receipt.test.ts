import { expect, test } from 'vitest';
import { MemoryStorage } from '../log/memory-storage.ts';
import { TileLog } from '../log/tile-log.ts';
import { quorumOf } from '../notes/policy.ts';
import { testEntries, testSigner } from '../test-signers.ts';
import { formatReceipt, parseReceipt, verifyReceipt } from './receipt.ts';

const code = (name: string) => expect.objectContaining({ code: `tlog/${name}` });
const signer = testSigner('ee.node');
const policy = quorumOf(0, [signer.key], []);
const entries = testEntries(300);
const log = await TileLog.open({ origin: 'ee.node', signers: [signer], storage: new MemoryStorage() });
await log.append(entries);
const receiptFor = async (index: number, extra?: Uint8Array) =>
  formatReceipt({
    index,
    proof: await log.tree().inclusionProof(index),
    checkpoint: log.checkpoint,
    ...(extra === undefined ? {} : { extra }),
  });

test('a receipt shows offline that its entry is in the log, and no other entry', async () => {
  for (const index of [0, 255, 299]) {
    const receipt = await receiptFor(index);
    expect(verifyReceipt(receipt, entries[index]!, policy)).toMatchObject({
      index,
      size: 300,
      origin: 'ee.node',
    });
    expect(() => verifyReceipt(receipt, entries[1]!, policy)).toThrow(code('bad-proof'));
  }
});

test('a receipt for another place in the log is refused', async () => {
  const receipt = await receiptFor(7);
  expect(() => verifyReceipt(receipt.replace('index 7', 'index 8'), entries[7]!, policy)).toThrow(
    code('bad-proof'),
  );
  expect(() => verifyReceipt(receipt.replace('index 7', 'index 300'), entries[7]!, policy)).toThrow(
    code('out-of-range'),
  );
});

test('a receipt under a checkpoint of somebody else is refused', async () => {
  const receipt = await receiptFor(7);
  expect(() => verifyReceipt(receipt, entries[7]!, quorumOf(0, [testSigner('ee.node').key], []))).toThrow(
    code('bad-signature'),
  );
});

test('a receipt reads back as it was written, with what the application adds and without', async () => {
  for (const extra of [undefined, Uint8Array.of(), Uint8Array.of(1, 2, 3)]) {
    const text = await receiptFor(299, extra);
    expect(text.startsWith('c2sp.org/tlog-proof@v1\n')).toBe(true);
    expect(parseReceipt(text).extra).toEqual(extra);
    expect(formatReceipt(parseReceipt(text))).toBe(text);
  }
});

test.each([
  ['of another version', (text: string) => text.replace('@v1', '@v2')],
  ['without an index', (text: string) => text.replace(/index 7\n/, '')],
  ['with a leading zero', (text: string) => text.replace('index 7', 'index 07')],
  ['with extra bytes that are not base64', (text: string) => text.replace('index', 'extra !\nindex')],
  ['with a short hash', (text: string) => text.replace(/index 7\n..../, 'index 7\n')],
  ['without a checkpoint', (text: string) => text.slice(0, text.indexOf('\n\n'))],
  ['with 64 hashes', (text: string) => text.replace('\n\n', `\n${`${'A'.repeat(43)}=\n`.repeat(64)}\n`)],
])('a receipt %s is refused', async (_, change) => {
  const text = change(await receiptFor(7));
  expect(() => parseReceipt(text)).toThrow(code('bad-proof'));
});
