import { rmSync } from 'node:fs';
import { mkdir, mkdtemp, readdir } from 'node:fs/promises';
import { availableParallelism, tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { type SimulatedPopulation, simulatePopulation } from '@federome/simulate';
import { Progress } from '../terminal/progress.ts';
import { answerTable, countText } from './answer-table.ts';
import { DemoError } from './errors.ts';
import { askHub, offerExamples, offerPeople } from './hub.ts';
import { membershipCommands } from './membership.ts';
import { buildNode, type NationalNode, planNode } from './national-node.ts';
import { Processes, type Served } from './processes.ts';
import { type DemoQuestion, demoQuestions } from './questions.ts';
import { findWithdrawal, writeWithdrawal } from './withdrawal.ts';

export interface DemoOptions {
  readonly countries?: readonly string[] | undefined;
  readonly peoplePerCountry: number;
  readonly variants: number;
  readonly seed: number;
  /** Kept afterwards; a temporary directory that goes with the demonstration where omitted. */
  readonly directory?: string | undefined;
  /** Ask the questions and end, instead of serving until interrupted. */
  readonly once: boolean;
  readonly print: (text: string) => void;
}

const NETWORK = 'Federome demo';

interface Stage {
  readonly options: DemoOptions;
  readonly root: string;
  readonly processes: Processes;
  readonly ending: AbortSignal;
  readonly startedMs: number;
}

interface Network {
  readonly nodes: readonly NationalNode[];
  readonly hub: Served;
  readonly questions: readonly DemoQuestion[];
  /** Terms that people have, the most frequent first. */
  readonly terms: readonly string[];
}

/**
 * Sets up a network of a hub and national nodes with simulated people, each a process of its own, and lets it be asked.
 * Returns when it was interrupted (or, with `once`, when the questions were answered and the withdrawal was seen);
 * nothing runs then, and nothing is left but `directory`. Throws `DemoError`, and whatever the parts refuse.
 */
export async function runDemo(options: DemoOptions): Promise<void> {
  const root = await stageDirectory(options.directory);
  const processes = new Processes();
  const ending = new AbortController();
  const interruption = interruptions();
  const removeAtExit = (): void => removeStage(options, root);
  // A reader of our output that has gone ends the process at once.
  process.once('exit', removeAtExit);
  const play = perform({ options, root, processes, ending: ending.signal, startedMs: performance.now() });
  try {
    await Promise.race([play, processes.death, interruption.refused]);
    if (!options.once) await Promise.race([processes.death, interruption.happened]);
  } finally {
    ending.abort();
    await processes.stop();
    await play.catch(() => undefined);
    interruption.forget();
    process.off('exit', removeAtExit);
    removeStage(options, root);
  }
}

function removeStage({ directory }: DemoOptions, root: string): void {
  if (directory === undefined) rmSync(root, { recursive: true, force: true, maxRetries: 3 });
}

async function perform(stage: Stage): Promise<void> {
  const { options, startedMs } = stage;
  const network = await setUp(stage);
  const seconds = ((performance.now() - startedMs) / 1_000).toFixed(1);
  options.print(`\nThe network is up after ${seconds} s. Portal: ${network.hub.url}/portal/\n`);
  if (options.once) {
    await askAll(stage, network);
    await showWithdrawal(stage, network);
    return;
  }
  options.print('\nThree questions to try there:\n');
  for (const [index, { text, inPortal }] of network.questions.entries()) {
    options.print(`  ${index + 1}. ${text}\n     ${inPortal}\n`);
  }
  options.print(
    '\nTo log in, press “Log in” there, or at the portal of a node (its address and /portal/), and choose a person:\nan operator, a data user, a citizen and others of each country, none of whom exists.\n',
  );
  stage.processes.goOnWithout((loss) =>
    options.print(`\n${loss.message}\nThe network goes on without it: the next answer says so.\n`),
  );
  options.print('\nCtrl-C stops the network.\n');
}

async function setUp(stage: Stage): Promise<Network> {
  const population = await simulate(stage);
  const nodes = population.countries.map((files) => planNode(stage.root, files));
  await buildAll(stage, nodes, population.ontologies);
  const truth = population.countries.map((each) => each.truth);
  const questions = demoQuestions(truth);
  const hub = await serveAll(stage, nodes, questions);
  const totals = new Map<string, number>();
  for (const { terms } of truth) {
    for (const [term, people] of Object.entries(terms)) totals.set(term, (totals.get(term) ?? 0) + people);
  }
  const terms = [...totals].sort((a, b) => b[1] - a[1]).map(([term]) => term);
  return { nodes, hub, questions, terms };
}

async function simulate({ options, root, ending }: Stage): Promise<SimulatedPopulation> {
  const done = stopwatch(options.print);
  const progress = new Progress((regions) => `${Math.round(regions)} regions`);
  const population = await simulatePopulation(join(root, 'files'), {
    seed: options.seed,
    countries: options.countries,
    peoplePerCountry: options.peoplePerCountry,
    variants: options.variants,
    signal: ending,
    onProgress: ({ country, regionsDone, regions }) =>
      progress.update({ label: `Simulating ${country}`, done: regionsDone, total: regions }),
  }).finally(() => progress.clear());
  const countries = population.countries.length;
  done(
    `Simulated ${countries} countries of ${options.peoplePerCountry.toLocaleString('en')} people (seed ${options.seed}): genomes, health records, consents`,
  );
  return population;
}

/** As many nodes at a time as the machine has processors. */
async function buildAll(
  { options, processes }: Stage,
  nodes: readonly NationalNode[],
  ontologies: readonly string[],
): Promise<void> {
  const waiting = [...nodes];
  const build = async (): Promise<void> => {
    for (let node = waiting.shift(); node !== undefined; node = waiting.shift()) {
      const done = stopwatch(options.print);
      await buildNode(processes, node, ontologies);
      const { genotypes, country } = node.files;
      done(
        `${node.name}: ${genotypes.variants.toLocaleString('en')} variants ingested, health records from ${country.records}, consents set`,
      );
    }
  };
  await Promise.all(Array.from({ length: availableParallelism() }, build));
}

async function serveAll(
  { options, processes, root }: Stage,
  nodes: readonly NationalNode[],
  questions: readonly DemoQuestion[],
): Promise<Served> {
  const done = stopwatch(options.print);
  const home = join(root, 'hub');
  await processes.run('the hub', ['init', home, '--country', 'LU', '--role', 'hub', '--name', NETWORK]);
  await offerExamples(home, questions);
  for (const each of [home, ...nodes.map((node) => node.home)]) await offerPeople(each);
  const [hub, ...served] = await Promise.all([
    processes.serve('the hub', home, { essential: true }),
    ...nodes.map((node) => processes.serve(node.name, node.home)),
  ]);
  done(`Serving ${nodes.length} nodes and the hub, each a process of its own`);
  const joined = stopwatch(options.print);
  const homes = served.map(({ url }, index) => ({ home: nodes[index]!.home, url }));
  await processes.run('the network', ...membershipCommands(NETWORK, root, homes, { home, url: hub.url }));
  joined(`Founded their network: a directory of ${nodes.length + 1} members, signed by its nodes`);
  for (const { name, url } of served) options.print(`    ${name.padEnd(12)} ${url}\n`);
  return hub;
}

async function askAll({ options }: Stage, { hub, questions }: Network): Promise<void> {
  for (const [index, { text, question }] of questions.entries()) {
    const answer = await askHub(hub.url, question);
    options.print(`\n${index + 1}. ${text}\n   ${JSON.stringify(question)}\n\n${answerTable(answer)}`);
    const { total, elapsedMs } = answer;
    const suppressed = total.suppressed > 0 ? `; ${total.suppressed} say no more than that they are few` : '';
    options.print(
      `  ${total.answered} answered in ${elapsedMs} ms, people ${countText(total.people)}${suppressed}\n`,
    );
  }
}

async function showWithdrawal({ options, processes, root }: Stage, network: Network): Promise<void> {
  const withdrawal = await findWithdrawal(network.nodes, network.terms);
  if (withdrawal === undefined) {
    throw new DemoError(
      'cli/answer-unchanged',
      'there is nobody whose withdrawal would change a disclosed number',
    );
  }
  const { node, subject, text, question, shown } = withdrawal;
  const before = shown(await askHub(network.hub.url, question));
  const file = await writeWithdrawal(root, subject);
  await processes.run(node.name, ['consent', 'set', node.home, '--dataset', node.dataset, file]);
  const after = shown(await askHub(network.hub.url, question));
  options.print(`\n${text}\n\n`);
  options.print(`  before   ${before}\n`);
  options.print(`           citizen ${subject} withdraws: federome consent set … withdrawal.csv\n`);
  options.print(`  after    ${after}\n`);
  if (after === before) {
    throw new DemoError('cli/answer-unchanged', `${subject} withdrew, and the answer is still ${after}`);
  }
  options.print('\nThe very next answer is without them.\n');
}

async function stageDirectory(directory: string | undefined): Promise<string> {
  if (directory === undefined) return await mkdtemp(join(tmpdir(), 'federome-demo-'));
  const root = resolve(directory);
  await mkdir(root, { recursive: true });
  if ((await readdir(root)).length === 0) return root;
  throw new DemoError('cli/directory-not-empty', `${root} is not empty: expected a new or empty directory`);
}

/** Prints what was done, and how long it took. */
function stopwatch(print: (text: string) => void): (what: string) => void {
  const startedMs = performance.now();
  return (what) => print(`  ✓ ${what} (${((performance.now() - startedMs) / 1_000).toFixed(1)} s)\n`);
}

interface Interruptions {
  /** Resolves at the first interruption. */
  readonly happened: Promise<void>;
  /** Rejects then, for whoever has not finished. */
  readonly refused: Promise<never>;
  forget(): void;
}

const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

function interruptions(): Interruptions {
  const { promise: happened, resolve } = Promise.withResolvers<void>();
  const onSignal = (): void => resolve();
  for (const signal of SIGNALS) process.on(signal, onSignal);
  const refused = happened.then((): never => {
    throw new DemoError('cli/interrupted', 'the demonstration was interrupted');
  });
  refused.catch(() => undefined);
  return {
    happened,
    refused,
    forget: () => {
      for (const signal of SIGNALS) process.off(signal, onSignal);
    },
  };
}
