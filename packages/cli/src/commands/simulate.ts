import { resolve } from 'node:path';
import type { Command } from 'commander';
import { list, wholeNumber } from '../terminal/options.ts';
import { writeRows } from '../terminal/output.ts';
import { Progress } from '../terminal/progress.ts';

interface Options {
  readonly countries?: readonly string[];
  readonly people: number;
  readonly variants: number;
  readonly seed: number;
  readonly threads?: number;
  readonly json?: boolean;
}

export function register(program: Command): void {
  program
    .command('simulate')
    .description('make a synthetic population: genomes, health records and consents, as hospitals bring them')
    .argument('<out>', 'a directory that is absent or empty')
    .option('--countries <codes>', 'of the European Union, ISO 3166-1 (default EE,ES,FI,IT,LU)', list)
    .option('--people <n>', 'people a country', wholeNumber(1, 500_000), 2_000)
    .option('--variants <n>', 'sites of the whole network', wholeNumber(500, 2_000_000), 5_000)
    .option('--seed <n>', 'the same seed gives the same files', wholeNumber(0, 0xffff_ffff), 1)
    .option('--threads <n>', 'the machine’s processors by default', wholeNumber(1, 256))
    .option('--json', 'answer in JSON')
    .addHelpText(
      'after',
      `
OUT/EE/ holds the VCF files, health records, pedigree and consents of Estonia, and so on; OUT/hpo.json and
OUT/ordo.json the terms they use; OUT/truth.json what is in them.`,
    )
    .action(async (out: string, options: Options) => {
      const { simulatePopulation } = await import('@federome/simulate');
      const progress = new Progress((regions) => `${Math.round(regions)} regions`);
      const { countries } = await simulatePopulation(resolve(out), {
        seed: options.seed,
        countries: options.countries,
        peoplePerCountry: options.people,
        variants: options.variants,
        threads: options.threads,
        onProgress: ({ country, regionsDone, regions }) =>
          progress.update({ label: country, done: regionsDone, total: regions }),
      }).finally(() => progress.clear());
      await writeRows(
        ['country', 'people', 'sites', 'variants', 'singletons', 'files'],
        countries.map(({ country, directory, genotypes, truth }) => ({
          country: country.code,
          people: truth.people,
          sites: genotypes.rows,
          variants: genotypes.variants,
          singletons: genotypes.singletons,
          files: directory,
        })),
        options,
      );
    });
}
