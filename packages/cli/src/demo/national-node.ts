import { join } from 'node:path';
import type { CountryFiles } from '@federome/simulate';
import type { Processes } from './processes.ts';

/** A country's node of the demonstration. */
export interface NationalNode {
  readonly files: CountryFiles;
  readonly name: string;
  readonly home: string;
  readonly dataset: string;
}

export function planNode(root: string, files: CountryFiles): NationalNode {
  const code = files.country.code.toLowerCase();
  return {
    files,
    name: files.country.name,
    home: join(root, 'nodes', code),
    dataset: `${code}-biobank`,
  };
}

/** The commands with which an operator makes that node from the files that hospitals brought. */
export function commandsFor(
  node: NationalNode,
  ontologies: readonly string[],
): readonly (readonly string[])[] {
  const { home, name, files } = node;
  const { genotypes, health, consent, country } = files;
  const dataset = ['--dataset', node.dataset];
  const mapping = health.mapping === undefined ? [] : ['--mapping', health.mapping];
  return [
    ['init', home, '--country', country.code, '--name', name],
    [
      'dataset',
      'add',
      home,
      node.dataset,
      '--assembly',
      'GRCh38',
      '--absent',
      'reference',
      '--title',
      `Biobank of ${name} (synthetic)`,
    ],
    ['ingest', home, ...dataset, ...genotypes.files],
    ['ontology', 'add', home, ...ontologies],
    ['subjects', home, ...dataset, ...mapping, ...health.files],
    ['consent', 'set', home, ...dataset, consent.given],
    ['consent', 'set', home, ...dataset, consent.withdrawn],
  ];
}

/** Makes a node by the operator's commands. */
export async function buildNode(
  processes: Processes,
  node: NationalNode,
  ontologies: readonly string[],
): Promise<void> {
  await processes.run(node.name, ...commandsFor(node, ontologies));
}
