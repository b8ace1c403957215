import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { compareVariants, PeopleSet } from '@federome/core';
import { temporaryDirectory } from '@federome/testkit';
import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { AbsentPolicy } from '../api.ts';
import { CONTIGS, exported, type Person, person, vcf } from '../merge/people.contract.ts';
import { GenotypeStore } from '../store.ts';

/** People who came in batches: each as a merge of their files, or one by one as files of their own. */
const batches = fc.array(
  fc.record({
    people: fc.array(person, { minLength: 1, maxLength: 4 }),
    merged: fc.boolean(),
    recordsOnly: fc.nat({ max: 2 }),
  }),
  { minLength: 1, maxLength: 4 },
);

async function storeOf(
  drawn: readonly { people: readonly Omit<Person, 'name'>[]; merged: boolean; recordsOnly: number }[],
  absent: AbsentPolicy,
): Promise<GenotypeStore> {
  const directory = await temporaryDirectory();
  const store = await GenotypeStore.create(join(directory, 'store'), { assembly: 'GRCh38', absent });
  let next = 0;
  for (const [batch, { people, merged, recordsOnly }] of drawn.entries()) {
    const files: string[] = [];
    for (const own of people) {
      const name = `p${next++}`;
      const file = join(directory, `${name}.vcf`);
      await writeFile(file, vcf({ ...own, name }));
      files.push(file);
    }
    // Some are known by their records first, and move when their genomes come.
    await store.addPeople(
      Array.from({ length: recordsOnly }, (_, at) => `${at === 0 ? 'r' : 'p'}${at === 0 ? batch : next}`),
    );
    if (merged) await store.ingestTogether(files);
    else for (const file of files) await store.ingest(file);
  }
  return store;
}

/** Everything that a store answers, with people by their names. */
async function answersOf(
  store: GenotypeStore,
  names: readonly string[],
  cohorts: readonly (readonly string[])[],
) {
  const sets = cohorts.map((cohort) => PeopleSet.of(cohort.map((name) => store.personOf(name)!)));
  const counts = [];
  for await (const { site, counts: own } of store.frequencies(sets)) counts.push([site.variant, [...own]]);
  const unlisted = [40, 55, 65_530, 1_048_570].flatMap((position) =>
    CONTIGS.map((contig) => ({ contig, position, ref: 'GA', alt: 'TTT' })),
  );
  const absent = [];
  for (const variant of unlisted) absent.push(await store.count(variant, sets));
  const lines = [];
  for (const contig of CONTIGS) lines.push(await exported(store, contig, names));
  const everyone = [...store.everyone()].map((number) => store.sampleOf(number)).sort();
  return { counts, absent, lines, everyone, variants: store.variantCount() };
}

describe('after a compaction', () => {
  test('every cohort has the counts it had, and every person the calls', { timeout: 120_000 }, async () => {
    let compacted = 0;
    await fc.assert(
      fc.asyncProperty(
        batches,
        fc.constantFrom<AbsentPolicy>('reference', 'missing'),
        fc.nat(),
        fc.boolean(),
        async (drawn, absent, seed, stored) => {
          const store = await storeOf(drawn, absent);
          const names = [...store.genotyped()].map((number) => store.sampleOf(number)!);
          const some = names.filter((_, at) => (seed >> (at % 20)) % 2 === 1);
          if (stored)
            await store.storeCounts([
              { name: 'some', people: PeopleSet.of(some.map((name) => store.personOf(name)!)) },
            ]);
          const before = await answersOf(store, names, [names, some]);
          const reader = await GenotypeStore.open(store.directory);
          const report = await store.compact();
          if (report.outcome === 'compacted') compacted += 1;
          expect(await answersOf(store, names, [names, some])).toEqual(before);
          // Who had the store open goes on with the state before; the next change takes its files away.
          expect(await answersOf(reader, names, [names, some])).toEqual(before);
          expect((await store.verify()).faults).toEqual([]);
          expect(await store.compact()).toMatchObject({
            outcome: 'nothing-to-do',
            blocksBefore: report.blocks,
          });
          const kinds = new Set(store.blocks().map(({ contigs }) => [...contigs].sort().join()));
          expect(store.blocks().length).toBeLessThanOrEqual(3 * kinds.size + 1);
          expect(await answersOf(await GenotypeStore.open(store.directory), names, [names, some])).toEqual(
            before,
          );
        },
      ),
      { numRuns: 40 },
    );
    expect(compacted).toBeGreaterThan(10);
  });

  test('whoever had the store open is told that people have other numbers', async () => {
    const batch = { people: [{ states: false, lines: [] }], merged: false, recordsOnly: 0 };
    const line = { contig: '3', position: 9, ref: 'A', alts: ['C'], end: 10, call: '0/1' };
    const other = { ...batch, people: [{ states: false, lines: [line] }] };
    const store = await storeOf([other, other, batch], 'reference');
    const reader = await GenotypeStore.open(store.directory);
    expect((await store.compact()).outcome).toBe('compacted');
    await expect(reader.refresh()).rejects.toMatchObject({ code: 'genotypes/renumbered' });
    await expect(reader.refresh()).rejects.toMatchObject({ code: 'genotypes/renumbered' });
    expect(reader.blocks().length).toBe(3);
    expect((await GenotypeStore.open(store.directory)).blocks().length).toBe(2);
  });

  test('the files of the state before are gone with the next change', async () => {
    const line = { contig: '3', position: 9, ref: 'A', alts: ['C'], end: 10, call: '0/1' };
    const batch = { people: [{ states: false, lines: [line] }], merged: false, recordsOnly: 0 };
    const store = await storeOf([batch, batch], 'reference');
    const before = (await readdir(store.directory)).filter((file) => /\.(seg|people)$/.test(file));
    await store.compact();
    expect(await readdir(store.directory)).toEqual(expect.arrayContaining(before));
    await store.compact();
    const left = await readdir(store.directory);
    expect(before.filter((file) => left.includes(file))).toEqual([]);
  });
});

test('a compaction that comes upon damage leaves the state before, and nothing else', async () => {
  const line = { contig: '3', position: 9, ref: 'A', alts: ['C'], end: 10, call: '0/1' };
  const batch = { people: [{ states: false, lines: [line] }], merged: false, recordsOnly: 0 };
  const store = await storeOf([batch, batch, batch], 'reference');
  const before = (await readdir(store.directory)).sort();
  const segment = join(store.directory, before.filter((file) => file.endsWith('.seg')).at(-1)!);
  const bytes = await readFile(segment);
  bytes[bytes.length - 1] = bytes[bytes.length - 1]! ^ 1;
  await writeFile(segment, bytes);
  const damaged = await GenotypeStore.open(store.directory);
  await expect(damaged.compact()).rejects.toMatchObject({ code: 'genotypes/corrupt' });
  expect((await readdir(store.directory)).sort()).toEqual(before);
  expect(damaged.blocks().length).toBe(3);
});

test('variants that several blocks list are one afterwards, in order', async () => {
  const at = (position: number) => ({
    contig: '3',
    position,
    ref: 'A',
    alts: ['C'],
    end: position + 1,
    call: '0/1',
  });
  const of = (...positions: number[]) => ({
    people: [{ states: false, lines: positions.map(at) }],
    merged: false,
    recordsOnly: 0,
  });
  const store = await storeOf([of(5, 9), of(9), of(2, 9)], 'reference');
  await store.compact();
  const found = [];
  for await (const { variant } of store.sites({ contig: '3', start: 0, end: 100 })) found.push(variant);
  expect(found).toEqual([2, 5, 9].map((position) => ({ contig: '3', position, ref: 'A', alt: 'C' })));
  expect([...found].sort(compareVariants)).toEqual(found);
});
