import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { commitmentOf, eventText } from './commitment.ts';
import { ledgerReceipt, readLedgerReceipt } from './receipt.ts';

const sha256 = (bytes: Uint8Array) => new Uint8Array(createHash('sha256').update(bytes).digest());
const salt = new Uint8Array(32).fill(7);
const event = { type: 'data/used', at: '2026-01-01T00:00:00.000Z', data: { dataset: 'b', people: 5 } };

test('a commitment is the hash of domain, salt and canonical event', () => {
  const text = '{"at":"2026-01-01T00:00:00.000Z","data":{"dataset":"b","people":5},"type":"data/used"}';
  expect(eventText(event)).toBe(text);
  const expected = createHash('sha256')
    .update('federome ledger entry 1\n')
    .update(salt)
    .update(text)
    .digest();
  expect(Buffer.from(commitmentOf(text, salt, sha256))).toEqual(expected);
});

test('another salt or another event makes another commitment', () => {
  fc.assert(
    fc.property(
      fc.uint8Array({ minLength: 32, maxLength: 32 }),
      fc.string(),
      fc.uint8Array({ minLength: 32, maxLength: 32 }),
      fc.string(),
      (salt1, text1, salt2, text2) => {
        const same = Buffer.from(salt1).equals(salt2) && text1 === text2;
        const [one, two] = [commitmentOf(text1, salt1, sha256), commitmentOf(text2, salt2, sha256)];
        expect(Buffer.from(one).equals(two)).toBe(same);
      },
    ),
  );
});

test('a salt that is too short is refused', () =>
  expect(() => commitmentOf('{}', salt.slice(1), sha256)).toThrow(RangeError));

test('a receipt reads back as it was written, and nothing else reads as one', () => {
  const receipt = ledgerReceipt(event, '0'.repeat(64), 'proof');
  expect(readLedgerReceipt(JSON.parse(JSON.stringify(receipt)))).toEqual(receipt);
  const others: readonly unknown[] = [
    null,
    [],
    { ...receipt, format: 'federome-receipt 2' },
    { ...receipt, salt: '0' },
    { ...receipt, proof: 1 },
    { ...receipt, more: 1 },
    { ...receipt, event: { type: 'a/b', at: 'now' } },
    { ...receipt, event: { ...event, data: [] } },
    { ...receipt, event: { ...event, more: 1 } },
  ];
  for (const other of others)
    expect(() => readLedgerReceipt(other)).toThrow(expect.objectContaining({ code: 'core/bad-receipt' }));
});
