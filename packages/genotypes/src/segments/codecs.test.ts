import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { planeBytesOf } from '../kernels/kernels.ts';
import { decodeAlleles, encodeAlleles } from './alleles.ts';
import { packColumns, startsOf, unpackColumns } from './columns.ts';
import { chooseEncoding, readSet, setBytes, writeSet } from './haplotype-set.ts';
import { PatternBook } from './pattern-book.ts';
import { packSection, unpackSection } from './section.ts';
import { originLine, SiteTable } from './site-table.ts';

const column = fc.oneof(
  fc.array(fc.nat({ max: 255 })),
  fc.array(fc.nat({ max: 0xffff })),
  fc.array(fc.nat({ max: 0xffff_ffff })),
  fc.array(fc.constant(0)),
);

test('columns come back as they were', () => {
  fc.assert(
    fc.property(fc.array(column, { maxLength: 5 }), (lists) => {
      const columns = lists.map((list) => Uint32Array.from(list));
      const bytes = packColumns(columns);
      expect(
        unpackColumns(
          bytes,
          columns.map(({ length }) => length),
        ),
      ).toEqual(columns);
    }),
  );
});

test('columns of other lengths than they were are refused', () => {
  const bytes = packColumns([Uint32Array.of(1, 2, 300)]);
  for (const lengths of [[2], [4], [3, 1], []]) {
    expect(() => unpackColumns(bytes, lengths)).toThrowError(/other lengths/);
  }
});

test('starts are the sums of the lengths before', () => {
  expect([...startsOf(Uint32Array.of(3, 0, 4, 2))]).toEqual([0, 3, 3, 7]);
});

test('a set of haplotypes comes back as it was, in the smallest of its encodings', () => {
  const sets = fc.integer({ min: 1, max: 400 }).chain((people) =>
    fc.tuple(
      fc.constant(people),
      fc.oneof(
        fc.uniqueArray(fc.nat({ max: 2 * people - 1 })),
        fc
          .tuple(fc.nat({ max: 2 * people - 1 }), fc.nat({ max: 2 * people }))
          .map(([start, length]) =>
            Array.from({ length: Math.min(length, 2 * people - start) }, (_, i) => start + i),
          ),
      ),
    ),
  );
  fc.assert(
    fc.property(sets, ([people, members]) => {
      const haplotypes = Uint16Array.from(members).sort();
      const planeBytes = planeBytesOf(people);
      const set = chooseEncoding(haplotypes, people, planeBytes);
      const length = setBytes(set.kind, set.units, planeBytes);
      expect(length).toBeLessThanOrEqual(Math.min(2 * haplotypes.length, 2 * planeBytes));
      const bytes = new Uint8Array(length);
      writeSet(set, haplotypes, people, planeBytes, bytes, 0);
      expect(readSet(set, people, planeBytes, bytes)).toEqual(haplotypes);
    }),
    { numRuns: 300 },
  );
});

test('equal patterns share a number and their bytes, other patterns do not', () => {
  const book = new PatternBook(100, planeBytesOf(100));
  const none = new Uint16Array(0);
  const males = Uint16Array.from({ length: 30 }, (_, i) => 4 * i + 1);
  expect(book.intern(none, none, 0)).toBe(0);
  const first = book.intern(Uint16Array.of(5, 9), males, 0);
  const bytes = book.bytes;
  expect(book.intern(Uint16Array.of(5, 9), males, 0)).toBe(first);
  expect(book.bytes).toBe(bytes);
  expect(book.intern(Uint16Array.of(5, 11), males, 0)).not.toBe(first);
  expect(book.intern(males, none, 0)).not.toBe(book.intern(none, males, 0));
  expect(book.size).toBe(4);
  expect(book.haploid).toBe(true);
});

test('a section comes back as it was, and one changed bit is found', () => {
  fc.assert(
    fc.property(
      fc.uint8Array({ minLength: 1, maxLength: 300 }),
      fc.nat(),
      fc.nat({ max: 7 }),
      (bytes, at, bit) => {
        const raw = Buffer.concat([bytes, Buffer.alloc(bytes.length % 100)]);
        const packed = packSection(raw);
        expect(Buffer.compare(unpackSection(packed.section, packed.bytes, 'x'), raw)).toBe(0);
        const damaged = Uint8Array.from(packed.bytes);
        damaged[at % damaged.length] = damaged[at % damaged.length]! ^ (1 << bit);
        expect(() => unpackSection(packed.section, damaged, 'x')).toThrowError(/checksum/);
      },
    ),
  );
});

test('alleles of any length and kind come back from their code', () => {
  const allele = fc.oneof(
    fc.stringMatching(/^[ACGTN]{1,8}$/),
    fc.constantFrom('*', '<DEL>', '<CN0>', 'G]17:198982]', ']13:123456]T', 'n'),
  );
  fc.assert(
    fc.property(fc.array(fc.tuple(allele, allele)), (pairs) => {
      let text = '';
      const codes = pairs.map(([ref, alt]) =>
        encodeAlleles(ref, alt, (line) => {
          text += line;
          return text.length - line.length;
        }),
      );
      expect(codes.map((code) => decodeAlleles(code, text))).toEqual(
        pairs.map(([ref, alt]) => ({ ref, alt })),
      );
    }),
  );
});

test('a site remembers how the file wrote it', () => {
  const written = { position: 99, ref: 'CAG', alts: ['CAT', 'C'] };
  const variant = { contig: '1', position: 101, ref: 'G', alt: 'T' };
  const origin = originLine(['rs1', 'é2'], written, variant);
  const table = new SiteTable(
    '1',
    1,
    packColumns([Uint32Array.of(101), Uint32Array.of(5 * 2 + 4), Uint32Array.of(0), Uint32Array.of(1)]),
    new Uint8Array(0),
    Buffer.from(origin),
  );
  expect(table.site(0)).toEqual({ variant, ids: ['rs1', 'é2'], original: written });
  const plain = { position: 101, ref: 'G', alts: ['T'] };
  expect(originLine([], plain, variant)).toBe('\n');
});
