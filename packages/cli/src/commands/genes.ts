import { type Assembly, parseAssembly } from '@federome/core';
import { type Command, InvalidArgumentError } from 'commander';
import { withNode } from '../terminal/node.ts';
import { report } from '../terminal/output.ts';

interface Options {
  readonly assembly: Assembly;
  readonly zeroBased?: boolean;
  readonly json?: boolean;
}

export function register(program: Command): void {
  const genes = program.command('genes').description('where genes lie, for questions that name one');
  genes
    .command('add')
    .description('load a table of genes')
    .argument('<dir>', 'home of the node or hub')
    .argument('<file>', 'CSV or TSV with the columns symbol, contig, start, end and perhaps ensembl_id')
    .requiredOption('--assembly <name>', 'GRCh37 or GRCh38', (text) => {
      const parsed = parseAssembly(text);
      if (parsed === undefined) throw new InvalidArgumentError('expected GRCh37 or GRCh38.');
      return parsed;
    })
    .option('--zero-based', 'start counts from 0, as in BED')
    .option('--json', 'answer in JSON')
    .action(async (directory: string, file: string, options: Options) => {
      await withNode(directory, async (node) => {
        const { assembly, zeroBased = false } = options;
        const added = await node.genes.add(file, { assembly, zeroBased });
        await report(`${added} genes of ${assembly} loaded`, { assembly, genes: added }, options);
      });
    });
}
