import { cp, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { readTruth, type TruthRow } from '../data/truth.ts';
import { filledSite, output, peers } from '../programs/peers.ts';
import { writeCohorts } from '../programs/store.ts';
import { totalOf, WrongCount } from '../run/check.ts';
import { interleave, type Task } from '../run/interleave.ts';
import { askLatency } from './latency.ts';
import { type Bench, type Findings, studyFacts } from './part.ts';

export const STORE_SITE = 'store, one site';
export const BCF_SITE = 'bcftools, one site of BCF';
export const VCF_SITE = 'bcftools, one site of vcf.gz';
const SLOW_SECONDS = 100;

/**
 * One site of a million people from a process that starts for it, beside bcftools with an index of the default
 * granularity (the files lie in the page cache); and random sites in a process that stays.
 */
export async function pointQueries(bench: Bench): Promise<Findings> {
  const study = await bench.study('1m');
  const store = await bench.storeOf('1m');
  const truth = await readTruth(`${study.stem}.truth.gz`);
  const vcf = `${study.stem}.vcf.gz`;
  const bcf = join(bench.work, 'point.bcf');
  bench.say('1m: BCF with its index');
  await output(peers.view(vcf, bcf));
  await output(['bcftools', 'index', '-f', bcf]);
  // The middle: what a reader that scans from the start of an index's bin spends on average.
  const row = truth[truth.length >> 1]!;
  const [ours, theirs] = [join(bench.work, 'site'), join(bench.work, 'site.bcf')];
  const region = `1:${row.pos}`;
  const checkPeer = async (): Promise<void> => check('bcftools', row, await filledSite(theirs, row.pos));
  const tasks: readonly Task[] = [
    {
      name: STORE_SITE,
      command: bench.store.site(store, row, ours),
      env: bench.store.env,
      check: async () => {
        const [ac, an] = (await readFile(ours, 'utf8')).split('\t').map(Number);
        check('the store', row, { ac: ac ?? Number.NaN, an: an ?? Number.NaN });
      },
    },
    { name: BCF_SITE, command: peers.site(bcf, region, theirs), check: checkPeer },
    { name: VCF_SITE, command: peers.site(vcf, region, theirs), check: checkPeer },
  ];
  const runs = await interleave(tasks, {
    repeats: bench.repeats,
    slowSeconds: SLOW_SECONDS,
    onRun: (task, repeat) => bench.say(`1m: ${task}, run ${repeat + 1} of ${bench.repeats}`),
  });
  bench.say('1m: random sites in a process that stays');
  const counted = await askLatency(bench, 'server', '1m');
  // Of a copy: other parts ask the store that keeps no counts.
  const keeping = join(bench.work, '1m.keeping');
  await cp(store, keeping, { recursive: true });
  await output(bench.store.keep(keeping, await writeCohorts(study)), bench.store.env);
  const latencies = { ...counted, ...(await askLatency(bench, 'server', '1m', keeping)) };
  return { study: studyFacts(study), tasks: runs, latencies, checked: ['every answer, by both programs'] };
}

function check(program: string, row: TruthRow, found: { readonly ac: number; readonly an: number }): void {
  const { ac, an } = totalOf(row);
  if (found.ac !== ac || found.an !== an)
    throw new WrongCount(`${program}: ${found.ac} of ${found.an} at ${row.pos}, not ${ac} of ${an}`);
}
