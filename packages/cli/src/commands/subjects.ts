import { type Command, Option } from 'commander';
import { withNode } from '../terminal/node.ts';
import { report } from '../terminal/output.ts';
import { countOf, Progress } from '../terminal/progress.ts';

interface Options {
  readonly dataset: string;
  readonly mapping?: string;
  readonly identifiedBy?: 'subject' | 'phenopacket';
  readonly unknownTerms: 'refuse' | 'accept';
  readonly json?: boolean;
}

export function register(program: Command): void {
  program
    .command('subjects')
    .description('take in health records, all of the files or none; a person’s record is replaced as a whole')
    .argument('<dir>', 'home of the node')
    .argument('<files...>', 'phenopackets, Beacon individuals, tar.gz of them, or CSV/TSV')
    .requiredOption('--dataset <id>', 'which dataset')
    .option('--mapping <file>', 'what the columns of a table mean')
    .addOption(
      new Option(
        '--identified-by <id>',
        'what names the person of a phenopacket (default: its subject, unless subjects of different packets share ids and no genomes tell)',
      ).choices(['subject', 'phenopacket']),
    )
    .addOption(
      new Option('--unknown-terms <what>', 'to do with terms that a loaded ontology does not know')
        .choices(['refuse', 'accept'])
        .default('refuse'),
    )
    .option('--json', 'answer in JSON')
    .addHelpText(
      'after',
      `
A table whose columns are called id, sex, birthDate, population, terms needs no mapping.`,
    )
    .action(async (directory: string, files: readonly string[], options: Options) => {
      const progress = new Progress(countOf('people'));
      await withNode(directory, async (node) => {
        const loaded = await node.subjects
          .load(options.dataset, files, {
            mapping: options.mapping,
            identifiedBy: options.identifiedBy,
            unknownTerms: options.unknownTerms,
            onProgress: ({ file, subjects }) => progress.update({ label: file, done: subjects }),
          })
          .finally(() => progress.clear());
        const by = loaded.identifiedBy === 'phenopacket' ? ', known by the ids of their phenopackets' : '';
        await report(
          `${loaded.subjects} people in dataset ${options.dataset}, ${loaded.newSubjects} of them new${by}`,
          { dataset: options.dataset, ...loaded },
          options,
        );
      });
    });
}
