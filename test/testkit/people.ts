import { readFileSync } from 'node:fs';
import { sharedPath } from './shared.ts';

/** Sample → population of the 1000 Genomes people (`FIN`, `GBR` …). */
export function thousandGenomesPopulations(): ReadonlyMap<string, string> {
  const lines = readFileSync(sharedPath('data/genotypes/population_labels/ancestry-labels-1kg.tsv'), 'utf8')
    .trimEnd()
    .split('\n')
    .slice(1);
  return new Map(
    lines.map((line) => line.split('\t')).map(([sample, , population]) => [sample!, population!]),
  );
}

/** Sample → sex of the 1000 Genomes people. */
export function thousandGenomesSexes(): ReadonlyMap<string, 'male' | 'female'> {
  const lines = readFileSync(sharedPath('data/genotypes/population_labels/20130606_g1k.ped'), 'utf8')
    .trimEnd()
    .split('\n')
    .slice(1);
  return new Map(
    lines
      .map((line) => line.split('\t'))
      .map((fields) => [fields[1]!, fields[4] === '1' ? 'male' : 'female']),
  );
}
