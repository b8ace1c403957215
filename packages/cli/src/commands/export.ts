import { type FileHandle, readFile } from 'node:fs/promises';
import { Writable } from 'node:stream';
import type { VariantFormat } from '@federome/node';
import { type Command, Option } from 'commander';
import { withNode } from '../terminal/node.ts';

interface Options {
  readonly dataset: string;
  readonly region: string;
  readonly samples?: string;
  readonly out?: string;
  readonly format?: VariantFormat;
}

const FORMATS: readonly VariantFormat[] = ['vcf', 'vcf.gz', 'bcf'];

export function register(program: Command): void {
  program
    .command('export')
    .description(
      'genotypes of a region as VCF or BCF, of everyone who permits secondary use; for the operator',
    )
    .argument('<dir>', 'home of the node')
    .requiredOption('--dataset <id>', 'which dataset')
    .requiredOption('--region <region>', 'CONTIG, CONTIG:POS or CONTIG:FROM-TO (1-based)')
    .option('--samples <file>', 'only these people, one a line, in this order')
    .option('--out <file>', 'write to a file, which appears when it is complete')
    .addOption(
      new Option('--format <format>', 'vcf, vcf.gz (BGZF) or bcf; by the name of --out, else vcf').choices(
        FORMATS,
      ),
    )
    .action(async (directory: string, options: Options) => {
      const asked = options.samples === undefined ? undefined : await readSamples(options.samples);
      await withNode(directory, async (node) => {
        const { parseRegionOf, replaceFile } = await import('@federome/node/open');
        const { assembly } = await node.datasets.get(options.dataset);
        const interval = parseRegionOf(options.region, assembly);
        const { selection, withheld } = await node.exports.people(options.dataset, asked);
        if (withheld > 0) {
          const who = withheld === 1 ? '1 person left out who does' : `${withheld} people left out who do`;
          process.stderr.write(`federome: ${who} not permit secondary use\n`);
        }
        const { out } = options;
        const format = options.format ?? formatOf(out);
        const write = (stream: Writable) =>
          node.exports.write(options.dataset, interval, { ...selection, format }, stream);
        if (out === undefined) await write(process.stdout);
        else await replaceFile(out, (file) => write(streamTo(file)));
      });
    });
}

/** Not the handle's own stream: it would keep the handle from being closed. */
function streamTo(file: FileHandle): Writable {
  return new Writable({
    write: (bytes: Buffer, _encoding, done) => {
      file.writeFile(bytes).then(() => done(), done);
    },
  });
}

/** The format that a file's name asks for. */
function formatOf(file: string | undefined): VariantFormat {
  if (file?.endsWith('.bcf') === true) return 'bcf';
  return file !== undefined && /\.b?gz$/.test(file) ? 'vcf.gz' : 'vcf';
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
