/**
 * What one file says of one person, as 32-bit words: 16 bits of the position within its stretch of 2^16, 5 bits of what
 * changed (the code of a single base, or `TEXT`, or `COVER`), 5 bits of the call, 6 bits of the person within its lane.
 * After `TEXT` come the length of `ref \t alt \t ids` in UTF-8 and its bytes; after `COVER` the length of the interval.
 */
export const STRETCH_BITS = 16;
/** People whose words may stand in one chunk. */
export const LANE_PEOPLE = 64;

/** Codes above those of single bases. */
export const TEXT = 25;
export const COVER = 26;

/** States of a copy in a call. */
export const OTHER = 0;
export const THIS = 1;
export const MISSING = 2;
export const ABSENT = 3;

/** Of a call: the states of its copies, and whether it is phased. */
export function callOf(first: number, second: number, phased: number): number {
  return first | (second << 2) | (phased << 4);
}

/** The call of someone who carries another allele of the same site. */
export function withoutThis(call: number): number {
  const first = call & 3;
  const second = (call >> 2) & 3;
  return callOf(first === THIS ? OTHER : first, second === THIS ? OTHER : second, call >> 4);
}

/** Of an interval, in place of a call: one copy or two, and whether it began before this stretch. */
export function coverOf(copies: number, continued: boolean): number {
  return (copies - 1) | (continued ? 2 : 0);
}

export function wordOf(position: number, code: number, call: number, person: number): number {
  return (((position & 0xffff) << 16) | (code << 11) | (call << 6) | person) >>> 0;
}
