import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { appendFile, mkdir, readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { GenotypeStore } from '@federome/genotypes';
import { temporaryDirectory } from '@federome/testkit';
import { expect, test } from 'vitest';

const PEOPLE = 400;
const SITES = 6_000;
const ENTRY = new URL('../../packages/genotypes/src/index.ts', import.meta.url).href;

/** Sites over several bins, so that an ingest writes several segments. */
async function writeVcf(path: string, prefix: string, allele: number): Promise<void> {
  const samples = Array.from({ length: PEOPLE }, (_, place) => `${prefix}${place}`);
  await writeFile(
    path,
    `##fileformat=VCFv4.2\n##contig=<ID=1>\n##FORMAT=<ID=GT,Number=1,Type=String,Description="Genotype">\n` +
      `#CHROM\tPOS\tID\tREF\tALT\tQUAL\tFILTER\tINFO\tFORMAT\t${samples.join('\t')}\n`,
  );
  let rows = '';
  for (let site = 0; site < SITES; site += 1) {
    const calls = samples.map((_, place) => (mixed(site * PEOPLE + place + allele) < 0.1 ? '0|1' : '0|0'));
    rows += `1\t${1_000 + site * 1_500}\t.\tA\tC\t.\t.\t.\tGT\t${calls.join('\t')}\n`;
  }
  await appendFile(path, rows);
}

/** A number in [0, 1) that looks random, so that carriers do not compress away. */
function mixed(value: number): number {
  const once = Math.imul(value ^ (value >>> 15), 0x2c1b3c6d);
  const twice = Math.imul(once ^ (once >>> 12), 0x297a2d39);
  return ((twice ^ (twice >>> 15)) >>> 0) / 2 ** 32;
}

function startIngest(directory: string, file: string) {
  const script =
    `const { GenotypeStore } = await import(${JSON.stringify(ENTRY)});` +
    `const store = await GenotypeStore.open(${JSON.stringify(directory)});` +
    `process.stdout.write('ready');` +
    `await store.ingest(${JSON.stringify(file)});` +
    `process.stdout.write('acknowledged');`;
  return spawn(process.execPath, ['--input-type=module', '-e', script], {
    stdio: ['ignore', 'pipe', 'pipe'],
  });
}

async function totals(directory: string): Promise<unknown> {
  const store = await GenotypeStore.open(directory);
  let sites = 0;
  let ac = 0;
  let an = 0;
  for await (const { counts } of store.frequencies([store.everyone()])) {
    sites += 1;
    ac += counts[0]!.ac;
    an += counts[0]!.an;
  }
  return { sites, ac, an, people: store.everyone().size, variants: store.variantCount() };
}

test('an ingest that is killed at any moment leaves all or nothing, and the next run completes it', {
  timeout: 180_000,
}, async () => {
  const home = await temporaryDirectory();
  const [before, added] = [join(home, 'before.vcf'), join(home, 'added.vcf')];
  await writeVcf(before, 'a', 3);
  await writeVcf(added, 'b', 5);
  const whole = join(home, 'whole');
  const reference = await GenotypeStore.create(whole, { assembly: 'GRCh38', absent: 'reference' });
  await reference.ingest(before);
  const old = await totals(whole);
  const started = performance.now();
  await reference.ingest(added);
  const spanMs = performance.now() - started;
  const complete = await totals(whole);

  const outcomes = { nothing: 0, all: 0 };
  let seed = 20_261_122;
  for (let round = 0; round < 22; round += 1) {
    const directory = join(home, `store-${round}`);
    const store = await GenotypeStore.create(directory, { assembly: 'GRCh38', absent: 'reference' });
    await store.ingest(before);
    seed = (Math.imul(seed, 1_664_525) + 1_013_904_223) >>> 0;
    const child = startIngest(directory, added);
    let said = '';
    child.stdout.on('data', (bytes) => {
      said += bytes;
    });
    while (!said.startsWith('ready') && child.exitCode === null) await delay(1);
    await delay((seed / 2 ** 32) * spanMs * 2);
    child.kill('SIGKILL');
    if (child.exitCode === null && child.signalCode === null) await once(child, 'exit');

    const after = await totals(directory);
    const acknowledged = said.endsWith('acknowledged');
    expect(acknowledged ? [complete] : [old, complete]).toContainEqual(after);
    outcomes[JSON.stringify(after) === JSON.stringify(old) ? 'nothing' : 'all'] += 1;
    expect((await store.verify()).faults).toEqual([]);
    await store.ingest(added);
    expect(await totals(directory)).toEqual(complete);
    const named = (await readdir(directory)).filter((file) => /\.(seg|people|tmp)$/.test(file));
    expect(named.sort()).toEqual(
      (await readdir(whole)).filter((file) => /\.(seg|people|tmp)$/.test(file)).sort(),
    );
  }
  expect(outcomes.nothing).toBeGreaterThan(5);
});

test('a second ingest into the same store is refused while one runs', async () => {
  const home = await temporaryDirectory();
  const [file, directory] = [join(home, 'a.vcf'), join(home, 'store')];
  await writeVcf(file, 'a', 3);
  const store = await GenotypeStore.create(directory, { assembly: 'GRCh38', absent: 'reference' });
  const first = store.ingest(file);
  const second = await GenotypeStore.open(directory);
  await expect(second.ingest(file)).rejects.toMatchObject({ code: 'genotypes/locked' });
  await first;
  expect((await second.ingest(file)).outcome).toBe('already-ingested');
});

test('a disk that fills refuses the file by name and changes nothing', async () => {
  const home = await temporaryDirectory();
  const [file, directory] = [join(home, 'a.vcf'), join(home, 'store')];
  await mkdir(directory);
  await writeVcf(file, 'a', 3);
  const store = await GenotypeStore.create(directory, { assembly: 'GRCh38', absent: 'reference' });
  const script =
    `const { GenotypeStore } = await import(${JSON.stringify(ENTRY)});` +
    `const store = await GenotypeStore.open(${JSON.stringify(directory)});` +
    `await store.ingest(${JSON.stringify(file)}).then(() => console.log('acknowledged'), (error) => console.log(error.code));`;
  // A limit on the size of files stands for the full disk: 8 blocks of 512 bytes.
  const child = spawn(
    'sh',
    ['-c', `ulimit -f 8; exec "$0" --input-type=module -e "$1"`, process.execPath, script],
    { stdio: ['ignore', 'pipe', 'inherit'] },
  );
  let said = '';
  child.stdout.on('data', (bytes) => {
    said += bytes;
  });
  await once(child, 'exit');
  expect(said.trim()).toBe('genotypes/disk-full');
  expect(await readdir(directory)).toEqual(['ingest.lock', 'manifest']);
  await store.refresh();
  expect([store.version, store.everyone().size]).toEqual([1, 0]);
  expect((await store.ingest(file)).outcome).toBe('ingested');
});
