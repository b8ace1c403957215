import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { crc32, deflateRawSync, gzipSync } from 'node:zlib';
import * as fc from 'fast-check';
import { afterAll, describe, expect, test } from 'vitest';
import { FormatError } from '../errors.ts';
import { openByteStream } from './byte-stream.ts';
import { openRandomAccess } from './random-access.ts';

const directory = mkdtempSync(join(tmpdir(), 'federome-bytes-'));
afterAll(() => rmSync(directory, { recursive: true }));

const EOF_BLOCK = Buffer.from('1f8b08040000000000ff0600424302001b0003000000000000000000', 'hex');

function bgzfBlock(text: Buffer): Buffer {
  const deflated = deflateRawSync(text);
  const header = Buffer.from('1f8b08040000000000ff060042430200', 'hex');
  const block = Buffer.concat([header, Buffer.alloc(2), deflated, Buffer.alloc(8)]);
  block.writeUInt16LE(block.length - 1, 16);
  block.writeUInt32LE(crc32(text), block.length - 8);
  block.writeUInt32LE(text.length, block.length - 4);
  return block;
}

function bgzf(text: Buffer, blockBytes: number): Buffer {
  const blocks: Buffer[] = [];
  for (let at = 0; at < text.length; at += blockBytes)
    blocks.push(bgzfBlock(text.subarray(at, at + blockBytes)));
  return Buffer.concat([...blocks, EOF_BLOCK]);
}

function written(bytes: Uint8Array): string {
  const path = join(directory, 'file');
  writeFileSync(path, bytes);
  return path;
}

async function textOf(bytes: Uint8Array): Promise<Buffer> {
  const chunks: Uint8Array[] = [];
  for await (const chunk of await openByteStream(written(bytes))) chunks.push(chunk);
  return Buffer.concat(chunks);
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

const TEXT = Buffer.from(Array.from({ length: 150 }, (_, line) => `line ${line} of a text\n`).join(''));
const MEMBERS = Buffer.concat([gzipSync(TEXT.subarray(0, 1_301)), gzipSync(TEXT.subarray(1_301))]);
const BLOCKS = bgzf(TEXT, 700);

describe('compression is told apart by content', () => {
  test.each([
    ['plain', TEXT],
    ['gzip', gzipSync(TEXT)],
    ['gzip', MEMBERS],
    ['bgzf', BLOCKS],
  ] as const)('%s', async (compression, bytes) => {
    const stream = await openByteStream(written(bytes));
    expect(stream.compression).toBe(compression);
    await stream.close();
    expect((await textOf(bytes)).equals(TEXT)).toBe(true);
  });

  test('an empty file has an empty text', async () => {
    expect((await textOf(Buffer.alloc(0))).length).toBe(0);
  });

  test('progress reaches the size of the file', async () => {
    const stream = await openByteStream(written(BLOCKS));
    for await (const chunk of stream) void chunk;
    expect(stream.progress).toEqual({ bytesRead: BLOCKS.length, bytesTotal: BLOCKS.length });
  });
});

test('any text comes back from blocks and members of any size', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.uint8Array({ maxLength: 5_000 }),
      fc.integer({ min: 1, max: 3_000 }),
      async (text, size) => {
        const bytes = Buffer.from(text);
        fc.pre(bytes[0] !== 0x1f);
        const parts: Buffer[] = [gzipSync(bytes.subarray(0, size)), gzipSync(bytes.subarray(size))];
        expect((await textOf(bgzf(bytes, size))).equals(bytes)).toBe(true);
        expect((await textOf(Buffer.concat(parts))).equals(bytes)).toBe(true);
      },
    ),
    { numRuns: 40 },
  );
});

test('a text much larger than a chunk comes back, through blocks of one byte to 64 KiB', async () => {
  const large = Buffer.alloc(5_000_000, 'ACGTTGCA\t');
  for (let at = 0; at < large.length; at += 977) large[at] = at % 251;
  expect((await textOf(bgzf(large, 65_280))).equals(large)).toBe(true);
  expect((await textOf(gzipSync(large))).equals(large)).toBe(true);
  expect((await textOf(bgzf(large.subarray(0, 30_000), 1))).equals(large.subarray(0, 30_000))).toBe(true);
});

test('BGZF that was cut anywhere is truncated, at the borders of blocks too', async () => {
  for (let length = 3; length < BLOCKS.length; length += 1) {
    const outcome = await outcomeOf(BLOCKS.subarray(0, length));
    // A file that ends within the first header is not yet known as BGZF.
    expect(outcome, `cut at ${length}`).toBe('formats/truncated');
  }
});

test('gzip that was cut inside a member is truncated', async () => {
  const border = gzipSync(TEXT.subarray(0, 1_301)).length;
  for (let length = 3; length < MEMBERS.length; length += 1) {
    const outcome = await outcomeOf(MEMBERS.subarray(0, length));
    // Between two members the file is whole as far as gzip can tell: lines and records must find it.
    if (length === border) expect(outcome).toEqual(TEXT.subarray(0, 1_301));
    else expect(outcome, `cut at ${length}`).toBe('formats/truncated');
  }
});

test.each([
  ['gzip', MEMBERS],
  ['BGZF', BLOCKS],
])('a flipped bit of %s is found, or changes nothing', async (_name, bytes) => {
  const damaged = Buffer.from(bytes);
  let found = 0;
  for (let at = 3; at < bytes.length; at += 1) {
    damaged[at] = bytes[at]! ^ (1 << (at % 8));
    const outcome = await outcomeOf(damaged);
    if (typeof outcome === 'string') {
      expect(['formats/corrupt-compression', 'formats/truncated'], `flipped at ${at}`).toContain(outcome);
      found += 1;
    } else expect(outcome.equals(TEXT), `flipped at ${at}`).toBe(true);
    damaged[at] = bytes[at]!;
  }
  expect(found).toBeGreaterThan(bytes.length * 0.8);
});

test('zeros behind the last member are padding, anything else is damage', async () => {
  expect(await outcomeOf(Buffer.concat([MEMBERS, Buffer.alloc(700_000)]))).toEqual(TEXT);
  expect(await outcomeOf(Buffer.concat([MEMBERS, Buffer.from('rubbish')]))).toBe(
    'formats/corrupt-compression',
  );
  const hidden = Buffer.concat([MEMBERS, Buffer.alloc(512), MEMBERS]);
  expect(await outcomeOf(hidden)).toBe('formats/corrupt-compression');
});

test('bytes behind the end of BGZF that are no block are damage, more blocks are not', async () => {
  expect(await outcomeOf(Buffer.concat([BLOCKS, Buffer.alloc(64, 'x')]))).toBe('formats/corrupt-compression');
  expect(await outcomeOf(Buffer.concat([BLOCKS, BLOCKS]))).toEqual(Buffer.concat([TEXT, TEXT]));
});

test('a file that is not there, and a folder, cannot be read', async () => {
  for (const [path, reason] of [
    [join(directory, 'absent'), 'there is no such file'],
    [directory, 'it is a directory'],
  ] as const) {
    const refused = { code: 'formats/file-not-readable', message: `the file cannot be read: ${reason}` };
    await expect(async () => {
      for await (const chunk of await openByteStream(path)) void chunk;
    }).rejects.toMatchObject(refused);
    expect(() => openRandomAccess(path)).toThrow(expect.objectContaining(refused));
  }
});

test('a stream that is left early releases its file', async () => {
  const stream = await openByteStream(written(bgzf(Buffer.alloc(4_000_000, 'text\n'), 65_280)));
  for await (const chunk of stream) {
    expect(chunk.length).toBeGreaterThan(0);
    break;
  }
  await stream.close();
});

test('random access gives the same bytes as the stream, plain and through blocks', () => {
  fc.assert(
    fc.property(fc.nat({ max: TEXT.length + 10 }), fc.nat({ max: 5_000 }), (offset, length) => {
      for (const bytes of [TEXT, BLOCKS]) {
        const file = openRandomAccess(written(bytes));
        expect(file.read(offset, length).equals(TEXT.subarray(offset, offset + length))).toBe(true);
        file.close();
      }
    }),
    { numRuns: 100 },
  );
});
