import { constants, crc32, deflateRawSync } from 'node:zlib';
import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { INFLATE_TABLE_BYTES, type InflateKernels, inflateKernels } from './inflate-kernels.ts';
import { compiledKernels } from './instantiate.ts';
import { TextMemory } from './text-memory.ts';

const MOST = 65_536;
const GUARD = 512;
const FILLER = 0xa5;
const UNTOUCHED = Buffer.alloc(GUARD, FILLER);

/** Kernels with room for a source and a target between guards. */
class Bench {
  readonly kernels: InflateKernels;
  readonly #memory = new TextMemory();
  readonly #source = this.#memory.allocate(2 * MOST);
  readonly #target = this.#memory.allocate(MOST + 4 * GUARD) + GUARD;

  constructor(module: WebAssembly.Module | undefined) {
    this.kernels = inflateKernels(module, this.#memory.memory, this.#memory.allocate(INFLATE_TABLE_BYTES));
  }

  /** The text, where the kernels take the stream; that nothing but the target and its slack was written is checked. */
  inflate(stream: Uint8Array, textBytes: number, slack: number): Buffer | undefined {
    const { bytes } = this.#memory;
    const target = this.#target;
    bytes.fill(FILLER, target - GUARD, target + textBytes + slack + GUARD);
    bytes.fill(0xff, this.#source, this.#source + stream.length + 128);
    bytes.set(stream, this.#source);
    const limit = target + textBytes + slack;
    const taken = this.kernels.inflate(this.#source, stream.length, target, textBytes, limit);
    expect(bytes.subarray(target - GUARD, target).equals(UNTOUCHED)).toBe(true);
    expect(bytes.subarray(limit, limit + GUARD).equals(UNTOUCHED)).toBe(true);
    return taken ? Buffer.from(bytes.subarray(target, target + textBytes)) : undefined;
  }
}

const KINDS = ['genotypes', 'rich', 'periods', 'words', 'noise'] as const;

/** Texts as they come: genotypes, rich columns, repetitions of any period, words, noise. */
const text = fc
  .record({
    bytes: fc.oneof(fc.nat({ max: 400 }), fc.nat({ max: MOST }), fc.constant(MOST)),
    seed: fc.integer(),
    kind: fc.constantFrom(...KINDS),
    rarity: fc.constantFrom(3, 40, 1_000, 100_000),
  })
  .map(({ bytes, seed, kind, rarity }) => {
    const random = generator(seed);
    const parts: Buffer[] = [];
    for (let length = 0; length < bytes; ) {
      const part = Buffer.from(PARTS[kind](random, rarity), 'latin1');
      parts.push(part);
      length += part.length;
    }
    return Buffer.concat(parts).subarray(0, bytes);
  });

const PARTS: Readonly<Record<(typeof KINDS)[number], (random: () => number, rarity: number) => string>> = {
  genotypes: (random, rarity) =>
    '0|0\t'.repeat(random() * rarity * 2) +
    (['0|1\t', '1|0\t', '1|1\t', '.|.\t', '2|1\t', '0|0\n'][Math.floor(random() * 6)] ?? ''),
  rich: (random, rarity) =>
    `${random() * rarity < 1 ? '0/1' : '0/0'}:${Math.floor(20 + 20 * random())},0:${Math.floor(99 * random())}\t`,
  periods: (random, rarity) => {
    const period = Math.floor(1 + random() * 20);
    return Array.from({ length: period }, () => 'abcd'[Math.floor(random() * 4)])
      .join('')
      .repeat(1 + random() * rarity);
  },
  words: (random) => `${['site', 'allele', 'carrier', 'cohort', '\n'][Math.floor(random() * 5)]} `,
  noise: (random) => String.fromCharCode(Math.floor(random() * 256)),
};

const options = fc.record({
  level: fc.integer({ min: 0, max: 9 }),
  memLevel: fc.integer({ min: 1, max: 9 }),
  strategy: fc.constantFrom(
    constants.Z_DEFAULT_STRATEGY,
    constants.Z_FIXED,
    constants.Z_HUFFMAN_ONLY,
    constants.Z_RLE,
    constants.Z_FILTERED,
  ),
});
const slack = fc.constantFrom(0, 1, 200, 400, GUARD);

const built = compiledKernels();
const implementations: [string, WebAssembly.Module | undefined][] = [['zlib', undefined]];
if (built !== undefined) implementations.push(['wasm-simd', built]);

describe.each(implementations)('inflate: %s', (name, module) => {
  const bench = new Bench(module);

  test('the kernels are those that were asked for', () => {
    expect(bench.kernels.name).toBe(name);
  });

  test('whatever zlib deflates comes back, with its checksum', () => {
    fc.assert(
      fc.property(text, options, slack, (plain, how, room) => {
        expect(bench.inflate(deflateRawSync(plain, how), plain.length, room)?.equals(plain)).toBe(true);
        expect(bench.kernels.checksum()).toBe(crc32(plain));
      }),
      { numRuns: 120 },
    );
  });

  test('a stream of another length than stated is refused, and so is one that ends early', () => {
    fc.assert(
      fc.property(text, options, slack, fc.integer({ min: 1, max: 300 }), (plain, how, room, by) => {
        const stream = deflateRawSync(plain, how);
        if (plain.length >= by) expect(bench.inflate(stream, plain.length - by, room)).toBeUndefined();
        if (plain.length + by <= MOST) expect(bench.inflate(stream, plain.length + by, room)).toBeUndefined();
        expect(bench.inflate(Buffer.concat([stream, Buffer.alloc(by)]), plain.length, room)).toBeUndefined();
        expect(
          bench.inflate(stream.subarray(0, Math.max(0, stream.length - by)), plain.length, room),
        ).toBeUndefined();
      }),
      { numRuns: 60 },
    );
  });

  test('of damaged streams nothing is taken that zlib would not take, and nothing else is written', () => {
    const reference = new Bench(undefined);
    fc.assert(
      fc.property(
        text,
        options,
        slack,
        fc.array(fc.nat(), { minLength: 1, maxLength: 6 }),
        (plain, how, room, bits) => {
          const stream = deflateRawSync(plain, how);
          // Half of the damage lies where the codes are stated.
          bits.forEach((bit, index) => {
            const at = (bit >> 3) % (index % 2 === 0 ? Math.min(stream.length, 90) : stream.length);
            stream[at] = stream[at]! ^ (1 << (bit & 7));
          });
          const found = bench.inflate(stream, plain.length, room);
          if (found !== undefined) {
            expect(bench.kernels.checksum()).toBe(crc32(found));
            expect(reference.inflate(stream, plain.length, 0)?.equals(found)).toBe(true);
          }
        },
      ),
      { numRuns: 120 },
    );
  });

  test('noise is refused, or means what zlib says', () => {
    const reference = new Bench(undefined);
    fc.assert(
      fc.property(
        fc.uint8Array({ maxLength: 400 }),
        fc.nat({ max: 3 }),
        fc.nat({ max: 400 }),
        (noise, kind, bytes) => {
          if (noise.length > 0) noise[0] = (noise[0]! & ~7) | (kind << 1) | 1;
          const found = bench.inflate(noise, bytes, 0);
          if (found !== undefined) expect(reference.inflate(noise, bytes, 0)).toEqual(found);
        },
      ),
      { numRuns: 300 },
    );
  });
});

/** Numbers in [0, 1) from a seed (mulberry32). */
function generator(seed: number): () => number {
  let state = seed | 0;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}
