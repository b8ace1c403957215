import { join } from 'node:path';
import { haveStudy } from '../data/have-study.ts';
import { studyOf } from '../data/studies.ts';
import { readTruth } from '../data/truth.ts';
import { output } from '../programs/peers.ts';
import { type StorePrograms, writeCohorts } from '../programs/store.ts';

/** Runs every task of the store once on a tiny study, so that its compiled code is kept as after a first command. */
export async function warmUp(store: StorePrograms, work: string): Promise<void> {
  const study = await haveStudy(work, 'tiny', { ...studyOf('10k', 'small'), people: 200, sites: 200 }, 1);
  const cohorts = await writeCohorts(study);
  const [row] = await readTruth(`${study.stem}.truth.gz`);
  const [directory, out] = [join(work, 'tiny.store'), join(work, 'tiny.out')];
  const tasks = [
    store.ingest(directory, `${study.stem}.vcf.gz`),
    store.frequencies(directory, out, cohorts),
    store.keep(directory, cohorts),
    store.frequencies(directory, out, cohorts),
    store.site(directory, row!, out),
  ];
  for (const task of tasks) await output(task, store.env);
}
