import { CoreError } from '../errors.ts';

/** People of a node are numbered in blocks of this many; person `p` is bit `p % 32768` of block `p / 32768`. */
export const PEOPLE_PER_BLOCK = 32_768;
const WORDS_PER_BLOCK = PEOPLE_PER_BLOCK / 32;
const MAGIC = 0x53_50_46_31;
const NOBODY = new Uint32Array(WORDS_PER_BLOCK);
/** Shared by every set that has a block whole: blocks are not written to once a set is made. */
const WHOLE_BLOCK = new Uint32Array(WORDS_PER_BLOCK).fill(0xffffffff);

/**
 * A set of people of one dataset, as a bitmap over blocks: the value of every cohort, term, consent and carrier list.
 * Sets are values: the operations return new sets and may share blocks with their operands.
 */
export class PeopleSet {
  static readonly EMPTY = new PeopleSet([]);
  /** A block is `undefined` where it holds nobody. */
  readonly #blocks: readonly (Uint32Array | undefined)[];

  private constructor(blocks: readonly (Uint32Array | undefined)[]) {
    this.#blocks = blocks;
  }

  static of(people: Iterable<number>): PeopleSet {
    const blocks: (Uint32Array | undefined)[] = [];
    for (const person of people) {
      if (!Number.isSafeInteger(person) || person < 0) {
        throw new CoreError('core/bad-person-number', `${person} is not a person number`);
      }
      const index = Math.floor(person / PEOPLE_PER_BLOCK);
      const block = blockAt(blocks, index);
      const bit = person % PEOPLE_PER_BLOCK;
      block[bit >>> 5] = block[bit >>> 5]! | (1 << (bit & 31));
    }
    return new PeopleSet(blocks);
  }

  /** Everyone numbered `start` … `end - 1`. */
  static range(start: number, end: number): PeopleSet {
    const blocks: (Uint32Array | undefined)[] = [];
    for (let person = start; person < end; ) {
      const index = Math.floor(person / PEOPLE_PER_BLOCK);
      const bit = person % PEOPLE_PER_BLOCK;
      if (bit === 0 && end - person >= PEOPLE_PER_BLOCK) {
        blocks[index] = WHOLE_BLOCK;
        person += PEOPLE_PER_BLOCK;
        continue;
      }
      const block = blockAt(blocks, index);
      if ((bit & 31) === 0 && end - person >= 32) {
        const words = Math.min(end - person, PEOPLE_PER_BLOCK - bit) >>> 5;
        block.fill(0xffffffff, bit >>> 5, (bit >>> 5) + words);
        person += 32 * words;
      } else {
        block[bit >>> 5] = block[bit >>> 5]! | (1 << (bit & 31));
        person += 1;
      }
    }
    return new PeopleSet(blocks);
  }

  /** Takes ownership of the given blocks of 1,024 words each; index = block number. */
  static fromBlocks(blocks: readonly (Uint32Array | undefined)[]): PeopleSet {
    for (const block of blocks) {
      if (block !== undefined && block.length !== WORDS_PER_BLOCK) {
        throw new CoreError(
          'core/bad-bitmap',
          `a block of people has ${WORDS_PER_BLOCK} words, not ${block.length}`,
        );
      }
    }
    return new PeopleSet(blocks);
  }

  /** The 1,024 words of a block, or `undefined` where it holds nobody. Not to be written to. */
  block(index: number): Uint32Array | undefined {
    return this.#blocks[index];
  }

  /** One more than the highest block number that may hold someone. */
  get blockCount(): number {
    return this.#blocks.length;
  }

  get size(): number {
    let total = 0;
    for (const block of this.#blocks) if (block !== undefined) total += popcount(block);
    return total;
  }

  has(person: number): boolean {
    const block = this.#blocks[Math.floor(person / PEOPLE_PER_BLOCK)];
    const bit = person % PEOPLE_PER_BLOCK;
    return block !== undefined && (block[bit >>> 5]! & (1 << (bit & 31))) !== 0;
  }

  and(other: PeopleSet): PeopleSet {
    const length = Math.min(this.#blocks.length, other.#blocks.length);
    const blocks: (Uint32Array | undefined)[] = new Array(length);
    for (let index = 0; index < length; index += 1) {
      const left = this.#blocks[index];
      const right = other.#blocks[index];
      if (left === undefined || right === undefined) continue;
      blocks[index] = left === right ? left : combine(left, right, (a, b) => a & b);
    }
    return new PeopleSet(blocks);
  }

  or(other: PeopleSet): PeopleSet {
    const length = Math.max(this.#blocks.length, other.#blocks.length);
    const blocks: (Uint32Array | undefined)[] = new Array(length);
    for (let index = 0; index < length; index += 1) {
      const left = this.#blocks[index];
      const right = other.#blocks[index];
      if (left === undefined || right === undefined || left === right) blocks[index] = left ?? right;
      else blocks[index] = combine(left, right, (a, b) => a | b);
    }
    return new PeopleSet(blocks);
  }

  andNot(other: PeopleSet): PeopleSet {
    const blocks = this.#blocks.map((left, index) => {
      const right = other.#blocks[index];
      if (left === undefined || right === undefined) return left;
      return combine(left, right, (a, b) => a & ~b);
    });
    return new PeopleSet(blocks);
  }

  /** `|this ∩ other|` without making the set. */
  intersectionSize(other: PeopleSet): number {
    let total = 0;
    const length = Math.min(this.#blocks.length, other.#blocks.length);
    for (let index = 0; index < length; index += 1) {
      const left = this.#blocks[index];
      const right = other.#blocks[index];
      if (left === undefined || right === undefined) continue;
      for (let word = 0; word < WORDS_PER_BLOCK; word += 1) total += popcount32(left[word]! & right[word]!);
    }
    return total;
  }

  equals(other: PeopleSet): boolean {
    const length = Math.max(this.#blocks.length, other.#blocks.length);
    for (let index = 0; index < length; index += 1) {
      const left = this.#blocks[index] ?? NOBODY;
      const right = other.#blocks[index] ?? NOBODY;
      if (left === right) continue;
      for (let word = 0; word < WORDS_PER_BLOCK; word += 1) if (left[word] !== right[word]) return false;
    }
    return true;
  }

  /** Person numbers, ascending. */
  *[Symbol.iterator](): IterableIterator<number> {
    for (let index = 0; index < this.#blocks.length; index += 1) {
      const block = this.#blocks[index];
      if (block === undefined) continue;
      for (let word = 0; word < WORDS_PER_BLOCK; word += 1) {
        let bits = block[word]!;
        while (bits !== 0) {
          const bit = 31 - Math.clz32(bits & -bits);
          yield index * PEOPLE_PER_BLOCK + word * 32 + bit;
          bits &= bits - 1;
        }
      }
    }
  }

  /**
   * For storage: magic, block count, then for every block that holds someone its number, a length, and either the sorted
   * 16-bit offsets (fewer than 2,048 people) or the 4,096 bytes of the bitmap. Little-endian, as every machine is that
   * Node runs on but one (IBM Z).
   */
  toBytes(): Uint8Array {
    const parts: { index: number; bytes: Uint8Array }[] = [];
    for (let index = 0; index < this.#blocks.length; index += 1) {
      const block = this.#blocks[index];
      if (block === undefined) continue;
      const count = popcount(block);
      if (count > 0)
        parts.push({ index, bytes: count < 2_048 ? offsetsOf(block, count) : bitmapBytes(block) });
    }
    const bytes = new Uint8Array(8 + parts.reduce((sum, part) => sum + 8 + part.bytes.length, 0));
    const view = new DataView(bytes.buffer);
    view.setUint32(0, MAGIC, true);
    view.setUint32(4, parts.length, true);
    let at = 8;
    for (const part of parts) {
      view.setUint32(at, part.index, true);
      view.setUint32(at + 4, part.bytes.length, true);
      bytes.set(part.bytes, at + 8);
      at += 8 + part.bytes.length;
    }
    return bytes;
  }

  /** Inverse of `toBytes`; throws `core/bad-bitmap` on anything else. */
  static fromBytes(bytes: Uint8Array): PeopleSet {
    const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    if (bytes.length < 8 || view.getUint32(0, true) !== MAGIC) throw badBitmap('no such magic number');
    const count = view.getUint32(4, true);
    const blocks: (Uint32Array | undefined)[] = [];
    let at = 8;
    for (let part = 0; part < count; part += 1) {
      if (at + 8 > bytes.length) throw badBitmap('it ends early');
      const index = view.getUint32(at, true);
      const length = view.getUint32(at + 4, true);
      at += 8;
      if (at + length > bytes.length || index > 0xffff || length > 4_096)
        throw badBitmap('a block is out of bounds');
      const block = new Uint32Array(WORDS_PER_BLOCK);
      if (length === 4_096) {
        new Uint8Array(block.buffer).set(bytes.subarray(at, at + length));
      } else {
        for (let offset = 0; offset < length; offset += 2) {
          const bit = view.getUint16(at + offset, true);
          if (bit >= PEOPLE_PER_BLOCK) throw badBitmap('a person is out of bounds');
          block[bit >>> 5] = block[bit >>> 5]! | (1 << (bit & 31));
        }
      }
      blocks[index] = block;
      at += length;
    }
    if (at !== bytes.length) throw badBitmap('bytes are left over');
    return new PeopleSet(blocks);
  }
}

function blockAt(blocks: (Uint32Array | undefined)[], index: number): Uint32Array {
  const block = blocks[index] ?? new Uint32Array(WORDS_PER_BLOCK);
  blocks[index] = block;
  return block;
}

function badBitmap(why: string): CoreError {
  return new CoreError('core/bad-bitmap', `not a stored set of people: ${why}`);
}

function combine(
  left: Uint32Array,
  right: Uint32Array,
  operation: (a: number, b: number) => number,
): Uint32Array {
  const result = new Uint32Array(WORDS_PER_BLOCK);
  for (let word = 0; word < WORDS_PER_BLOCK; word += 1) result[word] = operation(left[word]!, right[word]!);
  return result;
}

function popcount(words: Uint32Array): number {
  let total = 0;
  for (let word = 0; word < words.length; word += 1) total += popcount32(words[word]!);
  return total;
}

function popcount32(word: number): number {
  const pairs = word - ((word >>> 1) & 0x55555555);
  const nibbles = (pairs & 0x33333333) + ((pairs >>> 2) & 0x33333333);
  return Math.imul((nibbles + (nibbles >>> 4)) & 0x0f0f0f0f, 0x01010101) >>> 24;
}

function offsetsOf(block: Uint32Array, count: number): Uint8Array {
  const bytes = new Uint8Array(count * 2);
  let at = 0;
  for (let word = 0; word < WORDS_PER_BLOCK; word += 1) {
    let bits = block[word]!;
    while (bits !== 0) {
      const offset = word * 32 + 31 - Math.clz32(bits & -bits);
      bytes[at] = offset & 0xff;
      bytes[at + 1] = offset >>> 8;
      at += 2;
      bits &= bits - 1;
    }
  }
  return bytes;
}

function bitmapBytes(block: Uint32Array): Uint8Array {
  return new Uint8Array(block.buffer, block.byteOffset, block.byteLength);
}
