import { type Command, Option } from 'commander';
import { wholeNumber } from '../terminal/options.ts';
import { report } from '../terminal/output.ts';

interface Options {
  readonly country: string;
  readonly name?: string;
  readonly id?: string;
  readonly role: 'node' | 'hub';
  readonly postgres?: string;
  readonly publicGranularity?: 'boolean' | 'count';
  readonly minCount?: number;
  readonly keys?: string;
  readonly passphraseFile?: string;
  readonly keysSocket?: string;
  readonly plainSegments?: boolean;
  readonly json?: boolean;
}

export function register(program: Command): void {
  program
    .command('init')
    .description('make the home of a node, or of the hub')
    .argument('<dir>', 'a directory that is absent or empty')
    .requiredOption('--country <code>', 'ISO 3166-1 alpha-2, e.g. EE')
    .option('--name <text>', 'what people call it')
    .option('--id <id>', 'its identifier, unique in the network, e.g. ee.biobank.node')
    .addOption(
      new Option('--role <role>', 'a node holds data; the hub asks nodes')
        .choices(['node', 'hub'])
        .default('node'),
    )
    .option('--postgres <VARIABLE>', 'keep records in PostgreSQL: the environment variable with its URL')
    .addOption(
      new Option('--public-granularity <level>', 'the most that whoever did not log in may be told').choices([
        'boolean',
        'count',
      ]),
    )
    .option(
      '--min-count <n>',
      'counts of people below this are not shown (default 10, the floor)',
      wholeNumber(1, 1_000_000),
    )
    .option(
      '--keys <dir>',
      'where the node’s keys go (default: keys in its home); a volume other than the data’s',
    )
    .option(
      '--passphrase-file <file>',
      'put the key files under the passphrase in this file; FEDEROME_PASSPHRASE_FILE names it from then on',
    )
    .addOption(
      new Option('--keys-socket <path>', 'the keys are held by a process: federome keys serve').conflicts([
        'keys',
        'passphraseFile',
      ]),
    )
    .option('--plain-segments', 'do not encrypt genotypes: for a home on a volume that is encrypted')
    .option('--json', 'answer in JSON')
    .action(async (directory: string, options: Options) => {
      const { initNode } = await import('@federome/node');
      const { config } = await initNode(directory, {
        country: options.country,
        role: options.role,
        name: options.name,
        id: options.id,
        records:
          options.postgres === undefined ? undefined : { kind: 'postgres', urlVariable: options.postgres },
        keys: options.keys,
        passphraseFile: options.passphraseFile,
        keysSocket: options.keysSocket,
        segments: options.plainSegments ? 'plain' : 'sealed',
        disclosure: {
          ...(options.publicGranularity && { publicGranularity: options.publicGranularity }),
          ...(options.minCount !== undefined && { countThreshold: options.minCount }),
        },
      });
      await report(
        `${config.name} (${config.id}, ${config.role}) lives in ${directory}`,
        { directory, ...config },
        options,
      );
    });
}
