import { startsOf } from './columns.ts';
import type { Section } from './section.ts';

/** Sections that lie one after the other, as pages of one sequence of payloads. */
export interface PageTable {
  readonly sections: readonly Section[];
  /** Where each page begins, in unpacked bytes and in the file. */
  readonly rawStarts: Uint32Array;
  readonly fileStarts: readonly number[];
  readonly rawBytes: number;
}

/** `at`: where the first begins in the file. */
export function pageTable(stored: Uint32Array, raw: Uint32Array, crcs: Uint32Array, at: number): PageTable {
  let next = at;
  let rawBytes = 0;
  const sections = Array.from(stored, (storedBytes, page) => ({
    storedBytes,
    rawBytes: raw[page]!,
    crc: crcs[page]!,
  }));
  const fileStarts = sections.map((section) => {
    rawBytes += section.rawBytes;
    next += section.storedBytes;
    return next - section.storedBytes;
  });
  return { sections, rawStarts: startsOf(raw), fileStarts, rawBytes };
}

/** The page in which a payload begins; `hint` is a page at or before it. */
export function pageOf({ rawStarts }: PageTable, offset: number, hint = 0): number {
  if ((rawStarts[hint + 1] ?? Number.POSITIVE_INFINITY) > offset && rawStarts[hint]! <= offset) return hint;
  let low = 0;
  let high = rawStarts.length;
  while (high - low > 1) {
    const middle = (low + high) >>> 1;
    if (rawStarts[middle]! <= offset) low = middle;
    else high = middle;
  }
  return low;
}
