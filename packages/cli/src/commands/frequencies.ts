import type { FrequencyRow } from '@federome/node';
import type { Command } from 'commander';
import { withNode } from '../terminal/node.ts';
import { list } from '../terminal/options.ts';
import { tsvLine, write } from '../terminal/output.ts';
import { countOf, Progress } from '../terminal/progress.ts';

interface Options {
  readonly dataset: string;
  readonly by?: readonly string[];
  readonly region?: string;
  readonly variants?: string;
  readonly out?: string;
  readonly json?: boolean;
}

const HEADER = ['contig', 'pos', 'ref', 'alt', 'group', 'AC', 'AN', 'HOM', 'HET', 'HEMI', 'MISSING'];
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
        const rows = node.frequencies.rows(id, { by: options.by, interval, variants });
        const lines = options.json ? jsonLines(rows) : tsvLines(rows);
        const { out } = options;
        if (out === undefined) {
          for await (const chunk of chunks(lines)) await write(chunk);
          return;
        }
        const progress = new Progress(countOf('rows'));
        await replaceFile(out, async (file) => {
          let done = 0;
          for await (const chunk of chunks(lines)) {
            await file.writeFile(chunk);
            done += chunk.split('\n').length - 1;
            progress.update({ label: out, done });
          }
        }).finally(() => progress.clear());
      });
    });
}

async function* tsvLines(rows: AsyncIterable<FrequencyRow>): AsyncIterable<string> {
  yield tsvLine(HEADER);
  for await (const { variant, group, counts } of rows) {
    const { contig, position, ref, alt } = variant;
    const { ac, an, hom, het, hemi, missing } = counts;
    yield tsvLine([contig, position + 1, ref, alt, group, ac, an, hom, het, hemi, missing]);
  }
}

async function* jsonLines(rows: AsyncIterable<FrequencyRow>): AsyncIterable<string> {
  for await (const { variant, group, counts } of rows) {
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
