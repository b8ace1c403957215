// What is measured of the store, in a process of its own; `programs/store.ts` says how each is called.
import { once } from 'node:events';
import { createWriteStream } from 'node:fs';
import { open, readFile, writeFile } from 'node:fs/promises';
import { basename } from 'node:path';
import { PeopleSet } from '@federome/core';
import { GenotypeStore } from '@federome/genotypes';
import { storeOptions } from './store-options.ts';

const CONTIG = '1';
const [task, directory, ...args] = process.argv.slice(2);
if (directory === undefined) throw new Error('usage: TASK DIR …');
const [first = '', second = '', third = '', fourth = ''] = args;
const tasks: Readonly<Record<string, () => Promise<void>>> = {
  ingest,
  keep,
  frequencies,
  site,
  export: exportRegion,
};
const chosen = tasks[task ?? ''];
if (chosen === undefined) throw new Error(`no task ${task}`);
await chosen();

/** `ingest DIR VCF` */
async function ingest(): Promise<void> {
  const dataset = { assembly: 'GRCh38', absent: 'reference' } as const;
  const store = await GenotypeStore.create(directory!, dataset, await storeOptions());
  await store.ingest(first);
}

/** `keep DIR COHORT...`: keeps the counts of each cohort, as a node does when genotypes or records come. */
async function keep(): Promise<void> {
  const store = await opened();
  await store.storeCounts(
    await Promise.all(args.map(async (path) => ({ name: nameOf(path), people: await cohortOf(path) }))),
  );
}

/** `frequencies DIR OUT COHORT...`: the table of `federome frequencies`. */
async function frequencies(): Promise<void> {
  // As the command does: the writer is loaded by whoever writes a table.
  const { countTable } = await import('../../packages/cli/src/terminal/count-table.ts');
  const store = await opened();
  const [, ...paths] = args;
  const cohorts = await Promise.all(paths.map(cohortOf));
  const file = await open(first, 'w');
  for await (const bytes of countTable(paths.map(nameOf), store.countBatches(cohorts)))
    await file.writeFile(bytes);
  await file.close();
}

/** `site DIR POS REF ALT OUT`: ac and an of everyone. */
async function site(): Promise<void> {
  const store = await opened();
  const variant = { contig: CONTIG, position: Number(first) - 1, ref: second, alt: third };
  const [counts] = await store.count(variant, [store.everyone()]);
  await writeFile(fourth, `${counts?.ac}\t${counts?.an}\n`);
}

/** `export DIR OUT FROM TO` (1-based, both included) */
async function exportRegion(): Promise<void> {
  const store = await opened();
  const out = createWriteStream(first);
  const interval = { contig: CONTIG, start: Number(second) - 1, end: Number(third) };
  await store.exportGenotypes(interval, out, { format: 'bcf' });
  out.end();
  await once(out, 'close');
}

async function opened(): Promise<GenotypeStore> {
  return GenotypeStore.open(directory!, await storeOptions());
}

async function cohortOf(path: string): Promise<PeopleSet> {
  return PeopleSet.fromBytes(await readFile(path));
}

/** `10k.POP1.people` is POP1's. */
function nameOf(path: string): string {
  return basename(path, '.people').split('.').at(-1)!;
}
