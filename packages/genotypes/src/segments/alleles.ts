const BASES = 'ACGNT';
/** Codes below this are single-base changes `5 × ref + alt`; others are this plus an offset into the allele text. */
const FIRST_TEXT = 25;
const SINGLE = Array.from({ length: FIRST_TEXT }, (_, code) => ({
  ref: BASES[Math.floor(code / 5)]!,
  alt: BASES[code % 5]!,
}));

export interface Alleles {
  readonly ref: string;
  readonly alt: string;
}

/** The code of a pair of alleles; `append` puts longer ones into the text of the segment and returns where. */
export function encodeAlleles(ref: string, alt: string, append: (line: string) => number): number {
  if (ref.length === 1 && alt.length === 1) {
    const from = BASES.indexOf(ref);
    const to = BASES.indexOf(alt);
    if (from >= 0 && to >= 0) return 5 * from + to;
  }
  return FIRST_TEXT + append(`${ref}\t${alt}\n`);
}

/** Whether a code says that one base became another. */
export function isSingle(code: number): boolean {
  return code < FIRST_TEXT;
}

export function decodeAlleles(code: number, text: string): Alleles {
  if (code < FIRST_TEXT) return SINGLE[code]!;
  const start = code - FIRST_TEXT;
  const tab = text.indexOf('\t', start);
  return { ref: text.slice(start, tab), alt: text.slice(tab + 1, text.indexOf('\n', tab)) };
}
