import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type AlleleCounts, compareVariants, PeopleSet, type Variant } from '@federome/core';
import { temporaryDirectory } from '@federome/testkit';
import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { AbsentPolicy } from '../api.ts';
import { GenotypeStore } from '../store.ts';
import { CONTIGS, exported, type Line, type Person, SPAN, STARTS, scenario, vcf } from './people.contract.ts';

/** Written out: what variants a line lists, trimmed. */
function variantsOf({ contig, position, ref, alts }: Line): readonly Variant[] {
  return alts.map((alt) => ({ contig, position, ref, alt }));
}

/** The alleles of a person at a variant, as text: `['0', '1']`. */
function callOf(own: Person, absent: AbsentPolicy, variant: Variant): readonly string[] {
  const lines = own.lines.filter(({ contig }) => contig === variant.contig);
  const split = (call: string) => call.split(/[|/]/);
  for (const line of lines) {
    const allele = variantsOf(line).findIndex((each) => compareVariants(each, variant) === 0) + 1;
    if (allele > 0)
      return split(line.call).map((each) => (each === '.' ? '.' : each === `${allele}` ? '1' : '0'));
  }
  const beside = lines.find(
    ({ alts, position, ref }) =>
      alts.length > 0 && position === variant.position && ref.length >= variant.ref.length,
  );
  if (beside !== undefined) return split(beside.call).map((each) => (each === '.' ? '.' : '0'));
  const copies = own.states ? copiesStated(lines, variant) : copiesByPolicy(lines, absent, variant);
  return copies === 0 ? ['.', '.'] : new Array<string>(copies).fill('0');
}

function copiesStated(lines: readonly Line[], variant: Variant): number {
  let copies = 0;
  for (let base = variant.position; base < variant.position + variant.ref.length; base += 1) {
    const line = lines.findLast(({ position, end }) => position <= base && base < end);
    if (line === undefined || line.call.includes('.')) return 0;
    if (base === variant.position) copies = line.call.length === 1 ? 1 : 2;
  }
  return copies;
}

function copiesByPolicy(lines: readonly Line[], absent: AbsentPolicy, variant: Variant): number {
  if (absent === 'missing' || lines.length === 0) return 0;
  const neighbour = lines.findLast(({ position }) => position <= variant.position) ?? lines[0]!;
  return neighbour.call.length === 1 ? 1 : 2;
}

function countOf(
  people: readonly Person[],
  absent: AbsentPolicy,
  variant: Variant,
  cohort: PeopleSet,
): AlleleCounts {
  const counts = { ac: 0, an: 0, hom: 0, het: 0, hemi: 0, missing: 0 };
  people.forEach((own, number) => {
    if (!cohort.has(number)) return;
    const called = callOf(own, absent, variant).filter((allele) => allele !== '.');
    const carried = called.filter((allele) => allele === '1').length;
    counts.ac += carried;
    counts.an += called.length;
    if (called.length === 0) counts.missing += 1;
    else if (carried === 2) counts.hom += 1;
    else if (carried === 1 && called.length === 2) counts.het += 1;
    else if (carried === 1) counts.hemi += 1;
  });
  return counts;
}

async function merged(
  people: readonly Person[],
  absent: AbsentPolicy,
  heldBytes?: number,
): Promise<GenotypeStore> {
  const directory = await temporaryDirectory();
  const store = await GenotypeStore.create(join(directory, 'store'), { assembly: 'GRCh38', absent });
  const files = people.map(({ name }) => join(directory, `${name}.vcf`));
  for (const [place, own] of people.entries()) await writeFile(files[place]!, vcf(own));
  await store.ingestTogether(files, { heldBytes });
  return store;
}

describe('files of single people, merged', () => {
  test('have the counts that each person has by their own file', { timeout: 120_000 }, async () => {
    await fc.assert(
      fc.asyncProperty(scenario, async ({ people, absent, heldBytes, seed }) => {
        const store = await merged(people, absent, heldBytes);
        const everyone = PeopleSet.range(0, people.length);
        const some = PeopleSet.of([...everyone].filter((number) => (seed >> (number % 20)) % 2 === 1));
        const variants = people
          .flatMap(({ lines }) => lines.flatMap(variantsOf))
          .sort(compareVariants)
          .filter((variant, at, all) => at === 0 || compareVariants(all[at - 1]!, variant) !== 0);
        const expected = variants.map((variant) => ({
          variant,
          counts: [everyone, some].map((cohort) => countOf(people, absent, variant, cohort)),
        }));
        const streamed = [];
        for await (const { site, counts } of store.frequencies([everyone, some]))
          streamed.push({ variant: site.variant, counts: [...counts] });
        expect(streamed).toEqual(expected);
        for (const { variant, counts } of expected)
          expect([...(await store.count(variant, [everyone, some]))]).toEqual(counts);
        expect((await store.verify()).faults).toEqual([]);
      }),
      { numRuns: 60 },
    );
  });

  test('answer a variant that nobody lists by who was called there', { timeout: 120_000 }, async () => {
    const unlisted = fc.record({
      contig: fc.constantFrom(...CONTIGS),
      start: fc.constantFrom(...STARTS),
      at: fc.nat({ max: SPAN + 2 }),
      length: fc.integer({ min: 1, max: 6 }),
    });
    await fc.assert(
      fc.asyncProperty(
        scenario,
        fc.array(unlisted, { maxLength: 12 }),
        async ({ people, absent }, places) => {
          fc.pre(people.some(({ states }) => states));
          const store = await merged(people, absent);
          const everyone = PeopleSet.range(0, people.length);
          for (const { contig, start, at, length } of places) {
            const variant = { contig, position: start + at, ref: 'N'.repeat(length), alt: 'GATTACA' };
            if (!people.some(({ lines }) => lines.some((line) => line.contig === contig))) continue;
            // Of a variant that is not stored, people who list another allele there count by their coverage too.
            const apart = people.map((own) => ({
              ...own,
              lines: own.lines.map((line) => ({ ...line, alts: [] })),
            }));
            expect(await store.count(variant, [everyone])).toEqual([
              countOf(apart, absent, variant, everyone),
            ]);
          }
        },
      ),
      { numRuns: 40 },
    );
  });

  test('are exported as each person has them', { timeout: 120_000 }, async () => {
    await fc.assert(
      fc.asyncProperty(scenario, async ({ people, absent }) => {
        const store = await merged(people, absent);
        for (const line of store.contigs().length === 0 ? [] : await exported(store, '3')) {
          const [contig, pos, , ref, alt, , , , , ...calls] = line.split('\t');
          const variant = { contig: contig!, position: Number(pos) - 1, ref: ref!, alt: alt! };
          expect(calls.map((call) => call.split(/[|/]/))).toEqual(
            people.map((own) => callOf(own, absent, variant)),
          );
        }
      }),
      { numRuns: 30 },
    );
  });
});
