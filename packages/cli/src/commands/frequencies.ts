import type { FederomeNode, FrequencyOptions, FrequencyRow } from '@federome/node';
import type { Command } from 'commander';
import { withNode } from '../terminal/node.ts';
import { list } from '../terminal/options.ts';
import { write, writeBytes } from '../terminal/output.ts';
import { countOf, Progress } from '../terminal/progress.ts';

interface Options {
  readonly dataset: string;
  readonly by?: readonly string[];
  readonly region?: string;
  readonly variants?: string;
  readonly out?: string;
  readonly json?: boolean;
}

const CHUNK = 65_536;

export function register(program: Command): void {
  program
    .command('frequencies')
    .description('exact allele counts of everyone who permits them, for the operator inside the node')
    .argument('<dir>', 'home of the node')
    .requiredOption('--dataset <id>', 'which dataset')
    .option('--by <group>', 'population, sex, or a term such as HP:0001250; may be repeated', list)
    .option('--region <region>', 'CONTIG, CONTIG:POS or CONTIG:FROM-TO (1-based)')
    .option('--variants <file>', 'only these, listed or not: a TSV whose columns are contig, pos, ref, alt')
    .option('--out <file>', 'write to a file, which appears when it is complete')
    .option('--json', 'one JSON object a line')
    .addHelpText(
      'after',
      `
One row for every normalised biallelic variant and group, group 'all' always; pos is 1-based as in VCF.
HOM, HET and HEMI are people with two copies, with one beside another allele, and with one and no other.`,
    )
    .action(async (directory: string, options: Options) => {
      await withNode(directory, async (node) => {
        const { parseRegionOf, readVariants, replaceFile } = await import('@federome/node/open');
        const { id, assembly } = await node.datasets.get(options.dataset);
        const interval = options.region === undefined ? undefined : parseRegionOf(options.region, assembly);
        const variants =
          options.variants === undefined ? undefined : await readVariants(options.variants, assembly);
        const asked = { by: options.by, interval, variants };
        const done = { rows: 0 };
        const table = options.json
          ? chunks(jsonLines(node.frequencies.rows(id, asked), done))
          : await tableOf(node.frequencies, id, asked, done);
        const { out } = options;
        if (out === undefined) {
          for await (const chunk of table) {
            if (typeof chunk === 'string') await write(chunk);
            else await writeBytes(chunk);
          }
          return;
        }
        const progress = new Progress(countOf('rows'));
        await replaceFile(out, async (file) => {
          for await (const chunk of table) {
            await file.writeFile(chunk);
            progress.update({ label: out, done: done.rows });
          }
        }).finally(() => progress.clear());
      });
    });
}

/** How many rows were written so far. */
interface Done {
  rows: number;
}

async function tableOf(
  frequencies: FederomeNode['frequencies'],
  dataset: string,
  asked: FrequencyOptions,
  done: Done,
): Promise<AsyncIterable<Uint8Array>> {
  const { countTable } = await import('../terminal/count-table.ts');
  const { groups, batches } = await frequencies.batches(dataset, asked);
  return countTable(groups, batches, done);
}

async function* jsonLines(rows: AsyncIterable<FrequencyRow>, done: Done): AsyncIterable<string> {
  for await (const { variant, group, counts } of rows) {
    done.rows += 1;
    const { contig, position, ref, alt } = variant;
    const { ac: AC, an: AN, hom: HOM, het: HET, hemi: HEMI, missing: MISSING } = counts;
    yield `${JSON.stringify({ contig, pos: position + 1, ref, alt, group, AC, AN, HOM, HET, HEMI, MISSING })}\n`;
  }
}

async function* chunks(lines: AsyncIterable<string>): AsyncIterable<string> {
  let chunk = '';
  for await (const line of lines) {
    chunk += line;
    if (chunk.length < CHUNK) continue;
    yield chunk;
    chunk = '';
  }
  if (chunk !== '') yield chunk;
}
