import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { createKeyFiles } from '../../packages/node/src/stores/keys/key-files.ts';
import type { StudyName } from '../data/studies.ts';
import { readTruth } from '../data/truth.ts';
import { storeBytes, storeCounts, writeCohorts } from '../programs/store.ts';
import { KEYS_VARIABLE } from '../programs/store-options.ts';
import { compareCounts } from '../run/check.ts';
import { interleave, type Task } from '../run/interleave.ts';
import { type Bench, type Findings, studyFacts } from './part.ts';

export const KINDS = ['plain', 'encrypted'] as const;
export const QUESTIONS = ['ingest', 'frequencies', 'one site'] as const;
const STUDY: StudyName = '100k';

/** The same store plain and encrypted (AES-256-GCM, keys in a node's key files): what encryption costs. */
export async function sealedStore(bench: Bench): Promise<Findings> {
  const study = await bench.study(STUDY);
  const truth = await readTruth(`${study.stem}.truth.gz`);
  const keys = join(bench.work, 'keys');
  await createKeyFiles(keys);
  const cohorts = await writeCohorts(study);
  const at = (kind: string, file: string): string => join(bench.work, `${kind}.${file}`);
  const tasksOf = (kind: (typeof KINDS)[number]): Record<(typeof QUESTIONS)[number], Task> => {
    const store = at(kind, 'store');
    const env = kind === 'plain' ? bench.store.env : { ...bench.store.env, [KEYS_VARIABLE]: keys };
    return {
      ingest: {
        name: `${kind}: ingest`,
        command: bench.store.ingest(store, `${study.stem}.vcf.gz`),
        env,
        prepare: () => rm(store, { recursive: true, force: true }),
      },
      frequencies: {
        name: `${kind}: frequencies`,
        command: bench.store.frequencies(store, at(kind, 'counts'), cohorts),
        env,
        check: async () => compareCounts(`the ${kind} store`, await storeCounts(at(kind, 'counts')), truth),
      },
      'one site': {
        name: `${kind}: one site`,
        command: bench.store.site(store, truth[truth.length >> 1]!, at(kind, 'site')),
        env,
      },
    };
  };
  const [plain, encrypted] = [tasksOf('plain'), tasksOf('encrypted')];
  const runs = await interleave(
    QUESTIONS.flatMap((question) => [plain[question], encrypted[question]]),
    {
      repeats: bench.repeats,
      slowSeconds: 100,
      onRun: (task, repeat) => bench.say(`${STUDY}: ${task}, run ${repeat + 1} of ${bench.repeats}`),
    },
  );
  const bytes: Record<string, number> = {};
  for (const kind of KINDS) bytes[kind] = (await storeBytes(at(kind, 'store'))).all;
  return { study: studyFacts(study), tasks: runs, bytes, checked: ['all counts, plain and encrypted'] };
}
