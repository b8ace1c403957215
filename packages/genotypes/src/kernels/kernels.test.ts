import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { encodeCell } from '../segments/cells.ts';
import { PayloadBuffer } from '../segments/payload.ts';
import { writeList } from '../segments/write-list.ts';
import { ARENA_START, COHORT_BYTES, type Kernels, planeBytesOf, SET_KIND } from './kernels.ts';
import { scalarKernels } from './scalar.ts';
import { implementations, planesOf, study } from './studies.contract.ts';

const STRIDE = 2 * COHORT_BYTES;
const COHORTS = ARENA_START;
const MEMBERS = COHORTS + 3 * STRIDE;
const UNCALLED = MEMBERS + 16;
const PLANES = UNCALLED + 2 * STRIDE;
const KINDS = PLANES + 4 * COHORT_BYTES;
const COUNTS = KINDS + 64;
const OFFSETS = COUNTS + 64;
const LENGTHS = OFFSETS + 64;
const OUT = LENGTHS + 64;
const PAYLOAD = OUT + 3 * COHORT_BYTES;
const BYTES = PAYLOAD + (1 << 18);
const MARKED = Buffer.alloc(BYTES - ARENA_START, 0xa5);

describe.each(implementations)('counting kernels: %s', (_, create) => {
  const kernels = create();

  test('members of lists and complements in cohorts are counted as one would count them by hand', () => {
    fc.assert(
      fc.property(study, ({ people, unit, sets, missing, cohorts }) => {
        const buffer = prepare(kernels, missing, cohorts);
        const limit = unit === 'people' ? people : 2 * people;
        const written = writeLists(buffer, sets, limit);
        for (const uncalled of missing.length === 0 ? [0, UNCALLED] : [UNCALLED]) {
          expect(kernels.countLists({ ...batch(written, limit), unit, uncalled })).toBe(true);
          expect(counted(buffer, written * cohorts.length)).toEqual(
            sets
              .slice(0, written)
              .flatMap((set) => cohorts.flatMap((cohort) => byHand(set, unit, missing, cohort))),
          );
        }
      }),
      { numRuns: 60 },
    );
  });

  test('members of a block in cohorts are counted as one would count them by hand, however they are written', () => {
    fc.assert(
      fc.property(study, ({ last, unit, sets, missing, cohorts }) => {
        const limit = unit === 'people' ? last : 2 * last;
        // A set of people is loaded with both copies, which carriers with an uncalled one do not have.
        const gone = missing.filter((haplotype) => unit === 'haplotypes' && haplotype < 2 * last);
        const buffer = prepare(kernels, gone, cohorts);
        for (const set of sets) {
          const own = set.filter((number) => number < limit);
          loadCell(kernels, buffer, own, last, unit);
          new Uint32Array(buffer, OUT, 9).fill(7);
          const planes = { first: PLANES, second: PLANES + COHORT_BYTES, planeBytes: planeBytesOf(last) };
          kernels.countPlanes(planes, { cohorts: COHORTS, stride: STRIDE, cohortCount: 3 }, UNCALLED, OUT);
          const both =
            unit === 'haplotypes' ? own : [...own].flatMap((person) => [2 * person, 2 * person + 1]);
          expect(counted(buffer, 3)).toEqual(
            cohorts.flatMap((cohort) =>
              byHand(Uint32Array.from(both), 'haplotypes', gone, cohort).map((count) => count + 7),
            ),
          );
        }
      }),
      { numRuns: 60 },
    );
  });

  test('a list that is flipped into planes is there, and is gone when it is flipped again', () => {
    fc.assert(
      fc.property(study, ({ people, unit, sets, missing }) => {
        const buffer = prepare(kernels, missing, []);
        const limit = unit === 'people' ? people : 2 * people;
        const before = new Uint8Array(buffer, UNCALLED, 2 * STRIDE).slice();
        const planes = before.slice();
        const payload = new PayloadBuffer();
        for (const set of sets) {
          const list = writeList(set, limit, payload);
          if (list === undefined) continue;
          new Uint8Array(buffer, PAYLOAD).set(payload.slice(list.offset, list.bytes));
          const units = list.kind >= SET_KIND.complement ? limit - set.length : set.length;
          const stored = { kind: list.kind, units, payload: PAYLOAD, bytes: list.bytes, unit };
          expect(kernels.flipList(stored, limit, UNCALLED, STRIDE)).toBe(true);
          for (const number of set) {
            if (unit === 'haplotypes') flip(planes, number);
            else for (const copy of [0, 1]) flip(planes, 2 * number + copy);
          }
          expect(Buffer.compare(new Uint8Array(buffer, UNCALLED, 2 * STRIDE), planes)).toBe(0);
          expect(kernels.flipList(stored, limit, UNCALLED, STRIDE)).toBe(true);
          expect(Buffer.compare(new Uint8Array(buffer, UNCALLED, 2 * STRIDE), before)).toBe(0);
          planes.set(before);
        }
      }),
      { numRuns: 60 },
    );
  });

  test('a payload that was changed, cut or made up is refused or read as another, and nothing around it is touched', () => {
    const damage = fc.record({
      draw: fc.integer(),
      bytes: fc.uint8Array({ maxLength: 40 }),
      kind: fc.oneof(fc.nat({ max: 70 }), fc.nat({ max: 255 })),
      units: fc.oneof(fc.nat({ max: 300 }), fc.nat({ max: 0xffff_ffff })),
    });
    fc.assert(
      fc.property(study, damage, ({ last, unit, sets }, { draw, bytes, kind, units }) => {
        const limit = unit === 'people' ? last : 2 * last;
        const own = sets[0]!.filter((number) => number < limit);
        const cell = encodeCell(last, unit, planesOf(own, unit));
        const flipped = Uint8Array.from(cell.bytes);
        if (flipped.length > 0) {
          const at = Math.abs(draw) % flipped.length;
          flipped[at] = flipped[at]! ^ (1 << (draw & 7));
        }
        const results = [scalarKernels(), kernels].map((tried) =>
          [
            { ...cell, bytes: flipped },
            { ...cell, bytes: flipped.subarray(0, flipped.length >> 1) },
            { ...cell, units: cell.units + 1 },
            { kind, units, bytes },
          ].flatMap((own) => attempt(tried, own, last, unit)),
        );
        expect(results[1]).toEqual(results[0]);
      }),
      { numRuns: 150 },
    );
  });

  test('lists that were changed or made up are refused or counted alike, and nothing around them is touched', () => {
    const damaged = fc.record({
      bytes: fc.uint8Array({ maxLength: 60 }),
      kind: fc.oneof(fc.nat({ max: 26 }), fc.integer({ min: 32, max: 58 }), fc.nat({ max: 255 })),
      count: fc.oneof(fc.nat({ max: 40 }), fc.nat({ max: 0xffff_ffff })),
      limit: fc.oneof(fc.nat({ max: 8_000 }), fc.constant(100_000)),
      unit: fc.constantFrom('haplotypes' as const, 'people' as const),
    });
    const trial = (tried: Kernels, { bytes, kind, count, limit: wanted, unit }: DamagedList) => {
      const limit = unit === 'people' ? wanted >> 1 : wanted;
      const buffer = tried.reserve(BYTES);
      const arena = new Uint8Array(buffer);
      arena.set(MARKED, ARENA_START);
      arena.set(bytes, PAYLOAD);
      arena[KINDS] = kind;
      new Uint32Array(buffer, COUNTS)[0] = count;
      new Uint32Array(buffer, OFFSETS)[0] = 0;
      new Uint32Array(buffer, LENGTHS)[0] = bytes.length;
      const whole = tried.countLists({ ...batch(1, limit), unit, uncalled: UNCALLED });
      const found = whole ? counted(buffer, 3) : [];
      const list = { kind, units: count, payload: PAYLOAD, bytes: bytes.length, unit };
      expect(tried.flipList(list, limit, UNCALLED, STRIDE)).toBe(whole);
      const planes = whole ? Buffer.from(arena.slice(UNCALLED, UNCALLED + 2 * STRIDE)).toString('hex') : '';
      for (const [at, length] of [
        [KINDS, 1],
        [COUNTS, 4],
        [OFFSETS, 4],
        [LENGTHS, 4],
        [OUT, 36],
        [UNCALLED, 2 * STRIDE],
        [PAYLOAD, bytes.length],
      ] as const)
        arena.fill(0xa5, at, at + length);
      expect(Buffer.compare(arena.subarray(ARENA_START, BYTES), MARKED)).toBe(0);
      return [whole, found, planes];
    };
    fc.assert(
      fc.property(damaged, (list) => {
        expect(trial(kernels, list)).toEqual(trial(scalarKernels(), list));
      }),
      { numRuns: 150 },
    );
  });

  test('the arena keeps what it held when it grows', () => {
    const own = create();
    new Uint8Array(own.reserve(100_000))[99_999] = 7;
    expect(new Uint8Array(own.reserve(3_000_000))[99_999]).toBe(7);
    expect(own.reserve(10).byteLength).toBeGreaterThanOrEqual(3_000_000);
  });
});

interface DamagedList {
  readonly bytes: Uint8Array;
  readonly kind: number;
  readonly count: number;
  readonly limit: number;
  readonly unit: 'haplotypes' | 'people';
}

/** Members, people with two, and people with one whose other is uncalled. */
function byHand(
  set: Uint32Array,
  unit: 'people' | 'haplotypes',
  missing: Uint32Array,
  cohort: ReadonlySet<number>,
): number[] {
  if (unit === 'people') return [set.filter((person) => cohort.has(person)).length, 0, 0];
  const carried = new Set(set);
  const uncalled = new Set(missing);
  const own = [...set].filter((haplotype) => cohort.has(haplotype >> 1));
  return [
    own.length,
    own.filter((haplotype) => haplotype % 2 === 0 && carried.has(haplotype + 1)).length,
    own.filter((haplotype) => uncalled.has(haplotype ^ 1) && !carried.has(haplotype ^ 1)).length,
  ];
}

function prepare(
  kernels: Kernels,
  missing: Uint32Array,
  cohorts: readonly ReadonlySet<number>[],
): ArrayBuffer {
  const buffer = kernels.reserve(BYTES);
  const bytes = new Uint8Array(buffer);
  bytes.fill(0, ARENA_START);
  cohorts.forEach((cohort, place) => {
    new Uint32Array(buffer, MEMBERS)[place] = cohort.size;
    for (const person of cohort) {
      const at = COHORTS + place * STRIDE + (person >> 3);
      bytes[at] = bytes[at]! | (1 << (person & 7));
    }
  });
  for (const haplotype of missing) flip(bytes.subarray(UNCALLED, UNCALLED + 2 * STRIDE), haplotype);
  return buffer;
}

/** Writes lists one after the other until one is too long for that; returns how many. */
function writeLists(buffer: ArrayBuffer, sets: readonly Uint32Array[], limit: number): number {
  const payload = new PayloadBuffer();
  for (const [place, set] of sets.entries()) {
    const list = writeList(set, limit, payload);
    if (list === undefined) return place;
    new Uint8Array(buffer, KINDS)[place] = list.kind;
    new Uint32Array(buffer, COUNTS)[place] =
      list.kind >= SET_KIND.complement ? limit - set.length : set.length;
    new Uint32Array(buffer, OFFSETS)[place] = list.offset;
    new Uint32Array(buffer, LENGTHS)[place] = list.bytes;
  }
  new Uint8Array(buffer, PAYLOAD).set(payload.slice(0, payload.length));
  return sets.length;
}

function batch(sets: number, limit: number) {
  return {
    sets,
    kinds: KINDS,
    counts: COUNTS,
    offsets: OFFSETS,
    lengths: LENGTHS,
    payload: PAYLOAD,
    limit,
    cohorts: COHORTS,
    stride: STRIDE,
    cohortCount: 3,
    members: MEMBERS,
    out: OUT,
  };
}

function loadCell(
  kernels: Kernels,
  buffer: ArrayBuffer,
  set: Uint32Array,
  people: number,
  unit: 'people' | 'haplotypes',
): void {
  const { kind, units, bytes } = encodeCell(people, unit, planesOf(set, unit));
  new Uint8Array(buffer, PAYLOAD).set(bytes);
  const cell = { kind, units, payload: PAYLOAD, bytes: bytes.length, people, unit };
  expect(kernels.loadCell(cell, PLANES, PLANES + COHORT_BYTES)).toBe(true);
}

/** Loads a cell from the middle of an arena that is marked all over; says what came of it, and that the marks are there. */
function attempt(
  kernels: Kernels,
  { kind, units, bytes }: { kind: number; units: number; bytes: Uint8Array },
  people: number,
  unit: 'people' | 'haplotypes',
): unknown[] {
  const buffer = kernels.reserve(BYTES);
  const arena = new Uint8Array(buffer);
  arena.set(MARKED, ARENA_START);
  arena.set(bytes, PAYLOAD);
  const cell = { kind, units, payload: PAYLOAD, bytes: bytes.length, people, unit };
  const whole = kernels.loadCell(cell, PLANES, PLANES + COHORT_BYTES);
  const planeBytes = planeBytesOf(people);
  const first = arena.slice(PLANES, PLANES + planeBytes);
  const second = arena.slice(PLANES + COHORT_BYTES, PLANES + COHORT_BYTES + planeBytes);
  arena.fill(0xa5, PLANES, PLANES + planeBytes);
  arena.fill(0xa5, PLANES + COHORT_BYTES, PLANES + COHORT_BYTES + planeBytes);
  arena.fill(0xa5, PAYLOAD, PAYLOAD + bytes.length);
  expect(Buffer.compare(arena.subarray(ARENA_START, BYTES), MARKED)).toBe(0);
  return whole ? [Buffer.from(first).toString('hex'), Buffer.from(second).toString('hex')] : ['refused'];
}

function flip(planes: Uint8Array, haplotype: number): void {
  const at = (haplotype & 1) * STRIDE + (haplotype >> 4);
  planes[at] = planes[at]! ^ (1 << ((haplotype >> 1) & 7));
}

function counted(buffer: ArrayBuffer, triples: number): number[] {
  return [...new Uint32Array(buffer, OUT, 3 * triples)];
}
