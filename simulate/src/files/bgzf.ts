import { crc32, deflateRawSync } from 'node:zlib';

/** The empty block that ends every BGZF file (SAM specification, section 4.1.2). */
export const BGZF_END = Buffer.from('1f8b08040000000000ff0600424302001b0003000000000000000000', 'hex');

const BLOCK_BYTES = 65_280;
const HEADER_BYTES = 18;
const FOOTER_BYTES = 8;

/** Whole BGZF blocks of the bytes, without the end; deflate level 1. Blocks of several calls may be concatenated. */
export function bgzfBlocks(bytes: Buffer): Buffer {
  const blocks: Buffer[] = [];
  for (let start = 0; start < bytes.length; start += BLOCK_BYTES) {
    const plain = bytes.subarray(start, start + BLOCK_BYTES);
    const deflated = deflateRawSync(plain, { level: 1 });
    const header = Buffer.from('1f8b08040000000000ff060042430200', 'hex');
    const size = Buffer.alloc(2);
    size.writeUInt16LE(HEADER_BYTES + deflated.length + FOOTER_BYTES - 1);
    const footer = Buffer.alloc(FOOTER_BYTES);
    footer.writeUInt32LE(crc32(plain), 0);
    footer.writeUInt32LE(plain.length, 4);
    blocks.push(header, size, deflated, footer);
  }
  return Buffer.concat(blocks);
}
