import { readdir, readFile, rm, truncate, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { PassThrough } from 'node:stream';
import { temporaryDirectory } from '@federome/testkit';
import { expect, test } from 'vitest';
import { GenotypeStore } from './store.ts';

const SAMPLES = Array.from({ length: 150 }, (_, place) => `p${place}`);

async function smallStore(): Promise<string> {
  const home = await temporaryDirectory();
  const rows = Array.from({ length: 300 }, (_, site) => {
    const calls = SAMPLES.map((_, place) => {
      const draw = Math.imul(site * 151 + place + 1, 0x9e3779b1) >>> 24;
      if (place % 2 === 1 && site > 150) return draw < 60 ? '1' : '0';
      return draw < 3 ? './.' : draw < site ? '0|1' : '0/0';
    });
    const alt = site % 10 === 0 ? 'ACC,T' : 'G';
    return ['X', 1_000 + site * 11, `rs${site}`, 'A', alt, '.', '.', '.', 'GT', ...calls].join('\t');
  });
  const header = [
    '##fileformat=VCFv4.2',
    '##contig=<ID=X>',
    '##FORMAT=<ID=GT,Number=1,Type=String,Description="G">',
  ];
  const columns = ['#CHROM\tPOS\tID\tREF\tALT\tQUAL\tFILTER\tINFO\tFORMAT', ...SAMPLES].join('\t');
  await writeFile(join(home, 'a.vcf'), [...header, columns, ...rows, ''].join('\n'));
  const store = await GenotypeStore.create(join(home, 'store'), { assembly: 'GRCh38', absent: 'reference' });
  await store.ingest(join(home, 'a.vcf'));
  await store.addPeople(['someone', 'without a genome']);
  return store.directory;
}

/** Reads everything that the store can tell. */
async function readAll(directory: string): Promise<string> {
  const store = await GenotypeStore.open(directory);
  const said: unknown[] = [store.blocks()];
  for await (const counts of store.frequencies([store.everyone()])) said.push(counts);
  const out = new PassThrough();
  out.on('data', (bytes) => said.push(String(bytes)));
  await store.exportGenotypes({ contig: 'X', start: 0, end: 1e9 }, out);
  return JSON.stringify(said);
}

test('a flipped bit anywhere in any file is refused as damage, never served, and the scrub names the segment', async () => {
  const directory = await smallStore();
  const files = (await readdir(directory)).filter((file) => file !== 'ingest.lock');
  expect(files.map((file) => file.replace(/.*\./, '')).sort()).toEqual([
    'manifest',
    'people',
    'people',
    'seg',
  ]);
  const whole = await readAll(directory);
  for (const file of files) {
    const path = join(directory, file);
    const bytes = await readFile(path);
    // Every byte of what comes first, then places spread over the rest.
    const places = new Set(
      Array.from({ length: 100 }, (_, draw) => (draw < 40 ? draw : Math.imul(draw, 7_919)) % bytes.length),
    );
    for (const place of places) {
      const damaged = Buffer.from(bytes);
      damaged[place] = damaged[place]! ^ (1 << (place % 8));
      await writeFile(path, damaged);
      await expect(readAll(directory), `${file} byte ${place}`).rejects.toMatchObject({
        code: 'genotypes/corrupt',
      });
    }
    if (file.endsWith('.seg')) {
      const { faults } = await (await GenotypeStore.open(directory)).verify();
      expect(faults.map((fault) => fault.file)).toEqual([file]);
    }
    await writeFile(path, bytes);
  }
  expect(await readAll(directory)).toBe(whole);
});

test('a file that was cut short or is gone is refused as damage', async () => {
  const directory = await smallStore();
  for (const file of (await readdir(directory)).filter((name) => /seg|people/.test(name))) {
    const path = join(directory, file);
    const bytes = await readFile(path);
    for (const length of [0, 10, bytes.length - 1]) {
      await truncate(path, length);
      await expect(readAll(directory), `${file} of ${length} bytes`).rejects.toMatchObject({
        code: 'genotypes/corrupt',
      });
      await writeFile(path, bytes);
    }
    await rm(path);
    await expect(readAll(directory)).rejects.toMatchObject({ code: 'genotypes/corrupt' });
    await writeFile(path, bytes);
  }
});
