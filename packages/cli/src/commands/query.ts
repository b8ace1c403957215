import { readFile } from 'node:fs/promises';
import type { BeaconAnswer } from '@federome/client';
import { CodedError, type DisclosedCount } from '@federome/core';
import { type Command, Option } from 'commander';
import { wholeNumber } from '../terminal/options.ts';
import { type Row, write, writeRows } from '../terminal/output.ts';

interface Options {
  readonly json?: boolean;
  readonly granularity?: string;
  readonly entry?: string;
  readonly timeout: number;
}

type Json = Readonly<Record<string, unknown>>;

/** What is asked: a GET of `path?search`, or a POST of `body` to `path`. */
interface Question {
  readonly path: string;
  readonly search?: URLSearchParams;
  readonly body?: Json;
}

const COLUMNS = ['beacon', 'dataset', 'country', 'state', 'exists', 'count', 'reason'];

export function register(program: Command): void {
  program
    .command('query')
    .description('ask any Beacon v2: a node, the hub, or another operator’s')
    .argument('<url>', 'address of the Beacon')
    .argument('<question>', 'as in a GET (g_variants?geneId=BRCA1), or @FILE.json with the body of a POST')
    .addOption(
      new Option(
        '--granularity <level>',
        'how much is asked (default: what the question says, else count)',
      ).choices(['boolean', 'count', 'record']),
    )
    .option(
      '--entry <path>',
      'where the body of a POST goes (default: g_variants where it has a variant, else individuals)',
    )
    .option('--timeout <ms>', 'how long the Beacon may take', wholeNumber(1, 600_000), 30_000)
    .option('--json', 'the Beacon’s own answer')
    .action(async (url: string, text: string, options: Options) => {
      const question = await readQuestion(text, options);
      await print(await ask(url, question, options.timeout), question.path, options);
    });
}

async function ask(url: string, { path, search, body }: Question, timeoutMs: number): Promise<unknown> {
  const { BeaconClient, ClientError } = await import('@federome/client');
  try {
    const beacon = new BeaconClient(url, { timeoutMs, maximumBytes: 64_000_000 });
    return await (body === undefined ? beacon.get(path, search) : beacon.post(path, body));
  } catch (error) {
    if (!(error instanceof ClientError)) throw error;
    throw new ClientError(error.code, `${url} ${error.message}`, { cause: error });
  }
}

async function readQuestion(text: string, options: Options): Promise<Question> {
  if (text.startsWith('@')) return await readBody(text.slice(1), options);
  const [path = '', parameters = ''] = text.replace(/^\/+/, '').split(/\?(.*)/s, 2);
  const search = new URLSearchParams(parameters);
  if (isQuery(path)) {
    if (options.granularity !== undefined) search.set('requestedGranularity', options.granularity);
    if (!search.has('requestedGranularity')) search.set('requestedGranularity', 'count');
    if (!search.has('includeResultsetResponses')) search.set('includeResultsetResponses', 'ALL');
  }
  return { path, search };
}

async function readBody(file: string, options: Options): Promise<Question> {
  const body = await readJson(file);
  const query = isObject(body.query) ? body.query : {};
  const parameters = query.requestParameters ?? body.requestParameters;
  const hasVariant = isObject(parameters) && Object.keys(parameters).length > 0;
  const path = options.entry ?? (hasVariant ? 'g_variants' : 'individuals');
  const granularity =
    options.granularity ?? query.requestedGranularity ?? body.requestedGranularity ?? 'count';
  return {
    path,
    body: {
      meta: { apiVersion: 'v2.1.1' },
      ...body,
      query: { includeResultsetResponses: 'ALL', ...query, requestedGranularity: granularity },
    },
  };
}

async function readJson(file: string): Promise<Json> {
  let value: unknown;
  try {
    value = JSON.parse(await readFile(file, 'utf8'));
  } catch (cause) {
    const why = cause instanceof SyntaxError ? 'is not JSON' : 'cannot be read';
    throw new CodedError('cli/bad-question', `${why}: expected a Beacon request`, {
      cause,
      location: { file },
    });
  }
  if (!isObject(value)) {
    throw new CodedError('cli/bad-question', 'expected a JSON object with query', { location: { file } });
  }
  return value;
}

async function print(answer: unknown, path: string, options: Options): Promise<void> {
  if (options.json || !isObject(answer) || !isObject(answer.responseSummary)) {
    await write(`${JSON.stringify(answer, null, 2)}\n`);
    return;
  }
  const { parseQueryAnswer } = await import('@federome/client');
  const parsed = parseQueryAnswer(answer, path);
  await writeRows(COLUMNS, rowsOf(parsed), {});
  if (process.stdout.isTTY) await write(`\n${sentence(parsed)}\n`);
  for (const notice of parsed.notices) process.stderr.write(`federome: ${notice}\n`);
}

/** A row for every result set, one for every member without any, and one for a Beacon that lists neither. */
export function rowsOf(answer: BeaconAnswer): readonly Row[] {
  const states = new Map(answer.members.map((member) => [member.id, member]));
  const sets = answer.resultSets.map((set): Row => {
    const member = states.get(set.beaconId ?? '');
    return {
      beacon: set.beaconId ?? answer.beaconId,
      dataset: set.id,
      country: set.country ?? member?.country ?? answer.country,
      state: 'answered',
      exists: yesOrNo(set.exists),
      count: countText(set.count),
    };
  });
  const listed = new Set(answer.resultSets.map((set) => set.beaconId));
  const others = answer.members
    .filter((member) => !listed.has(member.id))
    .map(({ id, country, state, exists, reason }): Row => {
      const said = exists === undefined ? undefined : yesOrNo(exists);
      return {
        beacon: id,
        country,
        state,
        exists: said,
        reason: reason && `${reason.message} [${reason.code}]`,
      };
    });
  const rows = [...sets, ...others];
  if (rows.length > 0) return rows;
  const { beaconId, country, exists, count } = answer;
  return [{ beacon: beaconId, country, state: 'answered', exists: yesOrNo(exists), count: countText(count) }];
}

function sentence({ exists, count, granularity }: BeaconAnswer): string {
  return `In all: ${yesOrNo(exists)}${count === undefined ? '' : `, ${countText(count)}`} (granularity ${granularity})`;
}

/** `<10` for what disclosure control withholds: nobody and few are alike. */
function countText(count: DisclosedCount | undefined): string | undefined {
  if (count === undefined) return undefined;
  return count.kind === 'shown' ? String(count.value) : `<${count.below}`;
}

function yesOrNo(exists: boolean): string {
  return exists ? 'yes' : 'no';
}

function isQuery(path: string): boolean {
  return /(^|\/)(individuals|g_variants|biosamples|runs|analyses)$/.test(path);
}

function isObject(value: unknown): value is Json {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
