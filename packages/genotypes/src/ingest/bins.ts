/** Positions of a bin: 2^20. Segments and tasks are cut at multiples of it. */
export const BIN_BITS = 20;

export function binOf(position: number): number {
  return position >> BIN_BITS;
}
