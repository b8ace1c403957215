import { readFile } from 'node:fs/promises';
import type { Command } from 'commander';
import { withNode } from '../terminal/node.ts';

interface Options {
  readonly dataset: string;
  readonly region: string;
  readonly samples?: string;
  readonly out?: string;
}

export function register(program: Command): void {
  program
    .command('export')
    .description('genotypes of a region as VCF, of everyone who permits secondary use; for the operator')
    .argument('<dir>', 'home of the node')
    .requiredOption('--dataset <id>', 'which dataset')
    .requiredOption('--region <region>', 'CONTIG, CONTIG:POS or CONTIG:FROM-TO (1-based)')
    .option('--samples <file>', 'only these people, one a line, in this order')
    .option('--out <file>', 'write to a file, which appears when it is complete')
    .action(async (directory: string, options: Options) => {
      const asked = options.samples === undefined ? undefined : await readSamples(options.samples);
      await withNode(directory, async (node) => {
        const { parseRegionOf, replaceFile } = await import('@federome/node');
        const { assembly } = await node.datasets.get(options.dataset);
        const interval = parseRegionOf(options.region, assembly);
        const { samples, withheld } = await node.exports.people(options.dataset, asked);
        if (withheld > 0) {
          const who = withheld === 1 ? '1 person left out who does' : `${withheld} people left out who do`;
          process.stderr.write(`federome: ${who} not permit secondary use\n`);
        }
        const { out } = options;
        if (out === undefined) {
          return await node.exports.write(options.dataset, interval, samples, process.stdout);
        }
        await replaceFile(out, async (file) => {
          const stream = file.createWriteStream({ autoClose: false, flush: false });
          await node.exports.write(options.dataset, interval, samples, stream);
          await new Promise<void>((resolve, reject) => {
            stream.once('error', reject);
            stream.end(resolve);
          });
        });
      });
    });
}

async function readSamples(path: string): Promise<readonly string[]> {
  let text: string;
  try {
    text = await readFile(path, 'utf8');
  } catch (cause) {
    const { NodeError } = await import('@federome/node');
    throw new NodeError('node/bad-request', 'the list of samples cannot be read', {
      cause,
      location: { file: path },
    });
  }
  return text
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '');
}
