import { realpathSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { CodedError } from '@federome/core';
import { Command, CommanderError } from 'commander';
import * as consent from './commands/consent.ts';
import * as count from './commands/count.ts';
import * as dataset from './commands/dataset.ts';
import * as demo from './commands/demo.ts';
import * as exported from './commands/export.ts';
import * as frequencies from './commands/frequencies.ts';
import * as genes from './commands/genes.ts';
import * as ingest from './commands/ingest.ts';
import * as init from './commands/init.ts';
import * as member from './commands/member.ts';
import * as ontology from './commands/ontology.ts';
import * as query from './commands/query.ts';
import * as serve from './commands/serve.ts';
import * as simulate from './commands/simulate.ts';
import * as subjects from './commands/subjects.ts';
import * as verify from './commands/verify.ts';

const COMMANDS: readonly { register(program: Command): void }[] = [
  demo,
  init,
  dataset,
  ingest,
  subjects,
  ontology,
  genes,
  consent,
  frequencies,
  count,
  exported,
  serve,
  member,
  query,
  simulate,
  verify,
];

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
    await program().parseAsync(args, { from: 'user' });
    return DONE;
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode === 0 ? DONE : WRONG_USAGE;
    process.stderr.write(`federome: ${describe(error)}\n`);
    return REFUSED;
  }
}

function program(): Command {
  const federome = new Command('federome')
    .description('A country’s node of a federated genome network, or its hub.')
    .exitOverride()
    .showHelpAfterError('(--help shows what is expected)')
    .configureHelp({ showGlobalOptions: true });
  for (const command of COMMANDS) command.register(federome);
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
