// What is measured of the store, in a process of its own; `programs/store.ts` says how each is called.

import { once } from 'node:events';
import { createWriteStream } from 'node:fs';
import { readFile, writeFile } from 'node:fs/promises';
import { PeopleSet } from '@federome/core';
import { GenotypeStore } from '@federome/genotypes';

const CONTIG = '1';
const [task, directory, ...args] = process.argv.slice(2);
if (directory === undefined) throw new Error('usage: TASK DIR …');
const [first = '', second = '', third = '', fourth = ''] = args;
const tasks: Readonly<Record<string, () => Promise<void>>> = {
  ingest,
  frequencies,
  site,
  export: exportRegion,
};
await tasks[task ?? '']?.();

/** `ingest DIR VCF` */
async function ingest(): Promise<void> {
  const store = await GenotypeStore.create(directory!, { assembly: 'GRCh38', absent: 'reference' });
  await store.ingest(first);
}

/** `frequencies DIR OUT COHORT...`: `pos ref alt`, then ac, an, hom and missing of each cohort. */
async function frequencies(): Promise<void> {
  const store = await GenotypeStore.open(directory!);
  const cohorts = await Promise.all(args.slice(1).map(cohortOf));
  const lines: string[] = [];
  for await (const { site, counts } of store.frequencies(cohorts)) {
    const { position, ref, alt } = site.variant;
    let line = `${position + 1}\t${ref}\t${alt}`;
    for (const { ac, an, hom, missing } of counts) line += `\t${ac}\t${an}\t${hom}\t${missing}`;
    lines.push(line);
  }
  lines.push('');
  await writeFile(first, lines.join('\n'));
}

/** `site DIR POS REF ALT OUT`: ac and an of everyone. */
async function site(): Promise<void> {
  const store = await GenotypeStore.open(directory!);
  const variant = { contig: CONTIG, position: Number(first) - 1, ref: second, alt: third };
  const [counts] = await store.count(variant, [store.everyone()]);
  await writeFile(fourth, `${counts?.ac}\t${counts?.an}\n`);
}

/** `export DIR OUT FROM TO` (1-based, both included) */
async function exportRegion(): Promise<void> {
  const store = await GenotypeStore.open(directory!);
  const out = createWriteStream(first);
  await store.exportGenotypes({ contig: CONTIG, start: Number(second) - 1, end: Number(third) }, out);
  out.end();
  await once(out, 'close');
}

async function cohortOf(path: string): Promise<PeopleSet> {
  return PeopleSet.fromBytes(await readFile(path));
}
