import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import {
  isPass,
  isPlainName,
  isPlainNumber,
  isPoint,
  LastBytes,
  NO_POSITION,
  plainAlt,
  plainBase,
  plainPosition,
} from './plain.ts';
import { checkQual, parseAlts, parseFilters, parseIds, parsePosition, parseRef } from './site.ts';

const refuse = (reason: string) => new Error(reason);
const column = fc.oneof(
  fc.constantFrom('.', 'PASS', 'PASs', '100', '0', '1234567890', '3.75', '.5', '5.', '1e5', 'A', 'a', 'AC'),
  fc.constantFrom('N', 'T', 'rs12', 'a;b', 'rs 1', 'é', '', '-1', '+1', '1.2.3', '..'),
  fc.string({ unit: fc.constantFrom(...'.;09ACGTe+- \u007fé'), maxLength: 11 }),
);

/** A column between others. */
function within<T>(text: string, read: (bytes: Uint8Array, start: number, end: number) => T): T {
  const bytes = Buffer.from(`9\t${text}\t9`);
  return read(bytes, 2, bytes.length - 2);
}

test('what is read as plain is what the readers of any column read', () => {
  let plain = 0;
  fc.assert(
    fc.property(column, (text) => {
      const position = within(text, plainPosition);
      if (position !== NO_POSITION) expect(position).toBe(parsePosition(text, refuse));
      const base = within(text, plainBase);
      if (base !== undefined) expect(base).toBe(parseRef(text, refuse));
      const alts = within(text, plainAlt);
      if (alts !== undefined) expect(alts).toEqual(parseAlts(text, refuse));
      const isNumber = within(text, isPlainNumber);
      if (isNumber) expect(() => checkQual(text, refuse)).not.toThrow();
      const isName = within(text, isPlainName) && text !== '.';
      if (isName) for (const minor of [2, 3]) expect(parseIds(text, minor, refuse)).toEqual([text]);
      expect(within(text, isPass)).toBe(text === 'PASS');
      expect(within(text, isPoint)).toBe(text === '.');
      if (within(text, isPass)) expect(parseFilters(text, 3, refuse)).toEqual(['PASS']);
      if (isName || isNumber || base !== undefined || position !== NO_POSITION) plain += 1;
    }),
    { numRuns: 2_000 },
  );
  expect(plain).toBeGreaterThan(500);
});

test('the bytes of a column are remembered, not where they lay', () => {
  const bytes = Buffer.from('chr1\tchr2\tchr');
  const last = new LastBytes();
  expect(last.equal(bytes, 0, 0)).toBe(false);
  last.set(bytes, 0, 4);
  expect([last.equal(bytes, 0, 4), last.equal(bytes, 5, 9), last.equal(bytes, 10, 13)]).toEqual([
    true,
    false,
    false,
  ]);
  bytes.copyWithin(0, 5);
  expect(last.equal(bytes, 0, 4)).toBe(false);
});
