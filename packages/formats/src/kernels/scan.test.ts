import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { hasWasmKernels } from './instantiate.ts';
import { scalarScanKernels } from './scalar-scan.ts';
import type { ScanKernels } from './scan-kernels.ts';
import { ScanLists } from './scan-lists.ts';
import { TextMemory } from './text-memory.ts';
import { wasmScanKernels } from './wasm-scan.ts';

type Read = ReturnType<typeof listsOf>;

/** What is read of a line of sample columns, and where it was found to end; `undefined` where it is not known. */
interface Scanned {
  readonly fixed: Read | undefined;
  readonly any: (Read & { readonly end: number }) | undefined;
}

function listsOf(lists: ScanLists) {
  return {
    ones: [...lists.ones],
    others: [...lists.others],
    alleles: [...lists.alleles],
    missing: [...lists.missing],
    absent: [...lists.absent],
    basePhased: lists.basePhased,
    phases: [...lists.phases],
  };
}

/** A line behind some other text, at any alignment, with more text behind it. */
function scan(
  create: (memory: TextMemory) => ScanKernels,
  columns: string,
  samples: number,
  highest: number,
  { ending = '\n', before = 0, more = 1 } = {},
): Scanned {
  const memory = new TextMemory();
  const lists = new ScanLists(memory, samples);
  const text = Buffer.from(`${'x'.repeat(before)}\t${columns}${ending}next\tline\n`);
  const at = memory.allocate(text.length + 64);
  memory.bytes.set(text, at);
  const start = at + before + 1;
  const kernels = create(memory);
  const fits = Buffer.byteLength(columns) === 4 * samples - 1;
  const fixed =
    fits && kernels.scanFixed(start, samples, highest, lists.at) === 1 ? listsOf(lists) : undefined;
  const end = kernels.scanColumns(start, at + text.length, samples, highest, more, lists.at);
  expect(Buffer.compare(text, memory.bytes.subarray(at, at + text.length))).toBe(0);
  return { fixed, any: end === 0 ? undefined : { ...listsOf(lists), end: end - start } };
}

/** The same by plain means. */
function byHand(genotypes: readonly string[], basePhased: boolean): Read {
  const read: Read = { ones: [], others: [], alleles: [], missing: [], absent: [], basePhased, phases: [] };
  genotypes.forEach((genotype, sample) => {
    const alleles = genotype.split(/[|/]/);
    alleles.forEach((allele, copy) => {
      const haplotype = 2 * sample + copy;
      if (allele === '.') read.missing.push(haplotype);
      else if (Number(allele) === 1) read.ones.push(haplotype);
      else if (Number(allele) > 1) {
        read.others.push(haplotype);
        read.alleles.push(Number(allele));
      }
    });
    if (alleles.length === 1) read.absent.push(2 * sample + 1);
    if (!genotype.includes('/') !== basePhased) read.phases.push(sample);
  });
  return read;
}

const rarely = <T>(common: T, ...others: readonly T[]) =>
  fc.oneof(
    { weight: 12, arbitrary: fc.constant(common) },
    { weight: 3, arbitrary: fc.constantFrom(...others) },
  );
const separator = fc.oneof(
  fc.constant(fc.constant('|')),
  fc.constant(fc.constant('/')),
  fc.constant(fc.constantFrom('|', '/')),
);
const samples = fc.oneof(fc.integer({ min: 1, max: 90 }), fc.constantFrom(1, 15, 16, 17, 63, 64, 65, 128));

function genotypesOf(allele: fc.Arbitrary<string>, haploid: boolean) {
  return fc.tuple(samples, separator).chain(([size, between]) => {
    const diploid = fc.tuple(allele, between, allele).map((parts) => parts.join(''));
    const genotype = haploid
      ? fc.oneof({ weight: 3, arbitrary: diploid }, { weight: 1, arbitrary: allele })
      : diploid;
    return fc.array(genotype, { minLength: size, maxLength: size });
  });
}

const implementations: [string, (memory: TextMemory) => ScanKernels][] = [['scalar', scalarScanKernels]];
if (hasWasmKernels()) implementations.push(['WASM with SIMD', wasmScanKernels]);

describe.each(implementations)('scan kernels: %s', (_, create) => {
  test('columns of four bytes are read as by hand, in both ways', () => {
    const line = fc.tuple(genotypesOf(rarely('0', '1', '1', '2', '9', '.'), false), fc.nat(70), fc.boolean());
    fc.assert(
      fc.property(line, ([genotypes, before, carriageReturn]) => {
        const ending = carriageReturn ? '\r\n' : '\n';
        const columns = genotypes.join('\t');
        const { fixed, any } = scan(create, columns, genotypes.length, 9, { ending, before });
        expect(fixed).toEqual(byHand(genotypes, genotypes[0]![1] === '|'));
        expect(any).toEqual({
          ...byHand(genotypes, genotypes[0]![1] !== '/'),
          end: columns.length + ending.length - 1,
        });
      }),
      { numRuns: 300 },
    );
  });

  test('columns of any width are read as by hand', () => {
    const tail = fc.oneof(
      fc.constant(''),
      fc.constantFrom(':.', ':3,4:7:99', `:${'é'.repeat(50)}`, ':\u0001|'),
    );
    const genotypes = genotypesOf(rarely('0', '1', '.', '2', '10', '32767', '00', '01'), true);
    fc.assert(
      fc.property(
        genotypes,
        tail,
        fc.nat(70),
        fc.constantFrom('\n', '\r\n'),
        (values, rest, before, ending) => {
          const columns = values.map((value) => value + rest).join('\t');
          const { any } = scan(create, columns, values.length, 32_767, { ending, before });
          expect(any).toEqual({
            ...byHand(values, values[0]![1] !== '/'),
            end: Buffer.byteLength(columns) + ending.length - 1,
          });
        },
      ),
      { numRuns: 300 },
    );
  });

  test.each([
    '0/3',
    '3|0',
    '0/0/1',
    '|0/1',
    '0|',
    '',
    'a',
    '0-1',
    '0\r1',
    '0/0\r0',
    '-1',
    '.1/0',
    '0/.1',
    '99999999999',
  ])('a genotype such as %j is left to others', (bad) => {
    for (const size of [1, 2, 15, 16, 17, 70])
      for (const at of new Set([0, size >> 1, size - 1]))
        for (const rest of ['', ':7']) {
          const values = Array.from({ length: size }, (_, sample) => (sample === at ? bad : '0/1') + rest);
          const { fixed, any } = scan(create, values.join('\t'), size, 2);
          expect({ fixed, any }, values.join(' ')).toEqual({ fixed: undefined, any: undefined });
        }
  });

  test('a colon is left to others where FORMAT has nothing but GT', () => {
    for (const size of [1, 16, 70])
      for (const at of new Set([0, size - 1])) {
        const values = Array.from({ length: size }, (_, sample) => (sample === at ? '0/0:3' : '0/0'));
        expect(scan(create, values.join('\t'), size, 1).any).toBeDefined();
        expect(scan(create, values.join('\t'), size, 1, { more: 0 }).any).toBeUndefined();
      }
  });

  test('lines of more or fewer columns than samples are left to others', () => {
    for (const size of [2, 16, 64, 65])
      for (const wrong of [size - 1, size + 1, 3 * size]) {
        const columns = new Array(wrong).fill('0|0').join('\t');
        expect(scan(create, columns, size, 1).any).toBeUndefined();
        expect(scan(create, columns.replaceAll('0|0', '0|0:1'), size, 1).any).toBeUndefined();
      }
  });

  test('a bit that is flipped anywhere is seen, or read as what it became', () => {
    const bytes = (text: string) => Buffer.from(text, 'latin1');
    const line = fc.tuple(
      genotypesOf(rarely('0', '1', '.'), false),
      fc.nat(),
      fc.integer({ min: 0, max: 7 }),
    );
    fc.assert(
      fc.property(line, ([genotypes, where, bit]) => {
        const flipped = bytes(genotypes.join('\t'));
        flipped[where % flipped.length]! ^= 1 << bit;
        const text = flipped.toString('latin1');
        const { fixed } = scan(create, text, genotypes.length, 1);
        const valid = text.split('\t').every((genotype) => /^[01.][|/][01.]$/.test(genotype));
        expect(fixed !== undefined).toBe(valid && flipped.every((byte) => byte < 128));
        if (fixed !== undefined) expect(fixed).toEqual(byHand(text.split('\t'), text[1] === '|'));
      }),
      { numRuns: 400 },
    );
  });

  test('the first newline is found', () => {
    fc.assert(
      fc.property(
        fc.array(fc.nat(300), { maxLength: 4 }),
        fc.nat(70),
        fc.nat(300),
        (newlines, from, size) => {
          const memory = new TextMemory();
          const start = memory.allocate(1024) + from;
          memory.bytes.fill(120, start - from, start + 900);
          for (const place of newlines) memory.bytes[start + place] = 10;
          const first = Math.min(size, ...newlines);
          expect(create(memory).newlineAt(start, start + size)).toBe(start + first);
        },
      ),
    );
  });
});
