import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { COHORT_BYTES, planeBytesOf, SET_KIND, type SetUnit } from '../kernels/kernels.ts';
import { decodeAlleles, encodeAlleles } from './alleles.ts';
import { encodeCell, readCell } from './cells.ts';
import { packColumns, startsOf, unpackColumns } from './columns.ts';
import { DenseSets } from './dense-sets.ts';
import { PayloadBuffer } from './payload.ts';
import { packSection, unpackSection } from './section.ts';
import { SetBook } from './set-book.ts';
import { originLine, SiteTable } from './site-table.ts';
import { Span } from './span.ts';
import { readList } from './span-set.ts';
import { writeList } from './write-list.ts';

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

const unit = fc.constantFrom('people' as const, 'haplotypes' as const);

/** A number of people of one block, and members of a set of them or of their haplotypes. */
const sets = fc.tuple(fc.integer({ min: 1, max: 400 }), unit).chain(([people, of]) => {
  const limit = of === 'people' ? people : 2 * people;
  const stretch = fc
    .tuple(fc.nat({ max: limit - 1 }), fc.nat({ max: limit }))
    .map(([start, length]) => Array.from({ length: Math.min(length, limit - start) }, (_, i) => start + i));
  const members = fc.oneof(
    fc.uniqueArray(fc.nat({ max: limit - 1 })),
    stretch,
    fc.array(stretch, { maxLength: 4 }).map((stretches) => [...new Set(stretches.flat())]),
  );
  return members.map((numbers) => ({
    people,
    unit: of,
    limit,
    members: Uint32Array.from(numbers).sort(),
  }));
});

test('a list of a span comes back as it was, and no other parameter makes it shorter', () => {
  fc.assert(
    fc.property(sets, fc.constantFrom(1, 50, 4_000), ({ members, limit }, scale) => {
      const numbers = members.map((number) => scale * number);
      const payload = new PayloadBuffer();
      payload.take(3);
      const { kind, offset, bytes } = writeList(numbers, scale * limit, payload)!;
      const written = payload.slice(offset, bytes);
      expect(readList(kind, numbers.length, scale * limit, written)).toEqual(numbers);
      expect(payload.length).toBe(offset + bytes);
      if (numbers.length === 0) return;
      for (let k = 0; k <= 24; k += 1) {
        const gaps = numbers.map((number, i) => (number - (numbers[i - 1] ?? -1) - 1) >>> k);
        const bits = gaps.reduce((sum, gap) => sum + gap + 1 + k, 0);
        if (2 * numbers.length <= scale * limit) expect(bytes).toBeLessThanOrEqual(Math.ceil(bits / 8));
      }
    }),
    { numRuns: 300 },
  );
});

test('a list of another length, of other members or of a smaller span is refused', () => {
  fc.assert(
    fc.property(
      sets.filter(({ members }) => members.length > 0),
      ({ members, limit }) => {
        const payload = new PayloadBuffer();
        const { kind, offset, bytes } = writeList(members, 50 * limit, payload)!;
        const written = payload.slice(offset, bytes);
        expect(readList(kind, members.length, members.at(-1)!, written)).toBeUndefined();
        expect(readList(kind, members.length, 50 * limit, written.subarray(1))).not.toEqual(members);
        expect(
          readList(kind, members.length, 50 * limit, Buffer.concat([written, Buffer.of(0)])),
        ).toBeUndefined();
        expect(readList(SET_KIND.runs, members.length, 50 * limit, written)).toBeUndefined();
      },
    ),
  );
});

test('a set of a block comes back as it was, in no more bytes than planes', () => {
  fc.assert(
    fc.property(sets, ({ people, members, unit: of }) => {
      const cell = encodeCell(people, of, planesOf(members, of));
      expect(cell.bytes.length).toBeLessThanOrEqual((of === 'people' ? 1 : 2) * planeBytesOf(people));
      expect(readCell(cell, people, of)).toEqual(members);
    }),
    { numRuns: 300 },
  );
});

test('a set of a block that is cut short is refused, or read as other members of the block', () => {
  fc.assert(
    fc.property(sets, fc.nat(), ({ people, members, unit: of, limit }, cut) => {
      const cell = encodeCell(people, of, planesOf(members, of));
      if (cell.bytes.length === 0) return;
      const bytes = cell.bytes.subarray(0, cut % cell.bytes.length);
      for (const own of [
        { ...cell, bytes },
        { ...cell, units: cell.units + 1 },
      ]) {
        const read = readCell(own, people, of) ?? new Uint32Array(0);
        expect(read.every((number) => number < limit)).toBe(true);
        if (own.bytes === bytes) expect(read).not.toEqual(members);
      }
    }),
  );
});

test('equal sets share a number and their bytes, other sets and sets of something else do not', () => {
  const span = new Span([32_768, 100]);
  const payload = new PayloadBuffer();
  const dense = new DenseSets(span);
  const book = new SetBook(span, payload, dense);
  const males = Uint32Array.from({ length: 16_384 }, (_, i) => 4 * i + 1);
  expect(book.intern(new Uint32Array(0), 'haplotypes')).toBe(0);
  const first = book.intern(Uint32Array.of(5, 9), 'haplotypes');
  const all = book.intern(males, 'haplotypes');
  const bytes = payload.length;
  expect(book.intern(Uint32Array.of(5, 9), 'haplotypes')).toBe(first);
  expect(book.intern(males.slice(), 'haplotypes')).toBe(all);
  expect([payload.length, dense.size, book.size]).toEqual([bytes, 1, 2]);
  expect(book.intern(Uint32Array.of(5, 11), 'haplotypes')).toBe(3);
  expect(book.intern(Uint32Array.of(5, 9), 'people')).toBe(4);
  expect(book.intern(males.subarray(1), 'haplotypes')).toBe(5);
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
  const table = SiteTable.unpack(
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

function planesOf(numbers: Uint32Array, unit: SetUnit): Uint8Array {
  const planes = new Uint8Array(2 * COHORT_BYTES);
  for (const number of numbers) {
    const person = unit === 'people' ? number : number >> 1;
    const at = (unit === 'people' ? 0 : number & 1) * COHORT_BYTES + (person >> 3);
    planes[at] = planes[at]! | (1 << (person & 7));
  }
  return planes;
}
