import { gunzipSync, inflateRawSync } from 'node:zlib';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { BGZF_END, bgzfBlocks } from './bgzf.ts';

const bytes = fc
  .tuple(fc.uint8Array({ maxLength: 200 }), fc.integer({ min: 0, max: 3_000 }))
  .map(([unit, times]) => Buffer.concat(Array.from({ length: times }, () => unit)));

test('whatever is compressed comes out again, block by block', () => {
  fc.assert(
    fc.property(bytes, (plain) => {
      const file = Buffer.concat([bgzfBlocks(plain), BGZF_END]);
      expect(gunzipSync(file).equals(plain)).toBe(true);
      let at = 0;
      const parts: Buffer[] = [];
      while (at < file.length) {
        expect(file.subarray(at, at + 4).toString('hex')).toBe('1f8b0804');
        const size = file.readUInt16LE(at + 16) + 1;
        const part = inflateRawSync(file.subarray(at + 18, at + size - 8));
        expect(file.readUInt32LE(at + size - 4)).toBe(part.length);
        expect(part.length).toBeLessThanOrEqual(65_536);
        parts.push(part);
        at += size;
      }
      expect(at).toBe(file.length);
      expect(Buffer.concat(parts).equals(plain)).toBe(true);
    }),
    { numRuns: 60 },
  );
});

test('the end is an empty block', () => {
  expect(gunzipSync(BGZF_END)).toHaveLength(0);
  expect(BGZF_END).toHaveLength(28);
});
