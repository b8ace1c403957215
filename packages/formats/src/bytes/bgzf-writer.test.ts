import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PassThrough } from 'node:stream';
import { gunzipSync } from 'node:zlib';
import * as fc from 'fast-check';
import { afterAll, expect, test } from 'vitest';
import { BgzfSink } from './bgzf-writer.ts';
import { openByteStream } from './byte-stream.ts';

const directory = mkdtempSync(join(tmpdir(), 'federome-bgzf-'));
afterAll(() => rmSync(directory, { recursive: true }));

async function compressed(parts: readonly Buffer[]): Promise<Buffer> {
  const out = new PassThrough();
  const chunks: Buffer[] = [];
  out.on('data', (chunk: Buffer) => chunks.push(chunk));
  const sink = new BgzfSink(out);
  for (const part of parts) await sink.write(part);
  await sink.finish();
  return Buffer.concat(chunks);
}

/** Texts that do not compress at all, a little, and to almost nothing, of several blocks. */
const part = fc
  .tuple(fc.integer({ min: 1, max: 300_000 }), fc.constantFrom(2, 16, 256))
  .map(([length, values]) => randomBytes(length).map((byte) => byte % values))
  .map((bytes) => Buffer.from(bytes));

test('what was compressed inflates as it was, by zlib and by our reader', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(part, { maxLength: 4 }), async (parts) => {
      const text = Buffer.concat(parts);
      const bytes = await compressed(parts);
      expect(gunzipSync(bytes).equals(text)).toBe(true);
      const path = join(directory, 'file.gz');
      writeFileSync(path, bytes);
      const stream = await openByteStream(path);
      expect(stream.compression).toBe('bgzf');
      const read: Uint8Array[] = [];
      for await (const chunk of stream) read.push(chunk);
      expect(Buffer.concat(read).equals(text)).toBe(true);
    }),
    { numRuns: 25 },
  );
});

test('blocks are independent of each other, so that an index may lead into any', async () => {
  const text = Buffer.from('0|0\t'.repeat(50_000), 'latin1');
  const bytes = await compressed([text, text]);
  const found: Buffer[] = [];
  for (let at = 0; at < bytes.length; ) {
    const size = bytes.readUInt16LE(at + 16) + 1;
    found.push(gunzipSync(bytes.subarray(at, at + size)));
    at += size;
  }
  expect(found.length).toBe(2 * Math.ceil(text.length / 0xff00) + 1);
  expect(Buffer.concat(found).equals(Buffer.concat([text, text]))).toBe(true);
});
