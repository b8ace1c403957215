const BLOCK_BYTES = 512;

/** One file as a POSIX ustar entry (header, contents, padding); owner root, mode 0644, time 0: the same bytes always. */
export function tarEntry(name: string, contents: Buffer): Buffer {
  const header = Buffer.alloc(BLOCK_BYTES);
  header.write(name, 0, 100);
  header.write('0000644\0', 100);
  header.write('0000000\0', 108);
  header.write('0000000\0', 116);
  header.write(`${contents.length.toString(8).padStart(11, '0')}\0`, 124);
  header.write('00000000000\0', 136);
  header.write('        ', 148);
  header.write('0', 156);
  header.write('ustar\0', 257);
  header.write('00', 263);
  const sum = header.reduce((total, byte) => total + byte, 0);
  header.write(`${sum.toString(8).padStart(6, '0')}\0 `, 148);
  const padding = Buffer.alloc((BLOCK_BYTES - (contents.length % BLOCK_BYTES)) % BLOCK_BYTES);
  return Buffer.concat([header, contents, padding]);
}

/** The end of an archive. */
export const TAR_END = Buffer.alloc(2 * BLOCK_BYTES);
