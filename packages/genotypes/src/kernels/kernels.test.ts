import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { chooseEncoding, setBytes, writeSet } from '../segments/haplotype-set.ts';
import { COHORT_BYTES, type Kernels, planeBytesOf, SET_KIND } from './kernels.ts';
import { scalarKernels } from './scalar.ts';
import { hasWasmKernels, wasmKernels } from './wasm.ts';

const COHORTS = 64;
const UNCALLED = COHORTS + 4 * COHORT_BYTES;
const SCRATCH = UNCALLED + 2 * COHORT_BYTES;
const KINDS = SCRATCH + 2 * COHORT_BYTES;
const UNITS = KINDS + 64;
const OFFSETS = UNITS + 256;
const OUT = OFFSETS + 256;
const PAYLOAD = OUT + 4096;
const BYTES = PAYLOAD + (1 << 20);

/** Haplotype sets of every density and shape, for a block of some people. */
const block = fc
  .record({
    people: fc.oneof(fc.integer({ min: 1, max: 300 }), fc.constantFrom(1, 127, 128, 129, 4_000, 32_768)),
    seed: fc.integer(),
    densities: fc.array(fc.constantFrom(0, 0.001, 0.02, 0.4, 0.97, 0.9999, 1), {
      minLength: 1,
      maxLength: 6,
    }),
    uncalled: fc.constantFrom(0, 0, 0.01, 0.5),
    striped: fc.boolean(),
  })
  .map(({ people, seed, densities, uncalled, striped }) => {
    const random = generator(seed);
    const missing = haplotypesWith(people, () => random() < uncalled);
    const gone = new Set(missing);
    const sites = densities.map((density) => {
      const stretch = () => (striped ? 1 + Math.floor(random() * 400) : 1);
      let left = 0;
      let now = false;
      return haplotypesWith(people, (haplotype) => {
        if (left-- <= 0) {
          left = stretch();
          now = random() < density;
        }
        return now && !gone.has(haplotype);
      });
    });
    const cohorts = [0, 0.3, 1].map(
      (share) => new Set([...Array(people).keys()].filter(() => random() < share)),
    );
    return { people, sites, missing, cohorts };
  });

const implementations: [string, () => Kernels][] = [['scalar', scalarKernels]];
if (hasWasmKernels()) implementations.push(['WASM with SIMD', wasmKernels]);

describe.each(implementations)('kernels: %s', (_, create) => {
  const kernels = create();

  test('carriers in cohorts are counted as one would count them by hand', () => {
    fc.assert(
      fc.property(block, ({ people, sites, missing, cohorts }) => {
        const buffer = kernels.reserve(BYTES);
        const planeBytes = planeBytesOf(people);
        new Uint8Array(buffer).fill(0);
        cohorts.forEach((cohort, place) => {
          writeCohort(buffer, COHORTS + place * COHORT_BYTES, cohort);
        });
        writePlanes(buffer, UNCALLED, planeBytes, missing);
        let at = 0;
        sites.forEach((haplotypes, site) => {
          const set = chooseEncoding(haplotypes, people, planeBytes);
          writeSet(set, haplotypes, people, planeBytes, new Uint8Array(buffer), PAYLOAD + at);
          new Uint8Array(buffer)[KINDS + site] = set.kind;
          new Uint32Array(buffer)[(UNITS >> 2) + site] = set.units;
          new Uint32Array(buffer)[(OFFSETS >> 2) + site] = at;
          at += setBytes(set.kind, set.units, planeBytes);
        });
        for (const uncalled of missing.length === 0 ? [0, UNCALLED] : [UNCALLED]) {
          kernels.countCarriers({
            sites: sites.length,
            kinds: KINDS,
            units: UNITS,
            offsets: OFFSETS,
            payload: PAYLOAD,
            planeBytes,
            people,
            cohorts: COHORTS,
            cohortCount: cohorts.length,
            uncalled,
            scratch: SCRATCH,
            out: OUT,
          });
          const found = [...new Uint32Array(buffer, OUT, sites.length * cohorts.length * 3)];
          expect(found).toEqual(
            sites.flatMap((site) => cohorts.flatMap((cohort) => byHand(site, missing, cohort))),
          );
        }
      }),
      { numRuns: 120 },
    );
  });

  test('uncalled haplotypes, and people without any allele, are counted for each cohort', () => {
    fc.assert(
      fc.property(block, ({ people, sites, cohorts }) => {
        const buffer = kernels.reserve(BYTES);
        const planeBytes = planeBytesOf(people);
        new Uint8Array(buffer).fill(0);
        cohorts.forEach((cohort, place) => {
          writeCohort(buffer, COHORTS + place * COHORT_BYTES, cohort);
        });
        const set = chooseEncoding(sites[0]!, people, planeBytes);
        writeSet(set, sites[0]!, people, planeBytes, new Uint8Array(buffer), PAYLOAD);
        kernels.addSet(set.kind, set.units, PAYLOAD, UNCALLED, planeBytes, people);
        kernels.countUncalled(UNCALLED, planeBytes, COHORTS, cohorts.length, OUT);
        const expected = cohorts.flatMap((cohort) => {
          const [copies, both] = byHand(sites[0]!, new Uint16Array(), cohort);
          return [copies!, both!];
        });
        expect([...new Uint32Array(buffer, OUT, 2 * cohorts.length)]).toEqual(expected);
      }),
      { numRuns: 80 },
    );
  });

  test('calls of a value are collected in order, whatever their number', () => {
    const call = fc.constantFrom(0, 0, 0, 1, 1, 2, 300, -1, -2);
    fc.assert(
      fc.property(fc.array(call, { maxLength: 200 }), fc.integer({ min: 0, max: 40 }), (calls, zeros) => {
        const padded = [...Array<number>(zeros).fill(0), ...calls];
        const buffer = kernels.reserve(BYTES);
        new Int16Array(buffer, PAYLOAD, padded.length).set(padded);
        for (const value of [0, 1, 2, 300, -1, -2]) {
          const count = kernels.collect(PAYLOAD, padded.length, value, OUT);
          expect([...new Uint16Array(buffer, OUT, count)]).toEqual(
            padded.flatMap((own, index) => (own === value ? [index] : [])),
          );
        }
        expect(kernels.lowestCall(PAYLOAD, padded.length)).toBe(Math.min(0, ...padded));
      }),
    );
  });

  test('the arena keeps what it held when it grows', () => {
    const own = create();
    new Uint8Array(own.reserve(100_000))[99_999] = 7;
    expect(new Uint8Array(own.reserve(3_000_000))[99_999]).toBe(7);
    expect(own.reserve(10).byteLength).toBeGreaterThanOrEqual(3_000_000);
  });
});

test('every encoding of a set of haplotypes occurs among the blocks tried', () => {
  const kinds = new Set<number>();
  for (const { people, sites } of fc.sample(block, { numRuns: 200, seed: 1 })) {
    for (const site of sites) kinds.add(chooseEncoding(site, people, planeBytesOf(people)).kind);
  }
  expect([...kinds].sort()).toEqual(Object.values(SET_KIND));
});

/** Copies, people with two, and people with one whose other haplotype is uncalled. */
function byHand(site: Uint16Array, missing: Uint16Array, cohort: ReadonlySet<number>): number[] {
  const carried = new Set(site);
  const uncalled = new Set(missing);
  const own = [...site].filter((haplotype) => cohort.has(haplotype >> 1));
  return [
    own.length,
    own.filter((haplotype) => haplotype % 2 === 0 && carried.has(haplotype + 1)).length,
    own.filter((haplotype) => uncalled.has(haplotype ^ 1)).length,
  ];
}

function haplotypesWith(people: number, accept: (haplotype: number) => boolean): Uint16Array {
  const found: number[] = [];
  for (let haplotype = 0; haplotype < 2 * people; haplotype += 1)
    if (accept(haplotype)) found.push(haplotype);
  return Uint16Array.from(found);
}

function writeCohort(buffer: ArrayBuffer, at: number, cohort: ReadonlySet<number>): void {
  const bytes = new Uint8Array(buffer, at, COHORT_BYTES);
  for (const person of cohort) bytes[person >> 3] = bytes[person >> 3]! | (1 << (person & 7));
}

function writePlanes(buffer: ArrayBuffer, at: number, planeBytes: number, haplotypes: Uint16Array): void {
  const bytes = new Uint8Array(buffer, at, 2 * planeBytes);
  for (const haplotype of haplotypes) {
    const byte = (haplotype & 1) * planeBytes + (haplotype >> 4);
    bytes[byte] = bytes[byte]! | (1 << ((haplotype >> 1) & 7));
  }
}

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
