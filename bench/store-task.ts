// One measured task in a process of its own: `ingest DIR VCF`, or `frequencies DIR OUT PEOPLE`, which writes a line of
// copies and alleles called in each population for every site.
import { writeFile } from 'node:fs/promises';
import { PeopleSet } from '@federome/core';
import { GenotypeStore } from '@federome/genotypes';
import { POPULATIONS, populationOf } from './synthetic-vcf.ts';

const [task, directory, path, people] = process.argv.slice(2);
if (directory === undefined || path === undefined)
  throw new Error('usage: ingest DIR VCF | frequencies DIR OUT PEOPLE');
if (task === 'ingest') {
  const store = await GenotypeStore.create(directory, { assembly: 'GRCh38', absent: 'reference' });
  await store.ingest(path);
} else {
  const store = await GenotypeStore.open(directory);
  const members: number[][] = Array.from({ length: POPULATIONS }, () => []);
  for (const person of store.everyone()) members[populationOf(person, Number(people))]!.push(person);
  const lines: string[] = [];
  for await (const { counts } of store.frequencies(members.map((own) => PeopleSet.of(own)))) {
    lines.push(counts.map(({ ac, an }) => `${ac} ${an}`).join(' '));
  }
  await writeFile(path, `${lines.join('\n')}\n`);
}
process.stderr.write(`peak ${process.resourceUsage().maxRSS}\n`);
