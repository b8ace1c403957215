import type { Command } from 'commander';
import { list, wholeNumber } from '../terminal/options.ts';

interface Options {
  readonly once?: boolean;
  readonly countries?: readonly string[];
  readonly people: number;
  readonly variants: number;
  readonly seed: number;
  readonly dir?: string;
}

export function register(program: Command): void {
  program
    .command('demo')
    .description('a whole network on this machine: simulated people, five national nodes and a hub')
    .option('--once', 'ask three questions, show a withdrawal, and end')
    .option('--countries <codes>', 'of the European Union, ISO 3166-1 (default EE,ES,FI,IT,LU)', list)
    .option(
      '--people <n>',
      'people a country; frequencies need 1,000 who consent',
      wholeNumber(200, 100_000),
      2_300,
    )
    .option('--variants <n>', 'sites of the whole network', wholeNumber(500, 200_000), 5_000)
    .option('--seed <n>', 'the same seed gives the same people', wholeNumber(0, 0xffff_ffff), 1)
    .option('--dir <dir>', 'keep everything there: absent or empty')
    .action(async (options: Options) => {
      const { runDemo } = await import('../demo/demo.ts');
      await runDemo({
        countries: options.countries,
        peoplePerCountry: options.people,
        variants: options.variants,
        seed: options.seed,
        directory: options.dir,
        once: options.once ?? false,
        print: (text) => process.stdout.write(text),
      });
    });
}
