import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { StudyName } from '../data/studies.ts';
import { writeCohorts } from '../programs/store.ts';
import type { Latencies } from '../run/latency.ts';
import { measure } from '../run/measure.ts';
import { type Bench, type Findings, studyFacts } from './part.ts';

/** Counts in a cohort of 200,000 of a million people at common and at rare sites, in a process that stays. */
export async function cohortCounts(bench: Bench): Promise<Findings> {
  bench.say('1m-common, 1m: a cohort of 200,000 at common and at rare sites');
  const common = await askLatency(bench, 'cohort', '1m-common');
  const rare = await askLatency(bench, 'cohort', '1m');
  const latencies = Object.fromEntries([
    ...Object.entries(common),
    ...Object.entries(rare).filter(([name]) => name.startsWith('cohort, rare')),
  ]);
  return { study: studyFacts(await bench.study('1m-common')), latencies, checked: ['every answer'] };
}

/** Counts of the same cohort at all sites of a 50 kb gene. */
export async function geneCounts(bench: Bench): Promise<Findings> {
  bench.say('1m-gene: a cohort of 200,000 at all sites of a gene');
  const latencies = await askLatency(bench, 'gene', '1m-gene');
  return {
    study: studyFacts(await bench.study('1m-gene')),
    latencies,
    checked: ['every count of every round'],
  };
}

/** See `programs/latency-task.ts`; of `directory`, where another store of the study is to be asked. */
export async function askLatency(
  bench: Bench,
  question: string,
  name: StudyName,
  directory?: string,
): Promise<Latencies> {
  const study = await bench.study(name);
  const store = directory ?? (await bench.storeOf(name));
  const out = join(bench.work, `${question}.json`);
  const cohorts = await writeCohorts(study);
  await measure(
    bench.store.latency(question, store, `${study.stem}.truth.gz`, out, cohorts),
    bench.store.env,
  );
  // Written by our own task just now.
  return JSON.parse(await readFile(out, 'utf8'));
}
