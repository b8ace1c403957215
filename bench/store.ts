// The genotype store beside bcftools and plink2, in one run: `node bench/store.ts [--people N] [--variants N]
// [--repeats N] [--seed N]`. Every count is checked against the truth of the generator before any figure is printed.
import { mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { COHORT_BYTES } from '../packages/genotypes/src/kernels/kernels.ts';
import { createKernels } from '../packages/genotypes/src/kernels/wasm.ts';
import { type Measured, measure, median } from './measure.ts';
import { POPULATIONS, populationName, populationOf, writeSyntheticVcf } from './synthetic-vcf.ts';

const { values } = parseArgs({
  options: {
    people: { type: 'string', default: '4000' },
    variants: { type: 'string', default: '8000' },
    repeats: { type: 'string', default: '3' },
    seed: { type: 'string', default: '1' },
  },
});
const [people, variants, repeats, seed] = [values.people, values.variants, values.repeats, values.seed].map(
  Number,
) as [number, number, number, number];
const home = await mkdtemp(join(tmpdir(), 'federome-bench-'));
try {
  await run();
} finally {
  await rm(home, { recursive: true, force: true });
}

async function run(): Promise<void> {
  const vcf = join(home, 'input.vcf.gz');
  console.log(`${people} people x ${variants} variants, seed ${seed}, median of ${repeats} interleaved runs`);
  const truth = await writeSyntheticVcf(vcf, { people, variants, seed });
  await writeGroups();
  const task = fileURLToPath(new URL('./store-task.ts', import.meta.url));
  const store = join(home, 'store');
  const [bcf, pgen] = [join(home, 'peer.bcf'), join(home, 'peer')];
  const ours = [process.execPath, task];
  const plink = ['plink2', '--threads', '1', '--silent', '--out'];
  const tasks: Record<string, readonly string[]> = {
    'store ingest': [...ours, 'ingest', store, vcf],
    'bcftools view -Ob': ['bcftools', 'view', '-Ob', '-o', bcf, vcf],
    'plink2 --make-pgen': [...plink, pgen, '--vcf', vcf, '--make-pgen'],
    'store frequencies': [...ours, 'frequencies', store, join(home, 'ours.txt'), `${people}`],
    'bcftools +fill-tags': fillTags(bcf),
    'plink2 --freq': [
      ...plink,
      join(home, 'freq'),
      ...['--pfile', pgen, '--pheno', join(home, 'pheno'), '--loop-cats', 'POP', '--freq'],
    ],
  };
  const runs = new Map<string, Measured[]>();
  for (let repeat = 0; repeat < repeats; repeat += 1) {
    await rm(store, { recursive: true, force: true });
    for (const [name, command] of Object.entries(tasks)) {
      runs.set(name, [...(runs.get(name) ?? []), await measure(command)]);
    }
  }
  await check(truth);
  report(runs);
  await reportSizes({ store, vcf, bcf, pgen });
  reportLimits();
}

function fillTags(bcf: string): readonly string[] {
  const options = ['--', '-S', join(home, 'groups'), '-t', 'AC,AN'];
  return ['bcftools', '+fill-tags', bcf, '-Ob', '-o', join(home, 'tagged.bcf'), ...options];
}

async function writeGroups(): Promise<void> {
  const names = Array.from({ length: people }, (_, person) => populationName(populationOf(person, people)));
  await writeFile(join(home, 'groups'), names.map((name, person) => `person${person}\t${name}\n`).join(''));
  await writeFile(
    join(home, 'pheno'),
    `#IID\tPOP\n${names.map((name, person) => `person${person}\t${name}\n`).join('')}`,
  );
}

/** Holds the store's counts, and bcftools' and plink2's, to the truth: no figure counts unless all of them match. */
async function check(truth: readonly Uint32Array[]): Promise<void> {
  const sizes = new Uint32Array(POPULATIONS);
  for (let person = 0; person < people; person += 1) {
    const population = populationOf(person, people);
    sizes[population] = sizes[population]! + 1;
  }
  const expected = truth.map((copies) =>
    [...copies].map((ac, population) => `${ac} ${2 * sizes[population]!}`).join(' '),
  );
  compare('the store', (await readFile(join(home, 'ours.txt'), 'utf8')).trim().split('\n'), expected);
  const names = [...sizes.keys()].map(populationName);
  const query = join(home, 'query.txt');
  const format = names.map((name) => `%INFO/AC_${name} %INFO/AN_${name}`).join(' ');
  await measure(['bcftools', 'query', '-f', `${format}\n`, '-o', query, join(home, 'tagged.bcf')]);
  compare('bcftools', (await readFile(query, 'utf8')).trim().split('\n'), expected);
  for (const [population, name] of names.entries()) {
    const rows = (await readFile(join(home, `freq.${name}.afreq`), 'utf8')).trim().split('\n').slice(1);
    const copies = rows
      .map((row) => row.split('\t'))
      .map((fields) => Math.round(Number(fields.at(-2)) * Number(fields.at(-1))));
    compare(
      `plink2 in ${name}`,
      copies.map(String),
      truth.map((own) => `${own[population]}`),
    );
  }
  console.log(
    `counts: ${truth.length} variants x ${POPULATIONS} populations equal to the truth in all three programs`,
  );
}

function compare(who: string, found: readonly string[], expected: readonly string[]): void {
  const wrong = expected.findIndex((row, place) => row !== found[place]);
  if (wrong >= 0 || found.length !== expected.length) {
    throw new Error(`${who}: variant ${wrong + 1} counts ${found[wrong]}, expected ${expected[wrong]}`);
  }
}

function report(runs: ReadonlyMap<string, readonly Measured[]>): void {
  const medians = new Map([...runs].map(([name, own]) => [name, median(own)]));
  console.log('\ntask                     CPU s   wall s   peak MB   CPU, against the store');
  for (const [name, { cpuSeconds, wallSeconds, peakMegabytes }] of medians) {
    const against = medians.get(/view|make-pgen|ingest/.test(name) ? 'store ingest' : 'store frequencies')!;
    const ratio = `${(cpuSeconds / against.cpuSeconds).toFixed(2)} x`;
    const peak = peakMegabytes === undefined ? '' : peakMegabytes.toFixed(0);
    console.log(
      name.padEnd(22) +
        cpuSeconds.toFixed(2).padStart(8) +
        wallSeconds.toFixed(2).padStart(9) +
        peak.padStart(10) +
        ratio.padStart(12),
    );
  }
}

async function reportSizes(paths: { store: string; vcf: string; bcf: string; pgen: string }): Promise<void> {
  const own = await Promise.all((await readdir(paths.store)).map((file) => stat(join(paths.store, file))));
  const bytes = own.reduce((sum, { size }) => sum + size, 0);
  const peers = {
    'vcf.gz': [paths.vcf],
    bcf: [paths.bcf],
    'pgen + pvar': [`${paths.pgen}.pgen`, `${paths.pgen}.pvar`],
  };
  console.log(`\nsize: store ${bytes} bytes (${(bytes / variants).toFixed(1)} a variant)`);
  for (const [name, files] of Object.entries(peers)) {
    const sizes = await Promise.all(files.map((file) => stat(file)));
    const total = sizes.reduce((sum, { size }) => sum + size, 0);
    console.log(`  ${name}: ${total} bytes; the store is ${(bytes / total).toFixed(2)} x`);
  }
}

/** What this machine can do, for scale: copying memory, and the kernels' population count. */
function reportLimits(): void {
  const from = new Uint8Array(256 << 20).fill(1);
  const to = new Uint8Array(from.length);
  let started = performance.now();
  for (let round = 0; round < 4; round += 1) to.set(from);
  const copied = (8 * from.length) / (performance.now() - started) / 1e6;
  const kernels = createKernels();
  const [first, second, cohorts, out] = [1, 2, 3, 4].map((place) => place * COHORT_BYTES);
  const planes = { first: first!, second: second!, planeBytes: COHORT_BYTES };
  const cohort = { cohorts: cohorts!, stride: COHORT_BYTES, cohortCount: 1 };
  kernels.reserve(1 << 16);
  const rounds = 100_000;
  started = performance.now();
  for (let round = 0; round < rounds; round += 1) kernels.countPlanes(planes, cohort, 0, out!);
  const counted = (rounds * 2 * COHORT_BYTES) / (performance.now() - started) / 1e6;
  console.log(
    `\nlimits: memory read and written ${copied.toFixed(1)} GB/s; AND with a cohort and count, ${kernels.name}, ${counted.toFixed(1)} GB/s of planes`,
  );
}
