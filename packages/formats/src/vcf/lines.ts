/** Whole lines of text: `bytes[start … end)` ends with a newline. */
export interface LineRun {
  readonly bytes: Buffer;
  readonly start: number;
  readonly end: number;
}

const NEWLINE = 10;

/**
 * Cuts chunks into runs of whole lines. Only lines that cross a border between chunks are copied: a run lasts until the
 * next is asked for, and no chunk is looked at once the next was asked for.
 * What follows the last newline is handed to `unfinished` at the end, which may throw.
 */
export async function* wholeLines(
  chunks: AsyncIterable<Uint8Array>,
  unfinished: (rest: Buffer) => void,
): AsyncGenerator<LineRun> {
  let carried: Buffer[] = [];
  for await (const chunk of chunks) {
    const bytes = Buffer.from(chunk.buffer, chunk.byteOffset, chunk.byteLength);
    const last = bytes.lastIndexOf(NEWLINE);
    if (last < 0) {
      if (bytes.length > 0) carried.push(Buffer.from(bytes));
      continue;
    }
    let start = 0;
    if (carried.length > 0) {
      start = bytes.indexOf(NEWLINE) + 1;
      const line = Buffer.concat([...carried, bytes.subarray(0, start)]);
      yield { bytes: line, start: 0, end: line.length };
    }
    if (last >= start) yield { bytes, start, end: last + 1 };
    carried = last + 1 < bytes.length ? [Buffer.from(bytes.subarray(last + 1))] : [];
  }
  if (carried.length > 0) unfinished(Buffer.concat(carried));
}
