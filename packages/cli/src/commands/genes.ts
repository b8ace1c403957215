import { type Assembly, parseAssembly } from '@federome/core';
import { type Command, InvalidArgumentError, Option } from 'commander';
import { withNode } from '../terminal/node.ts';
import { report } from '../terminal/output.ts';

interface Options {
  readonly assembly: Assembly;
  readonly coordinates?: 'zero-based' | 'one-based';
  readonly json?: boolean;
}

export function register(program: Command): void {
  const genes = program.command('genes').description('where genes lie, for questions that name one');
  genes
    .command('add')
    .description('load genes from a file, all of it or nothing')
    .argument('<dir>', 'home of the node or hub')
    .argument(
      '<file>',
      'BED, GFF3 or GTF, or CSV or TSV with the columns symbol, contig, start, end and perhaps ensembl_id; plain or gzip',
    )
    .requiredOption('--assembly <name>', 'GRCh37 or GRCh38', (text) => {
      const parsed = parseAssembly(text);
      if (parsed === undefined) throw new InvalidArgumentError('expected GRCh37 or GRCh38.');
      return parsed;
    })
    .addOption(
      new Option(
        '--coordinates <way>',
        'how a CSV or TSV counts whose header is not a known one: zero-based (half-open) or one-based (end included)',
      ).choices(['zero-based', 'one-based']),
    )
    .option('--json', 'answer in JSON')
    .action(async (directory: string, file: string, options: Options) => {
      await withNode(directory, async (node) => {
        const { assembly, coordinates } = options;
        const added = await node.genes.add(file, { assembly, coordinates });
        await report(`${added} genes of ${assembly} loaded`, { assembly, genes: added }, options);
      });
    });
}
