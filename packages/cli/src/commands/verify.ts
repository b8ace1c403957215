import type { Command } from 'commander';
import { withNode } from '../terminal/node.ts';
import { writeRows } from '../terminal/output.ts';

export function register(program: Command): void {
  program
    .command('verify')
    .description('read everything that a node stores, and say what is damaged')
    .argument('<dir>', 'home of the node')
    .option('--json', 'answer in JSON')
    .action(async (directory: string, options: { readonly json?: boolean }) => {
      await withNode(directory, async (node) => {
        const rows = [];
        const faults: string[] = [...(await node.records.check())];
        rows.push({
          store: 'records',
          files: undefined,
          bytes: undefined,
          sites: undefined,
          faults: faults.length,
        });
        const deletions = await node.deletions.verify();
        faults.push(...deletions);
        rows.push({
          store: 'deletions',
          files: undefined,
          bytes: undefined,
          sites: undefined,
          faults: deletions.length,
        });
        for (const { id } of await node.datasets.list()) {
          const report = await node.datasets.verify(id);
          rows.push({
            store: `genotypes of ${id}`,
            files: report.files,
            bytes: report.bytes,
            sites: report.sites,
            faults: report.faults.length,
          });
          faults.push(...report.faults.map(({ error }) => error.describe()));
        }
        await writeRows(['store', 'files', 'bytes', 'sites', 'faults'], rows, options);
        if (faults.length === 0) return;
        for (const fault of faults) process.stderr.write(`federome: ${fault}\n`);
        const { NodeError } = await import('@federome/node');
        throw new NodeError('node/store', `${faults.length} faults in what ${directory} stores`);
      });
    });
}
