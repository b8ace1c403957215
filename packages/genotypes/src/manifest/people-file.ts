import { crc32, zstdCompressSync, zstdDecompressSync } from 'node:zlib';
import type { StoreSeal } from '../at-rest/store-seal.ts';
import { StoredFile } from '../at-rest/stored-file.ts';
import { corruptFile } from '../segments/section.ts';
import { BlockNames } from './block-names.ts';
import type { BlockEntry } from './manifest.ts';

/** Names of the people of a block in order, as one zstd frame of lines. */
export function encodePeople(file: string, samples: readonly string[]) {
  const bytes = zstdCompressSync(Buffer.from(samples.join('\n'), 'utf8'));
  return { bytes, entry: { file, bytes: bytes.length, crc: crc32(bytes), count: samples.length } };
}

/**
 * Inverse of `encodePeople`; `genotypes/corrupt` where the checksum does not hold. Waits for the disk: names are asked
 * for one at a time and late, a third of a megabyte for each 32,768 people.
 */
export function readPeople(
  path: string,
  entry: BlockEntry['people'],
  seal: StoreSeal | undefined,
): BlockNames {
  const bytes = new StoredFile(path, entry.bytes, seal).readAllSync();
  if (crc32(bytes) !== entry.crc) throw corruptFile(path);
  const names = new BlockNames(zstdDecompressSync(bytes));
  if (names.count !== entry.count) throw corruptFile(path);
  return names;
}
