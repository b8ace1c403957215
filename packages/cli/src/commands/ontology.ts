import type { Command } from 'commander';
import { withNode } from '../terminal/node.ts';
import { writeRows } from '../terminal/output.ts';

export function register(program: Command): void {
  const ontology = program
    .command('ontology')
    .description('what terms mean: a term is itself and all below it');
  ontology
    .command('add')
    .description('load ontologies, or newer versions of them')
    .argument('<dir>', 'home of the node')
    .argument('<files...>', 'obographs JSON or OBO, gzip or not')
    .option('--json', 'answer in JSON')
    .action(async (directory: string, files: readonly string[], options: { readonly json?: boolean }) => {
      await withNode(directory, async (node) => {
        const added = await node.ontologies.add(files);
        await writeRows(
          ['id', 'version', 'terms'],
          added.map((each) => ({ ...each })),
          options,
        );
      });
    });
  ontology
    .command('list')
    .description('list the loaded ontologies')
    .argument('<dir>', 'home of the node')
    .option('--json', 'answer in JSON')
    .action(async (directory: string, options: { readonly json?: boolean }) => {
      await withNode(directory, async (node) => {
        const rows = await node.ontologies.list();
        await writeRows(
          ['id', 'version', 'terms'],
          rows.map((each) => ({ ...each })),
          options,
        );
      });
    });
}
