import { rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { Study } from '../data/have-study.ts';
import type { StudyName } from '../data/studies.ts';
import { readTruth, type TruthRow } from '../data/truth.ts';
import {
  BCFTOOLS_VIEW,
  FILL_TAGS,
  filledTags,
  namePopulations,
  output,
  PLINK_FREQ,
  PLINK_IMPORT,
  peers,
  plinkCounts,
} from '../programs/peers.ts';
import {
  STORE_FREQUENCIES,
  STORE_INGEST,
  STORE_KEEP,
  STORE_KEPT,
  storeBytes,
  storeCounts,
  writeCohorts,
} from '../programs/store.ts';
import { compareCounts } from '../run/check.ts';
import { interleave, type Task } from '../run/interleave.ts';
import { type Bench, type Findings, studyFacts } from './part.ts';

/** Counting by `+fill-tags` is so far from the others that one run says enough. */
const FILL_TAGS_ONCE_SECONDS = 3;
const SLOW_SECONDS = 100;
const ROUND_TRIP_GENOTYPES = 20_000_000;

/**
 * Takes a study in, counts it in five populations, and compares bytes, beside bcftools and plink2. All counts of all
 * programs are held to the truth after their first run, and genotypes of the first sites make the round trip.
 */
export async function compareStudy(bench: Bench, name: StudyName): Promise<Findings> {
  const study = await bench.study(name);
  const truth = await readTruth(`${study.stem}.truth.gz`);
  const at = (file: string): string => join(bench.work, `${name}.${file}`);
  const bytes: Record<string, number> = {};
  const tasks = await tasksOf(bench, study, truth, at, bytes);
  const runs = await interleave(tasks, {
    repeats: bench.repeats,
    slowSeconds: SLOW_SECONDS,
    onRun: (task, repeat) => bench.say(`${name}: ${task}, run ${repeat + 1} of ${bench.repeats}`),
  });
  bench.say(`${name}: genotypes there and back`);
  const sites = await roundTrip(bench, study, truth, at);
  const findings: Findings = {
    study: studyFacts(study),
    tasks: runs,
    bytes: { ...bytes, ...(await peerBytes(study, at)) },
    checked: [
      `${truth.length} alleles in five populations, by all three programs`,
      `genotypes of ${sites} sites`,
    ],
  };
  await Promise.all(
    ['bcf', 'tagged.bcf', 'pgen', 'pvar', 'psam'].map((file) => rm(at(file), { force: true })),
  );
  return findings;
}

async function tasksOf(
  bench: Bench,
  study: Study,
  truth: readonly TruthRow[],
  at: (file: string) => string,
  bytes: Record<string, number>,
): Promise<readonly Task[]> {
  const { store } = bench;
  const cohorts = await writeCohorts(study);
  const vcf = `${study.stem}.vcf.gz`;
  const stem = at('').slice(0, -1);
  return [
    {
      name: STORE_INGEST,
      command: store.ingest(at('store'), vcf),
      env: store.env,
      prepare: () => rm(at('store'), { recursive: true, force: true }),
      check: async () => {
        const { all, names } = await storeBytes(at('store'));
        bytes.store = all;
        bytes['names of people in the store'] = names;
      },
    },
    { name: BCFTOOLS_VIEW, command: peers.view(vcf, at('bcf')) },
    {
      name: PLINK_IMPORT,
      command: peers.import(vcf, stem),
      check: () => namePopulations(stem, `${study.stem}.pheno`),
    },
    {
      name: STORE_FREQUENCIES,
      command: store.frequencies(at('store'), at('counts'), cohorts),
      env: store.env,
      check: async () => compareCounts('the store', await storeCounts(at('counts')), truth),
    },
    { name: STORE_KEEP, command: store.keep(at('store'), cohorts), env: store.env },
    {
      name: STORE_KEPT,
      command: store.frequencies(at('store'), at('counts'), cohorts),
      env: store.env,
      check: async () => compareCounts('the store, of kept counts,', await storeCounts(at('counts')), truth),
    },
    {
      name: FILL_TAGS,
      command: peers.fillTags(at('bcf'), `${study.stem}.groups`, at('tagged.bcf')),
      slowSeconds: FILL_TAGS_ONCE_SECONDS,
      check: async () => compareCounts('bcftools', await filledTags(at('tagged.bcf')), truth),
    },
    {
      name: PLINK_FREQ,
      command: peers.freq(stem, at('freq')),
      check: async () => compareCounts('plink2', await plinkCounts(stem, at('freq')), truth),
    },
  ];
}

/** Exports the first sites and holds every genotype to the study's own; returns how many sites. */
async function roundTrip(
  { store }: Bench,
  study: Study,
  truth: readonly TruthRow[],
  at: (file: string) => string,
): Promise<number> {
  const positions = [...new Set(truth.map(({ pos }) => pos))];
  const sites = Math.min(positions.length, Math.floor(ROUND_TRIP_GENOTYPES / study.shape.people));
  const [from, to] = [positions[0]!, positions[sites - 1]!];
  const exported = at('exported.vcf');
  await output(store.export(at('store'), exported, from, to), store.env);
  const genotypes = (source: string): string =>
    `${source} | bcftools norm -m -any -Ou 2>/dev/null | bcftools query -f '%POS\\t%REF\\t%ALT[\\t%GT]\\n' | LC_ALL=C sort`;
  const [theirs, ours] = [
    genotypes(`bcftools view -r 1:${from}-${to} -Ou "$1"`),
    genotypes('bcftools view -Ou "$2"'),
  ];
  const script = `set -o pipefail; cmp <(${theirs}) <(${ours}) && ${genotypes('bcftools view -Ou "$2"')} | wc -l`;
  const [rows] = await output(['bash', '-c', script, 'bash', `${study.stem}.vcf.gz`, exported]);
  const expected = truth.filter(({ pos }) => pos <= to).length;
  if (Number(rows) !== expected) throw new Error(`${rows} alleles were exported, not ${expected}`);
  await rm(exported);
  return sites;
}

async function peerBytes(study: Study, at: (file: string) => string): Promise<Record<string, number>> {
  const size = async (path: string): Promise<number> => (await stat(path)).size;
  return {
    'store with the counts it keeps': (await storeBytes(at('store'))).all,
    'vcf.gz': await size(`${study.stem}.vcf.gz`),
    BCF: await size(at('bcf')),
    '.pgen': await size(at('pgen')),
    '.pvar': await size(at('pvar')),
  };
}
