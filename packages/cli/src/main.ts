import { realpathSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { CodedError } from '@federome/core';
import { Command, CommanderError } from 'commander';

interface CommandModule {
  register(program: Command): void;
}

/** In the order of the help. A command is loaded when it is named, all of them where help or none is asked for. */
const COMMANDS: Readonly<Record<string, () => Promise<CommandModule>>> = {
  demo: () => import('./commands/demo.ts'),
  init: () => import('./commands/init.ts'),
  dataset: () => import('./commands/dataset.ts'),
  keys: () => import('./commands/keys.ts'),
  ingest: () => import('./commands/ingest.ts'),
  compact: () => import('./commands/compact.ts'),
  subjects: () => import('./commands/subjects.ts'),
  ontology: () => import('./commands/ontology.ts'),
  genes: () => import('./commands/genes.ts'),
  consent: () => import('./commands/consent.ts'),
  frequencies: () => import('./commands/frequencies.ts'),
  count: () => import('./commands/count.ts'),
  export: () => import('./commands/export.ts'),
  serve: () => import('./commands/serve.ts'),
  member: () => import('./commands/member.ts'),
  person: () => import('./commands/person.ts'),
  client: () => import('./commands/client.ts'),
  query: () => import('./commands/query.ts'),
  receipts: () => import('./commands/receipts.ts'),
  simulate: () => import('./commands/simulate.ts'),
  audit: () => import('./commands/audit.ts'),
  visa: () => import('./commands/visa.ts'),
  ledger: () => import('./commands/ledger.ts'),
  verify: () => import('./commands/verify.ts'),
};

const DONE = 0;
const REFUSED = 1;
const WRONG_USAGE = 2;

/** Runs one `federome` command and gives its exit code: 0 done, 1 refused or failed, 2 wrong usage. */
export async function main(args: readonly string[]): Promise<number> {
  // Whoever reads our output may stop early (`| head`): that is no failure.
  process.stdout.on('error', (error: NodeJS.ErrnoException) => {
    process.exit(error.code === 'EPIPE' ? DONE : REFUSED);
  });
  try {
    await (await program(args[0])).parseAsync(args, { from: 'user' });
    return DONE;
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode === 0 ? DONE : WRONG_USAGE;
    process.stderr.write(`federome: ${describe(error)}\n`);
    return REFUSED;
  }
}

async function program(named: string | undefined): Promise<Command> {
  const federome = new Command('federome')
    .description('A country’s node of a federated genome network, or its hub.')
    .exitOverride()
    .showHelpAfterError('(--help shows what is expected)')
    .configureHelp({ showGlobalOptions: true });
  const load = named !== undefined && Object.hasOwn(COMMANDS, named) ? COMMANDS[named] : undefined;
  const loads = load === undefined ? Object.values(COMMANDS) : [load];
  for (const command of await Promise.all(loads.map((each) => each()))) command.register(federome);
  return federome;
}

/** A refusal in one line; anything else is a fault of ours, whose place is told when asked for. */
function describe(error: unknown): string {
  if (error instanceof CodedError) return error.describe();
  if (!(error instanceof Error)) return String(error);
  if (process.env.FEDEROME_DEBUG) return error.stack ?? error.message;
  return `${error.message} (unexpected; FEDEROME_DEBUG=1 shows where)`;
}

function isEntry(): boolean {
  const entry = process.argv[1];
  return entry !== undefined && realpathSync(entry) === fileURLToPath(import.meta.url);
}

if (isEntry()) process.exitCode = await main(process.argv.slice(2));
