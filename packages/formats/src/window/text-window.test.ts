import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { crc32, deflateRawSync, gzipSync } from 'node:zlib';
import * as fc from 'fast-check';
import { afterAll, describe, expect, test } from 'vitest';
import { FormatError } from '../errors.ts';
import { TextMemory } from '../kernels/text-memory.ts';
import { openTextWindow } from './open-text-window.ts';
import type { TextSpan } from './text-window.ts';
import { WholeLines } from './whole-lines.ts';

const directory = mkdtempSync(join(tmpdir(), 'federome-window-'));
afterAll(() => rmSync(directory, { recursive: true }));

const EOF_BLOCK = Buffer.from('1f8b08040000000000ff0600424302001b0003000000000000000000', 'hex');

function bgzf(text: Buffer, blockBytes: number): Buffer {
  const blocks: Buffer[] = [];
  for (let at = 0; at < text.length; at += blockBytes) {
    const part = text.subarray(at, at + blockBytes);
    const header = Buffer.from('1f8b08040000000000ff060042430200', 'hex');
    const block = Buffer.concat([header, Buffer.alloc(2), deflateRawSync(part), Buffer.alloc(8)]);
    block.writeUInt16LE(block.length - 1, 16);
    block.writeUInt32LE(crc32(part), block.length - 8);
    block.writeUInt32LE(part.length, block.length - 4);
    blocks.push(block);
  }
  return Buffer.concat([...blocks, EOF_BLOCK]);
}

function written(bytes: Uint8Array): string {
  const path = join(directory, 'file');
  writeFileSync(path, bytes);
  return path;
}

/** All spans in a row; of each a share is kept, and must still be there when the next comes. */
async function textOf(bytes: Uint8Array, share = 0): Promise<Buffer> {
  const parts: Buffer[] = [];
  const window = await openTextWindow(written(bytes));
  const at = ({ start, end }: TextSpan) => Buffer.from(window.memory.bytes.subarray(start, end));
  try {
    let kept = Buffer.alloc(0);
    let span = await window.next();
    while (span !== undefined) {
      const text = at(span);
      expect(text.subarray(0, kept.length).equals(kept)).toBe(true);
      expect(text.length).toBeGreaterThan(kept.length);
      parts.push(text.subarray(kept.length));
      kept = text.subarray(text.length - Math.floor(text.length * share));
      const last = span;
      span = await window.next(last.end - kept.length);
      if (span === undefined) expect(at({ start: last.end - kept.length, end: last.end })).toEqual(kept);
    }
  } finally {
    await window.close();
  }
  return Buffer.concat(parts);
}

/** The code of the refusal, or the text where there is none. */
async function outcomeOf(bytes: Uint8Array): Promise<string | Buffer> {
  try {
    return await textOf(bytes);
  } catch (error) {
    if (!(error instanceof FormatError)) throw error;
    expect(error.location?.file).toBe(join(directory, 'file'));
    return error.code;
  }
}

/** Lines of any length, some far longer than a window. */
const lines = fc
  .array(fc.oneof(fc.nat({ max: 300 }), fc.nat({ max: 3_000_000 })), { maxLength: 8 })
  .map((lengths) => lengths.map((length, line) => `${line} ${'0|1\t'.repeat(length / 4)}\n`).join(''));

const compressed: Readonly<Record<string, (text: Buffer, size: number) => Buffer>> = {
  plain: (text) => text,
  gzip: (text, size) => Buffer.concat([gzipSync(text.subarray(0, size)), gzipSync(text.subarray(size))]),
  BGZF: (text, size) => bgzf(text, size),
};

describe.each(Object.entries(compressed))('%s', (_, compress) => {
  test('whole lines of any length come back as they were, with the unfinished rest', async () => {
    await fc.assert(
      fc.asyncProperty(lines, fc.constantFrom('', 'the rest'), async (whole, rest) => {
        const window = await openTextWindow(written(compress(Buffer.from(whole + rest), 65_280)));
        const reader = new WholeLines(window);
        const parts: Buffer[] = [];
        for (let span = await reader.next(); span !== undefined; span = await reader.next()) {
          expect(window.memory.bytes[span.end - 1]).toBe(10);
          parts.push(Buffer.from(window.memory.bytes.subarray(span.start, span.end)));
        }
        expect(Buffer.concat(parts).equals(Buffer.from(whole))).toBe(true);
        const { start, end } = reader.unfinished;
        expect(window.memory.bytes.toString('latin1', start, end)).toBe(rest);
        await window.close();
      }),
      { numRuns: 15 },
    );
  });

  test('what is kept of a span lies before what follows it', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.uint8Array({ minLength: 1, maxLength: 3_000 }),
        fc.integer({ min: 1, max: 700 }),
        fc.integer({ min: 20, max: 65_280 }),
        fc.constantFrom(0, 0.1, 0.5, 1),
        async (unit, times, size, share) => {
          fc.pre(unit[0] !== 0x1f);
          const text = Buffer.concat(Array<Uint8Array>(times).fill(unit));
          expect((await textOf(compress(text, size), share)).equals(text)).toBe(true);
        },
      ),
      { numRuns: 15 },
    );
  });

  test('the bytes of the file are handed over as they are, once and in order', async () => {
    const bytes = compress(Buffer.alloc(2_000_000, 'ACGTTGCATT\n'), 30_000);
    const seen: Buffer[] = [];
    const window = await openTextWindow(written(bytes), {
      onCompressed: (part) => seen.push(Buffer.from(part)),
    });
    for (let span = await window.next(); span !== undefined; ) span = await window.next();
    expect(Buffer.concat(seen).equals(bytes)).toBe(true);
    expect(window.progress).toEqual({ bytesRead: bytes.length, bytesTotal: bytes.length });
    await window.close();
    await window.close();
    expect(await window.next().catch(() => undefined)).toBeUndefined();
  });
});

const TEXT = Buffer.from(Array.from({ length: 150 }, (_, line) => `line ${line} of a text\n`).join(''));
const BLOCKS = bgzf(TEXT, 700);

test('BGZF that was cut anywhere is truncated, at the borders of blocks too', async () => {
  for (let length = 26; length < BLOCKS.length; length += 3)
    expect(await outcomeOf(BLOCKS.subarray(0, length)), `cut at ${length}`).toBe('formats/truncated');
});

test('a flipped bit of BGZF is found, or changes nothing', async () => {
  const damaged = Buffer.from(BLOCKS);
  let found = 0;
  for (let at = 3; at < BLOCKS.length; at += 2) {
    damaged[at] = BLOCKS[at]! ^ (1 << (at % 8));
    const outcome = await outcomeOf(damaged);
    if (typeof outcome === 'string') {
      expect(['formats/corrupt-compression', 'formats/truncated'], `flipped at ${at}`).toContain(outcome);
      found += 1;
    } else expect(outcome.equals(TEXT), `flipped at ${at}`).toBe(true);
    damaged[at] = BLOCKS[at]!;
  }
  expect(found).toBeGreaterThan(BLOCKS.length * 0.4);
});

test('bytes behind the end of BGZF that are no block are damage, more blocks are not', async () => {
  expect(await outcomeOf(Buffer.concat([BLOCKS, Buffer.alloc(64, 'x')]))).toBe('formats/corrupt-compression');
  expect(await outcomeOf(Buffer.concat([BLOCKS, BLOCKS]))).toEqual(Buffer.concat([TEXT, TEXT]));
});

test('a file that is not there, and a folder, cannot be read', async () => {
  for (const path of [join(directory, 'absent'), directory])
    await expect(async () => {
      const window = await openTextWindow(path);
      await window.next();
    }).rejects.toMatchObject({ code: 'formats/file-not-readable' });
});

test('a memory serves one window after another, beside what others allocated in it', async () => {
  const memory = new TextMemory();
  const own = memory.allocate(1_000);
  memory.bytes.fill(7, own, own + 1_000);
  for (let round = 0; round < 2; round += 1) {
    const window = await openTextWindow(written(BLOCKS), { memory });
    const span = (await window.next())!;
    expect(memory.bytes.subarray(span.start, span.end).equals(TEXT)).toBe(true);
    await window.close();
  }
  expect(memory.bytes.subarray(own, own + 1_000).every((byte) => byte === 7)).toBe(true);
});
