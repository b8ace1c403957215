import { isBcf } from '../bcf/header.ts';
import { openBcf } from '../bcf/open.ts';
import { openByteStream } from '../bytes/byte-stream.ts';
import { type OpenVcfOptions, openVcf } from '../vcf/open.ts';
import type { VcfReader } from '../vcf/record.ts';

/**
 * Opens a file of variants: VCF 4.1 to 4.5 or BCF 2.2, plain, gzip or BGZF, told apart by its decompressed content.
 * See `openVcf` and `openBcf`.
 */
export async function openVariants(path: string, options: OpenVcfOptions = {}): Promise<VcfReader> {
  return (await startsAsBcf(path)) ? openBcf(path, options) : openVcf(path, options);
}

async function startsAsBcf(path: string): Promise<boolean> {
  const stream = await openByteStream(path);
  let head = new Uint8Array(0);
  for await (const chunk of stream) {
    head = new Uint8Array([...head, ...chunk.subarray(0, 4 - head.length)]);
    if (head.length === 4) break;
  }
  return isBcf(head);
}
