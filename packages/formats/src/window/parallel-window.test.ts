import { spawnSync } from 'node:child_process';
import { mkdtempSync, openSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Worker } from 'node:worker_threads';
import { crc32, deflateRawSync } from 'node:zlib';
import * as fc from 'fast-check';
import { afterAll, expect, test } from 'vitest';
import { TextMemory } from '../kernels/text-memory.ts';
import { openTextWindow } from './open-text-window.ts';
import { ParallelWindow } from './parallel-window.ts';
import { WholeLines } from './whole-lines.ts';

const directory = mkdtempSync(join(tmpdir(), 'federome-parallel-'));
afterAll(() => rmSync(directory, { recursive: true }));

const EOF_BLOCK = Buffer.from('1f8b08040000000000ff0600424302001b0003000000000000000000', 'hex');

function bgzf(text: Buffer, level = 1): Buffer {
  const blocks: Buffer[] = [];
  for (let at = 0; at < text.length; at += 65_280) {
    const part = text.subarray(at, at + 65_280);
    const header = Buffer.from('1f8b08040000000000ff060042430200', 'hex');
    const block = Buffer.concat([header, Buffer.alloc(2), deflateRawSync(part, { level }), Buffer.alloc(8)]);
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

function windowOn(bytes: Uint8Array, threads: number): ParallelWindow {
  const file = written(bytes);
  const opened = {
    file,
    descriptor: openSync(file, 'r'),
    bytesTotal: bytes.length,
    memory: new TextMemory(),
  };
  return new ParallelWindow({ ...opened, onCompressed: undefined }, threads);
}

/** The window's whole lines, and the code of what ended them. */
async function read(window: ParallelWindow): Promise<{ text: Buffer; refused: unknown }> {
  const parts: Buffer[] = [];
  const reader = new WholeLines(window);
  try {
    for (let span = await reader.next(); span !== undefined; span = await reader.next())
      parts.push(Buffer.from(window.memory.bytes.subarray(span.start, span.end)));
    return { text: Buffer.concat(parts), refused: undefined };
  } catch (error) {
    return { text: Buffer.concat(parts), refused: error };
  } finally {
    await window.close();
  }
}

/** Numbered lines of a kind, of any length. */
function linesOf(lengths: readonly number[]): Buffer {
  return Buffer.from(
    lengths.map((length, line) => `${line} ${`${line % 10}|1\t`.repeat(length / 4)}\n`).join(''),
  );
}

const TEXT = linesOf(Array.from({ length: 60 }, (_, line) => 100_000 + 977 * line));

test('lines of any length come back as they were, with several threads', async () => {
  const length = fc.oneof(fc.nat({ max: 50_000 }), fc.nat({ max: 3_000_000 }));
  await fc.assert(
    fc.asyncProperty(
      fc.array(length, { maxLength: 20 }),
      fc.integer({ min: 1, max: 3 }),
      async (lengths, threads) => {
        const lines = linesOf(lengths);
        const { text, refused } = await read(windowOn(bgzf(lines), threads));
        expect(refused).toBeUndefined();
        expect(text.equals(lines)).toBe(true);
      },
    ),
    { numRuns: 12 },
  );
});

test('lines that grow longer than all the room there was come back as they were', async () => {
  const lines = linesOf([
    1_000, 1_000_000, 3_000_000, 9_000_000, 20_000_000, 10, 4_000_000, 30_000_000, 10, 10,
  ]);
  const { text, refused } = await read(windowOn(bgzf(lines), 2));
  expect(refused).toBeUndefined();
  expect(text.equals(lines)).toBe(true);
});

test('damage is found where it lies: the lines before it are given', async () => {
  const bytes = bgzf(TEXT, 0);
  const at = Math.floor(bytes.length * 0.7);
  bytes[at] = bytes[at]! ^ 1;
  const { text, refused } = await read(windowOn(bytes, 2));
  expect(refused).toMatchObject({ code: 'formats/corrupt-compression' });
  expect(text.length).toBeGreaterThan(TEXT.length / 2);
  expect(text.equals(TEXT.subarray(0, text.length))).toBe(true);
});

test('a file that was cut is truncated, once the lines before were given', async () => {
  const bytes = bgzf(TEXT, 0);
  const { text, refused } = await read(windowOn(bytes.subarray(0, bytes.length - EOF_BLOCK.length), 2));
  expect(refused).toMatchObject({ code: 'formats/truncated' });
  expect(text.equals(TEXT)).toBe(true);
  expect((await read(windowOn(bytes.subarray(0, 1_000_000), 2))).refused).toMatchObject({
    code: 'formats/truncated',
  });
});

test.each([0, 1, 20, 100])('threads that die after %i ms leave their work to the caller', async (ms) => {
  const started: Worker[] = [];
  const note = (worker: Worker) => started.push(worker);
  process.on('worker', note);
  const window = windowOn(bgzf(Buffer.concat([TEXT, TEXT, TEXT])), 3);
  await new Promise(setImmediate);
  process.off('worker', note);
  expect(started).toHaveLength(2);
  const killed = new Promise((resolve) => setTimeout(resolve, ms)).then(() =>
    Promise.all(started.map((worker) => worker.terminate())),
  );
  const { text, refused } = await read(window);
  await killed;
  expect(refused).toBeUndefined();
  expect(text.equals(Buffer.concat([TEXT, TEXT, TEXT]))).toBe(true);
});

test('a window that is left early lets the process end, closed or not', () => {
  const path = written(bgzf(TEXT, 0));
  for (const ending of ['await window.close();', '']) {
    const script = `
      import { openTextWindow } from ${JSON.stringify(new URL('open-text-window.ts', import.meta.url))};
      const window = await openTextWindow(${JSON.stringify(path)}, { threads: 3 });
      const span = await window.next();
      console.log(window.constructor.name, span.end - span.start > 0);
      ${ending}`;
    const { stdout, status } = spawnSync(process.execPath, ['--input-type=module', '-e', script], {
      encoding: 'utf8',
      timeout: 30_000,
    });
    expect(stdout).toBe('ParallelWindow true\n');
    expect(status).toBe(0);
  }
});

test('a file that is not worth a thread is inflated by the caller', async () => {
  const window = await openTextWindow(written(bgzf(TEXT, 9)), { threads: 3 });
  expect(window.constructor.name).toBe('BgzfWindow');
  await window.close();
});
