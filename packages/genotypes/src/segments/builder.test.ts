import { PeopleSet } from '@federome/core';
import { temporaryDirectory } from '@federome/testkit';
import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import type { RecordSets } from '../ingest/record-sets.ts';
import { SegmentWriter } from '../ingest/segment-writer.ts';
import { generator, numbersBelow } from '../kernels/studies.contract.ts';
import { createKernels } from '../kernels/wasm.ts';
import { COUNTS, SegmentCounter } from '../queries/segment-counter.ts';
import { ByteCache } from './cache.ts';
import { membersOf } from './members.ts';
import { Segment } from './segment.ts';

/** Two full blocks and a small one; their haplotypes are numbered without gaps. */
const PEOPLE = [32_768, 32_768, 40];
const HAPLOTYPES = 2 * PEOPLE.reduce((sum, count) => sum + count, 0);
const FIRST_BLOCK = 3;

interface Record {
  readonly position: number;
  readonly carriers: Uint32Array;
  readonly sets: Omit<RecordSets, 'carriers'>;
}

const share = fc.constantFrom(0, 0, 1e-5, 1e-4, 0.002, 0.03, 0.3, 0.7, 0.9999, 1);
const records = fc
  .record({
    seed: fc.integer(),
    sites: fc.array(
      fc.record({
        position: fc.nat({ max: 5_000 }),
        carriers: share,
        missingPeople: fc.constantFrom(0, 0, 1e-4, 0.003, 0.4, 1),
        missing: fc.constantFrom(0, 0, 0, 1e-4, 0.2),
        males: fc.boolean(),
        usualPhase: fc.constantFrom('all' as const, 'none' as const),
        unusual: fc.constantFrom('nobody', 'missing', 'some', 'most', 'everyone'),
      }),
      { minLength: 1, maxLength: 8 },
    ),
  })
  .map(({ seed, sites }) => {
    const random = generator(seed);
    const positions = new Set<number>();
    return sites.flatMap((site): Record[] => {
      if (positions.has(site.position)) return [];
      positions.add(site.position);
      const wholly = numbersBelow(HAPLOTYPES / 2, (person) => {
        const male = site.males && person % 2 === 1;
        return random() < site.missingPeople && !male;
      });
      const whollyMissing = new Set(wholly);
      const absent = numbersBelow(HAPLOTYPES, (haplotype) => site.males && haplotype % 4 === 3);
      const called = (haplotype: number) =>
        !whollyMissing.has(haplotype >> 1) && !(site.males && haplotype % 4 === 3);
      const missing = numbersBelow(
        HAPLOTYPES,
        (haplotype) => whollyMissing.has(haplotype >> 1) || (called(haplotype) && random() < site.missing),
      );
      const gone = new Set(missing);
      const unusual = {
        nobody: () => false,
        missing: (person: number) => whollyMissing.has(person),
        some: () => random() < 0.001,
        most: () => random() < 0.99,
        everyone: () => true,
      }[site.unusual]!;
      return [
        {
          position: site.position,
          carriers: numbersBelow(
            HAPLOTYPES,
            (haplotype) => called(haplotype) && !gone.has(haplotype) && random() < site.carriers,
          ),
          sets: {
            missing,
            absent,
            usualPhase: site.usualPhase,
            unusualPhase: numbersBelow(HAPLOTYPES / 2, unusual),
          },
        },
      ];
    });
  });

test('what a segment was told of three blocks is what it tells, and counts, site by site', async () => {
  const directory = await temporaryDirectory();
  let number = 0;
  await fc.assert(
    fc.asyncProperty(records, async (told) => {
      number += 1;
      const segment = await written(directory, `${number}`, told);
      const index = await segment.index();
      const cohort = PeopleSet.of(
        numbersBelow(HAPLOTYPES / 2, (person) => person % 3 === 0).map(
          (person) => FIRST_BLOCK * 32_768 + person,
        ),
      );
      const { counts } = await new SegmentCounter(createKernels(), [cohort]).rows(segment, 0, told.length);
      const members = (set: number) => membersOf(segment, index.shared(set));
      const sorted = told.toSorted((a, b) => a.position - b.position);
      for (const [row, { carriers, sets, position }] of sorted.entries()) {
        expect((await segment.sites()).positions[row]).toBe(position);
        expect(await membersOf(segment, index.carriers(row))).toEqual(carriers);
        const wholly = await members(index.missingPeople[row]!);
        const missing = [...(await members(index.missing[row]!)), ...bothCopies(wholly)].sort(
          (a, b) => a - b,
        );
        expect(Uint32Array.from(missing)).toEqual(sets.missing);
        expect(await members(index.absent[row]!)).toEqual(sets.absent);
        const { usual, missingToo, unusual } = index.phase(row);
        const others = [...(await members(unusual)), ...(missingToo ? wholly : [])];
        expect(phased(usual, others)).toEqual(phased(sets.usualPhase, sets.unusualPhase));
        const uncalled = [...sets.missing, ...sets.absent];
        expect([index.ac[row], index.hom[row], index.hemi[row], wholly.length + index.both[row]!]).toEqual(
          byHand(carriers, uncalled, () => true).filter((_, place) => place !== 1),
        );
        expect([...counts.subarray(row * COUNTS, (row + 1) * COUNTS)]).toEqual(
          byHand(carriers, uncalled, (person) => person % 3 === 0),
        );
      }
    }),
    { numRuns: 12 },
  );
});

async function written(directory: string, prefix: string, told: readonly Record[]): Promise<Segment> {
  const cache = new ByteCache(1 << 28);
  const writer = new SegmentWriter({
    directory,
    prefix,
    cache,
    seal: undefined,
    firstBlock: FIRST_BLOCK,
    people: PEOPLE,
    file: 'told.vcf',
    existing: [],
  });
  await writer.advance('1', 0);
  told.forEach(({ position, carriers, sets }, line) => {
    const variant = { contig: '1', position, ref: 'A', alt: line % 2 === 0 ? 'G' : 'GT' };
    const builder = writer.builder(variant);
    builder.addSite(variant, `rs${line}\n`, 1, line);
    builder.addSets(carriers, sets);
  });
  await writer.finish();
  const [entry] = writer.entries;
  return new Segment(`${directory}/${entry!.file}`, entry!, cache, undefined);
}

/** ac, an, hom, hemi and missing of those whom the test accepts. */
function byHand(
  carriers: Uint32Array,
  uncalled: readonly number[],
  accept: (person: number) => boolean,
): readonly number[] {
  const copies = new Uint8Array(HAPLOTYPES).fill(1);
  for (const haplotype of carriers) copies[haplotype] = 2;
  for (const haplotype of uncalled) copies[haplotype] = 0;
  const counts = [0, 0, 0, 0, 0];
  for (let person = 0; person < HAPLOTYPES / 2; person += 1) {
    if (!accept(person)) continue;
    const pair = [copies[2 * person]!, copies[2 * person + 1]!].sort();
    const add = (place: number, by: number) => {
      counts[place] = counts[place]! + by;
    };
    add(0, pair.filter((copy) => copy === 2).length);
    add(1, pair.filter((copy) => copy > 0).length);
    if (pair[0] === 2) add(2, 1);
    if (pair[0] === 0 && pair[1] === 2) add(3, 1);
    if (pair[1] === 0) add(4, 1);
  }
  return counts;
}

/** A byte a person: whether the call is phased. */
function phased(usual: 'all' | 'none', unusual: Iterable<number>): Uint8Array {
  const flags = new Uint8Array(HAPLOTYPES / 2).fill(usual === 'all' ? 1 : 0);
  for (const person of unusual) flags[person] = usual === 'all' ? 0 : 1;
  return flags;
}

function bothCopies(people: Uint32Array): readonly number[] {
  return Array.from(people, (person) => [2 * person, 2 * person + 1]).flat();
}
