import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { appendFile, readdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { PeopleSet } from '@federome/core';
import { type DataKeys, GenotypeStore } from '@federome/genotypes';
import { temporaryDirectory } from '@federome/testkit';
import { dataKeys } from '../../packages/node/src/stores/keys/data-keys.ts';
import { createKeyFiles, KeyFiles } from '../../packages/node/src/stores/keys/key-files.ts';

export const DATASET = { assembly: 'GRCh38', absent: 'reference' } as const;
const at = (path: string) => JSON.stringify(new URL(path, import.meta.url).href);

/** Keys in a directory, as a node has them. */
export async function keysIn(directory: string): Promise<DataKeys> {
  await createKeyFiles(directory);
  return dataKeys(new KeyFiles(directory), () => new Date('2026-01-01T00:00:00Z'));
}

/** Draws in [0, 1) that are the same in every run. */
export function draws(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
}

/** Sites over several bins, so that an ingest writes several segments; carriers do not compress away. */
export async function writeVcf(
  path: string,
  prefix: string,
  { people = 200, sites = 1_500, contig = '1' } = {},
): Promise<string> {
  const samples = Array.from({ length: people }, (_, place) => `${prefix}${place}`);
  await writeFile(
    path,
    `##fileformat=VCFv4.2\n##contig=<ID=${contig}>\n##FORMAT=<ID=GT,Number=1,Type=String,Description="Genotype">\n` +
      `#CHROM\tPOS\tID\tREF\tALT\tQUAL\tFILTER\tINFO\tFORMAT\t${samples.join('\t')}\n`,
  );
  const draw = draws(prefix.charCodeAt(0));
  let rows = '';
  for (let site = 0; site < sites; site += 1) {
    const share = site % 7 === 0 ? 0.3 : 0.01;
    const calls = samples.map(() => {
      const drawn = draw();
      return drawn < share ? '0|1' : drawn > 0.997 ? './.' : '0|0';
    });
    rows += `${contig}\t${1_000 + site * 3_000}\t.\tA\tC\t.\t.\t.\tGT\t${calls.join('\t')}\n`;
  }
  await appendFile(path, rows);
  return path;
}

/** Everything that a store answers: who is in it, and the counts of everyone and of each third at every site. */
export async function answersOf(store: GenotypeStore): Promise<string> {
  const everyone = store.everyone();
  const thirds = [0, 1, 2].map((rest) => PeopleSet.of([...everyone].filter((person) => person % 3 === rest)));
  const said: unknown[] = [store.variantCount(), store.blocks().map(({ samples }) => samples)];
  for await (const { site, counts } of store.frequencies([everyone, ...thirds]))
    said.push([site.variant, counts]);
  return JSON.stringify(said);
}

/** Names of the files that a store holds. */
export async function filesIn(directory: string): Promise<readonly string[]> {
  return (await readdir(directory)).filter((file) => !file.startsWith('ingest.lock')).sort();
}

/** A process of its own that has a store open and waits to be told to begin. */
export interface Worker {
  readonly child: ChildProcess;
  /** What it wrote so far. */
  said(): string;
  go(): void;
  ended(): Promise<void>;
}

/**
 * Starts a process that opens a store, says `ready`, waits for a line and then does `work`, which sees `store`, `keys`,
 * `GenotypeStore` and `answersOf`. Resolves when it is ready.
 */
export async function startWorker(
  directory: string,
  keys: string | undefined,
  work: string,
  limitBlocks?: number,
): Promise<Worker> {
  const script = `
    import { once } from 'node:events';
    import { GenotypeStore } from ${at('../../packages/genotypes/src/index.ts')};
    import { answersOf, DATASET, keysIn } from ${at('./faulty-store.ts')};
    const keys = ${keys === undefined ? 'undefined' : `await keysIn(${JSON.stringify(keys)})`};
    const store = await GenotypeStore.open(${JSON.stringify(directory)}, { keys });
    const say = (text) => process.stdout.write(text + '\\n');
    say('ready');
    await once(process.stdin, 'data');
    process.stdin.unref();
    ${work}`;
  const node = [process.execPath, '--input-type=module', '-e', script];
  const [program, ...args] =
    limitBlocks === undefined ? node : ['sh', '-c', `ulimit -f ${limitBlocks}; exec "$@"`, 'sh', ...node];
  const child = spawn(program!, args, {
    stdio: ['pipe', 'pipe', 'inherit'],
    // What V8 made of the modules is kept beside the store, which starts a process in a quarter of the time.
    env: { ...process.env, NODE_COMPILE_CACHE: join(dirname(directory), 'compiled') },
  });
  let said = '';
  child.stdout?.on('data', (bytes) => {
    said += bytes;
  });
  const exit = once(child, 'exit');
  while (!said.startsWith('ready') && child.exitCode === null) {
    await Promise.race([once(child.stdout!, 'data'), exit]);
  }
  child.stdin?.on('error', () => {});
  return {
    child,
    said: () => said,
    go: () => void child.stdin?.write('go\n'),
    ended: async () => void (await exit),
  };
}

/** A store with the genotypes of one file, people without any, and counts of groups. */
export async function preparedStore(
  directory: string,
  file: string,
  keys: DataKeys | undefined,
): Promise<GenotypeStore> {
  const store = await GenotypeStore.create(directory, DATASET, { keys });
  await store.ingest(file);
  await store.addPeople(['someone', 'without a genome']);
  const odd = PeopleSet.of([...store.everyone()].filter((person) => person % 2 === 1));
  await store.storeCounts([{ name: 'odd', people: odd }]);
  return store;
}

/** A `preparedStore` of people `a0` … in a directory of its own, with its keys beside it. */
export async function preparedHome(study: { readonly people?: number; readonly sites?: number } = {}) {
  const home = await temporaryDirectory();
  const keyFiles = join(home, 'keys');
  const keys = await keysIn(keyFiles);
  const directory = join(home, 'store');
  const store = await preparedStore(directory, await writeVcf(join(home, 'a.vcf'), 'a', study), keys);
  return { home, keyFiles, keys, directory, store };
}
