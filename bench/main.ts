// `npm run bench`: the genotype store beside bcftools and plink2 in one run; docs/benchmarks.md says what and how.
import { spawnSync } from 'node:child_process';
import { rmSync } from 'node:fs';
import { mkdir, rm } from 'node:fs/promises';
import { availableParallelism, tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { haveStudy, type Study } from './data/have-study.ts';
import { EDITIONS, type StudyName, studyOf } from './data/studies.ts';
import { PARTS, partsOf } from './parts/index.ts';
import type { Bench } from './parts/part.ts';
import { warmUp } from './parts/warm-up.ts';
import { StorePrograms } from './programs/store.ts';
import { writeDocuments } from './report/documents.ts';
import { machineFacts } from './report/machine.ts';
import { reportOf, targetTable } from './report/markdown.ts';
import { plotOf } from './report/plot.ts';
import { Progress } from './report/progress.ts';
import { commitOf, readResults, saveResult } from './report/results.ts';
import { targetsOf } from './report/targets.ts';

const USAGE = `npm run bench -- [--size small|full] [--only PART,...] [--repeats N] [--home DIR] [--write] [--report]
  parts: ${PARTS.map(({ name }) => name).join(', ')}
  --report makes the table of what earlier runs of this commit left in DIR; --write puts it into docs/ and README.md
npm run bench -- log [--entries N] [--repeats N] [--home DIR]   the tiled log beside SQLite`;

if (process.argv[2] === 'log') {
  const { benchLog } = await import('./log/main.ts');
  await benchLog(process.argv.slice(3));
  process.exit(0);
}
const { values } = parseArgs({
  options: {
    size: { type: 'string', default: 'small' },
    only: { type: 'string' },
    repeats: { type: 'string', default: '3' },
    home: { type: 'string', default: join(tmpdir(), 'federome-bench') },
    write: { type: 'boolean', default: false },
    report: { type: 'boolean', default: false },
    help: { type: 'boolean', default: false },
  },
});
const edition = EDITIONS.find((name) => name === values.size);
const parts = partsOf(values.report ? '' : values.only);
const repeats = Number(values.repeats);
if (values.help || edition === undefined || parts === undefined || !(repeats >= 1)) {
  console.error(USAGE);
  process.exit(values.help ? 0 : 2);
}
const missing = ['bcftools', 'plink2', 'bgzip', 'bash'].filter(
  (tool) => spawnSync('sh', ['-c', `command -v ${tool}`]).status !== 0,
);
if (missing.length > 0) {
  console.error(
    `The benchmark compares with ${missing.join(', ')}, which cannot be found: install it first.`,
  );
  process.exit(1);
}
const root = fileURLToPath(new URL('..', import.meta.url));
const { home } = values;
const kept = join(home, 'results');
const work = join(home, `work-${process.pid}`);
const commit = commitOf(root);
const progress = new Progress(parts.map((part) => part.seconds[edition]));

for (const signal of ['SIGINT', 'SIGTERM'] as const) {
  process.on(signal, () => {
    rmSync(work, { recursive: true, force: true });
    process.exit(signal === 'SIGINT' ? 130 : 143);
  });
}
try {
  await mkdir(work, { recursive: true });
  if (parts.length > 0) await run();
  await report();
} finally {
  await rm(work, { recursive: true, force: true });
}

async function run(): Promise<void> {
  const store = await StorePrograms.build(join(work, 'programs'));
  await warmUp(store, work);
  const studies = new Map<StudyName, Promise<Study>>();
  const stores = new Map<StudyName, Promise<string>>();
  const bench: Bench = {
    edition: edition!,
    repeats,
    work,
    store,
    study: (name) => once(studies, name, makeStudy),
    storeOf: (name) => once(stores, name, makeStore),
    say: (what) => progress.say(what),
  };
  const makeStudy = (name: StudyName): Promise<Study> => {
    progress.say(`${name}: the study`);
    return haveStudy(join(home, edition!), name, studyOf(name, edition!), availableParallelism());
  };
  const makeStore = async (name: StudyName): Promise<string> => {
    const study = await bench.study(name);
    progress.say(`${name}: a store of the study`);
    return bench.store.storeOf(join(work, `${name}.asked`), study);
  };
  for (const part of parts!) {
    progress.begin(part.name);
    const findings = await part.run(bench);
    await saveResult(kept, {
      part: part.name,
      edition: edition!,
      commit,
      ...{ study: undefined, tasks: {}, bytes: {}, latencies: {}, limits: {}, checked: [] },
      ...findings,
    });
    progress.finish(part.name, findings.checked ?? []);
  }
}

async function report(): Promise<void> {
  const { results, others } = await readResults(kept, edition!, commit);
  const machine = await machineFacts();
  const text = reportOf(results, { machine, edition: edition!, commit });
  console.log(`\n${text}`);
  if (others.length > 0) console.log(`Left out, as measured at another commit: ${others.join(', ')}`);
  if (!values.write) return;
  const targets = targetsOf(results);
  await writeDocuments(root, { report: text, plot: plotOf(targets), summary: targetTable(targets) });
}

function once<T>(
  known: Map<StudyName, Promise<T>>,
  name: StudyName,
  make: (name: StudyName) => Promise<T>,
): Promise<T> {
  const made = known.get(name) ?? make(name);
  known.set(name, made);
  return made;
}
