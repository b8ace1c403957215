/**
 * Kernels that read the sample columns of a VCF record where it lies in a text memory. Offsets are bytes of that memory;
 * 64 bytes behind `end` must be in it, whatever they hold. A kernel that meets what it does not know says so with 0,
 * leaves the text as it was, and its lists hold nothing of use.
 */
export interface ScanKernels {
  readonly name: 'scalar' | 'wasm-simd';
  /** Offset of the first newline in `[start, end)`, or `end`. */
  newlineAt(start: number, end: number): number;
  /**
   * Reads columns that are all `a|b` or `a/b` of alleles of one character, four bytes a sample; 1 where they were.
   * `start` is the first sample's column; the byte `4 × samples - 1` behind it must end the last column. `highest` is
   * the highest allele that there is.
   */
  scanFixed(start: number, samples: number, highest: number, lists: number): number;
  /**
   * Reads columns that start with a genotype of one or two copies and, where `more` is 1, may go on behind a colon with
   * anything, which is skipped. A tab must lie before `start`, and a newline in `[start, end)`. Gives the offset of the
   * newline that ends the line where it has exactly `samples` columns.
   */
  scanColumns(
    start: number,
    end: number,
    samples: number,
    highest: number,
    more: number,
    lists: number,
  ): number;
}
