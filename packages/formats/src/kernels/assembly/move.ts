/** Copies the bytes [start, end) to `target`; the two may overlap. */
export function move(target: usize, start: usize, end: usize): void {
  memory.copy(target, start, end - start);
}
