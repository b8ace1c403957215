/** Kernels that read the genotypes of a BCF record where it lies in a text memory. */
export interface PairKernels {
  readonly name: 'scalar' | 'wasm-simd';
  /**
   * Reads two int8 values a sample from `start` on; 64 bytes behind them must be in the memory, whatever they hold.
   * `highest` is the highest allele that there is. Gives 1 and fills `lists` (`ScanLists`); or 0, with nothing of use in
   * them, where it meets what it does not know: an allele above that, no value at all, a missing integer.
   */
  scanPairs(start: number, samples: number, highest: number, lists: number): number;
}
