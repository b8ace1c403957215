import type { Command } from 'commander';
import { withNode } from '../terminal/node.ts';
import { report, writeRows } from '../terminal/output.ts';

interface Options {
  readonly dataset: string;
  readonly json?: boolean;
}

export function register(program: Command): void {
  const consent = program.command('consent').description('what people permit; the next answer obeys');
  consent
    .command('set')
    .description('set consents, all of the file or none')
    .argument('<dir>', 'home of the node')
    .argument('<file>', 'CSV or TSV with the columns subject, item, decision')
    .requiredOption('--dataset <id>', 'which dataset')
    .option('--json', 'answer in JSON')
    .addHelpText(
      'after',
      `
item: allele-frequency, subject-level-query, secondary-use or all. decision: permit or deny.
The last line of a person and item stands.`,
    )
    .action(async (directory: string, file: string, options: Options) => {
      await withNode(directory, async (node) => {
        const decisions = await node.consents.setFromFile(options.dataset, file);
        await report(`${decisions} decisions set`, { dataset: options.dataset, decisions }, options);
      });
    });
  consent
    .command('list')
    .description('list the latest decision of everyone who decided')
    .argument('<dir>', 'home of the node')
    .requiredOption('--dataset <id>', 'which dataset')
    .option('--json', 'answer in JSON')
    .action(async (directory: string, options: Options) => {
      await withNode(directory, async (node) => {
        const rows = await node.consents.list(options.dataset);
        await writeRows(
          ['subject', 'item', 'decision', 'decidedAt'],
          rows.map(({ subject, scope, decision, decidedAt }) => ({
            subject,
            item: scope,
            decision,
            decidedAt,
          })),
          options,
        );
      });
    });
}
