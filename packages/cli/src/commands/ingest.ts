import { basename } from 'node:path';
import type { Command } from 'commander';
import { withNode } from '../terminal/node.ts';
import { wholeNumber } from '../terminal/options.ts';
import { writeRows } from '../terminal/output.ts';
import { megabytes, Progress } from '../terminal/progress.ts';

interface Options {
  readonly dataset: string;
  readonly reference?: string;
  readonly referenceGq?: number;
  readonly referenceDepth?: number;
  readonly json?: boolean;
}

export function register(program: Command): void {
  program
    .command('ingest')
    .description('take in genotypes; the same command again completes an interrupted one')
    .argument('<dir>', 'home of the node')
    .argument(
      '<files...>',
      'VCF, gVCF or BCF: plain, gzip or BGZF; files of different people with 64 samples or fewer are merged, all or none',
    )
    .requiredOption('--dataset <id>', 'which dataset')
    .option('--reference <fasta>', 'check REF against it and left-align indels')
    .option(
      '--reference-gq <n>',
      'reference blocks of gVCF count from this GQ on (default: all called)',
      wholeNumber(0, 1_000),
    )
    .option(
      '--reference-depth <n>',
      'reference blocks of gVCF count from this depth on',
      wholeNumber(0, 100_000),
    )
    .option('--json', 'answer in JSON')
    .action(async (directory: string, files: readonly string[], options: Options) => {
      const progress = new Progress(megabytes);
      await withNode(directory, async (node) => {
        const reports = await node.datasets
          .ingest(options.dataset, files, {
            reference: options.reference,
            referenceQuality: qualityOf(options),
            onProgress: ({ file, bytesRead, bytesTotal, records, files: before, filesTotal }) =>
              progress.update({
                label: filesTotal > 1 ? `${before + 1}/${filesTotal} ${basename(file)}` : basename(file),
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

function qualityOf({ referenceGq, referenceDepth }: Options) {
  if (referenceGq === undefined && referenceDepth === undefined) return undefined;
  return { gq: referenceGq, depth: referenceDepth };
}
