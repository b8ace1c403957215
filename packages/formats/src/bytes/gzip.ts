import { Readable } from 'node:stream';
import { createGunzip } from 'node:zlib';
import { corrupt, fromZlib } from './compression-errors.ts';
import type { RawSource } from './raw-source.ts';

const READ_BYTES = 1 << 18;
const CHUNK_BYTES = 1 << 20;

/** Whether bytes start like a gzip member (RFC 1952). */
export function isGzip(head: Uint8Array): boolean {
  return head.length >= 3 && head[0] === 0x1f && head[1] === 0x8b && head[2] === 8;
}

/**
 * Inflates gzip of one or more members. zlib stops without a word at a zero byte after a member, which is padding
 * where only zeros follow and damage where anything else does.
 */
export async function* inflateGzip(source: RawSource): AsyncGenerator<Uint8Array> {
  const gunzip = createGunzip({ chunkSize: CHUNK_BYTES });
  let fed = 0;
  let tail: Uint8Array = new Uint8Array(0);
  async function* compressed(): AsyncGenerator<Uint8Array> {
    for (;;) {
      const bytes = await source.read(READ_BYTES);
      if (bytes.length === 0) return;
      fed += bytes.length;
      tail = bytes;
      yield bytes;
    }
  }
  const input = Readable.from(compressed(), { objectMode: true, highWaterMark: 1 });
  input.on('error', (error) => gunzip.destroy(error));
  try {
    for await (const chunk of input.pipe(gunzip)) yield chunk;
  } catch (error) {
    throw fromZlib(source.file, error);
  } finally {
    input.destroy();
    gunzip.destroy();
  }
  await checkPadding(source, tail, fed - gunzip.bytesWritten);
}

async function checkPadding(source: RawSource, tail: Uint8Array, unread: number): Promise<void> {
  let rest = tail.subarray(Math.max(0, tail.length - unread));
  while (rest.length > 0) {
    if (rest.some((byte) => byte !== 0))
      throw corrupt(source.file, 'other bytes follow the last gzip member');
    rest = await source.read(READ_BYTES);
  }
}
