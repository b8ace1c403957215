import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { PeopleSet } from '@federome/core';
import { temporaryDirectory } from '@federome/testkit';
import { expect, test } from 'vitest';
import { GenotypeStore } from './store.ts';

async function vcf(path: string, samples: readonly string[], rows: readonly string[]): Promise<string> {
  const columns = [
    '#CHROM\tPOS\tID\tREF\tALT\tQUAL\tFILTER\tINFO',
    ...(samples.length > 0 ? ['FORMAT', ...samples] : []),
  ];
  const header =
    '##fileformat=VCFv4.2\n##contig=<ID=1>\n##contig=<ID=2>\n##FORMAT=<ID=GT,Number=1,Type=String,Description="G">\n';
  await writeFile(path, `${header}${columns.join('\t')}\n${rows.map((row) => `${row}\n`).join('')}`);
  return path;
}

const site = (contig: string, pos: number, alt: string, calls: readonly string[]): string =>
  [contig, pos, '.', 'A', alt, '.', '.', '.', 'GT', ...calls].join('\t');

async function emptyStore() {
  const home = await temporaryDirectory();
  const store = await GenotypeStore.create(join(home, 'store'), { assembly: 'GRCh38', absent: 'reference' });
  return { home, store };
}

test('one file for each contig brings more sites for the same people', async () => {
  const { home, store } = await emptyStore();
  const people = ['a', 'b'];
  await store.ingest(await vcf(join(home, '1'), people, [site('1', 100, 'C', ['0|1', '0|0'])]));
  const report = await store.ingest(
    await vcf(join(home, '2'), people, [site('2', 100, 'C', ['1|1', '0|0'])]),
  );
  expect(report).toMatchObject({ outcome: 'ingested', samples: 2, newSamples: 0, variants: 1 });
  expect(store.blocks()).toEqual([{ index: 0, people: people.length, samples: people, contigs: ['1', '2'] }]);
});

test('samples in another order, or some of them beside new ones, are refused and nothing changes', async () => {
  const { home, store } = await emptyStore();
  await store.ingest(
    await vcf(join(home, '1'), ['a', 'b', 'c'], [site('1', 100, 'C', ['0|1', '0|0', '0|0'])]),
  );
  const { version } = store;
  const other = (name: string, samples: readonly string[]) =>
    vcf(join(home, name), samples, [
      site(
        '2',
        100,
        'C',
        samples.map(() => '0|0'),
      ),
    ]);
  await expect(store.ingest(await other('r', ['b', 'a', 'c']))).rejects.toMatchObject({
    code: 'genotypes/samples-reordered',
  });
  await expect(store.ingest(await other('o', ['c', 'd']))).rejects.toMatchObject({
    code: 'genotypes/samples-overlap',
  });
  await expect(store.ingest(await other('p', ['a', 'b']))).rejects.toMatchObject({
    code: 'genotypes/samples-overlap',
  });
  await expect(store.ingest(await vcf(join(home, 'n'), [], []))).rejects.toMatchObject({
    code: 'genotypes/no-samples',
  });
  expect(store.version).toBe(version);
});

test('the same bytes a second time are no work, the same variant from another file is refused', async () => {
  const { home, store } = await emptyStore();
  const first = await vcf(join(home, '1'), ['a'], [site('1', 100, 'C', ['0|1'])]);
  await store.ingest(first);
  const { version } = store;
  expect((await store.ingest(first)).outcome).toBe('already-ingested');
  const again = await vcf(
    join(home, '2'),
    ['a'],
    [site('1', 50, 'C', ['0|1']), site('1', 100, 'G,C', ['0|2'])],
  );
  await expect(store.ingest(again)).rejects.toMatchObject({
    code: 'genotypes/duplicate-variant',
    location: { line: 7 },
  });
  const twice = await vcf(
    join(home, '3'),
    ['b'],
    [site('1', 100, 'C', ['0|1']), site('1', 100, 'C', ['1|1'])],
  );
  await expect(store.ingest(twice)).rejects.toMatchObject({ code: expect.stringMatching(/duplicate/) });
  expect([store.version, store.variantCount(), store.everyone().size]).toEqual([version, 1, 1]);
});

test('people who were known by their records move to a block of genotypes when these come', async () => {
  const { home, store } = await emptyStore();
  await store.addPeople(['a', 'b', 'c']);
  await store.addPeople(['c']);
  expect(store.everyone().size).toBe(3);
  expect(store.genotyped().size).toBe(0);
  const report = await store.ingest(
    await vcf(join(home, '1'), ['b', 'd'], [site('1', 100, 'C', ['0|1', '1|1'])]),
  );
  expect(report.newSamples).toBe(1);
  expect([...store.everyone()]).toEqual([0, 2, 32_768, 32_769]);
  expect(['a', 'b', 'c', 'd'].map((name) => store.personOf(name))).toEqual([0, 32_768, 2, 32_769]);
  expect([store.sampleOf(1), store.sampleOf(32_768)]).toEqual([undefined, 'b']);
  expect(await store.count({ contig: '1', position: 99, ref: 'A', alt: 'C' }, [store.everyone()])).toEqual([
    { ac: 3, an: 4, hom: 1, het: 1, hemi: 0, missing: 0 },
  ]);
});

test('a file of more people than a block holds fills several, which its next file finds again', async () => {
  const { home, store } = await emptyStore();
  const people = Array.from({ length: 32_770 }, (_, place) => `p${place}`);
  const calls = people.map((_, place) => (place >= 32_767 ? '0|1' : '0|0'));
  await store.ingest(await vcf(join(home, '1'), people, [site('1', 100, 'C', calls)]));
  await store.ingest(await vcf(join(home, '2'), people, [site('1', 200, 'C', calls.toReversed())]));
  expect(store.blocks().map(({ samples }) => samples.length)).toEqual([32_768, 2]);
  const cohorts = [store.everyone(), PeopleSet.of([32_767, 32_769])];
  const counts = [];
  for await (const own of store.frequencies(cohorts)) counts.push(own.counts.map(({ ac, an }) => [ac, an]));
  expect(counts).toEqual([
    [
      [3, 65_540],
      [2, 4],
    ],
    [
      [3, 65_540],
      [0, 4],
    ],
  ]);
});

test('another process finds what was ingested when it looks again', async () => {
  const { home, store } = await emptyStore();
  const reader = await GenotypeStore.open(store.directory);
  await store.ingest(await vcf(join(home, '1'), ['a'], [site('1', 100, 'C', ['0|1'])]));
  expect(reader.everyone().size).toBe(0);
  await reader.refresh();
  expect([reader.everyone().size, reader.version]).toEqual([1, store.version]);
});

test('a store is made once, and opened only where there is one', async () => {
  const { home, store } = await emptyStore();
  const dataset = { assembly: 'GRCh38', absent: 'reference' } as const;
  await expect(GenotypeStore.create(store.directory, dataset)).rejects.toMatchObject({
    code: 'genotypes/store-exists',
  });
  await expect(GenotypeStore.open(join(home, 'elsewhere'))).rejects.toMatchObject({
    code: 'genotypes/no-store',
  });
});
