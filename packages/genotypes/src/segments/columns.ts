import { GenotypeError } from '../errors.ts';

/**
 * Fixed-width columns for storage: each is one byte of width (0 where all is zero, 1, 2 or 4), then its bytes plane by
 * plane (all lowest bytes, then all second bytes …), which is what makes columns of small or slowly growing numbers
 * shrink under zstd.
 */
export function packColumns(columns: readonly Uint32Array[]): Uint8Array {
  const widths = columns.map(widthOf);
  const bytes = new Uint8Array(columns.reduce((sum, column, i) => sum + 1 + column.length * widths[i]!, 0));
  let at = 0;
  columns.forEach((column, i) => {
    const width = widths[i]!;
    bytes[at++] = width;
    for (let plane = 0; plane < width; plane += 1) {
      const shift = 8 * plane;
      for (let row = 0; row < column.length; row += 1) bytes[at++] = column[row]! >>> shift;
    }
  });
  return bytes;
}

/** Inverse of `packColumns`, given the length of each column; throws `genotypes/corrupt` on anything else. */
export function unpackColumns(bytes: Uint8Array, lengths: readonly number[]): Uint32Array[] {
  let at = 0;
  const columns = lengths.map((length) => {
    const width = bytes[at++];
    if (width === undefined || width > 4 || width === 3 || at + width * length > bytes.length)
      throw corrupt();
    const column = new Uint32Array(length);
    for (let plane = 0; plane < width; plane += 1) {
      const shift = 8 * plane;
      for (let row = 0; row < length; row += 1) column[row] = column[row]! | (bytes[at++]! << shift);
    }
    return column;
  });
  if (at !== bytes.length) throw corrupt();
  return columns;
}

/** `[3, 4, 4]` to `[0, 3, 7]`: where each of some lengths begins. */
export function startsOf(lengths: Uint32Array): Uint32Array {
  const starts = new Uint32Array(lengths.length);
  let at = 0;
  for (let index = 0; index < lengths.length; index += 1) {
    starts[index] = at;
    at += lengths[index]!;
  }
  return starts;
}

function widthOf(column: Uint32Array): number {
  let all = 0;
  for (let row = 0; row < column.length; row += 1) all |= column[row]!;
  const bits = all >>> 0;
  return bits === 0 ? 0 : bits < 0x100 ? 1 : bits < 0x1_0000 ? 2 : 4;
}

function corrupt(): GenotypeError {
  return new GenotypeError(
    'genotypes/corrupt',
    'the columns of a segment have other lengths than its header says',
  );
}
