import { readFile } from 'node:fs/promises';
import { crc32, zstdCompressSync, zstdDecompressSync } from 'node:zlib';
import { corruptFile } from '../segments/section.ts';
import type { BlockEntry } from './manifest.ts';

/** Names of the people of a block in order, as one zstd frame of lines. */
export function encodePeople(file: string, samples: readonly string[]) {
  const bytes = zstdCompressSync(Buffer.from(samples.join('\n'), 'utf8'));
  return { bytes, entry: { file, bytes: bytes.length, crc: crc32(bytes), count: samples.length } };
}

/** Inverse of `encodePeople`; `genotypes/corrupt` where the checksum does not hold. */
export async function readPeople(path: string, entry: BlockEntry['people']): Promise<readonly string[]> {
  let bytes: Buffer;
  try {
    bytes = await readFile(path);
  } catch (cause) {
    throw corruptFile(path, cause);
  }
  if (bytes.length !== entry.bytes || crc32(bytes) !== entry.crc) throw corruptFile(path);
  const samples = zstdDecompressSync(bytes).toString('utf8').split('\n');
  if (samples.length !== entry.count) throw corruptFile(path);
  return samples;
}
