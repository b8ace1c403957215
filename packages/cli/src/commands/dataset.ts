import { readFile } from 'node:fs/promises';
import { userInfo } from 'node:os';
import { type Assembly, type ConsentModel, parseAssembly } from '@federome/core';
import { type Command, InvalidArgumentError, Option } from 'commander';
import { withNode } from '../terminal/node.ts';
import { list } from '../terminal/options.ts';
import { report, writeRows } from '../terminal/output.ts';

interface AddOptions {
  readonly assembly: Assembly;
  readonly title?: string;
  readonly duo?: readonly string[];
  readonly absent: 'reference' | 'missing';
  readonly consent: ConsentModel;
  readonly metadata?: string;
  readonly plainSegments?: boolean;
  readonly json?: boolean;
}

interface DeleteOptions {
  readonly yes?: boolean;
  readonly by?: string;
  readonly json?: boolean;
}

export function register(program: Command): void {
  const dataset = program.command('dataset').description('datasets of the node');
  dataset
    .command('add')
    .description('add a dataset')
    .argument('<dir>', 'home of the node')
    .argument('<id>', 'letters, digits, . _ and -')
    .requiredOption('--assembly <name>', 'GRCh37 or GRCh38 (or hg19, hg38 …)', assembly)
    .option('--title <text>', 'what people call it')
    .option('--duo <code>', 'condition of use, e.g. DUO:0000042; may be repeated', list)
    .addOption(
      new Option('--absent <policy>', 'how a variant that a file does not list is read')
        .choices(['reference', 'missing'])
        .default('missing'),
    )
    .addOption(
      new Option(
        '--consent <model>',
        'opt-out: silence keeps what was given at inclusion; opt-in: it is a no',
      )
        .choices(['opt-out', 'opt-in'])
        .default('opt-out'),
    )
    .option('--metadata <file>', 'a JSON object that describes it')
    .option('--plain-segments', 'do not encrypt its genotypes: for a home on a volume that is encrypted')
    .option('--json', 'answer in JSON')
    .action(async (directory: string, id: string, options: AddOptions) => {
      const metadata = options.metadata === undefined ? {} : await readMetadata(options.metadata);
      await withNode(directory, async (node) => {
        const added = await node.datasets.add({
          id,
          assembly: options.assembly,
          title: options.title,
          absent: options.absent,
          consentModel: options.consent,
          duo: options.duo,
          metadata,
          segments: options.plainSegments ? 'plain' : undefined,
        });
        await report(
          `dataset ${added.id}: ${added.assembly}, absent is ${added.absent}, ${added.consentModel}`,
          { ...added },
          options,
        );
      });
    });
  const remove = dataset
    .command('delete')
    .description('delete all genotypes of a dataset for good, and keep a proof of it')
    .argument('<dir>', 'home of the node')
    .argument('<id>', 'which dataset; it stays, empty, with the records of its people')
    .option('--yes', 'do not ask')
    .option('--by <name>', 'who deletes, for the proof (default: the user who runs the command)')
    .option('--json', 'answer in JSON')
    .action(async (directory: string, id: string, options: DeleteOptions) => {
      await withNode(directory, async (node) => {
        const { title } = await node.datasets.get(id);
        if (options.yes !== true && !(await confirmed(id, title, remove))) return;
        const { hash, files, keys, sequence } = await node.deletions.delete(
          id,
          options.by ?? userInfo().username,
        );
        await report(
          `${files.length} files of dataset ${id} and ${keys.length} keys are destroyed; the proof is deletion ${sequence}, ${hash}`,
          { dataset: id, deletion: sequence, record: hash, files: files.length, keys: keys.length },
          options,
        );
      });
    });
  dataset
    .command('list')
    .description('list the datasets')
    .argument('<dir>', 'home of the node')
    .option('--json', 'answer in JSON')
    .action(async (directory: string, options: { readonly json?: boolean }) => {
      await withNode(directory, async (node) => {
        const rows = [];
        for (const { id, title, assembly: build, absent, consentModel, duo } of await node.datasets.list()) {
          const genotypes = await node.datasets.genotypes(id);
          rows.push({
            id,
            title,
            assembly: build,
            absent,
            consent: consentModel,
            duo: duo.join(','),
            people: genotypes.everyone().size,
            genomes: genotypes.genotyped().size,
            records: await node.records.subjectCount(id),
            variants: genotypes.variantCount(),
          });
        }
        const columns = 'id title assembly absent consent duo people genomes records variants'.split(' ');
        await writeRows(columns, rows, options);
      });
    });
}

/** Asks on a terminal for the id once more; elsewhere `--yes` is needed. */
async function confirmed(id: string, title: string, command: Command): Promise<boolean> {
  if (!process.stdin.isTTY)
    command.error('error: deleting genotypes needs --yes where nobody can be asked', { exitCode: 2 });
  const { createInterface } = await import('node:readline/promises');
  const terminal = createInterface({ input: process.stdin, output: process.stderr });
  try {
    const said = await terminal.question(
      `All genotypes of ${id} (${title}) go and cannot come back. Its id, to go on: `,
    );
    if (said.trim() === id) return true;
    process.stderr.write('federome: nothing was deleted\n');
    return false;
  } finally {
    terminal.close();
  }
}

function assembly(text: string): Assembly {
  const parsed = parseAssembly(text);
  if (parsed === undefined) throw new InvalidArgumentError('expected GRCh37 or GRCh38.');
  return parsed;
}

async function readMetadata(path: string): Promise<Readonly<Record<string, unknown>>> {
  const { NodeError } = await import('@federome/node');
  let value: unknown;
  try {
    value = JSON.parse(await readFile(path, 'utf8'));
  } catch (cause) {
    const location = { file: path };
    throw new NodeError('node/bad-dataset', 'the metadata cannot be read as JSON', { cause, location });
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw new NodeError('node/bad-dataset', 'the metadata is not a JSON object', {
      location: { file: path },
    });
  }
  return { ...value };
}
