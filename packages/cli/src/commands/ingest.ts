import { basename } from 'node:path';
import type { Command } from 'commander';
import { withNode } from '../terminal/node.ts';
import { writeRows } from '../terminal/output.ts';
import { megabytes, Progress } from '../terminal/progress.ts';

interface Options {
  readonly dataset: string;
  readonly reference?: string;
  readonly json?: boolean;
}

export function register(program: Command): void {
  program
    .command('ingest')
    .description('take in genotypes; the same command again completes an interrupted one')
    .argument('<dir>', 'home of the node')
    .argument('<files...>', 'VCF or BCF: plain, gzip or BGZF')
    .requiredOption('--dataset <id>', 'which dataset')
    .option('--reference <fasta>', 'check REF against it and left-align indels')
    .option('--json', 'answer in JSON')
    .action(async (directory: string, files: readonly string[], options: Options) => {
      const progress = new Progress(megabytes);
      await withNode(directory, async (node) => {
        const reports = await node.datasets
          .ingest(options.dataset, files, {
            reference: options.reference,
            onProgress: ({ file, bytesRead, bytesTotal, records }) =>
              progress.update({
                label: basename(file),
                done: bytesRead,
                total: bytesTotal,
                note: `${records.toLocaleString('en')} records`,
              }),
          })
          .finally(() => progress.clear());
        const columns = ['file', 'outcome', 'samples', 'newSamples', 'records', 'variants'];
        await writeRows(
          columns,
          reports.map((report) => ({ ...report })),
          options,
        );
      });
    });
}
