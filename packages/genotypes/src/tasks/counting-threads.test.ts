import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { PeopleSet } from '@federome/core';
import { temporaryDirectory } from '@federome/testkit';
import { expect, test } from 'vitest';
import type { SiteCounts } from '../api.ts';
import { MemoryKeys } from '../at-rest/memory-keys.ts';
import type { StoreOptions } from '../queries/load-snapshot.ts';
import { GenotypeStore } from '../store.ts';
import { inOrder } from './in-order.ts';

const NAMES = Array.from({ length: 40 }, (_, place) => `p${place}`);
const COHORTS = [PeopleSet.range(0, 40), PeopleSet.of([1, 3, 5, 8, 13, 21, 34])];

/** Sites in many bins of two chromosomes, so that there is something to share out. */
async function storeOf(options: StoreOptions): Promise<GenotypeStore> {
  const home = await temporaryDirectory();
  const rows = ['1', 'X'].flatMap((contig) =>
    Array.from({ length: 30 }, (_, site) => {
      const calls = NAMES.map((_, place) => {
        const draw = Math.imul(site * 41 + place + 1, 0x9e3779b1) >>> 24;
        if (contig === 'X' && place % 2 === 1) return draw < 40 ? '1' : '0';
        return draw < 5 ? './.' : draw < 90 ? '0|1' : '0|0';
      });
      return [contig, 1_000 + site * 700_000, '.', 'A', 'G', '.', '.', '.', 'GT', ...calls].join('\t');
    }),
  );
  const head = [
    '##fileformat=VCFv4.2',
    '##contig=<ID=1>',
    '##contig=<ID=X>',
    '##FORMAT=<ID=GT,Number=1,Type=String,Description="G">',
  ];
  const columns = ['#CHROM\tPOS\tID\tREF\tALT\tQUAL\tFILTER\tINFO\tFORMAT', ...NAMES].join('\t');
  await writeFile(join(home, 'a.vcf'), [...head, columns, ...rows, ''].join('\n'));
  const dataset = { assembly: 'GRCh38', absent: 'reference' } as const;
  const store = await GenotypeStore.create(join(home, 'store'), dataset, options);
  await store.ingest(join(home, 'a.vcf'));
  return store;
}

async function everything(store: GenotypeStore): Promise<readonly SiteCounts[]> {
  const found: SiteCounts[] = [];
  for await (const site of store.frequencies(COHORTS)) found.push(site);
  return found;
}

test.each([
  ['a plain store', {}],
  ['an encrypted store', { keys: new MemoryKeys() }],
])('several threads count %s as one does, in its order', async (_, options) => {
  const store = await storeOf({ ...options, threads: 1 });
  const counted = await everything(store);
  expect(counted).toHaveLength(60);
  const threaded = await GenotypeStore.open(store.directory, { ...options, threads: 3 });
  expect(await everything(threaded)).toEqual(counted);
  await threaded.storeCounts([{ name: 'some', people: COHORTS[1]! }]);
  expect(await everything(threaded)).toEqual(counted);
  const one = await GenotypeStore.open(store.directory, { ...options, threads: 1 });
  expect(await everything(one)).toEqual(counted);
});

test('damage that a thread meets is refused by its code and file', async () => {
  const store = await storeOf({ threads: 1 });
  const [file] = (await readdir(store.directory)).filter((name) => name.endsWith('.seg')).sort();
  const path = join(store.directory, file!);
  const bytes = await readFile(path);
  bytes[bytes.length - 3] = bytes[bytes.length - 3]! ^ 1;
  await writeFile(path, bytes);
  const threaded = await GenotypeStore.open(store.directory, { threads: 2 });
  await expect(everything(threaded)).rejects.toMatchObject({
    code: 'genotypes/corrupt',
    location: { file: path },
  });
});

test('whoever stops early ends the threads', async () => {
  const store = await storeOf({ threads: 2 });
  for await (const { counts } of store.frequencies(COHORTS)) {
    expect(counts).toHaveLength(2);
    break;
  }
  expect(await everything(store)).toHaveLength(60);
});

test('work that was started early is taken in order, and no more of it than is asked for', async () => {
  let running = 0;
  let most = 0;
  const results = inOrder([5, 1, 4, 2, 3], 3, async (item) => {
    running += 1;
    most = Math.max(most, running);
    await new Promise((resolve) => setTimeout(resolve, item));
    running -= 1;
    return item;
  });
  const found: number[] = [];
  for await (const result of results) found.push(result);
  expect(found).toEqual([5, 1, 4, 2, 3]);
  expect(most).toBe(3);
  const failing = inOrder([1, 2], 2, async (item) => {
    if (item === 2) throw new Error('the second');
    return item;
  });
  expect((await failing.next()).value).toBe(1);
  await expect(failing.next()).rejects.toThrow('the second');
});
