import { readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';

/** A row of a written VCF file, contig without prefix and genotypes as text. */
export interface Row {
  readonly contig: string;
  readonly position: number;
  readonly id: string;
  readonly ref: string;
  readonly alts: readonly string[];
  readonly info: string;
  readonly genotypes: readonly string[];
}

/** The rows of a written file, all in memory: to check small populations by. */
export function readRows(file: string): readonly Row[] {
  return gunzipSync(readFileSync(file))
    .toString('latin1')
    .split('\n')
    .filter((line) => line !== '' && !line.startsWith('#'))
    .map((line) => {
      const [contig, position, id, ref, alts, , , info, , ...genotypes] = line.split('\t');
      return {
        contig: contig!.replace('chr', ''),
        position: Number(position),
        id: id!,
        ref: ref!,
        alts: alts!.split(','),
        info: info!,
        genotypes,
      };
    });
}

/** Allele indexes of a genotype that were called, `0` the reference. */
export function calledAlleles(genotype: string): readonly string[] {
  return genotype.split(/[|/]/).filter((allele) => allele !== '.');
}

/** Frequency of the first alternate allele among called ones. */
export function frequency(row: Row): number {
  const called = row.genotypes.flatMap(calledAlleles);
  return called.filter((allele) => allele === '1').length / called.length;
}
