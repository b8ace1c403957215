import { promisify } from 'node:util';
import { gunzip } from 'node:zlib';
import { corrupt, truncated } from './compression-errors.ts';
import type { RawSource } from './raw-source.ts';

const inflate = promisify<Uint8Array, { chunkSize: number }, Buffer<ArrayBuffer>>(gunzip);

const READ_BYTES = 1 << 18;
/** Blocks are inflated together up to this many bytes of text: one call of zlib costs as much as several blocks. */
const BATCH_BYTES = 1 << 20;
/** Fixed part of a gzip member's header with the extra field's length. */
const HEADER_BYTES = 12;

interface Batch {
  readonly compressed: Uint8Array;
  readonly textBytes: number;
}

/** Whether bytes start like a BGZF block (SAM specification 4.1): a gzip member with the extra subfield `BC`. */
export function isBgzf(head: Uint8Array): boolean {
  return bgzfBlockAt(head, 0) !== undefined;
}

/**
 * Inflates BGZF, some blocks at a time on zlib's threads, one batch ahead of the reader. Every block's header, length
 * and checksum are verified, and the last block must be the empty one that marks the end of the file.
 * `releaseChunks`: see `ByteStreamOptions`.
 */
export async function* inflateBgzf(source: RawSource, releaseChunks = false): AsyncGenerator<Uint8Array> {
  const batches = readBatches(source);
  let pending = inflateNext(source.file, batches);
  for (;;) {
    const text = await pending;
    if (text === undefined) return;
    pending = inflateNext(source.file, batches);
    // The reader may stop while the next batch is inflated: its failure is then nobody's.
    pending.catch(() => undefined);
    if (text.length === 0) continue;
    yield text;
    // Freed now, not when the collector comes to it. Smaller buffers may be part of a pool that others use.
    if (releaseChunks && text.length >= BATCH_BYTES) text.buffer.transfer(0);
  }
}

async function inflateNext(
  file: string,
  batches: AsyncGenerator<Batch>,
): Promise<Buffer<ArrayBuffer> | undefined> {
  const next = await batches.next();
  if (next.done === true) return undefined;
  const { compressed, textBytes } = next.value;
  const text = await inflate(compressed, { chunkSize: Math.max(textBytes + 64, 1024) }).catch(
    (error: unknown) => {
      // The blocks' lengths were checked: an early end inside one is damage too.
      throw corrupt(file, error instanceof Error ? error.message : 'a block cannot be inflated', error);
    },
  );
  if (text.length !== textBytes) throw corrupt(file, 'a block is not as long as it says');
  return text;
}

async function* readBatches(source: RawSource): AsyncGenerator<Batch> {
  let buffer: Uint8Array = new Uint8Array(0);
  let ended = false;
  let lastTextBytes = -1;
  while (!ended || buffer.length > 0) {
    let end = 0;
    let textBytes = 0;
    while (textBytes < BATCH_BYTES) {
      const size = nextBlock(source.file, buffer, end);
      if (size === undefined || end + size > buffer.length) break;
      lastTextBytes = uint32At(buffer, end + size - 4);
      if (lastTextBytes > 65_536) throw corrupt(source.file, 'a block claims more than 64 KiB');
      textBytes += lastTextBytes;
      end += size;
    }
    if (end > 0) yield { compressed: buffer.subarray(0, end), textBytes };
    buffer = buffer.subarray(end);
    if (textBytes >= BATCH_BYTES) continue;
    if (ended && buffer.length > 0) throw truncated(source.file, 'it ends inside a BGZF block');
    if (!ended) {
      const more = await source.read(READ_BYTES);
      ended = more.length === 0;
      buffer = Buffer.concat([buffer, more]);
    }
  }
  if (lastTextBytes !== 0) throw truncated(source.file, 'the BGZF end-of-file block is missing');
}

/** Size of the block at `at`, or `undefined` where too few bytes of its header are there yet. */
function nextBlock(file: string, bytes: Uint8Array, at: number): number | undefined {
  const isMember = [0x1f, 0x8b, 8].every((byte, index) => (bytes[at + index] ?? byte) === byte);
  if (isMember && at + HEADER_BYTES > bytes.length) return undefined;
  if (isMember && at + HEADER_BYTES + uint16At(bytes, at + 10) > bytes.length) return undefined;
  const size = bgzfBlockAt(bytes, at);
  if (size === undefined || size < 26) throw corrupt(file, 'what follows a BGZF block is not one');
  return size;
}

/** Size in the file of the block that starts at `at`, or `undefined` where none does. */
export function bgzfBlockAt(bytes: Uint8Array, at: number): number | undefined {
  if (bytes[at] !== 0x1f || bytes[at + 1] !== 0x8b || bytes[at + 2] !== 8) return undefined;
  if (((bytes[at + 3] ?? 0) & 4) === 0) return undefined;
  const end = at + HEADER_BYTES + uint16At(bytes, at + 10);
  for (let field = at + HEADER_BYTES; field + 4 <= end; field += 4 + uint16At(bytes, field + 2)) {
    if (bytes[field] === 66 && bytes[field + 1] === 67 && uint16At(bytes, field + 2) === 2)
      return uint16At(bytes, field + 4) + 1;
  }
  return undefined;
}

function uint16At(bytes: Uint8Array, at: number): number {
  return (bytes[at] ?? 0) | ((bytes[at + 1] ?? 0) << 8);
}

function uint32At(bytes: Uint8Array, at: number): number {
  return (uint16At(bytes, at) | (uint16At(bytes, at + 2) << 16)) >>> 0;
}
