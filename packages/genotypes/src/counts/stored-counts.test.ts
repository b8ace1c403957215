import { readdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { PEOPLE_PER_BLOCK, PeopleSet } from '@federome/core';
import { temporaryDirectory } from '@federome/testkit';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { AbsentPolicy, SiteCounts } from '../api.ts';
import { GenotypeStore } from '../store.ts';

const HEADER = [
  '##fileformat=VCFv4.2',
  '##contig=<ID=1>',
  '##contig=<ID=X>',
  '##FORMAT=<ID=GT,Number=1,Type=String,Description="G">',
];
const BATCHES = [17, 9] as const;
/** Person numbers of both batches: each is a block. */
const PEOPLE = BATCHES.flatMap((size, block) =>
  Array.from({ length: size }, (_, place) => block * PEOPLE_PER_BLOCK + place),
);

/** Calls of a batch at one site of chromosome 1 (`0/1`) or X (men have one copy), `.` now and then. */
function callOf(seed: number, contig: string, place: number): string {
  const draw = Math.imul(seed * 31 + place + 1, 0x9e3779b1) >>> 20;
  const allele = (bits: number) => (bits % 16 === 0 ? '.' : bits % 5 === 0 ? '1' : '0');
  if (contig === 'X' && place % 2 === 1) return allele(draw);
  return `${allele(draw)}${draw % 2 === 0 ? '|' : '/'}${allele(draw >>> 4)}`;
}

async function writeBatch(path: string, batch: number, seeds: readonly number[]): Promise<void> {
  const size = BATCHES[batch]!;
  const names = Array.from({ length: size }, (_, place) => `b${batch}p${place}`);
  const rows = ['1', 'X'].flatMap((contig) =>
    seeds.map((seed, site) => {
      const calls = names.map((_, place) => callOf(seed + batch, contig, place));
      // A batch does not list every site that the other does.
      const position = 100 + 10 * site + (seed % 3 === 0 ? batch : 0);
      return [contig, position, '.', 'A', 'G', '.', '.', '.', 'GT', ...calls].join('\t');
    }),
  );
  const columns = ['#CHROM\tPOS\tID\tREF\tALT\tQUAL\tFILTER\tINFO\tFORMAT', ...names].join('\t');
  await writeFile(path, [...HEADER, columns, ...rows, ''].join('\n'));
}

async function storeOf(
  absent: AbsentPolicy,
  seeds: readonly number[],
  batches: number,
): Promise<GenotypeStore> {
  const home = await temporaryDirectory();
  const store = await GenotypeStore.create(join(home, 'store'), { assembly: 'GRCh38', absent });
  for (let batch = 0; batch < batches; batch += 1) {
    await writeBatch(join(home, `${batch}.vcf`), batch, seeds);
    await store.ingest(join(home, `${batch}.vcf`));
  }
  return store;
}

async function everything(
  store: GenotypeStore,
  cohorts: readonly PeopleSet[],
): Promise<readonly SiteCounts[]> {
  const found: SiteCounts[] = [];
  for await (const site of store.frequencies(cohorts)) found.push(site);
  return found;
}

const people = fc.subarray(PEOPLE).map((members) => PeopleSet.of(members));
const groups = fc
  .array(people, { maxLength: 3 })
  .map((sets) => sets.map((set, place) => ({ name: `g${place}`, people: set })));

test('whoever is asked for, stored counts give what counting their genotypes gives', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.constantFrom<AbsentPolicy>('reference', 'missing'),
      fc.array(fc.nat(999), { minLength: 1, maxLength: 6 }),
      fc.integer({ min: 1, max: 2 }),
      groups,
      fc.array(fc.tuple(fc.nat(3), people, people), { maxLength: 4 }),
      async (absent, seeds, batches, stored, asked) => {
        const store = await storeOf(absent, seeds, batches);
        // Near a group, where it exists: without some of its people, and with some others.
        const cohorts = asked.map(([group, without, added]) => {
          const base = group === 3 ? store.everyone() : (stored[group]?.people ?? PeopleSet.EMPTY);
          return base.andNot(without.and(added)).or(added.andNot(without));
        });
        cohorts.push(store.everyone(), ...stored.map((own) => own.people));
        const counted = await everything(store, cohorts);
        await store.storeCounts(stored);
        expect(store.storedGroups()).toEqual(['all', ...stored.map(({ name }) => name)]);
        expect(await everything(store, cohorts)).toEqual(counted);
        for (const { site, counts } of counted)
          expect(await store.count(site.variant, cohorts)).toEqual(counts);
      },
    ),
    { numRuns: 25 },
  );
});

test('what the groups and everyone carry is answered without anybody’s genotypes', async () => {
  const store = await storeOf('missing', [3, 5, 8, 13], 1);
  const half = { name: 'half', people: PeopleSet.of(PEOPLE.slice(0, 8)) };
  await store.storeCounts([half]);
  const cohorts = [half.people, store.everyone()];
  const counted = await everything(store, cohorts);
  const again = await GenotypeStore.open(store.directory);
  const files = await readdir(store.directory);
  expect(files.filter((file) => /\.(counts|groups)$/.test(file))).toHaveLength(3);
  expect(await everything(again, cohorts)).toEqual(counted);
});

test('segments are counted again only where somebody joined or left a group', async () => {
  const store = await storeOf('missing', [1, 2, 3], 2);
  const counts = async () =>
    (await readdir(store.directory)).filter((file) => file.endsWith('.counts')).sort();
  const first = { name: 'g', people: PeopleSet.of([0, 1, PEOPLE_PER_BLOCK]) };
  await store.storeCounts([first]);
  const before = await counts();
  await store.storeCounts([{ name: 'g', people: PeopleSet.of([0, 1, PEOPLE_PER_BLOCK + 1]) }]);
  // What is replaced goes with the next change, so that whoever reads it still can.
  await store.storeCounts([{ name: 'g', people: PeopleSet.of([0, 1, PEOPLE_PER_BLOCK + 1]) }]);
  const after = await counts();
  expect(after.filter((file) => before.includes(file))).toHaveLength(2);
  expect(after.filter((file) => !before.includes(file))).toHaveLength(2);
});

test('genotypes that come later are counted directly until they are counted for the groups', async () => {
  const store = await storeOf('missing', [4, 9], 1);
  await store.storeCounts([]);
  const more = join(store.directory, '..', 'more.vcf');
  await writeBatch(more, 1, [4, 9]);
  await store.ingest(more);
  const cohorts = [store.everyone(), PeopleSet.of(PEOPLE.slice(2))];
  const counted = await everything(store, cohorts);
  expect(counted.length).toBeGreaterThan(0);
  await store.storeCounts([]);
  expect(await everything(store, cohorts)).toEqual(counted);
});

test('counts that were damaged are refused, and found by the scrub', async () => {
  const store = await storeOf('missing', [2, 7], 1);
  await store.storeCounts([]);
  const [file] = (await readdir(store.directory)).filter((name) => name.endsWith('.counts'));
  const path = join(store.directory, file!);
  await rm(path);
  const again = await GenotypeStore.open(store.directory);
  await expect(everything(again, [again.everyone()])).rejects.toMatchObject({ code: 'genotypes/corrupt' });
  expect((await again.verify()).faults.map((fault) => fault.file)).toEqual([file]);
});
