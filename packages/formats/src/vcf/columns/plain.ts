/**
 * Fixed columns as most records have them, read from `bytes[start … end)` without making strings. What these do not know
 * they leave to the readers of `site.ts`, which refuse it or read it.
 */

const SPACE = 32;
const POINT = 46;
const ZERO = 48;
const SEMICOLON = 59;
const DELETE = 127;

/** What `plainPosition` gives for what it does not know. */
export const NO_POSITION = -2;

/** 0-based, of up to nine digits. */
export function plainPosition(bytes: Uint8Array, start: number, end: number): number {
  if (end - start > 9 || end === start) return NO_POSITION;
  let position = 0;
  for (let at = start; at < end; at += 1) {
    const digit = bytes[at]! - ZERO;
    if (digit < 0 || digit > 9) return NO_POSITION;
    position = 10 * position + digit;
  }
  return position - 1;
}

const BASES = 'ACGT';
const BASE_OF_BYTE: readonly (string | undefined)[] = Array.from({ length: 256 }, (_, byte) =>
  [...BASES].find((base) => base.charCodeAt(0) === byte),
);
const SINGLE_BASES: readonly (readonly string[] | undefined)[] = BASE_OF_BYTE.map((base) =>
  base === undefined ? undefined : [base],
);

/** One base. */
export function plainBase(bytes: Uint8Array, start: number, end: number): string | undefined {
  return end - start === 1 ? BASE_OF_BYTE[bytes[start]!] : undefined;
}

/** One alternate allele of one base, as a list. */
export function plainAlt(bytes: Uint8Array, start: number, end: number): readonly string[] | undefined {
  return end - start === 1 ? SINGLE_BASES[bytes[start]!] : undefined;
}

/** Whether the column is a point: nothing is known. */
export function isPoint(bytes: Uint8Array, start: number, end: number): boolean {
  return end - start === 1 && bytes[start] === POINT;
}

/** Digits with at most one point among or behind them. */
export function isPlainNumber(bytes: Uint8Array, start: number, end: number): boolean {
  let points = 0;
  for (let at = start; at < end; at += 1) {
    const byte = bytes[at]!;
    if (byte === POINT && at > start) points += 1;
    else if (byte < ZERO || byte > ZERO + 9) return false;
  }
  return end > start && points <= 1;
}

/** Whether the column is one name of visible ASCII characters. */
export function isPlainName(bytes: Uint8Array, start: number, end: number): boolean {
  for (let at = start; at < end; at += 1) {
    const byte = bytes[at]!;
    if (byte <= SPACE || byte >= DELETE || byte === SEMICOLON) return false;
  }
  return end > start;
}

/** Whether the column is `PASS`. */
export function isPass(bytes: Uint8Array, start: number, end: number): boolean {
  return (
    end - start === 4 &&
    bytes[start] === 80 &&
    bytes[start + 1] === 65 &&
    bytes[start + 2] === 83 &&
    bytes[start + 3] === 83
  );
}

/** The bytes that a column had when it was last read the long way, to see that it has them again. */
export class LastBytes {
  #bytes = new Uint8Array(0);

  set(bytes: Uint8Array, start: number, end: number): void {
    // `slice` of a Buffer would be a view of bytes that change.
    this.#bytes = Uint8Array.from(bytes.subarray(start, end));
  }

  /** Never where nothing was set: columns are not empty. */
  equal(bytes: Uint8Array, start: number, end: number): boolean {
    const last = this.#bytes;
    if (end - start !== last.length || end === start) return false;
    for (let at = 0; at < last.length; at += 1) if (bytes[start + at] !== last[at]) return false;
    return true;
  }
}
