import { createReadStream } from 'node:fs';
import { crc32 } from 'node:zlib';
import { corruptFile } from '../segments/section.ts';
import type { FileOnDisk } from './stored-file.ts';

/** Reads a file and compares it with what was written; needs no key. Throws `genotypes/corrupt`. */
export async function checkOnDisk(path: string, written: FileOnDisk): Promise<void> {
  let bytes = 0;
  let crc = 0;
  try {
    for await (const chunk of createReadStream(path, { highWaterMark: 1 << 20 })) {
      bytes += chunk.length;
      crc = crc32(chunk, crc);
    }
  } catch (cause) {
    throw corruptFile(path, cause);
  }
  if (bytes !== written.bytes || crc !== written.crc) throw corruptFile(path);
}
