import { PEOPLE_PER_BLOCK, PeopleSet } from '@federome/core';
import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { GenotypeError } from '../errors.ts';
import { ByteCache } from '../segments/cache.ts';
import { CallabilityBuilder } from './builder.ts';
import { Callability } from './callability.ts';
import { CoverageCounts } from './coverage-counts.ts';
import { unionOf } from './union.ts';

const LENGTH = 40;

/** Copies that each person has called at each base: `copies[person][base]`. */
type Model = readonly (readonly number[])[];

const model = fc.integer({ min: 1, max: 70 }).chain((people) =>
  fc.array(
    fc
      .array(fc.tuple(fc.constantFrom(0, 1, 2, 2), fc.integer({ min: 1, max: 20 })), { maxLength: 6 })
      .map((runs) => {
        const copies = runs
          .flatMap(([state, length]) => new Array<number>(length).fill(state))
          .slice(0, LENGTH);
        return [...copies, ...new Array<number>(LENGTH - copies.length).fill(0)];
      }),
    { minLength: people, maxLength: people },
  ),
);

function built(copies: Model, block = 0): CallabilityBuilder {
  const builder = new CallabilityBuilder('7', block, copies.length);
  for (let base = 0; base <= LENGTH; base += 1)
    copies.forEach((own, place) => {
      const now = own[base] ?? 0;
      if (now !== (own[base - 1] ?? 0)) builder.add(base, place, now);
    });
  return builder;
}

function opened(builder: CallabilityBuilder, change: (bytes: Buffer) => void = () => {}): Callability {
  const { parts, entry } = builder.finish();
  const bytes = Buffer.concat(parts);
  change(bytes);
  const stored = { bytes: 0, crc: 0 };
  return new Callability(
    '7.calls',
    { ...entry, file: '7.calls', stored },
    new ByteCache(1 << 20),
    undefined,
    {
      read: async (at, length) => bytes.subarray(at, at + length),
    },
  );
}

function expectedCopies(own: readonly number[], start: number, end: number): number {
  for (let base = start; base < end; base += 1) if ((own[base] ?? 0) === 0) return 0;
  return own[start]!;
}

function copiesIn({ two, one }: { two: Uint32Array; one: Uint32Array }, people: number): number[] {
  const bit = (words: Uint32Array, place: number) => (words[place >>> 5]! >>> (place & 31)) & 1;
  return Array.from({ length: people }, (_, place) => 2 * bit(two, place) + bit(one, place));
}

const sites = fc.array(
  fc.record({ start: fc.nat({ max: LENGTH - 1 }), length: fc.integer({ min: 1, max: 6 }) }),
  { maxLength: 12 },
);

describe('where people were called', () => {
  test('is answered base by base as it was told', async () => {
    await fc.assert(
      fc.asyncProperty(model, sites, async (copies, asked) => {
        const callability = opened(built(copies));
        await callability.verify();
        for (const { start, length } of asked)
          expect(copiesIn(await callability.calledIn(start, start + length), copies.length)).toEqual(
            copies.map((own) => expectedCopies(own, start, start + length)),
          );
      }),
      { numRuns: 200 },
    );
  });

  test('is counted for cohorts along a contig as it is at each site', async () => {
    await fc.assert(
      fc.asyncProperty(model, sites, fc.nat(), fc.nat({ max: 2 }), async (copies, asked, seed, block) => {
        const everyone = copies.map((_, place) => block * PEOPLE_PER_BLOCK + place);
        const cohorts = [
          PeopleSet.of(everyone),
          PeopleSet.of(everyone.filter((_, at) => (seed >> (at % 25)) % 2 === 1)),
        ];
        const counts = new CoverageCounts(opened(built(copies, block)), cohorts);
        const inOrder = [...asked].sort((a, b) => a.start - b.start);
        for (const { start, length } of inOrder) {
          await counts.load(start, start + length);
          const expected = cohorts.flatMap((cohort) => {
            const own = copies
              .filter((_, place) => cohort.has(everyone[place]!))
              .map((each) => expectedCopies(each, start, start + length));
            return [own.reduce((sum, each) => sum + each, 0), own.filter((each) => each === 0).length];
          });
          expect([...counts.at(start, start + length)]).toEqual(expected);
        }
      }),
      { numRuns: 200 },
    );
  });

  test('by either of two files is their union', async () => {
    await fc.assert(
      fc.asyncProperty(model, fc.nat(), async (copies, seed) => {
        const other = copies.map((own, place) =>
          own.map((_, base) => ((seed >> ((place + base) % 29)) % 3 === 1 ? 2 : 0)),
        );
        const union = opened(
          await unionOf('new', opened(built(copies)), built(other), new ByteCache(1 << 20)),
        );
        await union.verify();
        for (let base = 0; base < LENGTH; base += 1)
          expect(copiesIn(await union.calledIn(base, base + 1), copies.length)).toEqual(
            copies.map((own, place) => other[place]![base]! || own[base]!),
          );
      }),
      { numRuns: 100 },
    );
  });

  test('is found on whichever page it lies', async () => {
    const people = 3_000;
    const builder = new CallabilityBuilder('7', 0, people);
    // Person p is called on [10 p, 10 p + 5,000), and again from 100,000 on: several pages of changes.
    for (let position = 0; position < 40_000; position += 10) {
      if (position < 10 * people) builder.add(position, position / 10, 2);
      if (position >= 5_000 && position < 10 * people + 5_000)
        builder.add(position, (position - 5_000) / 10, 0);
    }
    for (let place = 0; place < people; place += 1) builder.add(100_000, place, 1);
    const callability = opened(builder);
    await callability.verify();
    for (const start of [-1, 0, 4_999, 5_000, 29_990, 34_980, 34_990, 99_999, 100_000, 200_000]) {
      const called = copiesIn(await callability.calledIn(start, start + 1), people);
      expect(called).toEqual(
        Array.from({ length: people }, (_, p) =>
          start >= 100_000 ? 1 : start >= 10 * p && start < 10 * p + 5_000 ? 2 : 0,
        ),
      );
    }
  });

  test('is refused as damage wherever a byte was changed', async () => {
    await fc.assert(
      fc.asyncProperty(model, fc.nat(), fc.integer({ min: 1, max: 255 }), async (copies, at, flip) => {
        fc.pre(copies.flat().some((each) => each > 0));
        const damaged = opened(built(copies), (bytes) => {
          bytes[at % bytes.length] = bytes[at % bytes.length]! ^ flip;
        });
        await expect(damaged.verify()).rejects.toMatchObject({ code: 'genotypes/corrupt' });
        await damaged.calledIn(LENGTH - 1, LENGTH).catch((error: unknown) => {
          if (!(error instanceof GenotypeError)) throw error;
        });
      }),
      { numRuns: 300 },
    );
  });
});
