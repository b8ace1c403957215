/** Types of BCF values, as the low four bits of a descriptor (BCF 2.2, section 6.3.3). */
export const BCF_TYPE = { none: 0, int8: 1, int16: 2, int32: 3, float: 5, char: 7 } as const;

const TYPE_BYTES = [0, 1, 2, 4, 0, 4, 0, 1] as const;
const LONG = 15;

/** Bytes of one value of that type; 0 where there is no such type, and for a vector of none. */
export function typeBytes(type: number): number {
  return TYPE_BYTES[type] ?? 0;
}

/** Reserved integers: a value that is missing, and the end of a vector that is shorter than its place. By type. */
export const MISSING_INTEGER = [0, -128, -32_768, -2_147_483_648] as const;
export const END_OF_VECTOR = [0, -127, -32_767, -2_147_483_647] as const;
/** The same for floats, as their bits; both are not-a-number. */
export const MISSING_FLOAT = 0x7f800001;
export const END_OF_FLOATS = 0x7f800002;

/** Walks over typed values and never beyond the end of what they lie in. */
export class TypedCursor {
  bytes: Buffer = Buffer.alloc(0);
  at = 0;
  end = 0;
  /** Of the vector whose descriptor was read last. */
  type = 0;
  count = 0;
  readonly #fault: (reason: string) => Error;

  /** `fault` makes the error for a value that cannot be. */
  constructor(fault: (reason: string) => Error) {
    this.#fault = fault;
  }

  reset(bytes: Buffer, at: number, end: number): void {
    this.bytes = bytes;
    this.at = at;
    this.end = end;
  }

  /** Reads a descriptor; `at` is then where its values start. `what` names them where they cannot be. */
  descriptor(what: string): void {
    if (this.at >= this.end) throw this.#fault(`${what} lies beyond its end`);
    const descriptor = this.bytes[this.at]!;
    this.at += 1;
    const type = descriptor & 15;
    if (typeBytes(type) === 0 && descriptor !== 0)
      throw this.#fault(`${what} is of type ${type}, which BCF 2.2 does not know`);
    let count = descriptor >> 4;
    if (count === LONG) count = this.integer(`the length of ${what}`);
    if (count < 0) throw this.#fault(`${what} has ${count} values`);
    this.type = type;
    this.count = count;
  }

  /** Leaves `size` bytes behind; returns where they start. */
  take(size: number, what: string): number {
    const start = this.at;
    if (size > this.end - start)
      throw this.#fault(`${what} has ${size} bytes, but ${this.end - start} are left`);
    this.at = start + size;
    return start;
  }

  /** Leaves a vector behind; `type` and `count` are its, and its first value is where this says. */
  vector(what: string): number {
    this.descriptor(what);
    return this.take(this.count * typeBytes(this.type), what);
  }

  /** One integer of any width. */
  integer(what: string): number {
    if (this.at >= this.end) throw this.#fault(`${what} lies beyond its end`);
    const descriptor = this.bytes[this.at]!;
    const type = descriptor & 15;
    if (descriptor >> 4 !== 1 || type === 0 || type > BCF_TYPE.int32)
      throw this.#fault(`${what} is not one integer`);
    this.at += 1;
    return integerAt(this.bytes, this.take(typeBytes(type), what), type);
  }

  /** A text, without the zero bytes that may fill its place. */
  text(what: string): string {
    const start = this.vector(what);
    if (this.count === 0 || this.type === BCF_TYPE.none) return '';
    if (this.type !== BCF_TYPE.char) throw this.#fault(`${what} is no text`);
    let end = this.at;
    while (end > start && this.bytes[end - 1] === 0) end -= 1;
    return this.bytes.toString('utf8', start, end);
  }
}

/** The integer of that type at an offset that is known to hold one. */
export function integerAt(bytes: Buffer, at: number, type: number): number {
  if (type === BCF_TYPE.int8) return (bytes[at]! << 24) >> 24;
  if (type === BCF_TYPE.int16) return ((bytes[at]! | (bytes[at + 1]! << 8)) << 16) >> 16;
  return bytes[at]! | (bytes[at + 1]! << 8) | (bytes[at + 2]! << 16) | (bytes[at + 3]! << 24);
}

/** How many values come before the end of a vector of integers or floats. */
export function valuesIn(bytes: Buffer, start: number, type: number, count: number): number {
  const size = typeBytes(type);
  const end = type === BCF_TYPE.float ? END_OF_FLOATS : END_OF_VECTOR[type]!;
  const word = type === BCF_TYPE.float ? BCF_TYPE.int32 : type;
  let values = 0;
  while (values < count && integerAt(bytes, start + values * size, word) !== end) values += 1;
  return values;
}
