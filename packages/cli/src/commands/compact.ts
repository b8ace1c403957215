import type { Command } from 'commander';
import { withNode } from '../terminal/node.ts';
import { writeRows } from '../terminal/output.ts';

interface Options {
  readonly dataset?: string;
  readonly json?: boolean;
}

export function register(program: Command): void {
  program
    .command('compact')
    .description('make one block of the people who came in many small ones; a server has to be started again')
    .argument('<dir>', 'home of the node')
    .option('--dataset <id>', 'which dataset (default: all)')
    .option('--json', 'answer in JSON')
    .action(async (directory: string, options: Options) => {
      await withNode(directory, async (node) => {
        const ids =
          options.dataset === undefined
            ? (await node.datasets.list()).map(({ id }) => id)
            : [options.dataset];
        const rows = [];
        for (const dataset of ids) rows.push({ dataset, ...(await node.datasets.compact(dataset)) });
        const columns = ['dataset', 'outcome', 'blocksBefore', 'blocks', 'segmentsBefore', 'segments'];
        await writeRows(columns, rows, options);
      });
    });
}
