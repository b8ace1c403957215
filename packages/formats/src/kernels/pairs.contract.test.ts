import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { hasWasmKernels } from './instantiate.ts';
import type { PairKernels } from './pair-kernels.ts';
import { scalarPairKernels } from './scalar-pairs.ts';
import { ScanLists } from './scan-lists.ts';
import { TextMemory } from './text-memory.ts';
import { wasmPairKernels } from './wasm-pairs.ts';

const IMPLEMENTATIONS: readonly ((memory: TextMemory) => PairKernels)[] = [
  scalarPairKernels,
  ...(hasWasmKernels() ? [wasmPairKernels] : []),
];

/** Calls of one sample as BCF writes them, mostly homozygous references. */
const sample = fc.oneof(
  { weight: 8, arbitrary: fc.constant([2, 3]) },
  { weight: 3, arbitrary: fc.constantFrom([2, 2], [2, 5], [4, 5], [4, 3], [4, 4], [0, 0], [0, 1], [6, 9]) },
  { weight: 1, arbitrary: fc.constantFrom([2, 0x81], [4, 0x81], [0, 0x81], [3, 3], [5, 3], [0, 5], [2, 0]) },
);
const damaged = fc.constantFrom([0x81, 0x81], [0x80, 0x80], [2, 0x80], [12, 3], [2, 0xff], [0x81, 3]);

interface Scanned {
  readonly ones: readonly number[];
  readonly others: readonly (readonly [number, number])[];
  readonly missing: readonly number[];
  readonly absent: readonly number[];
  readonly phased: readonly number[];
}

/** What the pairs say, read the slow way. */
function read(pairs: readonly (readonly number[])[]): Scanned {
  const values = pairs.flat();
  const haplotypes = values.map((value, haplotype) => ({ value, haplotype }));
  const alleles = haplotypes
    .filter(({ value }) => value < 128)
    .map((each) => ({ ...each, allele: (each.value >> 1) - 1 }));
  return {
    ones: alleles.filter(({ allele }) => allele === 1).map(({ haplotype }) => haplotype),
    others: alleles
      .filter(({ allele }) => allele > 1)
      .map(({ haplotype, allele }) => [haplotype, allele] as const),
    missing: alleles.filter(({ allele }) => allele < 0).map(({ haplotype }) => haplotype),
    absent: haplotypes.filter(({ value }) => value === 0x81).map(({ haplotype }) => haplotype),
    phased: pairs.flatMap(([, second], place) => ((second! & 1) === 1 ? [place] : [])),
  };
}

for (const implement of IMPLEMENTATIONS) {
  const scan = (pairs: readonly (readonly number[])[], highest: number): Scanned | undefined => {
    const memory = new TextMemory();
    const lists = new ScanLists(memory, pairs.length);
    const start = memory.allocate(2 * pairs.length + 65) + 1;
    const kernels = implement(memory);
    memory.bytes.set(pairs.flat(), start);
    memory.bytes.fill(0x99, start + 2 * pairs.length, start + 2 * pairs.length + 64);
    if (kernels.scanPairs(start, pairs.length, highest, lists.at) === 0) return undefined;
    const other = new Set(lists.phases);
    return {
      ones: [...lists.ones],
      others: [...lists.others].map((haplotype, place) => [haplotype, lists.alleles[place]!] as const),
      missing: [...lists.missing],
      absent: [...lists.absent],
      phased: pairs.flatMap((_, place) => (other.has(place) === lists.basePhased ? [] : [place])),
    };
  };

  describe(implement.name, () => {
    test('gives everyone who carries an allele, is missing, lacks a copy, or is phased', () => {
      fc.assert(
        fc.property(fc.array(sample, { minLength: 1, maxLength: 200 }), (pairs) => {
          expect(scan(pairs, 4)).toEqual(read(pairs));
        }),
        { numRuns: 300 },
      );
    });

    test('leaves what it does not know to others, wherever it stands', () => {
      fc.assert(
        fc.property(
          fc.array(sample, { maxLength: 90 }),
          damaged,
          fc.array(sample, { maxLength: 90 }),
          (before, fault, after) => {
            expect(scan([...before, fault, ...after], 4)).toBeUndefined();
          },
        ),
        { numRuns: 200 },
      );
    });

    test('leaves an allele that the site does not have to others', () => {
      expect(
        scan(
          [
            [2, 3],
            [2, 7],
          ],
          2,
        )?.others,
      ).toEqual([[3, 2]]);
      expect(
        scan(
          [
            [2, 3],
            [2, 7],
          ],
          1,
        ),
      ).toBeUndefined();
      expect(
        scan(
          [
            [2, 3],
            [2, 5],
          ],
          0,
        ),
      ).toBeUndefined();
      expect(
        scan(
          [
            [2, 3],
            [2, 3],
          ],
          0,
        )?.ones,
      ).toEqual([]);
    });
  });
}
