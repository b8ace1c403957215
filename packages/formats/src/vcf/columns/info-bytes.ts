import type { FieldDefinition } from '../header/definitions.ts';

const SPACE = 32;
const PLUS = 43;
const COMMA = 44;
const MINUS = 45;
const POINT = 46;
const ZERO = 48;
const SEMICOLON = 59;
const EQUALS = 61;
const UPPER_E = 69;
const LOWER_E = 101;

/** Integers of more digits may lie outside the 32 bits that VCF 4.3 allows. */
const MOST_DIGITS = 9;
const BUCKETS = 2048;
const MOST_KEYS = BUCKETS / 4;

/** What the values of a key are held to. */
export interface InfoRule extends FieldDefinition {
  readonly signed: boolean;
  /**
   * Whether there may be more values than alleles: annotators (SnpSift among them) list one a transcript in fields
   * that they declare with Number=A, and put texts into those that they declare as characters.
   */
  readonly openEnded: boolean;
}

interface KnownKey {
  readonly bytes: Uint8Array;
  /** `undefined` where any value will do. */
  readonly rule: InfoRule | undefined;
  /** The record that had it last. */
  record: number;
}

/**
 * Recognises INFO columns of keys that were met before and of plain values, byte by byte. Whatever else there is in one
 * is left to `InfoCheck`: what is accepted here is accepted there too.
 */
export class InfoBytes {
  readonly #keys: (KnownKey | undefined)[] = new Array<KnownKey | undefined>(BUCKETS).fill(undefined);
  readonly #minor: number;
  #count = 0;
  #record = 0;
  /** Behind what was read last. */
  #at = 0;

  constructor(minor: number) {
    this.#minor = minor;
  }

  /** Remembers a key that `InfoCheck` accepted, with what it holds its values to. */
  learn(key: string, rule: InfoRule | undefined): void {
    const bytes = Buffer.from(key, 'utf8');
    let hash = 0;
    for (const byte of bytes) hash = nextHash(hash, byte);
    const bucket = this.#bucketOf(hash, bytes, 0, bytes.length);
    if (this.#count >= MOST_KEYS || this.#keys[bucket] !== undefined) return;
    this.#keys[bucket] = { bytes, rule, record: 0 };
    this.#count += 1;
  }

  /** Whether `bytes[start … end)` is known to be what `InfoCheck` accepts for a record of so many ALT alleles. */
  accepts(bytes: Uint8Array, start: number, end: number, altCount: number): boolean {
    if (altCount === 0) return false;
    this.#record += 1;
    for (this.#at = start; ; this.#at += 1) {
      if (!this.#acceptsField(bytes, this.#at, end, altCount)) return false;
      if (this.#at === end) return true;
    }
  }

  #acceptsField(bytes: Uint8Array, start: number, end: number, altCount: number): boolean {
    let at = start;
    let hash = 0;
    for (; at < end; at += 1) {
      const byte = bytes[at]!;
      if (byte === EQUALS || byte === SEMICOLON) break;
      hash = nextHash(hash, byte);
    }
    const known = this.#keys[this.#bucketOf(hash, bytes, start, at)];
    if (known === undefined || (known.record === this.#record && this.#minor >= 3)) return false;
    known.record = this.#record;
    this.#at = at;
    if (at === end || bytes[at] === SEMICOLON) return true;
    return this.#acceptsValues(known.rule, bytes, at + 1, end, altCount);
  }

  #acceptsValues(
    rule: InfoRule | undefined,
    bytes: Uint8Array,
    start: number,
    end: number,
    altCount: number,
  ): boolean {
    const type = rule?.type ?? 'String';
    if (type === 'Flag' || type === 'Character' || rule?.key === 'CIGAR') return false;
    this.#at = start;
    let values = 1;
    for (;;) {
      if (type === 'Integer') {
        if (!this.#integer(bytes, rule?.signed === true)) return false;
      } else if (type === 'Float') {
        if (!this.#float(bytes, rule?.signed === true)) return false;
      } else if (!this.#text(bytes, end)) return false;
      if (this.#at >= end || bytes[this.#at] === SEMICOLON) break;
      if (bytes[this.#at] !== COMMA) return false;
      this.#at += 1;
      values += 1;
    }
    if (this.#at > end) return false;
    const number = rule?.number ?? '.';
    if (typeof number === 'number') return values === number;
    return number === 'A' ? values === altCount : number === 'R' ? values === altCount + 1 : true;
  }

  // The byte at the end of the column is a tab or ends the line: no part of a number.

  #integer(bytes: Uint8Array, signed: boolean): boolean {
    let at = this.#at;
    if (bytes[at] === POINT) {
      this.#at = at + 1;
      return true;
    }
    if (signed && bytes[at] === MINUS) at += 1;
    const digits = digitsFrom(bytes, at);
    this.#at = at + digits;
    return digits > 0 && digits <= MOST_DIGITS;
  }

  #float(bytes: Uint8Array, signed: boolean): boolean {
    let at = this.#at;
    if (signed && bytes[at] === MINUS) at += 1;
    const whole = digitsFrom(bytes, at);
    at += whole;
    let fraction = 0;
    if (bytes[at] === POINT) {
      fraction = digitsFrom(bytes, at + 1);
      at += 1 + fraction;
    }
    const missing = whole + fraction === 0 && at === this.#at + 1 && bytes[this.#at] === POINT;
    if (whole + fraction === 0 && !missing) return false;
    if (!missing && (bytes[at] === LOWER_E || bytes[at] === UPPER_E)) {
      at += bytes[at + 1] === MINUS || bytes[at + 1] === PLUS ? 2 : 1;
      const power = digitsFrom(bytes, at);
      if (power === 0) return false;
      at += power;
    }
    this.#at = at;
    return true;
  }

  /** Any text; VCF 4.1 and 4.2 have no spaces in INFO. */
  #text(bytes: Uint8Array, end: number): boolean {
    for (; this.#at < end; this.#at += 1) {
      const byte = bytes[this.#at]!;
      if (byte === SEMICOLON || byte === COMMA) return true;
      if (byte === SPACE && this.#minor < 3) return false;
    }
    return true;
  }

  /** Where the key is, or where it belongs. */
  #bucketOf(hash: number, bytes: Uint8Array, start: number, end: number): number {
    for (let bucket = (hash >>> 0) % BUCKETS; ; bucket = (bucket + 1) % BUCKETS) {
      const known = this.#keys[bucket];
      if (known === undefined || equals(known.bytes, bytes, start, end)) return bucket;
    }
  }
}

function nextHash(hash: number, byte: number): number {
  return (Math.imul(hash, 31) + byte) | 0;
}

function equals(known: Uint8Array, bytes: Uint8Array, start: number, end: number): boolean {
  if (known.length !== end - start) return false;
  for (let at = 0; at < known.length; at += 1) if (known[at] !== bytes[start + at]) return false;
  return true;
}

function digitsFrom(bytes: Uint8Array, start: number): number {
  let at = start;
  while (bytes[at]! >= ZERO && bytes[at]! <= ZERO + 9) at += 1;
  return at - start;
}
