import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import * as fc from 'fast-check';
import { afterAll, expect, test } from 'vitest';
import { openTextWindow } from './open-text-window.ts';
import { WholeLines } from './whole-lines.ts';

const directory = mkdtempSync(join(tmpdir(), 'federome-window-'));
afterAll(() => rmSync(directory, { recursive: true }));

function written(bytes: Uint8Array): string {
  const path = join(directory, 'file');
  writeFileSync(path, bytes);
  return path;
}

/** Lines of any length, some far longer than a window. */
const text = fc
  .array(fc.oneof(fc.nat({ max: 300 }), fc.nat({ max: 3_000_000 })), { maxLength: 8 })
  .map((lengths) => lengths.map((length, line) => `${line} ${'0|1\t'.repeat(length / 4)}\n`).join(''));

test('whole lines of any length come back as they were, with the unfinished rest', async () => {
  await fc.assert(
    fc.asyncProperty(text, fc.constantFrom('', 'the rest'), fc.boolean(), async (lines, rest, compressed) => {
      const bytes = Buffer.from(lines + rest);
      const window = await openTextWindow(written(compressed ? gzipSync(bytes, { level: 1 }) : bytes));
      const reader = new WholeLines(window);
      const parts: Buffer[] = [];
      for (let span = await reader.next(); span !== undefined; span = await reader.next()) {
        expect(window.memory.bytes[span.end - 1]).toBe(10);
        parts.push(Buffer.from(window.memory.bytes.subarray(span.start, span.end)));
      }
      expect(Buffer.concat(parts).equals(Buffer.from(lines))).toBe(true);
      const { start, end } = reader.unfinished;
      expect(window.memory.bytes.toString('latin1', start, end)).toBe(rest);
      await window.close();
    }),
    { numRuns: 30 },
  );
});
