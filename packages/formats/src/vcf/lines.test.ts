import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { wholeLines } from './lines.ts';

async function* inChunks(text: string, sizes: readonly number[]): AsyncGenerator<Uint8Array> {
  const bytes = Buffer.from(text);
  let chunk = 0;
  for (let at = 0; at < bytes.length; chunk += 1) {
    const size = sizes[chunk % sizes.length]!;
    // As of a stream that releases its chunks: nothing is left of one when the next is asked for.
    const part = Uint8Array.from(bytes.subarray(at, at + size));
    yield part;
    part.fill(0);
    at += size;
  }
}

/** The lines of the runs, and what was left without a newline. */
async function split(text: string, sizes: readonly number[]): Promise<{ lines: string[]; rest: string }> {
  const lines: string[] = [];
  let rest = '';
  const unfinished = (bytes: Buffer) => {
    rest = bytes.toString();
  };
  for await (const { bytes, start, end } of wholeLines(inChunks(text, sizes), unfinished)) {
    expect(bytes[end - 1]).toBe(10);
    lines.push(...bytes.toString('utf8', start, end - 1).split('\n'));
  }
  return { lines, rest };
}

test('chunks of any sizes are cut into the lines of the text', async () => {
  const line = fc.string({ unit: fc.constantFrom('a', '\t', 'é'), maxLength: 12 });
  const sizes = fc.array(fc.integer({ min: 1, max: 9 }), { minLength: 1, maxLength: 4 });
  await fc.assert(
    fc.asyncProperty(fc.array(line), line, sizes, async (lines, rest, chunkSizes) => {
      const text = lines.map((each) => `${each}\n`).join('') + rest;
      expect(await split(text, chunkSizes)).toEqual({ lines, rest });
    }),
    { numRuns: 300 },
  );
});

test('every size of chunk gives the same lines', async () => {
  const text = 'one\n\ntwo three\nfour';
  for (let size = 1; size <= text.length + 1; size += 1)
    expect(await split(text, [size])).toEqual({ lines: ['one', '', 'two three'], rest: 'four' });
});
