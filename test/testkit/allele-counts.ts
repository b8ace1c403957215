import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type AlleleCounts, mergeAlleleCounts, NO_ALLELES } from '@federome/core';
import { outputOf } from './tools.ts';

/** Counts by variant (`contig pos ref alt`, 1-based, trimmed) and then by group. */
export type CountTable = Map<string, Map<string, AlleleCounts>>;

/** A biallelic variant as the smallest change: shared last and then first bases go, one stays. */
export function trimmedKey(contig: string, position: number, ref: string, alt: string): string {
  let [start, before, after] = [position, ref, alt];
  if (/^[ACGTN]+$/.test(ref) && /^[ACGTN]+$/.test(alt)) {
    while (before.length > 1 && after.length > 1 && before.at(-1) === after.at(-1)) {
      before = before.slice(0, -1);
      after = after.slice(0, -1);
    }
    while (before.length > 1 && after.length > 1 && before[0] === after[0]) {
      before = before.slice(1);
      after = after.slice(1);
      start += 1;
    }
  }
  return `${contig} ${start} ${before} ${after}`;
}

/**
 * What bcftools +fill-tags counts in a (biallelic) file for every group and for `all`. AC_Hom and AC_Hemi are alleles
 * there; here they become people, as Federome reports them. `missing` is left 0: fill-tags does not count it.
 */
export async function bcftoolsCounts(
  file: string,
  groups: ReadonlyMap<string, string>,
  scratch: string,
): Promise<CountTable> {
  const groupFile = join(scratch, 'groups.txt');
  const names = [...new Set(groups.values())].sort();
  const present = new Set((await outputOf('bcftools', ['query', '-l', file])).split('\n'));
  const lines = [...groups]
    .filter(([sample]) => present.has(sample))
    .map(([sample, group]) => `${sample}\t${group}\n`);
  await writeFile(groupFile, lines.join(''));
  const used = names.filter((name) => lines.some((line) => line.endsWith(`\t${name}\n`)));
  const tagged = join(scratch, 'tagged.bcf');
  const groupArgs = used.length > 0 ? ['-S', groupFile] : [];
  await outputOf('bcftools', [
    '+fill-tags',
    file,
    '-Ob',
    '-o',
    tagged,
    '--',
    ...groupArgs,
    '-t',
    'AC,AN,AC_Hom,AC_Het,AC_Hemi',
  ]);
  const suffixes = ['', ...used.map((name) => `_${name}`)];
  const fields = suffixes.flatMap((suffix) =>
    ['AC', 'AN', 'AC_Hom', 'AC_Het', 'AC_Hemi'].map((tag) => `%${tag}${suffix}`),
  );
  const text = await outputOf('bcftools', [
    'query',
    '-f',
    `%CHROM\t%POS\t%REF\t%ALT\t${fields.join('\t')}\n`,
    tagged,
  ]);
  const table: CountTable = new Map();
  for (const line of text.split('\n')) {
    const [contig, position, ref, alt, ...numbers] = line.split('\t');
    if (contig === undefined || position === undefined || ref === undefined || alt === undefined) continue;
    const row = new Map<string, AlleleCounts>();
    suffixes.forEach((suffix, index) => {
      const [ac, an, hom, het, hemi] = numbers.slice(index * 5, index * 5 + 5).map(Number);
      row.set(suffix === '' ? 'all' : suffix.slice(1), {
        ac: ac!,
        an: an!,
        hom: hom! / 2,
        het: het!,
        hemi: hemi!,
        missing: 0,
      });
    });
    table.set(trimmedKey(contig.replace(/^chr/, ''), Number(position), ref, alt), row);
  }
  return table;
}

/** Reads what `federome frequencies` writes. */
export function readFrequencies(tsv: string, keepMissing = false): CountTable {
  const [header, ...lines] = tsv.trimEnd().split('\n');
  if (header !== 'contig\tpos\tref\talt\tgroup\tAC\tAN\tHOM\tHET\tHEMI\tMISSING')
    throw new Error(`header: ${header}`);
  const table: CountTable = new Map();
  for (const line of lines) {
    const [contig, position, ref, alt, group, ...numbers] = line.split('\t');
    const [ac, an, hom, het, hemi, missing] = numbers.map(Number);
    const key = `${contig} ${position} ${ref} ${alt}`;
    const row = table.get(key) ?? new Map<string, AlleleCounts>();
    if (row.has(group!)) throw new Error(`${key} ${group} twice`);
    row.set(group!, {
      ac: ac!,
      an: an!,
      hom: hom!,
      het: het!,
      hemi: hemi!,
      missing: keepMissing ? missing! : 0,
    });
    table.set(key, row);
  }
  return table;
}

/** The network's table: the counts of every node added up. */
export function mergedTables(tables: readonly CountTable[]): CountTable {
  const merged: CountTable = new Map();
  for (const table of tables) {
    for (const [key, row] of table) {
      const into = merged.get(key) ?? new Map<string, AlleleCounts>();
      for (const [group, counts] of row)
        into.set(group, mergeAlleleCounts(into.get(group) ?? NO_ALLELES, counts));
      merged.set(key, into);
    }
  }
  return merged;
}

/** The first few differences between two tables, in words; empty where they are equal. */
export function differences(actual: CountTable, expected: CountTable, atMost = 10): readonly string[] {
  const found: string[] = [];
  const say = (text: string) => found.length < atMost && found.push(text);
  for (const [key, row] of expected) {
    const ours = actual.get(key);
    if (ours === undefined) say(`${key} is absent`);
    else
      for (const [group, counts] of row)
        if (!equal(ours.get(group), counts))
          say(`${key} ${group}: ${JSON.stringify(ours.get(group))} is not ${JSON.stringify(counts)}`);
  }
  for (const key of actual.keys()) if (!expected.has(key)) say(`${key} should not be there`);
  return found;
}

function equal(a: AlleleCounts | undefined, b: AlleleCounts): boolean {
  return a !== undefined && (Object.keys(b) as (keyof AlleleCounts)[]).every((key) => a[key] === b[key]);
}
