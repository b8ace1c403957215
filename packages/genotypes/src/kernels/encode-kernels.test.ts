import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { encodeCell } from '../segments/cells.ts';
import { riceBits, riceParameter, writeRice } from '../segments/rice.ts';
import { ARENA_START, COHORT_BYTES, ENCODE_SCRATCH_BYTES, SET_KIND } from './kernels.ts';
import { implementations, planesOf, study } from './studies.contract.ts';

const STRIDE = 2 * COHORT_BYTES;
const PLANES = ARENA_START;
const OUT = PLANES + 2 * STRIDE;
const PAYLOAD = OUT + 3 * COHORT_BYTES;
const SCRATCH = PAYLOAD + (1 << 19);
const BYTES = SCRATCH + ENCODE_SCRATCH_BYTES;

describe.each(implementations)('encoding kernels: %s', (_, create) => {
  const kernels = create();

  test('a list is written as the slow encoder writes it, or not at all where it is too long', () => {
    fc.assert(
      fc.property(study, ({ sets }) => {
        const buffer = kernels.reserve(BYTES);
        for (const set of sets) {
          if (set.length === 0) continue;
          const expected = new Uint8Array(2 * set.length + 16);
          const parameter = riceParameter(set);
          const bytes = (riceBits() + 7) >>> 3;
          writeRice(set, set.length, parameter, parameter, expected, 0);
          new Uint32Array(buffer, PAYLOAD, set.length).set(set);
          const out = PAYLOAD + 4 * set.length;
          expect(kernels.encodeList(PAYLOAD, set.length, bytes - 1, out)).toBe(-1);
          expect(kernels.encodeList(PAYLOAD, set.length, bytes, out)).toBe(parameter);
          expect([...new Uint32Array(buffer, out, 2)]).toEqual([set.length, bytes]);
          expect(Buffer.compare(new Uint8Array(buffer, out + 8, bytes), expected.subarray(0, bytes))).toBe(0);
        }
      }),
      { numRuns: 60 },
    );
  });

  test('numbers of a span are spread over its blocks, and a set that is not ascending below the limit is refused', () => {
    fc.assert(
      fc.property(study, ({ people, unit, sets }) => {
        const buffer = kernels.reserve(BYTES);
        const limit = unit === 'people' ? people : 2 * people;
        const planes = new Uint8Array(buffer, PLANES, 2 * STRIDE);
        for (const set of sets) {
          planes.fill(0);
          new Uint32Array(buffer, PAYLOAD, set.length).set(set);
          const pairs = kernels.scatter(PAYLOAD, set.length, unit, limit, PLANES);
          expect(pairs).toBe(
            unit === 'people' ? 0 : set.filter((h, i) => h % 2 === 1 && set[i - 1] === h - 1).length,
          );
          const perBlock = unit === 'people' ? 32_768 : 65_536;
          for (const block of [0, 1]) {
            const own = set.filter((number) => Math.floor(number / perBlock) === block);
            const expected = planesOf(
              own.map((number) => number - block * perBlock),
              unit,
            );
            expect(Buffer.compare(planes.subarray(block * STRIDE, (block + 1) * STRIDE), expected)).toBe(0);
          }
          if (set.length === 0) continue;
          expect(kernels.scatter(PAYLOAD, set.length, unit, set.at(-1)!, PLANES)).toBe(-1);
          new Uint32Array(buffer, PAYLOAD, set.length + 1)[set.length] = set.at(-1)!;
          expect(kernels.scatter(PAYLOAD, set.length + 1, unit, limit, PLANES)).toBe(-1);
        }
      }),
      { numRuns: 30 },
    );
  });

  test('a set of a block is written as the slow encoder writes it, to the byte', () => {
    fc.assert(
      fc.property(study, ({ last, unit, sets }) => {
        const buffer = kernels.reserve(BYTES);
        for (const set of sets) {
          const planes = planesOf(
            set.filter((number) => number < (unit === 'people' ? last : 2 * last)),
            unit,
          );
          new Uint8Array(buffer, PLANES).set(planes);
          new Uint8Array(buffer, OUT, 2 * COHORT_BYTES + 16).fill(0xa5);
          const kind = kernels.encodeCell(PLANES, last, unit, SCRATCH, OUT);
          const [units, bytes] = new Uint32Array(buffer, OUT, 2);
          const payload = new Uint8Array(buffer, OUT + 8, bytes);
          const slow = encodeCell(last, unit, planes);
          expect([kind, units, Buffer.from(payload).toString('hex')]).toEqual([
            slow.kind,
            slow.units,
            Buffer.from(slow.bytes).toString('hex'),
          ]);
        }
      }),
      { numRuns: 150 },
    );
  });
});

test('every encoding of a set of a block occurs among the studies tried', () => {
  const kinds = new Set<number>();
  for (const { last, unit, sets } of fc.sample(study, { numRuns: 300, seed: 1 })) {
    for (const set of sets) {
      const own = set.filter((number) => number < (unit === 'people' ? last : 2 * last));
      const { kind } = encodeCell(last, unit, planesOf(own, unit));
      kinds.add(kind > SET_KIND.complement && kind < SET_KIND.runs ? SET_KIND.complement : Math.max(kind, 0));
    }
  }
  for (const kind of [SET_KIND.empty, SET_KIND.list, SET_KIND.complement, SET_KIND.runs, SET_KIND.planes])
    expect(kinds).toContain(kind);
});
