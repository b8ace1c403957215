/** Offset of the last newline in [start, end), or -1. */
export function lastNewline(start: usize, end: usize): i32 {
  const newline = i8x16.splat(10);
  let at = end;
  while (at >= start + 64) {
    at -= 64;
    const a = i8x16.eq(v128.load(at), newline);
    const b = i8x16.eq(v128.load(at, 16), newline);
    const c = i8x16.eq(v128.load(at, 32), newline);
    const d = i8x16.eq(v128.load(at, 48), newline);
    if (v128.any_true(v128.or(v128.or(a, b), v128.or(c, d)))) {
      const low = <u64>(<u32>i8x16.bitmask(a) | ((<u32>i8x16.bitmask(b)) << 16));
      const high = <u64>(<u32>i8x16.bitmask(c) | ((<u32>i8x16.bitmask(d)) << 16));
      return <i32>at + 63 - <i32>clz<u64>(low | (high << 32));
    }
  }
  while (at > start) {
    at -= 1;
    if (load<u8>(at) === 10) return <i32>at;
  }
  return -1;
}
